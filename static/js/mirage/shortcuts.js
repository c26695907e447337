// The keyboard shortcuts of all pages in one table, and the sheet that shows it. Keys do nothing but what stands here.
// A module says with `handle` what the keys of its place do. Many press what has them as data-shortcut: see `pressIn`.

import { isCovered } from "./back.js";
import { isTyping } from "./dialogs.js";
import { gettext, pgettext } from "./words.js";

const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

// By place, as on the sheet; where two places are open at once, the later one lies over the earlier one. A place marked
// `over` is a dialog of its own: its keys work although something covers the page. A row marked `typing` works in fields.
const PLACES = {
  grid: {
    title: gettext("In the grid"),
    rows: [
      { keys: ARROWS, does: gettext("Move from photo to photo") },
      { keys: ["Enter"], does: gettext("Open the photo") },
      { keys: ["x"], does: gettext("Select or deselect it") },
      { keys: ["Shift+x"], does: gettext("Select all up to it") },
      { keys: ["Ctrl+a"], does: gettext("Select all that is loaded") },
      { keys: ["Escape"], does: pgettext("what a key does", "Deselect") },
      { keys: ["+", "-"], does: gettext("Larger or smaller photos") },
    ],
  },
  photos: {
    title: gettext("With photos selected, or one open"),
    rows: [
      { keys: ["f"], does: pgettext("what a key does", "Favourite") },
      { keys: ["a"], does: pgettext("what a key does", "Archive") },
      { keys: ["Delete"], does: gettext("Move to the trash") },
      { keys: ["d"], does: pgettext("what a key does", "Download") },
      { keys: ["l"], does: gettext("Add to an album") },
    ],
  },
  viewer: {
    title: gettext("In an open photo"),
    rows: [
      { keys: ["ArrowLeft", "ArrowRight"], does: gettext("Previous and next") },
      { keys: ["ArrowUp", "ArrowDown"], does: gettext("Within a stack") },
      { keys: ["z"], does: gettext("Zoom in and out") },
      { keys: [" "], does: gettext("Play and pause a video") },
      { keys: ["m"], does: gettext("Play a motion photo or Live Photo") },
      { keys: ["p"], does: gettext("Names of the people") },
      { keys: ["o"], does: gettext("Where things are") },
      { keys: ["s"], does: gettext("Similar photos") },
      { keys: ["r"], does: gettext("Rotate right") },
      { keys: ["Shift+r"], does: gettext("Rotate left") },
      { keys: ["Shift+e"], does: gettext("Edit the picture") },
      { keys: ["i"], does: pgettext("what a key does", "Information") },
      { keys: ["e"], does: gettext("Edit title and description") },
      { keys: ["1", "2", "3", "4", "5"], shown: ["1", "–", "5"], does: gettext("Give stars, or take them away") },
      { keys: ["Escape"], does: gettext("Back to the grid") },
    ],
  },
  editor: {
    title: gettext("While a picture is edited"),
    rows: [
      { keys: ["1", "2", "3", "4", "5"], shown: ["1", "–", "5"], does: gettext("Crop, light, colour, presets, parts") },
      { keys: ["r", "Shift+r"], does: gettext("Rotate right, left") },
      { keys: ["m"], does: pgettext("what a key does", "Mirror") },
      { keys: ["b"], does: gettext("See it before, while you hold the key") },
      { keys: ["Delete"], does: gettext("Remove the chosen part") },
      {
        keys: ["Ctrl+z", "Ctrl+y"],
        shown: ["Ctrl+Z"],
        does: gettext("Undo a step; with Shift, redo it"),
        typing: true,
      },
      { keys: ["Ctrl+s"], shown: ["Ctrl+S"], does: pgettext("what a key does", "Save"), typing: true },
      { keys: ["Escape"], does: gettext("Leave without saving") },
    ],
  },
  video: {
    title: gettext("While a video is edited"),
    rows: [
      { keys: [" "], does: gettext("Play and pause a video"), typing: true }, // its only fields are the two handles
      { keys: ["ArrowLeft", "ArrowRight"], does: gettext("One frame back or on"), typing: true },
      { keys: ["i", "o"], does: gettext("Start here, end here"), typing: true },
      { keys: ["p"], does: gettext("Poster here"), typing: true },
      { keys: ["r", "Shift+r"], does: gettext("Rotate right, left"), typing: true },
      { keys: ["m"], does: gettext("Mute"), typing: true },
      { keys: ["b"], does: gettext("See it before, while you hold the key"), typing: true },
      {
        keys: ["Ctrl+z", "Ctrl+y"],
        shown: ["Ctrl+Z"],
        does: gettext("Undo a step; with Shift, redo it"),
        typing: true,
      },
      { keys: ["Ctrl+s"], shown: ["Ctrl+S"], does: pgettext("what a key does", "Save"), typing: true },
      { keys: ["Escape"], does: gettext("Leave without saving") },
    ],
  },
  player: {
    title: gettext("While photos play"),
    over: true,
    rows: [
      { keys: [" "], does: gettext("Pause and play") },
      { keys: ["ArrowLeft", "ArrowRight"], does: gettext("Previous and next") },
      { keys: ["Home", "End"], does: gettext("First and last") },
      { keys: ["Escape"], does: pgettext("what a key does", "Close") },
    ],
  },
  duplicates: {
    title: gettext("Among duplicates"),
    rows: [
      { keys: ["Enter"], does: gettext("Keep the ticked, trash the rest") },
      { keys: DIGITS, shown: ["1", "–", "9"], does: gettext("Tick or untick") },
      { keys: ["a", "s"], does: gettext("Keep all, stack") },
      { keys: ["m"], does: gettext("Keep albums, tags and dates from the copies, or not") },
      { keys: ["u"], does: pgettext("what a key does", "Undo") },
      { keys: ["ArrowLeft", "ArrowRight"], does: gettext("Group before, next group") },
      { keys: ["v", "c"], does: gettext("Other view, next version") },
      { keys: ["+", "-", "0"], does: gettext("Zoom, show all") },
    ],
  },
  review: {
    title: gettext("In the review of people and of tags"),
    rows: [
      { keys: ["y", "n"], does: gettext("Yes, no") },
      { keys: ["s"], does: gettext("Not sure") },
      { keys: ["x"], does: gettext("Not a face") },
      { keys: ["u"], does: pgettext("what a key does", "Undo") },
    ],
  },
  everywhere: {
    title: gettext("Everywhere"),
    rows: [
      {
        keys: ["Ctrl+k"],
        shown: ["Ctrl+K"],
        does: gettext("Go to a page, a person, an album, or do something"),
        typing: true,
      },
      { keys: ["/"], does: pgettext("what a key does", "Search") },
      { keys: ARROWS, does: gettext("Along the pages at the side, and the buttons at the top") },
      { keys: ["?"], does: gettext("This sheet") },
    ],
  },
};
const NAMES = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Delete: pgettext("key", "Del"),
  Escape: pgettext("key", "Esc"),
  " ": pgettext("key", "Space"),
};

