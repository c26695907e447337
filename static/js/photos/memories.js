// The strip of memories over the timeline. It is one stop of the Tab key: arrows, Home and End go from card to card.
// Buttons at its ends scroll it with a mouse.

import { forward, inReading } from "../mirage/direction.js";

const cardsOf = (strip) => [...strip.querySelectorAll(".memory-card")];

function showEnds(strip) {
  const list = strip.querySelector(".memory-cards");
  for (const button of strip.querySelectorAll("[data-scroll]")) {
    const room = list.scrollWidth - list.clientWidth;
    const scrolled = list.scrollLeft * forward;
    button.hidden = button.dataset.scroll === "1" ? scrolled >= room - 1 : scrolled < 1;
  }
}

document.addEventListener("htmx:afterSwap", ({ target: strip }) => {
  if (!strip.matches?.(".memory-strip")) return;
  for (const card of cardsOf(strip).slice(1)) card.tabIndex = -1;
  strip.querySelector(".memory-cards").addEventListener("scroll", () => showEnds(strip), { passive: true });
  showEnds(strip);
});
addEventListener("resize", () => document.querySelectorAll(".memory-strip:has(.memory-cards)").forEach(showEnds));

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-scroll]");
  const list = button?.closest(".memory-strip").querySelector(".memory-cards");
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
  list?.scrollBy({ left: Number(button.dataset.scroll) * forward * list.clientWidth * 0.8, behavior });
});

document.addEventListener("keydown", (event) => {
  const strip = event.target.closest?.(".memory-strip");
  if (!strip || event.ctrlKey || event.metaKey || event.altKey) return;
  const cards = cardsOf(strip);
  const at = cards.indexOf(event.target);
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: cards.length - 1 }[inReading(event.key)];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const next = cards[to];
  if (!next) return;
  cards[at].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});
