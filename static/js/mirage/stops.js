// Bars that are one stop of the Tab key each, so that few presses lead to what a page is for: arrows, Home and End go
// from one link or button of the bar to the next. A bar has `data-stops`.

import { inReading } from "./direction.js";

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
const bars = () => document.querySelectorAll("[data-stops]");

function stopsOf(bar) {
  const all = [...bar.querySelectorAll("a[href], button")];
  return all.filter((one) => !one.closest("[popover]") && one.checkVisibility());
}

/** Let the Tab key stop at one of them: where the focus is, or at the current page, or at the first. */
function settle(bar) {
  const all = stopsOf(bar);
  const stop = all.find((one) => one === document.activeElement) ?? all.find((one) => one.ariaCurrent) ?? all[0];
  for (const one of all) one.tabIndex = one === stop ? 0 : -1;
}

document.addEventListener(
  "keydown",
  (event) => {
    const bar = event.target.closest?.("[data-stops]");
    if (!bar || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const all = stopsOf(bar);
    const at = all.indexOf(event.target);
    const to = { Home: 0, End: all.length - 1 }[event.key] ?? at + STEPS[inReading(event.key)];
    if (at < 0 || Number.isNaN(to)) return;
    event.preventDefault(); // first, for in a grid the arrows go from photo to photo
    all[to]?.focus();
  },
  true,
);
document.addEventListener("focusin", ({ target }) => {
  const bar = target.closest("[data-stops]");
  if (bar) settle(bar);
});
document.addEventListener("htmx:afterSwap", ({ target }) => {
  const bar = target.closest?.("[data-stops]");
  if (bar) settle(bar);
});
addEventListener("resize", () => bars().forEach(settle)); // what was the stop may be hidden now
bars().forEach(settle);
