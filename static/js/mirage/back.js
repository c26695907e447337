// Back closes what lies over a page - menus, sheets, dialogs - one at a time, the topmost first, before it leaves the
// page. While something is open the history has an entry of its own for it, marked `over`. What is closed in another way
// leaves that entry behind, because going back then could cancel a navigation that has just begun; Back passes over it.
// Dialogs and popovers are noticed by themselves, and the browser closes them by Escape; a sheet that is neither calls
// `opened`.

const open = []; // what is open: {element, isOpen, close}, the topmost last
let guarded = Boolean(history.state?.over); // whether the entry shown is one for what lies over the page

const onTop = () => {
  while (open.length && !(open.at(-1).element.isConnected && open.at(-1).isOpen())) open.pop();
  return open.at(-1);
};

function guard() {
  if (!history.state?.over) history.pushState({ ...history.state, over: true }, "");
  guarded = true;
}

/** Something lies over the page: `close` closes it, `isOpen` says whether it is still there. */
export function opened(element, isOpen, close) {
  open.push({ element, isOpen, close });
  guard();
}

/** The page has put an entry of its own into the history. */
export function pushed() {
  guarded = false;
}

/** Whether a menu, a sheet or a dialog is open. */
export const isCovered = () => onTop() !== undefined;

// Not `toggle`, which comes a frame later: Back would leave the page in between.
document.addEventListener(
  "beforetoggle",
  ({ target, newState }) => {
    if (newState !== "open" || !target.hasAttribute?.("popover")) return;
    opened(
      target,
      () => target.matches(":popover-open"),
      () => target.hidePopover(),
    );
  },
  true,
);

new MutationObserver((records) => {
  for (const { target } of records) {
    if (!target.matches("dialog[open]") || open.some(({ element, isOpen }) => element === target && isOpen())) continue;
    opened(
      target,
      () => target.open,
      () => target.close(),
    );
  }
}).observe(document.body, { subtree: true, attributeFilter: ["open"] });

addEventListener("popstate", (event) => {
  const wasGuarded = guarded;
  guarded = Boolean(event.state?.over);
  if (!wasGuarded) return;
  event.stopImmediatePropagation();
  const top = onTop();
  if (!top) {
    history.back(); // it was closed long ago
    return;
  }
  top.close();
  if (onTop()) guard();
});
document.addEventListener("keydown", (event) => {
  const top = event.key === "Escape" ? onTop() : null;
  if (!top || top.element.matches("dialog, [popover]")) return;
  event.preventDefault();
  top.close();
});
document.addEventListener("htmx:pushedIntoHistory", pushed);
