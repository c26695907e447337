// The grid while it is scrolled: loads pages in both directions shortly before they are needed (HTMX does the request),
// and remembers the place in the address (?at=2019-05-12) and in the history's state, so that reload and back return to
// the same tile. pages.js keeps the document small.

import { firstVisible, grid, header, pages, tileOf, tiles } from "./grid/grid.js";
import { bound, joinSeams, prepare, stretch } from "./grid/pages.js";

export { firstVisible, grid, tileOf, tiles };

const AHEAD = "1000px 0px"; // how long before it is seen a page is asked for
const IDLE_MS = 200;

const nearing = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) if (entry.isIntersecting) htmx.trigger(entry.target, "near");
  },
  { rootMargin: AHEAD },
);

function settle(movable) {
  joinSeams(movable);
  bound();
  grid()
    .querySelectorAll(":scope > .more")
    .forEach((link) => {
      htmx.process(link); // at the first load HTMX comes to it later than the observer does
      nearing.observe(link);
    });
}

// --- the place ---------------------------------------------------------------------------------------------------

let idle;
function rememberLater() {
  clearTimeout(idle);
  idle = setTimeout(remember, IDLE_MS);
}

function remember() {
  if (history.state?.viewer || document.documentElement.classList.contains("viewing")) return;
  const seen = firstVisible();
  if (!seen && pages().length) return; // on its way
  const url = new URL(location.href);
  ["at", "photo", "before", "after"].forEach((name) => url.searchParams.delete(name));
  url.hash = "";
  const atTop = scrollY < 200 && !grid().querySelector('[data-more="newer"]');
  if (seen && !atTop) url.searchParams.set("at", seen.day);
  const place = seen && !atTop ? { key: seen.tile.dataset.key, offset: seen.tile.getBoundingClientRect().top } : null;
  history.replaceState({ ...history.state, place }, "", url);
}

/** Show the tile of that key: where it was, if `offset` says, or in the middle; fetched if it is not here. */
export async function goTo(key, { offset = null, focus = false } = {}) {
  if (!tileOf(key)) await load(`?photo=${encodeURIComponent(key)}`);
  const tile = tileOf(key);
  if (!tile) return;
  if (offset !== null) scrollBy({ top: tile.getBoundingClientRect().top - offset, behavior: "instant" });
  else {
    const { top: upper, bottom } = tile.getBoundingClientRect();
    if (upper < header() || bottom > innerHeight - 60) tile.scrollIntoView({ block: "center", behavior: "instant" });
  }
  if (focus) tile.querySelector(".tile-link").focus({ preventScroll: true });
}

/** Replace the grid by the list at another place. */
export async function load(query) {
  const { url, query: own = "" } = grid().dataset; // a search has a query of its own
  await htmx.ajax("GET", `${url}?${own}${query.slice(1)}`, {
    source: "#grid",
    target: "#grid",
    swap: "outerHTML settle:0ms",
  });
  const newer = grid().querySelector(':scope > [data-more="newer"]');
  // below the link to what is newer, and what stands above the list
  if (newer) scrollBy({ top: pages()[0].getBoundingClientRect().top - header(), behavior: "instant" });
  else scrollTo({ top: 0, behavior: "instant" });
}

/** Show a month from its first day on. */
export async function jump(month) {
  const heading = grid().querySelector(`.month[data-month="${month}"]`);
  if (heading && heading !== grid().querySelector(".month")) heading.scrollIntoView({ behavior: "instant" });
  else await load(`?at=${month}`);
  rememberLater();
}

/** Hide days and months without a visible tile, show the others again. */
export function hideEmptyDays() {
  for (const page of pages()) {
    let month = null;
    for (const child of page.children) {
      if (child.matches(".month")) {
        month = child;
        month.hidden = true;
        continue;
      }
      child.hidden = !child.querySelector(".tile:not([hidden])");
      if (month && !child.hidden) month.hidden = false;
    }
  }
}

// --- wiring ------------------------------------------------------------------------------------------------------

/** The pictures below the first screens are fetched as soon as somebody scrolls, or when they come near the window. */
function wakeLate() {
  const root = document.documentElement;
  const late = grid().querySelector(".tile.late");
  const wake = () => root.classList.add("scrolled");
  if (!late) return wake();
  addEventListener("scroll", wake, { once: true, passive: true });
  const near = new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (!isIntersecting && late.isConnected && !late.hidden) return;
      wake();
      near.disconnect();
    },
    { rootMargin: "0px 0px 50% 0px" },
  );
  return near.observe(late);
}

export function startTimeline() {
  history.scrollRestoration = "manual";
  wakeLate();
  prepare(grid());
  settle();
  const place = history.state?.place;
  const photo = new URLSearchParams(location.search).get("photo");
  if (place) goTo(place.key, place);
  else if (photo) goTo(photo, { focus: true });

  let above; // the tile in view, and where it is, while a page is put above it
  document.addEventListener("htmx:beforeSwap", ({ target }) => {
    above = target.matches?.('[data-more="newer"]') ? firstVisible()?.tile : null;
    if (above) above = { tile: above, top: above.getBoundingClientRect().top };
  });
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    if (!target.closest?.("#grid")) return;
    if (target.matches(".grid-page, .grid")) prepare(target);
    settle(above ? null : pages().at(-1));
    if (above?.tile.isConnected) {
      scrollBy({ top: above.tile.getBoundingClientRect().top - above.top, behavior: "instant" });
    }
  });
  addEventListener("scroll", rememberLater, { passive: true });
  let width = innerWidth;
  addEventListener("resize", () => {
    if (width === innerWidth) return;
    stretch(width / innerWidth);
    width = innerWidth;
  });
}
