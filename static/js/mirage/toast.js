// Toasts: short reports at the bottom of the page, gone after a while unless the pointer or the focus rests on them.
// Three ways to make one: the event `toast` {text, tone} from anywhere, here or by the server's HX-Trigger; an HTML
// fragment (includes/toast.html) put into #toasts; a message of Django's on a whole page. Failed requests of HTMX
// report themselves.

import { gettext } from "./words.js";

const SHOWN_MS = 8000;
const AT_ONCE = 2;
const box = document.getElementById("toasts");
const template = document.getElementById("toast-template");

function watch(toast) {
  if ("lasting" in toast.dataset) return; // replaced by the server once it is through
  let timer;
  const start = () => {
    timer = setTimeout(() => toast.remove(), SHOWN_MS);
  };
  const stop = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stop);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("pointerleave", start);
  toast.addEventListener("focusout", start);
  start();
}

export function toast(text, tone = "") {
  const element = template.content.firstElementChild.cloneNode(true);
  element.querySelector("p").textContent = text;
  element.classList.toggle("error", tone === "error");
  box.append(element);
}

new MutationObserver((records) => {
  for (const record of records) {
    for (const node of record.addedNodes) if (node.matches?.(".toast")) watch(node);
  }
  const shown = box.querySelectorAll(".toast");
  for (let i = 0; i < shown.length - AT_ONCE; i += 1) shown[i].remove();
}).observe(box, { childList: true });

box.querySelectorAll(".toast").forEach(watch);
box.addEventListener("click", (event) => event.target.closest(".toast-close")?.closest(".toast").remove());
document.addEventListener("toast", ({ detail }) => toast(detail.text ?? detail.value, detail.tone));
document.addEventListener("htmx:responseError", ({ detail }) => {
  const gone = detail.xhr.status === 403 || detail.xhr.status === 401;
  toast(
    gone ? gettext("You have been signed out. Reload the page.") : gettext("That did not work. Please try again."),
    "error",
  );
});
document.addEventListener("htmx:sendError", () => toast(gettext("Mirage cannot be reached. Is it running?"), "error"));
