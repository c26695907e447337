// The pages of albums: putting photos into another order by dragging, or on a phone and by key with the button Move and
// a press on the photo they are to stand before; the cover by a press too, or from the selection like the heading; and
// the grid fetched again after `albums:changed`. The order shows at once; the server is told afterwards, and answers with a toast that
// can undo.

import { forward } from "../mirage/direction.js";
import { gettext, ngettext } from "../mirage/words.js";
import { selection } from "../photos/selection.js";
import { firstVisible, goTo, grid, load, tileOf, tiles } from "../photos/timeline.js";

const root = document.documentElement;
const arranging = () => grid()?.dataset.moveUrl;
const send = (url, values) => htmx.ajax("POST", url, { target: "#toasts", swap: "beforeend", values });

async function refresh() {
  if (!grid()) return;
  const seen = firstVisible()?.tile;
  const offset = seen?.getBoundingClientRect().top;
  await load(seen ? `?photo=${seen.dataset.key}` : "");
  if (seen && tileOf(seen.dataset.key)) goTo(seen.dataset.key, { offset });
}

/** Put the photos before the tile, or after it; what cannot be known here is not done. */
async function place(keys, tile, after) {
  const rest = tiles().filter((each) => !keys.includes(each.dataset.key));
  const next = after ? rest[rest.indexOf(tile) + 1] : tile;
  if (!next && grid().querySelector('[data-more="older"]')) return;
  const moved = keys.map(tileOf).filter(Boolean);
  const headed = moved.some(
    (each) => !each.previousElementSibling && each.closest(".album-section")?.querySelector(".day-title").textContent,
  );
  if (after) tile.after(...moved);
  else tile.before(...moved);
  await send(grid().dataset.moveUrl, { keys: keys.join(","), before: next?.dataset.key ?? "" });
  if (headed) await refresh();
}

// --- dragging --------------------------------------------------------------------------------------------------------

let dragged = null; // keys
let mark = null;

function unmark() {
  mark?.classList.remove("drop-before", "drop-after");
  mark = null;
}

document.addEventListener("dragstart", (event) => {
  const tile = event.target.closest?.(".tile");
  if (!tile || !arranging() || !grid().contains(tile)) return;
  dragged = selection.has(tile.dataset.key) ? inOrder(selection.keys()) : [tile.dataset.key];
  event.dataTransfer.clearData();
  event.dataTransfer.setData("application/x-mirage-photos", dragged.join(","));
  event.dataTransfer.effectAllowed = "copyMove"; // or copied to another album (rail.js)
  dragged
    .map(tileOf)
    .filter(Boolean)
    .forEach((each) => each.classList.add("dragged"));
});

document.addEventListener("dragover", (event) => {
  const tile = dragged && event.target.closest?.("#grid .tile");
  unmark();
  if (!tile || dragged.includes(tile.dataset.key)) return;
  event.preventDefault();
  const { left, width } = tile.getBoundingClientRect();
  mark = tile;
  mark.classList.add((event.clientX - left - width / 2) * forward > 0 ? "drop-after" : "drop-before");
});

document.addEventListener("drop", (event) => {
  if (!dragged || !mark) return;
  event.preventDefault();
  place(dragged, mark, mark.classList.contains("drop-after"));
});

document.addEventListener("dragend", () => {
  unmark();
  document.querySelectorAll(".tile.dragged").forEach((each) => each.classList.remove("dragged"));
  dragged = null;
});

/** Those in the document in their order there, then those that are not loaded. */
function inOrder(keys) {
  const shown = tiles()
    .map((tile) => tile.dataset.key)
    .filter((key) => keys.includes(key));
  return [...shown, ...keys.filter((key) => !shown.includes(key))];
}

// --- the button Move: the next press on a photo says where to --------------------------------------------------------

let coverUrl = ""; // while the cover is being chosen: where it is sent

function startMoving() {
  ask(
    ngettext(
      "Press the photo before which it is to stand",
      "Press the photo before which they are to stand",
      selection.size,
    ),
  );
}

/** The next press on a photo says where to, or which; `words` ask for it. */
function ask(words) {
  stopMoving();
  const hint = document.createElement("div");
  hint.className = "move-hint";
  hint.setAttribute("role", "status");
  hint.innerHTML = `
    <p></p>
    ${coverUrl ? "" : '<button class="button" type="button" data-move="end"></button>'}
    <button class="button" type="button" data-move="cancel"></button>`;
  hint.querySelector("p").textContent = words;
  hint.querySelector("[data-move=cancel]").textContent = gettext("Cancel");
  const end = hint.querySelector("[data-move=end]");
  if (end) end.textContent = gettext("To the end");
  document.body.append(hint);
  root.classList.add("moving");
}

function stopMoving() {
  root.classList.remove("moving");
  document.querySelector(".move-hint")?.remove();
}

// On the window, so that it comes before what selects tiles and opens photos.
addEventListener(
  "click",
  (event) => {
    if (!root.classList.contains("moving")) return;
    const where = event.target.closest("[data-move]")?.dataset.move;
    const tile = event.target.closest("#grid .tile");
    if (!where && !tile) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (coverUrl) {
      if (tile) send(coverUrl, { cover: tile.dataset.key });
      coverUrl = "";
      stopMoving();
      return;
    }
    const keys = inOrder(selection.keys());
    if (tile && keys.includes(tile.dataset.key)) return;
    stopMoving();
    if (tile) place(keys, tile, false);
    else if (where === "end") send(grid().dataset.moveUrl, { keys: keys.join(",") }).then(refresh);
    if (where !== "cancel") selection.clear();
  },
  true,
);

// --- from the selection ----------------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.closest("[data-move-mode]")) startMoving();
  else if (target.closest("[data-cover-mode]")) {
    target.closest("[popover]").hidePopover();
    coverUrl = target.closest("[data-cover-mode]").dataset.coverMode;
    ask(gettext("Press the photo that is to be the cover"));
  } else if (target.closest("[data-heading-dialog]")) {
    const dialog = document.getElementById("heading-dialog");
    const section = tileOf(selection.keys()[0])?.closest(".album-section");
    const first = section?.querySelector(".tile")?.dataset.key === selection.keys()[0];
    dialog.querySelector("[name=keys]").value = selection.keys()[0];
    const shown = first ? section.querySelector(".day-title").textContent : "";
    for (const field of dialog.querySelectorAll("[name=heading], [name=before-heading]")) field.value = shown;
    dialog.showModal();
  } else if (target.closest("[data-cover]")) {
    event.preventDefault();
    send(target.closest("[data-cover]").getAttribute("formaction"), { cover: selection.keys()[0] });
    selection.clear();
  }
});

document.addEventListener("selection", () => {
  if (!selection.size && !coverUrl) stopMoving();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  coverUrl = "";
  stopMoving();
});

// --- after changes ---------------------------------------------------------------------------------------------------

document.addEventListener("albums:changed", () => {
  document.querySelectorAll("dialog[open]:not(:has(#album-sharing))").forEach((dialog) => dialog.close());
  if (grid() && selection.size) selection.clear();
  refresh();
});

document.addEventListener(
  "error",
  ({ target }) => {
    if (target.matches?.("[data-may-fail]")) target.remove();
  },
  true,
);
document.querySelectorAll("[data-may-fail]").forEach((image) => {
  if (image.complete && !image.naturalWidth) image.remove();
});
