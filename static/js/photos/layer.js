// A layer over the picture of the open photo: HTML that the server gives, whose parts say in data-x, -y, -width and
// -height where in the picture they lie. people/faces.js lays the faces over it, objects.js what models saw.

import { toast } from "../mirage/toast.js";

const watching = new Map(); // id of a layer: what keeps it over the picture as the viewer changes its size
const SIDES = { x: "left", y: "top", width: "width", height: "height" };

export const viewer = () => document.getElementById("viewer");

/** Where the picture lies in the viewer, without the bars beside it. */
function pictureBox(media) {
  const { left, top, width, height } = media.getBoundingClientRect();
  const wide = Number(media.getAttribute("width")) || media.naturalWidth || media.videoWidth || width;
  const high = Number(media.getAttribute("height")) || media.naturalHeight || media.videoHeight || height;
  const scale = Math.min(width / wide, height / high);
  const [w, h] = [wide * scale, high * scale];
  return { left: left + (width - w) / 2, top: top + (height - h) / 2, width: w, height: h };
}

/** Put an element where a box {left, top, width, height} of pixels is. */
export function place(element, box) {
  for (const side of Object.values(SIDES)) element.style[side] = `${box[side]}px`;
}

/** The HTML of a layer from its address; null where another photo is open by then, or where that failed: a toast says
 * so. */
export async function fetchLayer(address, failed) {
  const shown = viewer();
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  const html = answer?.ok ? await answer.text() : null;
  if (viewer() !== shown) return null;
  if (html === null) toast(failed, "error");
  return html;
}

function arrange(id) {
  const layer = document.getElementById(id);
  const media = viewer()?.querySelector(".viewer-media");
  if (layer && media) place(layer, pictureBox(media));
}

/** Lay HTML over the picture in place of the layer `id`, which its outermost element carries. */
export function lay(html, id) {
  document.getElementById(id)?.remove();
  viewer().querySelector(".viewer-stage").insertAdjacentHTML("afterend", html);
  const layer = document.getElementById(id);
  for (const part of layer.querySelectorAll("[data-x]")) {
    for (const [name, side] of Object.entries(SIDES)) part.style[side] = `${part.dataset[name] * 100}%`;
  }
  window.htmx.process(layer);
  arrange(id);
  watching.get(id)?.disconnect();
  watching.set(id, new ResizeObserver(() => arrange(id)));
  for (const part of viewer().querySelectorAll(".viewer-stage, .viewer-media")) watching.get(id).observe(part);
}
