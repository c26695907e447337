// The keyboard in the grid: arrows move the focus from tile to tile, x selects, and the letters of the actions press
// the buttons of the selection's bar, for the selection or else for the focused photo.

import { inReading } from "../mirage/direction.js";
import { act } from "./actions.js";
import { handle } from "../mirage/shortcuts.js";
import { selection } from "./selection.js";
import { firstVisible, grid, tiles } from "./timeline.js";
import { isOpen } from "./viewer.js";

const ACTIONS = {
  f: ["favourite", "unfavourite"],
  a: ["archive", "unarchive"],
  Delete: ["trash", "delete"],
  d: ["download"],
};
const focused = () => document.activeElement?.closest?.("#grid .tile");

function focus(tile) {
  tile?.querySelector(".tile-link").focus({ preventScroll: true });
  tile?.scrollIntoView({ block: "nearest" });
}

/** The tile below (1) or above (-1) whose middle is nearest. */
function vertical(all, from, step) {
  const middle = (box) => box.left + box.width / 2;
  const here = all[from].getBoundingClientRect();
  let best = null;
  let row = null;
  for (let i = from + step; i >= 0 && i < all.length; i += step) {
    const box = all[i].getBoundingClientRect();
    if (Math.abs(box.top - here.top) < 4) continue;
    row ??= box.top;
    if (Math.abs(box.top - row) > 4) break;
    const distance = Math.abs(middle(box) - middle(here));
    if (!best || distance < best.distance) best = { tile: all[i], distance };
  }
  return best?.tile;
}

function move(pressed) {
  const key = inReading(pressed);
  const tile = focused();
  if (!tile) return focus(firstVisible()?.tile);
  const all = tiles();
  const at = all.indexOf(tile);
  if (key === "ArrowLeft") return focus(all[at - 1]);
  if (key === "ArrowRight") return focus(all[at + 1]);
  return focus(vertical(all, at, key === "ArrowDown" ? 1 : -1));
}

/** Press the bar's button for the key; without a selection do it with the focused photo. */
function press(key) {
  const bar = document.getElementById("selection");
  if (key === "l") return addToAlbum(bar);
  const button = ACTIONS[key].map((action) => bar.querySelector(`[data-action="${action}"]`)).find(Boolean);
  if (!button) return;
  if (selection.size) return bar.requestSubmit(button);
  const tile = focused();
  if (!tile) return;
  const photo = tile.dataset.key;
  const { action } = button.dataset;
  if (action === "download" || action === "delete") {
    selection.toggle(photo);
    return bar.requestSubmit(button);
  }
  const all = tiles();
  const next = all[all.indexOf(tile) + 1] ?? all[all.indexOf(tile) - 1];
  const undoing = action === "favourite" && tile.classList.contains("favourite");
  act(
    undoing ? "unfavourite" : action,
    undoing ? button.formAction.replace("favourite", "unfavourite") : button.formAction,
    [photo],
    { whole: "yes" },
  );
  if (tile.hidden) focus(next);
}

/** Choose albums for the selection, or for the focused photo: what dragging onto the rail does with a mouse. */
function addToAlbum(bar) {
  const button = bar.querySelector('[data-shortcut="l"]');
  if (!button) return;
  const tile = focused();
  if (!selection.size && tile) selection.toggle(tile.dataset.key);
  if (selection.size) button.click();
}

/** What the keys of the grid do. */
function pressed(key) {
  const tile = focused();
  if (key.startsWith("Arrow")) move(key);
  else if (key === "Ctrl+a") selection.all();
  else if (key === "x" && tile) selection.toggle(tile.dataset.key);
  else if (key === "Shift+x" && tile) selection.toggle(tile.dataset.key, true);
  else if (key === "Escape" && selection.size) selection.clear();
  else return false; // Enter follows the link that has the focus
  return true;
}

export function startGridKeys() {
  const active = () => grid() && !isOpen();
  handle("grid", active, pressed);
  handle("photos", active, press);
}
