/* What a script adds to the checkout: it follows what happens, and asks for what a country needs. Nothing needs it. */
"use strict";

(() => {
  const body = document.body;
  document.documentElement.classList.add("scripted");

  if (body.dataset.goesTo) location.replace(body.dataset.goesTo);

  /* Another country needs other fields: they are asked for at once. */

  document.addEventListener("change", (event) => {
    if (event.target.matches("select[name$='.country']")) event.target.form.querySelector("[value=country]").click();
  });

  /* A form that is being sent is not sent twice, and leads on by itself: news that it makes are no news. */

  let isLeaving = false;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("method") !== "post") return; /* form.method may be a field of that name */
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    isLeaving = true;
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return; /* a first showing can come after a form was sent: pictures may still load */
    isLeaving = false;
    document.querySelectorAll("form").forEach((form) => { delete form.dataset.sent; });
  });

  /* Live: when the checkout changed, its parts are read again; what somebody is typing stays. */

  const isTyping = (part) => part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");

  const shown = async () => {
    if (isLeaving) return;
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (isLeaving) return;
    if (answer.redirected) { location.assign(answer.url); return; }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (body.dataset.waits && fresh.body.dataset.goesTo) { location.replace(fresh.body.dataset.goesTo); return; }
    body.dataset.live = fresh.body.dataset.live ?? "";
    document.querySelectorAll("[data-part]").forEach((part) => {
      const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (next && next.innerHTML !== part.innerHTML && !isTyping(part)) {
        part.replaceChildren(...next.childNodes);
        if (part.matches(".questions:has(section)")) part.scrollIntoView({ block: "center" });
      }
    });
  };

  if (body.dataset.live && window.EventSource) {
    const stream = new EventSource("/checkout/events");
    const told = (event) => {
      const { version, payment } = JSON.parse(event.data);
      if (String(version) !== body.dataset.live || (body.dataset.waits && payment !== "pending")) shown();
    };
    ["open", "changed", "reset"].forEach((name) => stream.addEventListener(name, (event) => { if (event.data) told(event); }));
    addEventListener("pagehide", () => stream.close());
  }
})();
