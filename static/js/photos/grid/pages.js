// The grid's pages: two that share a day are joined, and those far from the view leave the document. An empty page keeps
// its height, so nothing moves, and the ends of what it held, by which it is fetched again when the view comes near.

import { grid, pages, steadily } from "./grid.js";
import { paintPlaceholders } from "../placeholders.js";

const ELEMENTS_KEPT = 2600; // of the document; beyond it, pages that are farther from the view than FAR_PX go
const FAR_PX = 1400; // more than NEAR_PX, or they would come again at once
const NEAR_PX = 1000;
const PASSING_MS = 60; // what is in view for less, as while the scrollbar is dragged, is not fetched
const AGAIN_MS = 3000; // after a request that failed
const LONGEST_JOINED_DAY = 400; // tiles; a longer day keeps the seam between its pages

const coming = new Map(); // page -> what ends its way back
const watching = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) bringBack(target);
      else coming.get(target)?.();
    }
  },
  { rootMargin: `${NEAR_PX}px 0px` },
);

const isAway = (page) => page.classList.contains("away");
const present = () => pages().filter((page) => !isAway(page));
const daysOf = (page) => [...page.querySelectorAll(":scope > .day")];

/** Tell everybody of new tiles below `root`. */
export function prepare(root) {
  paintPlaceholders(root);
  root.querySelectorAll(".tile-check").forEach((check) => {
    check.tabIndex = -1;
  }); // by key: x
  document.dispatchEvent(new CustomEvent("grid:tiles", { detail: root }));
}

/** Let the days that two pages share be one: tiles below the view move up, or the second heading goes. */
export function joinSeams(movable) {
  const all = pages();
  for (let i = all.length - 2; i >= 0; i -= 1) {
    const [last, first] = [daysOf(all[i]).at(-1), daysOf(all[i + 1])[0]];
    if (!last || !first || first.classList.contains("continued")) continue;
    const month = first.previousElementSibling;
    if (month?.matches(".month") && last.dataset.day.startsWith(month.dataset.month)) month.remove();
    if (last.dataset.day !== first.dataset.day) continue;
    const target = last.querySelector(".tiles");
    if (all[i + 1] !== movable || target.childElementCount >= LONGEST_JOINED_DAY) {
      first.classList.add("continued");
      continue;
    }
    target.append(...first.querySelector(".tiles").children);
    last.dataset.end = first.dataset.end;
    first.remove();
    if (!all[i + 1].querySelector(".day")) all[i + 1].remove();
  }
}

function distance(page) {
  const { top, bottom } = page.getBoundingClientRect();
  return Math.max(-bottom, top - innerHeight);
}

/** Empty the pages farthest from the view until the document is small enough; not the one that has the focus. */
export function bound() {
  while (document.getElementsByTagName("*").length > ELEMENTS_KEPT) {
    const idle = present().filter((page) => !page.contains(document.activeElement));
    const far = idle.map((page) => ({ page, far: distance(page) })).sort((one, other) => other.far - one.far)[0];
    if (!far || far.far < FAR_PX) return;
    sendAway(far.page);
  }
}

function sendAway(page) {
  const days = daysOf(page);
  if (!days.length) {
    page.remove();
    return;
  }
  page.dataset.from = days[0].dataset.start;
  page.dataset.to = days.at(-1).dataset.end;
  page.dataset.lacks = [!page.querySelector(":scope > .month:first-child") && "month", days[0].className].join(" ");
  page.style.height = `${page.getBoundingClientRect().height}px`;
  page.querySelectorAll("img").forEach((image) => {
    image.removeAttribute("srcset"); // or the browser fetches another size for a picture that has no width any more
    image.removeAttribute("src");
  });
  page.replaceChildren();
  page.classList.add("away");
  watching.observe(page);
}

function bringBack(page) {
  if (coming.has(page)) return;
  const stopped = new AbortController();
  coming.set(page, () => {
    coming.delete(page);
    stopped.abort();
  });
  setTimeout(() => stopped.signal.aborted || fetchAgain(page, stopped.signal), PASSING_MS);
}

async function fetchAgain(page, signal) {
  const { url, query = "" } = grid().dataset;
  const { from, to } = page.dataset;
  const asked = `${url}?${query}${new URLSearchParams({ from, to })}`;
  const html = await fetch(asked, { headers: { "HX-Request": "true" }, signal })
    .then((response) => (response.ok ? response.text() : null))
    .catch(() => null);
  if (signal.aborted || !page.isConnected) return;
  coming.delete(page);
  watching.unobserve(page);
  if (html === null) setTimeout(() => watching.observe(page), AGAIN_MS);
  else fill(page, html);
}

/** Put a page's days where they were. */
function fill(page, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = template.content.querySelector(".grid-page");
  const lacks = page.dataset.lacks.split(" ");
  const first = fresh?.firstElementChild;
  if (first?.matches(".month") && lacks.includes("month")) first.remove();
  if (lacks.includes("continued")) fresh?.querySelector(".day").classList.add("continued");
  steadily(() => {
    page.replaceChildren(...(fresh?.children ?? []));
    page.classList.remove("away");
    page.style.height = "";
    if (!fresh) page.remove(); // all of it was deleted
  });
  htmx.process(page);
  prepare(page);
  bound();
}

/** Whether tiles between the first and the last one may be missing in the document. */
export const hasGaps = () => pages().some(isAway);

/** Do what makes all pages higher or lower, and those that are away with them; keep that tile where it is. */
export function rescale(change, anchor) {
  const sum = () => present().reduce((height, page) => height + page.getBoundingClientRect().height, 0);
  const before = sum();
  steadily(() => {
    change();
    const factor = before ? sum() / before : 1;
    stretch(factor);
  }, anchor);
}

/** Guess again how high the pages are that were taken out. */
export function stretch(factor) {
  for (const page of pages().filter(isAway)) page.style.height = `${Number.parseFloat(page.style.height) * factor}px`;
}
