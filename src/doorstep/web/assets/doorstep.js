/* What a script adds: lists that follow what happens, keys for hands that stay on the keyboard. Nothing needs it. */
"use strict";

(() => {
  const TYPED = "input, select, textarea, [contenteditable]";
  const KEYS_OFF = "doorstep-keys-off";
  const body = document.body;

  /* Live parts: an element with data-live="topic …" is fetched again when one of its topics is told. */

  const fetched = (part) => {
    const path = location.pathname + location.search;
    htmx.ajax("GET", path, { target: `#${part.id}`, select: `#${part.id}`, swap: "outerHTML" });
  };

  const isBusy = (part) => part.contains(document.activeElement) && document.activeElement.matches(TYPED + ", summary") ||
    part.querySelector("input:checked, details[open]") !== null;

  const waiting = new Map();
  const refresh = (part) => {
    if (waiting.has(part.id)) return;
    waiting.set(part.id, setTimeout(() => {
      waiting.delete(part.id);
      const now = document.getElementById(part.id);
      if (!now) return;
      if (document.hidden || isBusy(now)) refresh(now);
      else fetched(now);
    }, 1000));
  };

  const listen = () => {
    const parts = () => [...document.querySelectorAll("[data-live]")];
    const topics = [...new Set(parts().flatMap((part) => part.dataset.live.split(" ")))];
    if (!topics.length || !window.EventSource) return;
    const stream = new EventSource(`/console/events?topics=${topics.map(encodeURIComponent).join(",")}`);
    const dot = document.querySelector(".live-dot");
    stream.addEventListener("open", () => dot?.classList.add("on"));
    stream.addEventListener("error", () => dot?.classList.remove("on"));
    const told = (event) => {
      const changed = event.type === "reset" ? null : JSON.parse(event.data).topics;
      const concerns = (part) => changed === null || part.dataset.live.split(" ").some((topic) => changed.includes(topic));
      parts().filter(concerns).forEach(refresh);
    };
    stream.addEventListener("changed", told);
    stream.addEventListener("reset", told);
    addEventListener("pagehide", () => stream.close());
  };

  /* Keys. WCAG 2.1.4: they can be turned off, in the overlay that lists them. */

  const help = document.getElementById("keys");
  const toggle = document.getElementById("keys-off");
  let first = "";

  const go = (letter) => document.querySelector(`[data-key="${CSS.escape(letter)}"]`)?.click();

  const step = (by) => {
    const links = [...document.querySelectorAll("main table.rows tbody tr, main .rows > li")]
      .map((row) => row.querySelector("a")).filter(Boolean);
    const at = links.findIndex((link) => link === document.activeElement);
    links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  };

  const pressed = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (localStorage.getItem(KEYS_OFF) === "yes" || event.target.closest?.(TYPED) || help?.open) return;
    const key = event.key;
    if (first === "g") { first = ""; go(key); return; }
    if (key === "g") { first = "g"; setTimeout(() => { first = ""; }, 1200); }
    else if (key === "?") help?.showModal();
    else if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "/") { event.preventDefault(); document.querySelector("input[type=search]")?.focus(); }
  };

  if (help) {
    document.addEventListener("keydown", pressed);
    document.querySelectorAll("[data-opens=keys]").forEach((opener) => {
      opener.hidden = false;
      opener.addEventListener("click", () => help.showModal());
    });
    toggle.checked = localStorage.getItem(KEYS_OFF) === "yes";
    toggle.addEventListener("change", () => localStorage.setItem(KEYS_OFF, toggle.checked ? "yes" : "no"));
  }

  /* A password that is typed can be looked at. */

  document.querySelectorAll("input[data-shows]").forEach((box) => {
    box.closest("label").hidden = false;
    box.addEventListener("change", () => {
      document.getElementById(box.dataset.shows).type = box.checked ? "text" : "password";
    });
  });

  /* One box for all rows; a form that is being sent is not sent twice; filters go at once. */

  document.addEventListener("change", (event) => {
    const all = event.target.closest("input[data-all]");
    if (all) document.querySelectorAll(`input[name="${all.dataset.all}"]`).forEach((box) => { box.checked = all.checked; });
    if (event.target.matches("form[data-at-once] select, form[data-at-once] input[type=checkbox]")) event.target.form.requestSubmit();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("method") !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });

  if (body.dataset.signedIn) listen();
})();
