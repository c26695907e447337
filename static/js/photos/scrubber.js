// The track of months at the side: where in the library the view is, and a jump to anywhere. The months and their
// counts come as a list of links (photos/_months.html); each gets a stretch of the track, longer for more photos. On
// the desk hovering tells month and count, on the phone a handle appears while scrolling. By keyboard it is a slider.

import { inReading } from "../mirage/direction.js";
import { firstVisible, jump } from "./timeline.js";
import { interpolate, ngettext, number } from "../mirage/words.js";

const EVEN_SHARE = 0.35; // of the track, shared evenly, so that a month of one photo can still be hit
const LABEL_PX = 22;
const HANDLE_MS = 1500;
const DRAG_PAUSE_MS = 140;
const NAMES = new Intl.DateTimeFormat(document.documentElement.lang || "en", {
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

const nav = document.getElementById("scrubber");
let months = []; // newest first: {id, label, count, from, to} with from and to as fractions of the track
let current = -1;
let shownAt = -1;
let height = 0; // of the track
let handleY = 0;
const hovers = matchMedia("(hover: hover)");

const element = (name) => {
  const made = document.createElement("div");
  made.className = name;
  made.setAttribute("aria-hidden", "true");
  return made;
};
const handle = element("scrubber-handle");
const hint = element("scrubber-hint");

function read() {
  const links = [...nav.querySelectorAll("[data-month]")];
  const total = links.reduce((sum, link) => sum + Number(link.dataset.count), 0);
  let at = 0;
  months = links.map((link) => {
    const count = Number(link.dataset.count);
    const from = at;
    at += EVEN_SHARE / links.length + ((1 - EVEN_SHARE) * count) / total;
    const date = new Date(`${link.dataset.month}-15T12:00:00Z`);
    return { id: link.dataset.month, label: NAMES.format(date), count, from, to: at };
  });
}

function place() {
  height = nav.clientHeight;
  let last = -LABEL_PX;
  for (const year of nav.querySelectorAll(".months-year")) {
    const first = year.querySelector("[data-month]").dataset.month;
    const y = months.find((month) => month.id === first).from * height;
    const label = year.querySelector(".months-label");
    label.style.top = `${y}px`;
    const crowded = y - last < LABEL_PX || y > height - LABEL_PX / 2;
    label.classList.toggle("months-mark", crowded); // where there is no room for the year it has a mark
    if (!crowded) last = y;
  }
}

const indexAt = (y) => {
  const fraction = (y - nav.getBoundingClientRect().top) / height;
  const index = months.findIndex((month) => fraction < month.to);
  return index < 0 ? months.length - 1 : index;
};

function showHint(index, y = null) {
  const month = months[index];
  const middle = y ?? ((month.from + month.to) / 2) * height;
  hint.style.transform = `translateY(${Math.min(Math.max(middle, 14), height - 14)}px)`;
  if (shownAt !== index) hint.innerHTML = `<strong>${month.label}</strong> ${number(month.count)}`;
  shownAt = index;
}

/** Moved by transform, which needs no layout. */
function moveHandle(y) {
  handleY = Math.min(Math.max(y, 0), height);
  handle.style.transform = `translateY(${handleY}px)`;
}

function setCurrent(index) {
  if (current === index) return;
  current = index;
  const month = months[index];
  moveHandle(month.from * height);
  nav.setAttribute("aria-valuenow", String(index));
  const words = ngettext("%(month)s, %(number)s photo", "%(month)s, %(number)s photos", month.count);
  nav.setAttribute("aria-valuetext", interpolate(words, { month: month.label, number: number(month.count) }));
}

/** Follow the view: the handle stands where in its month the first visible day is. */
function follow() {
  if (nav.classList.contains("dragging") || !months.length) return;
  const seen = firstVisible();
  const index = seen ? months.findIndex((month) => month.id === seen.day.slice(0, 7)) : -1;
  if (index < 0) return;
  setCurrent(index);
  const month = months[index];
  const days = new Date(Number(month.id.slice(0, 4)), Number(month.id.slice(5)), 0).getDate();
  const within = scrollY < 8 && index === 0 ? 0 : 1 - Number(seen.day.slice(8)) / days;
  moveHandle((month.from + within * (month.to - month.from)) * height);
  if (!hovers.matches) showHint(index, handleY);
}

function startDragging() {
  let pause;
  let asked = null;
  const go = (index) => {
    if (asked === index) return;
    asked = index;
    jump(months[index].id);
  };
  nav.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !months.length) return;
    event.preventDefault();
    nav.setPointerCapture(event.pointerId);
    nav.classList.add("dragging");
    asked = null;
    const index = indexAt(event.clientY);
    showHint(index, event.clientY - nav.getBoundingClientRect().top);
    if (event.pointerType === "mouse") go(index);
  });
  nav.addEventListener("pointermove", (event) => {
    if (!months.length) return;
    const index = indexAt(event.clientY);
    const y = event.clientY - nav.getBoundingClientRect().top;
    showHint(index, y);
    if (!nav.classList.contains("dragging")) return;
    moveHandle(y);
    clearTimeout(pause);
    pause = setTimeout(() => go(index), DRAG_PAUSE_MS);
  });
  const end = (event) => {
    if (!nav.classList.contains("dragging")) return;
    clearTimeout(pause);
    nav.classList.remove("dragging");
    if (event.type === "pointerup") go(indexAt(event.clientY));
  };
  nav.addEventListener("pointerup", end);
  nav.addEventListener("pointercancel", end);
}

function startKeys() {
  nav.addEventListener("keydown", (event) => {
    const steps = {
      ArrowUp: -1,
      ArrowDown: 1,
      ArrowLeft: -1,
      ArrowRight: 1,
      PageUp: -12,
      PageDown: 12,
      Home: -Infinity,
      End: Infinity,
    };
    const step = steps[inReading(event.key)];
    if (!step || !months.length) return;
    event.preventDefault();
    event.stopPropagation();
    const index = Math.min(Math.max(current + step, 0), months.length - 1);
    setCurrent(index);
    showHint(index);
    jump(months[index].id);
  });
}

function start() {
  read();
  if (months.length < 2) {
    nav.hidden = true;
    return;
  }
  nav.append(handle, hint);
  nav.setAttribute("role", "slider");
  nav.setAttribute("aria-orientation", "vertical");
  nav.setAttribute("aria-valuemin", "0");
  nav.setAttribute("aria-valuemax", String(months.length - 1));
  nav.tabIndex = 0;
  place();
  setCurrent(0);
  follow();
}

export function startScrubber() {
  if (!nav) return;
  nav.addEventListener("htmx:afterSwap", start);
  startDragging();
  startKeys();
  let frame = 0;
  let gone;
  addEventListener(
    "scroll",
    () => {
      nav.classList.add("scrolling");
      clearTimeout(gone);
      gone = setTimeout(() => nav.classList.remove("scrolling"), HANDLE_MS);
      if (!frame)
        frame = requestAnimationFrame(() => {
          frame = 0;
          follow();
        });
    },
    { passive: true },
  );
  addEventListener("resize", () => {
    if (months.length > 1) {
      place();
      follow();
    }
  });
}
