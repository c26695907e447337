// What is selected. The keys are kept here, not in the document, so that a selection outlives pages that scroll away.
// Click on the check circle, shift for a range, the circle of a day for the whole day, long press on touch; while
// anything is selected a click on a tile selects. Tells of each change with the event `selection`.

import { toast } from "../mirage/toast.js";
import { gettext, interpolate, ngettext, number } from "../mirage/words.js";
import { grid, pages, tileOf, tiles } from "./grid/grid.js";
import { hasGaps } from "./grid/pages.js";

const LONG_PRESS_MS = 450;
const selected = new Set();
let anchor = null; // where a range begins
let asked = Promise.resolve(); // what the server still says of ranges and days

export const selection = {
  get size() {
    return selected.size;
  },
  keys: () => [...selected],
  whole: () => asked, // resolves when ranges that were begun are selected to their end
  has: (key) => selected.has(key),
  clear() {
    set(selected, false);
    anchor = null;
  },
  /** All that was scrolled through; what has left the document meanwhile the server knows. */
  all() {
    const keys = tiles().map((tile) => tile.dataset.key);
    set(keys, true);
    if (hasGaps()) asked = Promise.all([asked, between(keys[0], keys.at(-1))]);
  },
  toggle(key, range = false) {
    const on = !selected.has(key);
    if (range && anchor) asked = Promise.all([asked, extend(key)]);
    else set([key], on);
    anchor = key;
  },
};

function set(keys, on) {
  for (const key of [...keys]) {
    if (isInside(tileOf(key))) continue;
    if (on) selected.add(key);
    else selected.delete(key);
    mark(tileOf(key));
  }
  changed();
}

/** Whether somebody chooses photos for an album that has this one (albums/picker.js). */
const isInside = (tile) => Boolean(tile?.classList.contains("inside"));

function mark(tile) {
  if (!tile) return;
  const on = selected.has(tile.dataset.key);
  tile.classList.toggle("selected", on);
  const check = tile.querySelector(".tile-check");
  if (check) check.checked = on;
}

function changed() {
  for (const day of grid().querySelectorAll(".day")) {
    const all = [...day.querySelectorAll(".tile:not([hidden])")];
    const count = all.filter((tile) => tile.classList.contains("selected")).length;
    const check = day.querySelector(".day-check");
    check.checked = count > 0 && count === all.length;
    check.indeterminate = count > 0 && count < all.length;
  }
  document.documentElement.classList.toggle("selecting", selected.size > 0);
  const words = ngettext(
    "<strong>%(number)s</strong> <span>selected</span>",
    "<strong>%(number)s</strong> <span>selected</span>",
    selected.size,
  );
  document.querySelector(".selection-count").innerHTML = selected.size
    ? interpolate(words, { number: number(selected.size) })
    : "";
  for (const button of document.querySelectorAll("#selection [data-least], #selection [data-most]")) {
    const { least = 1, most = Infinity } = button.dataset;
    button.disabled = selected.size < Number(least) || selected.size > Number(most);
  }
  document.dispatchEvent(new CustomEvent("selection"));
}

document.addEventListener("click", ({ target }) => {
  target.closest?.("#selection .menu button")?.closest("[popover]").hidePopover();
});

async function keysFromServer(query) {
  const url = `${grid().dataset.keysUrl}?in=${grid().dataset.listing}&${query}`;
  const response = await fetch(url).catch(() => null);
  if (response?.ok) return (await response.json()).keys;
  toast(gettext("Not all photos could be selected."), "error");
  return [];
}

async function between(one, other) {
  set(await keysFromServer(`from=${one}&to=${other}`), true);
}

/** Select from the anchor to the key; the server knows what lies between if a part is not in the document. */
async function extend(key) {
  const from = tileOf(anchor);
  if (!from || from.hidden || hasGaps()) return between(anchor, key);
  const all = tiles();
  const [low, high] = [all.indexOf(from), all.indexOf(tileOf(key))].sort((a, b) => a - b);
  return set(
    all.slice(low, high + 1).map((tile) => tile.dataset.key),
    true,
  );
}

/** Select or deselect a whole day; at the edge of a page its other photos are asked for. */
async function toggleDay(day, on) {
  const date = day.dataset.day;
  const all = [...day.parentElement.querySelectorAll(":scope > .day")];
  const goesOn = pages().length > 1 || grid().querySelector(".more");
  const atEdge = goesOn && [all[0], all.at(-1)].includes(day);
  const here = [...day.querySelectorAll(".tile:not([hidden])")].map((tile) => tile.dataset.key);
  set(here, on);
  if (atEdge) set(await keysFromServer(`day=${date}`), on);
}

function startLongPress() {
  let timer = null;
  let pressed = false;
  const cancel = () => clearTimeout(timer);
  document.addEventListener("pointerdown", (event) => {
    const tile = event.target.closest(".tile");
    pressed = false;
    if (event.pointerType === "mouse" || !tile || event.target.closest(".tile-check")) return;
    const [x, y] = [event.clientX, event.clientY];
    timer = setTimeout(() => {
      pressed = true;
      if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(15);
      selection.toggle(tile.dataset.key);
    }, LONG_PRESS_MS);
    const moved = (move) => {
      if (Math.hypot(move.clientX - x, move.clientY - y) > 10) cancel();
    };
    document.addEventListener("pointermove", moved);
    document.addEventListener("pointerup", () => document.removeEventListener("pointermove", moved), { once: true });
  });
  ["pointerup", "pointercancel", "scroll"].forEach((name) =>
    document.addEventListener(name, cancel, { passive: true }),
  );
  document.addEventListener("contextmenu", (event) => {
    if (pressed && event.target.closest(".tile")) event.preventDefault();
  });
  return () => {
    // whether the click that follows belongs to a long press
    const was = pressed;
    pressed = false;
    return was;
  };
}

export function startSelection() {
  if (!document.getElementById("selection")) return; // a list that came out empty
  const afterLongPress = startLongPress();
  document.addEventListener(
    "click",
    (event) => {
      const tile = event.target.closest(".tile");
      if (!tile || !grid().contains(tile)) return;
      const onCheck = event.target.matches(".tile-check");
      const picking = "picking" in grid().dataset;
      if (afterLongPress() || isInside(tile)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      } else if (onCheck || picking || (selected.size && !event.ctrlKey && !event.metaKey)) {
        if (!onCheck) event.preventDefault();
        event.stopImmediatePropagation();
        selection.toggle(tile.dataset.key, event.shiftKey);
        if (onCheck) setTimeout(() => mark(tile)); // the browser toggles the box by itself after this
      }
    },
    true,
  );
  document.addEventListener("change", (event) => {
    if (event.target.matches(".day-check"))
      asked = Promise.all([asked, toggleDay(event.target.closest(".day"), event.target.checked)]);
  });
  document.addEventListener("reset", (event) => {
    if (event.target.id === "selection") selection.clear();
  });
  document.addEventListener("grid:tiles", ({ detail: root }) => {
    root.querySelectorAll(".tile").forEach(mark);
    changed();
  });
  // As one field: Django refuses forms of more than a thousand, and what scrolled away has no check box.
  document.getElementById("selection").addEventListener("formdata", ({ formData }) => {
    formData.set("keys", selection.keys().join(","));
  });
  // ticks that a browser has kept from before
  document.querySelectorAll(".tile-check:checked").forEach((check) => mark(check.closest(".tile")));
  changed();
}
