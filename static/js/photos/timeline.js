// The grid while it is scrolled: loads pages in both directions shortly before they are needed (HTMX does the request),
// joins days that two pages share, keeps the document bounded by dropping pages far away, and remembers the place in
// the address (?at=2019-05-12) and in the history's state, so that reload and back return to the same tile.

import { paintPlaceholders } from "./placeholders.js";

const AHEAD = "1400px 0px"; // how long before it is seen a page is asked for
const ELEMENTS_KEPT = 2600; // of the document; beyond it, pages that are farther from the view than FAR_PX go
const FAR_PX = 2000; // more than AHEAD, or they would come again at once
const LONGEST_JOINED_DAY = 400; // tiles; a longer day keeps the seam between its pages
const IDLE_MS = 200;
const SLIVER_PX = 40; // what shows less than this below the header does not count as in view

const top = () => document.querySelector(".top")?.offsetHeight ?? 0; // guests have none
export const grid = () => document.getElementById("grid");
const pages = () => [...grid().querySelectorAll(":scope > .grid-page")];
export const tileOf = (key) => document.getElementById(`p-${key}`);
export const tiles = () => [...grid().querySelectorAll(".tile:not([hidden])")];

const measured = new WeakSet(); // pages
const nearing = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) if (entry.isIntersecting) htmx.trigger(entry.target, "near");
  },
  { rootMargin: AHEAD },
);

/** Do what changes the layout above the view, and keep what is seen where it is. */
function steadily(change) {
  const anchor = firstVisible()?.tile;
  const before = anchor?.getBoundingClientRect().top;
  change();
  if (anchor?.isConnected) scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" });
}

/** The first tile in view and its day; undefined in an empty list. */
export function firstVisible() {
  const edge = top() + SLIVER_PX;
  const below = (element) => element.getBoundingClientRect().bottom > edge;
  const page = pages().find(below);
  const day = page && [...page.querySelectorAll(".day:not([hidden])")].find(below);
  const tile = day && [...day.querySelectorAll(".tile:not([hidden])")].find(below);
  return tile && { tile, day: day.dataset.day };
}

function more(direction, cursor) {
  const link = document.createElement("a");
  const query = `?${grid().dataset.query ?? ""}${direction === "newer" ? "after" : "before"}=${cursor}`;
  link.className = "more";
  link.textContent = direction === "newer" ? "Newer" : "Older";
  link.dataset.more = direction;
  link.setAttribute("href", query);
  link.setAttribute("hx-get", query);
  link.setAttribute("hx-trigger", "near, click");
  link.setAttribute("hx-swap", "outerHTML settle:0ms");
  htmx.process(link);
  nearing.observe(link);
  return link;
}

/** Let the days that two pages share be one: its tiles move to the upper page, or its second heading goes. */
function joinSeams() {
  const all = pages();
  for (let i = all.length - 2; i >= 0; i -= 1) {
    const last = all[i].querySelector(":scope > .day:last-child");
    const first = all[i + 1].querySelector(":scope > .day");
    if (!last || !first) continue;
    const month = first.previousElementSibling;
    if (month?.matches(".month") && last.dataset.day.startsWith(month.dataset.month)) month.remove();
    if (last.dataset.day !== first.dataset.day) continue;
    const target = last.querySelector(".tiles");
    if (target.childElementCount >= LONGEST_JOINED_DAY) {
      first.classList.add("continued");
      continue;
    }
    target.append(...first.querySelector(".tiles").children);
    last.dataset.end = first.dataset.end;
    first.remove();
    if (!all[i + 1].querySelector(".day")) all[i + 1].remove();
    measure(all[i]);
  }
}

/** Let the browser skip what is out of view, at its true height. */
function measure(page) {
  page.classList.add("measuring");
  page.style.containIntrinsicBlockSize = `auto ${page.offsetHeight}px`;
  page.classList.remove("measuring");
  measured.add(page);
}

function drop(page, direction) {
  const box = grid();
  box.querySelector(`:scope > [data-more="${direction}"]`)?.remove();
  page.remove();
  const rest = pages();
  if (direction === "newer") box.prepend(more("newer", rest[0].querySelector(".day").dataset.start));
  else box.append(more("older", rest.at(-1).querySelector(":scope > .day:last-child").dataset.end));
}

/** Drop the pages farthest from the view until the document is small enough. */
function bound() {
  while (document.getElementsByTagName("*").length > ELEMENTS_KEPT) {
    const all = pages();
    const above = -all[0].getBoundingClientRect().bottom;
    const below = all.at(-1).getBoundingClientRect().top - innerHeight;
    if (all.length < 2 || Math.max(above, below) < FAR_PX) return;
    steadily(() => drop(above > below ? all[0] : all.at(-1), above > below ? "newer" : "older"));
  }
}

function prepare(root) {
  paintPlaceholders(root);
  root.querySelectorAll(".tile-check").forEach((check) => {
    check.tabIndex = -1;
  }); // by key: x
  document.dispatchEvent(new CustomEvent("grid:tiles", { detail: root }));
}

function settle() {
  joinSeams();
  pages()
    .filter((page) => !measured.has(page))
    .forEach(measure);
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
    if (upper < top() || bottom > innerHeight - 60) tile.scrollIntoView({ block: "center", behavior: "instant" });
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
  scrollTo({ top: newer?.offsetHeight ?? 0, behavior: "instant" }); // below the link to what is newer
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

export function startTimeline() {
  history.scrollRestoration = "manual";
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
    settle();
    if (above?.tile.isConnected) {
      scrollBy({ top: above.tile.getBoundingClientRect().top - above.top, behavior: "instant" });
    }
  });
  addEventListener("scroll", rememberLater, { passive: true });
  let width = innerWidth;
  addEventListener("resize", () => {
    if (width === innerWidth) return;
    width = innerWidth;
    pages().forEach(measure);
  });
}
