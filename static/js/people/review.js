// The keys of the review queue: y yes, n no, s not sure, x not a face, u undo. They press the buttons, which HTMX
// sends. Keys pressed while an answer is on its way wait their turn and are given to the next question; a key held down
// answers one question. When an answer fails, waiting keys are dropped: they were meant for questions that were never
// shown.

import { handle, pressIn } from "../mirage/shortcuts.js";

let sending = null; // the request that is on its way
let waiting = [];

const review = () => document.getElementById("review");

/** Press the button of the first key that waits and has one. */
function next() {
  while (waiting.length && !sending) pressIn(review(), waiting.shift());
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

handle(
  "review",
  () => review() && !document.getElementById("viewer"),
  (key, event) => {
    if (event.repeat || (!sending && !review().querySelector(`[data-shortcut="${key}"]`))) return false;
    waiting.push(key);
    next();
    return true;
  },
);
