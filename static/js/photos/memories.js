// The strip of memories over the timeline is one stop of the Tab key: arrows, Home and End go from card to card.

const cardsOf = (strip) => [...strip.querySelectorAll(".memory-card")];

document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (!target.matches?.(".memory-strip")) return;
  for (const card of cardsOf(target).slice(1)) card.tabIndex = -1;
});

document.addEventListener("keydown", (event) => {
  const strip = event.target.closest?.(".memory-strip");
  if (!strip || event.ctrlKey || event.metaKey || event.altKey) return;
  const cards = cardsOf(strip);
  const at = cards.indexOf(event.target);
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: cards.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const next = cards[to];
  if (!next) return;
  cards[at].tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});
