// The first script of the map's page: the land is on the screen before MapLibre, which is large, begins.

import { sketch } from "./sketch.js";

const frame = () => new Promise(requestAnimationFrame); // none comes before the style sheets have
let element = null;
while (!element) {
  await frame();
  element = document.getElementById("map"); // the page may still be coming
}
if (!element.dataset.tiles) await sketch(element).catch(() => null); // then the map comes without it
await import(element.dataset.page);
