// What a keyboard or a finger can reach on a page, for the checks in checks.py.
() => {
  const REACHED = "a[href], area[href], button, input, select, textarea, summary, [tabindex], [contenteditable]";
  const TARGET_TEXT_MAX = 40;

  const text = (element) => element.textContent.replace(/\s+/g, " ").trim();

  const name = (element) => {
    const said = element.getAttribute("aria-label") || text(element) || element.getAttribute("name") || element.id;
    return `${element.localName} "${said.slice(0, TARGET_TEXT_MAX)}"`;
  };

  const isShown = (element) => element.checkVisibility({ checkVisibilityCSS: true }) && !element.closest("[inert]");

  // Of a group of radio buttons the keyboard stops at one only.
  const isPassedOver = (element) => {
    if (element.type !== "radio" || !element.name) return false;
    const group = [...document.getElementsByName(element.name)].filter((one) => one.form === element.form);
    return element !== (group.find((one) => one.checked) ?? group[0]);
  };

  const reached = () =>
    [...document.querySelectorAll(REACHED)].filter(
      (one) => one.tabIndex >= 0 && !one.matches(":disabled, [type=hidden]") && isShown(one),
    );

  const look = (element) => getComputedStyle(element);

  const isClear = (color) => /^transparent$|[,/]\s*0(\.0+)?\)$/.test(color);

  const hasOutline = ({ outlineStyle, outlineWidth, outlineColor }) =>
    !["none", "hidden"].includes(outlineStyle) && parseFloat(outlineWidth) > 0 && !isClear(outlineColor);

  const box = (element) => {
    const all = [element, ...(element.labels ?? [])].map((one) => one.getBoundingClientRect());
    const width = Math.max(...all.map((one) => one.right)) - Math.min(...all.map((one) => one.left));
    const height = Math.max(...all.map((one) => one.bottom)) - Math.min(...all.map((one) => one.top));
    return { width, height };
  };

  // Where an element ends on the right, text that sticks out of it included.
  const end = (element) => {
    const { left, right } = element.getBoundingClientRect();
    return look(element).overflowX === "visible" ? Math.max(right, left + element.scrollWidth) : right;
  };

  // A link in a sentence is as high as its line, and WCAG 2.5.8 lets it be.
  const isInSentence = (element) =>
    element.localName === "a" && look(element).display === "inline" && text(element.parentElement) !== text(element);

  const stops = reached().filter((one) => !isPassedOver(one));
  const shadows = new Map(stops.map((one) => [one, look(one).boxShadow]));

  return {
    names: () => stops.map(name),

    // Where the focus is: the number of the stop, or null when it is on none.
    focus: () => {
      const element = document.activeElement;
      if (!element || element === document.body || element === document.documentElement) return null;
      if (!stops.includes(element)) stops.push(element);
      const shadow = look(element).boxShadow;
      const isSeen = hasOutline(look(element)) || (shadow !== "none" && shadow !== shadows.get(element));
      return { stop: stops.indexOf(element), name: name(element), is_seen: isSeen };
    },

    small: (pixels) =>
      reached()
        .filter((one) => !isInSentence(one))
        .map((one) => ({ name: name(one), ...box(one) }))
        .filter(({ width, height }) => Math.min(width, height) < pixels)
        .map(({ name, width, height }) => `${name}: ${width.toFixed(1)} × ${height.toFixed(1)}`),

    wide: (width) =>
      [...document.body.querySelectorAll("*")]
        .filter((one) => isShown(one) && end(one) > width && ![...one.children].some((inner) => end(inner) > width))
        .map((one) => `${name(one)} ends at ${Math.round(end(one))}`),
  };
}
