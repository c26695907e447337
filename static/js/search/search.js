// The search box of every page. While somebody types, the server proposes (search/_completions.html) and the list is walked
// with the arrows; Enter or Tab takes the chosen proposal, Enter alone searches. `/` comes to the box from anywhere. On a
// phone the box is behind a button and lies over the header while it is used.

import { handle } from "../mirage/shortcuts.js";

const PAUSE_MS = 70;
const box = document.getElementById("search-box");
const form = box?.querySelector("form");
const input = document.getElementById("search-input");
const list = document.getElementById("search-options");
const clear = box?.querySelector(".search-clear");
let asked; // what aborts the request under way
let pause;
let active = -1;
let waiting = []; // arrows, and what follows them, that were pressed before the proposals had come
let answered = null; // the text that the shown proposals are for: those for an earlier one are not taken

const options = () => [...list.querySelectorAll("[role=option]")];
const isOpen = () => !list.hidden;

const isFresh = () => answered === input.value;

function choose(index) {
  const all = isFresh() ? options() : [];
  all[active]?.removeAttribute("aria-selected");
  active = all.length ? (index + all.length + 1) % (all.length + 1) : -1; // one more place: none, back in the text
  if (active === all.length) active = -1;
  const option = all[active];
  if (option) {
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  } else input.removeAttribute("aria-activedescendant");
}

function show(open) {
  list.hidden = !open;
  input.setAttribute("aria-expanded", String(open));
  if (!open) choose(-1);
}

async function ask() {
  clearTimeout(pause);
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  const text = input.value;
  const query = new URLSearchParams({ q: text, at: input.selectionStart ?? input.value.length });
  if (form.dataset.scope) query.set("in", form.dataset.scope);
  try {
    const response = await fetch(`${form.dataset.completeUrl}?${query}`, { signal, headers: { "HX-Request": "true" } });
    if (!response.ok) throw new Error(`${response.status}`);
    const html = await response.text();
    if (signal.aborted || document.activeElement !== input) return;
    list.innerHTML = html;
    answered = text;
    list.classList.remove("stale");
    active = -1;
    input.removeAttribute("aria-activedescendant");
    show(options().length > 0);
  } catch {
    if (signal.aborted) return;
    answered = text;
    list.replaceChildren();
    show(false); // without proposals one can search all the same
  }
  for (const key of waiting.splice(0)) press(key);
}

function askSoon() {
  clearTimeout(pause);
  pause = setTimeout(ask, PAUSE_MS);
}

/** Put the proposal into the box, or search for it if it is a whole search. */
function take(option) {
  if (!isFresh()) return input.focus();
  choose(-1);
  input.value = option.dataset.text;
  clear.hidden = !input.value;
  if ("go" in option.dataset) return form.requestSubmit();
  input.focus();
  input.setSelectionRange(Number(option.dataset.cursor), Number(option.dataset.cursor));
  return ask();
}

/** Walk the proposals that are there, take the chosen one, or search. */
function press(key) {
  if (key === "ArrowDown") choose(active + 1);
  else if (key === "ArrowUp") choose(active < 0 ? options().length - 1 : active - 1);
  else if (active >= 0) take(options()[active]);
  else if (key === "Enter") form.requestSubmit();
}

function onKey(event) {
  const { key } = event;
  if (event.isComposing) return; // an input method is choosing signs
  const isArrow = key === "ArrowDown" || key === "ArrowUp";
  const isTaking = key === "Enter" || key === "Tab";
  if (!isFresh() && (isArrow || (isTaking && waiting.length))) {
    waiting.push(key);
    if (waiting.length === 1) ask();
  } else if (isArrow && !isOpen()) ask();
  else if (isArrow || (isTaking && isOpen() && active >= 0)) press(key);
  else if (key === "Escape" && isOpen()) show(false);
  else if (key === "Escape") input.blur();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function leave() {
  waiting = [];
  clearTimeout(pause);
  asked?.abort();
  show(false);
  box.classList.remove("open");
}

/** Let the box be seen and typed into; a mistake of the last search is marked. */
function enter() {
  box.classList.add("open");
  input.focus();
  const place = input.dataset.mistake?.split(" ").map(Number);
  if (place) input.setSelectionRange(...place);
}

if (box) {
  input.addEventListener("input", () => {
    clear.hidden = !input.value;
    waiting = [];
    choose(-1);
    list.classList.add("stale");
    askSoon();
  });
  input.addEventListener("focus", () => {
    box.classList.add("open");
    ask();
  });
  input.addEventListener("keydown", onKey);
  box.addEventListener("focusout", ({ relatedTarget }) => {
    if (!box.contains(relatedTarget)) leave();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the box
  list.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option) take(option);
  });
  clear.addEventListener("click", () => {
    input.value = "";
    clear.hidden = true;
    enter();
  });
  form.addEventListener("submit", (event) => {
    if (!input.value.trim()) {
      event.preventDefault();
      input.focus();
    } else leave();
  });
  handle(
    "everywhere",
    () => !document.documentElement.classList.contains("viewing"),
    (key) => {
      if (key !== "/") return false;
      enter();
      if (!input.dataset.mistake) input.select();
      return true;
    },
  );
}

// An Undo in a toast is done once.
document.addEventListener("htmx:afterRequest", ({ target }) => {
  if (target.matches?.("[data-closes-toast]")) target.closest(".toast")?.remove();
});
