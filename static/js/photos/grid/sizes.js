// How large the photos of a grid are: small, medium or large, chosen in the menu, by + and -, by a pinch, or by the wheel
// with Ctrl. The cookie `size` remembers it, so that pages come in that size. Zooming out from small ones leads from the
// timeline to the calendar, to the month in view.

import { handle } from "../../mirage/shortcuts.js";
import { firstVisible, grid } from "./grid.js";
import { bound, rescale } from "./pages.js";
import { onZoom } from "./pinch.js";
import { isOpen } from "../viewer.js";

const SIZES = ["small", "medium", "large"];
const YEAR_SECONDS = 31_536_000;
const menu = document.getElementById("view-menu");
const sizeNow = () => (SIZES.includes(grid().dataset.size) ? grid().dataset.size : "medium");

/** Give the photos that size, and keep the tile where it is. */
function setSize(size, tile) {
  if (sizeNow() === size) return;
  rescale(() => {
    grid().dataset.size = size;
  }, tile ?? firstVisible()?.tile);
  bound();
  document.cookie = `size=${size}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  const choice = menu?.querySelector(`[value="${size}"]`);
  if (choice) choice.checked = true;
}

/** The links to the calendar lead to the month in view. */
function aim() {
  const day = firstVisible()?.day;
  if (!day) return;
  const [year, month] = day.split("-").map(Number);
  const [years, months, days] = ["years", "months", "days"].map((name) =>
    menu?.querySelector(`[data-calendar="${name}"]`),
  );
  if (!years) return;
  const home = years.href.replace(/#.*/, "");
  years.href = `${home}#y${year}`;
  months.href = `${home}${year}/`;
  days.href = `${home}${year}/${month}/`;
}

/** One step closer (1) or wider (-1); whether there was one. */
function step(direction, target) {
  const next = SIZES.indexOf(sizeNow()) + direction;
  if (next in SIZES) {
    setSize(SIZES[next], target?.closest?.(".tile"));
    return true;
  }
  const wider = menu?.querySelector('[data-calendar="days"]');
  if (direction > 0 || !wider) return false;
  aim();
  location.assign(wider.href);
  return true;
}

export function startSizes() {
  menu?.addEventListener("beforetoggle", aim);
  menu?.addEventListener("change", ({ target }) => setSize(target.value));
  onZoom(document.querySelector(".main") ?? document.body, (direction, target) => {
    if (!isOpen() && grid()) step(direction, target);
  });
  handle(
    "grid",
    () => grid() && !isOpen(),
    (key) => (key === "+" || key === "-" ? step(key === "+" ? 1 : -1) : false),
  );
}
