// Dialogs of every page: [data-dialog=ID] opens the <dialog> of that id, and a form or button with
// data-confirm="Question" (data-confirm-text, data-confirm-yes) is only sent after #confirm said yes. A <dialog
// data-opens> that the server sends into #dialog-place opens by itself; [data-close] closes it, and so does the event
// `dialog:done`, by which the server says that it has what it asked for. A form[data-closes] closes its own once sent. A
// <dialog data-addressed> opens at an address that ends with # and its id.

import { gettext } from "./words.js";

const dialog = document.getElementById("confirm");

export function isTyping(event) {
  return (
    event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") != null
  );
}

/** Ask a question; resolves to whether the answer was yes. */
export function confirm(question, text = "", yes = gettext("Yes")) {
  dialog.querySelector("#confirm-title").textContent = question;
  dialog.querySelector("#confirm-text").textContent = text;
  dialog.querySelector("#confirm-yes").textContent = yes;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("click", (event) => {
  event.target.closest(".menu-item")?.closest("[popover]")?.hidePopover();
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    opener.closest("[popover]")?.hidePopover();
    document.getElementById(opener.dataset.dialog).showModal();
  }
  event.target.closest("[data-close]")?.closest("dialog").close();
});

/** Open the dialog that the address names: /albums/#new-album. */
function openNamed() {
  const named = document.querySelector(
    `dialog[data-addressed][id="${CSS.escape(location.hash.slice(1))}"]:not([open])`,
  );
  named?.showModal();
  named?.addEventListener("close", () => history.replaceState(history.state, "", location.pathname + location.search), {
    once: true,
  });
}
addEventListener("hashchange", openNamed);
openNamed();

/** Whether something happened on the backdrop of a dialog: outside its box, and so on the dialog itself. */
function isOnBackdrop({ target, clientX, clientY }) {
  if (!target.matches("dialog[open]")) return false;
  const { left, right, top, bottom } = target.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

let pressedOutside = false; // a press that begins inside, on a word that is selected, closes nothing
document.addEventListener("pointerdown", (event) => {
  pressedOutside = isOnBackdrop(event);
});
document.addEventListener("click", (event) => {
  if (pressedOutside && isOnBackdrop(event)) event.target.close();
});

const place = document.getElementById("dialog-place");
document.addEventListener("htmx:afterSwap", () => {
  const opening = document.querySelector("dialog[data-opens]:not([open])");
  opening?.removeAttribute("data-opens");
  opening?.showModal();
});
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (detail.successful && target.matches("form[data-closes]")) target.closest("dialog")?.close();
});
place.addEventListener("close", ({ target }) => target.remove(), true); // or the next swap would open it again
document.addEventListener("dialog:done", () =>
  document.querySelectorAll("dialog[open]").forEach((open) => open.close()),
);

// In the capture phase and again after the answer, so that neither HTMX nor our own modules see the unconfirmed event.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const asking = event.submitter?.dataset.confirm ? event.submitter : form;
    if (!asking.dataset.confirm || form.elements.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { confirm: question, confirmText, confirmYes } = asking.dataset;
    if (!(await confirm(question, confirmText, confirmYes))) return;
    const answer = Object.assign(document.createElement("input"), { type: "hidden", name: "confirmed", value: "yes" });
    form.append(answer); // the server asks too where this is missing
    form.requestSubmit(event.submitter);
    answer.remove();
  },
  true,
);
