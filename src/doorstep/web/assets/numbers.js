/* Draws what the tables say. The page is whole without it. */
"use strict";

(() => {
  const language = document.querySelector("[data-locale]")?.dataset.locale || "en";
  const short = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
  const long = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  const HEIGHT = 220;
  const NARROW = 420;

  /* Colors are the page's own: a token is asked for through an element that wears it, in light and in dark. */

  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const color = (token) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };

  const writing = {
    count: () => new Intl.NumberFormat(language),
    money: (currency) => new Intl.NumberFormat(language, { style: "currency", currency }),
    share: () => new Intl.NumberFormat(language, { style: "unit", unit: "percent", maximumFractionDigits: 1 }),
    span: () => new Intl.NumberFormat(language, { style: "unit", unit: "hour", maximumFractionDigits: 1 }),
  };
  const briefly = {
    count: () => new Intl.NumberFormat(language, { notation: "compact" }),
    money: (currency) => new Intl.NumberFormat(language, { style: "currency", currency, notation: "compact", minimumFractionDigits: 0 }),
    share: writing.share,
    span: () => new Intl.NumberFormat(language, { style: "unit", unit: "hour", unitDisplay: "narrow" }),
  };

  /* What stands over a plot: its lines by color, and the values of the day that is pointed at. */

  const legend = (line, told, write, at) => {
    const day = document.createElement("span");
    day.className = "soft";
    day.textContent = long.format(told.days[at] * 1000);
    const parts = told.series.map((one) => {
      const part = document.createElement("span");
      part.className = `key ${one.color}`;
      const value = one.values[at];
      part.textContent = `${one.name}: ${value === null ? "–" : write.format(value)}`;
      return part;
    });
    line.replaceChildren(day, ...parts);
  };

  const axis = (more) => ({
    stroke: () => color("ink-soft"),
    font: "12px system-ui, sans-serif",
    grid: { stroke: () => color("line"), width: 1 },
    ticks: { show: false },
    ...more,
  });

  const draw = (place) => {
    place.style.display = "block";
    const told = JSON.parse(place.dataset.plot);
    const write = writing[told.unit](told.currency);
    const brief = briefly[told.unit](told.currency);
    const line = place.closest("figure").querySelector(".legend-line");
    const last = told.days.length - 1;
    const plot = new uPlot({
      width: place.clientWidth,
      height: HEIGHT,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: { y: { range: (_, low, high) => [Math.min(0, low ?? 0), high > 0 ? high * 1.08 : 1] } },
      axes: [
        axis({ values: (_, splits) => splits.map((at) => short.format(at * 1000)), space: 64, size: 34 }),
        axis({ values: (_, splits) => splits.map((value) => brief.format(value)), size: place.clientWidth < NARROW ? 52 : 64 }),
      ],
      series: [{}, ...told.series.map((one) => ({
        label: one.name,
        stroke: () => color(one.color),
        fill: told.series.length > 1 ? undefined : () => color(`${one.color}-soft`),
        width: 2,
        spanGaps: true,
        points: { show: told.days.length < 40, size: 5, fill: () => color("sheet") },
      }))],
      hooks: { setCursor: [(it) => legend(line, told, write, it.cursor.idx ?? last)] },
    }, [told.days, ...told.series.map((one) => one.values)], place);
    legend(line, told, write, last);
    new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plot.redraw());
  };

  document.querySelectorAll("[data-plot]").forEach(draw);
})();
