// The keys of the review queue: y yes, n no, s not sure, x not a face, u undo. They press the buttons, which HTMX sends.
// Keys pressed while an answer is on its way wait their turn and are given to the next question; a key held down answers
// one. When an answer fails, those that wait are forgotten: they were meant for questions that were never shown.

import { isTyping } from "../mirage/dialogs.js";

let sending = null; // the request that is on its way
let waiting = [];

const buttonOf = (key) => document.querySelector(`#review [data-answer="${CSS.escape(key)}"]`);

/** Press the button of the first key that waits and has one. */
function next() {
  while (waiting.length && !sending) buttonOf(waiting.shift())?.click();
}

document.addEventListener("htmx:beforeRequest", ({ target, detail }) => {
  if (target.closest?.("#review")) sending = detail.xhr;
});
document.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
  if (xhr !== sending) return;
  sending = null;
  if (xhr.status !== 200) waiting = [];
  setTimeout(next); // once HTMX is done with this one
});

document.addEventListener("keydown", (event) => {
  if (event.repeat || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open], #viewer")) return;
  const key = event.key.toLowerCase();
  if (!sending && !buttonOf(key)) return;
  event.preventDefault();
  waiting.push(key);
  next();
});
