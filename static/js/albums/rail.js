// While photos are dragged the rail shows the albums, and takes what is dropped on one; the toast can undo it. By key and
// on a phone the same is done by Add to (l).

import { selection } from "../photos/selection.js";
import { grid } from "../photos/timeline.js";

const KIND = "application/x-mirage-photos";
const { railAlbums, put } = document.querySelector("script[data-rail-albums]").dataset;
let dragged = null; // keys
let over = null; // the album under the pointer

async function showAlbums() {
  const answer = await fetch(railAlbums, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || !dragged || document.getElementById("rail-albums")) return;
  document.body.insertAdjacentHTML("beforeend", await answer.text());
}

function mark(album) {
  over?.classList.remove("drop-here");
  over = album;
  over?.classList.add("drop-here");
}

document.addEventListener("dragstart", (event) => {
  const tile = event.target.closest?.("#grid .tile");
  if (!tile || "picking" in grid().dataset || grid().dataset.inTrash || grid().dataset.listing === "trash") return;
  const { key } = tile.dataset;
  dragged = selection.has(key) ? selection.keys() : [key];
  event.dataTransfer.setData(KIND, dragged.join(","));
  event.dataTransfer.effectAllowed = "copyMove";
  showAlbums();
});

document.addEventListener("dragover", (event) => {
  const album = dragged && event.target.closest?.("#rail-albums [data-album]");
  mark(album ?? null);
  if (!album) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
});

document.addEventListener("drop", (event) => {
  if (!dragged || !over) return;
  event.preventDefault();
  window.htmx.ajax("POST", put, {
    target: "#toasts",
    swap: "beforeend",
    values: { keys: dragged.join(","), add: over.dataset.album },
  });
});

document.addEventListener("dragend", () => {
  mark(null);
  dragged = null;
  document.getElementById("rail-albums")?.remove();
});
