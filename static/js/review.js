// The keys of the review queue: y yes, n no, s not sure, x not a face, u undo. They press the buttons, which HTMX sends;
// while an answer is on its way no other is taken, so that a key held down answers one question.

import { isTyping } from "./dialogs.js";

let sending = false;

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (target.closest?.("#review")) sending = true;
});
document.addEventListener("htmx:afterRequest", () => { sending = false; });

document.addEventListener("keydown", (event) => {
  if (sending || event.repeat || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open], #viewer")) return;
  const button = document.querySelector(`[data-answer="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
