// Thumbhash placeholders: what a picture looks like, roughly, until it has arrived. The hash is in data-hash of a tile
// or of the viewer's stage; it is decoded to a tiny PNG and set as a background through the CSSOM, which the Content
// Security Policy allows. Gone once the picture is there, so that transparent pictures do not show it.

import { thumbHashToDataURL } from "../../vendor/thumbhash/thumbhash.js";

function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

export function placeholder(element) {
  return element.dataset.hash ? `url("${thumbHashToDataURL(bytes(element.dataset.hash))}")` : "";
}

const SLICE_MS = 6; // of painting, then others have their turn: a hundred placeholders take a phone half a second
const waiting = [];
const later = globalThis.requestIdleCallback ?? setTimeout;

/** Paint all tiles below `root` whose picture has not arrived yet: soon, from the top. */
export function paintPlaceholders(root) {
  if (!waiting.length) later(paintSome);
  waiting.push(...root.querySelectorAll(".tile[data-hash]"));
}

function paintSome() {
  const end = performance.now() + SLICE_MS;
  while (waiting.length && performance.now() < end) paint(waiting.shift());
  if (waiting.length) later(paintSome);
}

function paint(tile) {
  const image = tile.querySelector("img");
  if (!image || (image.complete && image.naturalWidth)) return;
  tile.style.backgroundImage = placeholder(tile);
  image.addEventListener(
    "load",
    () => {
      tile.style.backgroundImage = "";
    },
    { once: true },
  );
}
