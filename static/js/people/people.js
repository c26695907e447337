// The pages of people: dialogs that arrive from the server open by themselves, what is ticked makes the bar of bulk
// actions appear, and an Undo in a toast is sent in the background. After each change the parts of the page that show
// people fetch themselves again (the event `people:changed`, from the server's HX-Trigger or from here). Ticked
// boxes and half-typed names stay (hx-preserve in the templates).

import { isTyping } from "../mirage/dialogs.js";
import { toast } from "../mirage/toast.js";
import { interpolate, ngettext, number } from "../mirage/words.js";

const bar = () => document.querySelector("#selection[hx-post]"); // that of photos has none
const ticked = () => [...document.querySelectorAll('input[type="checkbox"][form="selection"]:checked')];
let last = null; // the box ticked last, where a range begins
let sent = []; // values that the bar's last action took along …
let named = ""; // … and the name for them

function show() {
  if (!bar()) return;
  const count = ticked().length;
  document.documentElement.classList.toggle("selecting", count > 0);
  const words = interpolate(ngettext("%(number)s selected", "%(number)s selected", count), { number: number(count) });
  bar().querySelector(".selection-count").textContent = count ? words : "";
  for (const button of bar().querySelectorAll("[data-least], [data-most]")) {
    button.disabled = count < Number(button.dataset.least ?? 1) || count > Number(button.dataset.most ?? Infinity);
  }
}

function clear() {
  if (!bar()) return;
  ticked().forEach((box) => {
    box.checked = false;
  });
  last = null;
  show();
}

/** Tick all boxes from the one ticked last to this one. */
function extend(box) {
  const all = [...document.querySelectorAll('input[type="checkbox"][form="selection"]')];
  const [low, high] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  if (low >= 0)
    all.slice(low, high + 1).forEach((each) => {
      each.checked = box.checked;
    });
}

document.addEventListener("change", ({ target }) => {
  if (target.matches('input[type="checkbox"][form="selection"]')) show();
});

document.addEventListener("click", (event) => {
  const box = event.target;
  if (box.matches?.('input[type="checkbox"][form="selection"]')) {
    if (event.shiftKey && last) extend(box);
    last = box;
    show();
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
});

document.addEventListener("reset", ({ target }) => {
  if (target === bar()) setTimeout(clear);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isTyping(event)) event.target.blur();
  else if (event.key === "Escape" && ticked().length && !document.querySelector("dialog[open], #viewer")) clear();
});

document.addEventListener("input", ({ target }) => {
  if (!target.dataset.filter) return;
  const wanted = target.value.trim().toLocaleLowerCase();
  document.querySelectorAll(target.dataset.filter).forEach((row) => {
    row.hidden = !row.dataset.name.toLocaleLowerCase().includes(wanted);
  });
});

// A name taken from the list of known ones needs no Enter.
document.addEventListener("input", (event) => {
  if (event.inputType === "insertReplacementText" && event.target.matches("[list]")) event.target.form.requestSubmit();
});

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (!bar() || (target !== bar() && target.form !== bar())) return;
  sent = ticked().map((box) => box.value);
  named = bar().elements.name?.value ?? "";
});

let kept = []; // values of what is ticked while the list of them is replaced
document.addEventListener("htmx:beforeSwap", () => {
  kept = ticked().map((box) => box.value);
});

document.addEventListener("htmx:afterSwap", ({ target }) => {
  const boxes = document.querySelectorAll('input[type="checkbox"][form="selection"]:not(:checked)');
  for (const box of boxes) if (kept.includes(box.value)) box.checked = true;
  kept = [];
  const dialog = target.querySelector?.("dialog[data-opens]:not([open])");
  if (dialog) dialog.showModal();
  show();
});

document.addEventListener("people:changed", ({ target }) => {
  target.closest?.("dialog")?.close(); // the dialog whose own answer this is, not one opened meanwhile
  ticked().forEach((box) => {
    if (sent.includes(box.value)) box.checked = false;
  });
  sent = [];
  const field = bar()?.elements.name;
  if (field && named && field.value === named) field.value = ""; // the next faces are somebody else's
  named = "";
  show();
});
