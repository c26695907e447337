// The first script of the map's page: what MapLibre needs, which is large, waits until the land is on the screen.

import { aim } from "./sketch.js";

const frame = () => new Promise(requestAnimationFrame); // none comes before the style sheets have
let element = null;
while (!element) {
  await frame();
  element = document.getElementById("map"); // the page may still be coming
}
aim(element);
await frame();
await new Promise((resolve) => setTimeout(resolve)); // the frame is on its way
await import(element.dataset.page);
