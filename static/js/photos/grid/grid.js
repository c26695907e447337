// The grid's parts, and what is in view of them.

const SLIVER_PX = 40; // what shows less than this below the header does not count as in view

export const header = () => document.querySelector(".top")?.offsetHeight ?? 0; // guests have none
export const grid = () => document.getElementById("grid");
export const pages = () => [...grid().querySelectorAll(":scope > .grid-page")];
export const tileOf = (key) => document.getElementById(`p-${key}`);
export const tiles = () => [...grid().querySelectorAll(".tile:not([hidden])")];

/** The first tile in view and its day; undefined in an empty list, and where the view's pages are still on their way. */
export function firstVisible() {
  const edge = header() + SLIVER_PX;
  const below = (element) => element.getBoundingClientRect().bottom > edge;
  const page = pages().find(below);
  const section = page && [...page.querySelectorAll(".day:not([hidden])")].find(below);
  const tile = section && [...section.querySelectorAll(".tile:not([hidden])")].find(below);
  return tile && { tile, section, day: section.dataset.day };
}

/** Do what changes the layout, and keep what is seen, or that tile, where it is. */
export function steadily(change, anchor = firstVisible()?.tile) {
  const before = anchor?.getBoundingClientRect().top;
  change();
  if (anchor?.isConnected) scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
}