const handlers = Object.fromEntries(Object.keys(PLACES).map((place) => [place, []]));

/**
 * While `active()`, let `press(key, event)` do what the keys of the place are for; where it returns false the key is
 * not for it.
 */
export function handle(place, active, press) {
  handlers[place].push({ active, press });
}

/** Press what has the key as its data-shortcut, inside `root`; whether there is such a thing. */
export function pressIn(root, key) {
  const button = root?.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
  button?.click();
  return Boolean(button);
}

/** The key as the table calls it. */
function keyOf(event) {
  if (event.altKey) return "";
  const isLetter = /^\p{L}$/u.test(event.key);
  const key = isLetter ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return `Ctrl+${key}`;
  return isLetter && event.shiftKey ? `Shift+${key}` : key;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  const key = keyOf(event);
  const means = ({ keys, typing }) => keys.includes(key) && (typing || !isTyping(event));
  for (const [place, { rows, over = false }] of Object.entries(PLACES).reverse()) {
    if ((isCovered() && !over) || !rows.some(means)) continue;
    for (const { active, press } of handlers[place]) {
      if (active() && press(key, event) !== false) {
        event.preventDefault();
        return;
      }
    }
  }
});

// --- the sheet ------------------------------------------------------------------------------------------------------

const make = (tag, ...content) => {
  const element = document.createElement(tag);
  element.append(...content);
  return element;
};

function keysOf({ keys, shown = keys }) {
  const parts = shown.flatMap((key) => (key === "+" ? [key] : key.split("+")));
  return parts.flatMap((part) => [part === "–" ? part : make("kbd", NAMES[part] ?? part), " "]).slice(0, -1);
}

function draw(sheet) {
  const sections = Object.values(PLACES).map(({ title, rows }) =>
    make(
      "section",
      make("h3", title),
      make("dl", ...rows.map((row) => make("div", make("dt", ...keysOf(row)), make("dd", row.does)))),
    ),
  );
  sheet.querySelector(".shortcuts").replaceChildren(...sections);
}

const sheet = document.getElementById("shortcuts");
if (sheet) {
  draw(sheet);
  handle(
    "everywhere",
    () => true,
    (key) => (key === "?" ? sheet.showModal() : false),
  );
}
