// The calendar by keyboard and by zooming: arrows go from cover to cover, and zooming in opens the one under the pointer,
// or the one that has the focus, and zooming out leads from days to months and from months to years.

import { inReading } from "../mirage/direction.js";
import { onZoom } from "./grid/pinch.js";

const walls = () => document.querySelector(".wall");
const covers = () => [...document.querySelectorAll(".wall a.cover")];

/** The nearest cover in the direction of an arrow. */
function towards(from, key) {
  const middle = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  };
  const [x, y] = middle(from);
  const across = key === "ArrowUp" || key === "ArrowDown";
  const sign = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
  const ranked = covers()
    .filter((one) => one !== from)
    .map((one) => {
      const [toX, toY] = middle(one);
      const [along, aside] = across ? [toY - y, toX - x] : [toX - x, toY - y];
      return { one, along: along * sign, aside: Math.abs(aside) };
    })
    .filter(({ along, aside }) => along > 4 && (across || aside < 4));
  return ranked.sort((a, b) => a.along + 4 * a.aside - (b.along + 4 * b.aside))[0]?.one;
}

document.addEventListener("keydown", (event) => {
  const from = document.activeElement?.closest?.(".wall a.cover");
  if (!from || !event.key.startsWith("Arrow") || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = covers();
  const next =
    towards(from, event.key) ??
    (inReading(event.key) === "ArrowRight" && all[all.indexOf(from) + 1]) ??
    (inReading(event.key) === "ArrowLeft" && all[all.indexOf(from) - 1]);
  if (!next) return;
  event.preventDefault();
  next.focus();
});

if (walls()) {
  onZoom(document.querySelector(".calendar"), (step, target) => {
    const wider = document.querySelector("[data-wider]")?.dataset.wider;
    const cover = target?.closest?.("a.cover") ?? document.activeElement?.closest?.("a.cover");
    if (step < 0 && wider) location.assign(wider);
    else if (step > 0 && cover) location.assign(cover.href);
  });
}
