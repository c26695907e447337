// The land of the map, drawn on a canvas while MapLibre is still getting ready, where it will draw it.

import { coloursOf, landAt } from "./land.js";

const WORLD_PX = 512; // how wide the world is at zoom 0
const WORLD_SHARE = 0.75; // of the map's width, which the world has at least: pictures at both of its ends are whole
const CLOSEST = 12; // zoom at which the map opens, where all photos were taken in one spot
const FINEST = 2; // device pixels that a pixel of the sketch has at most
const BEYOND = 0.1; // of the world's width, to which land goes on that crosses the date line
const ROUGH_UNTIL = 4; // zoom up to which the roughest land will do
const STEEPEST = 85.0511; // degrees of latitude: where the Mercator map ends

const across = (longitude) => longitude / 360 + 0.5;
const down = (latitude) => {
  const sine = Math.sin((Math.max(Math.min(latitude, STEEPEST), -STEEPEST) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
};

/** The same with a world that is at least as high as the map, which shows nothing beyond the world's ends. */
function constrained({ x, y, size }, height) {
  const whole = Math.max(size, height);
  const half = height / 2 / whole;
  return { x, y: Math.min(Math.max(y, half), 1 - half), size: whole };
}

/** The zoom at which all of the world fits that element, or a little less on a desk. */
export const leastZoom = ({ clientWidth }) => Math.min(0.4, Math.log2((clientWidth * WORLD_SHARE) / WORLD_PX));

/** Where the map opens, as MapLibre's options: all photos are in view. */
export function placeOf({ dataset, clientWidth }) {
  if (!dataset.bounds) return { center: [10, 25], zoom: 1 };
  const padding = Math.min(70, clientWidth / 9);
  return { bounds: dataset.bounds.split(",").map(Number), fitBoundsOptions: { padding, maxZoom: CLOSEST } };
}

/** The same in pixels: what is in the middle, as fractions of the world, and how wide the world is. */
function cameraOf(element) {
  const { clientWidth, clientHeight } = element;
  const hash = /^#([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)/.exec(location.hash)?.slice(1).map(Number);
  if (hash) return { x: across(hash[2]), y: down(hash[1]), size: WORLD_PX * 2 ** hash[0] };
  const { bounds, fitBoundsOptions, center, zoom } = placeOf(element);
  const least = leastZoom(element);
  if (!bounds) return { x: across(center[0]), y: down(center[1]), size: WORLD_PX * 2 ** Math.max(zoom, least) };
  const [west, east] = [across(bounds[0]), across(bounds[2])];
  const [north, south] = [down(bounds[3]), down(bounds[1])];
  const { padding, maxZoom } = fitBoundsOptions;
  const fits = Math.min((clientWidth - 2 * padding) / (east - west), (clientHeight - 2 * padding) / (south - north));
  const size = Math.min(Math.max(fits, WORLD_PX * 2 ** least), WORLD_PX * 2 ** maxZoom);
  return { x: (west + east) / 2, y: (north + south) / 2, size };
}

/** The path of the land's edges on that element. */
function pathOf({ features }, { x, y, size }, { clientWidth, clientHeight }) {
  const path = new Path2D();
  for (const { geometry } of features) {
    const pieces = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    for (const ring of pieces.flat()) {
      ring.forEach(([longitude, latitude], i) => {
        const left = (across(longitude) - x) * size + clientWidth / 2;
        const top = (down(latitude) - y) * size + clientHeight / 2;
        if (i) path.lineTo(left, top);
        else path.moveTo(left, top);
      });
      path.closePath();
    }
  }
  return path;
}

/** Whether anything of the world is in view that is moved so far to the right. */
function isInView(turn, { x, size }, width) {
  const left = width / 2 - x * size + turn;
  return left - BEYOND * size < width && left + (1 + BEYOND) * size > 0;
}

/** Lay a canvas with the land over that element. Resolves when it is seen. */
export async function sketch(element) {
  const { rough, coarse } = element.dataset;
  const camera = constrained(cameraOf(element), element.clientHeight);
  const { land } = await landAt(camera.size > WORLD_PX * 2 ** ROUGH_UNTIL ? coarse : rough);
  const colours = coloursOf(element);
  const canvas = document.createElement("canvas");
  canvas.className = "map-sketch";
  const { clientWidth: width, clientHeight: height } = element;
  const ratio = Math.min(devicePixelRatio, FINEST);
  [canvas.width, canvas.height] = [width * ratio, height * ratio];
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.fillStyle = colours.water;
  pen.fillRect(0, 0, width, height);
  const path = pathOf(land, camera, element);
  pen.fillStyle = colours.land;
  pen.strokeStyle = colours.line;
  pen.lineWidth = 0.6;
  for (const turn of [-camera.size, 0, camera.size].filter((turn) => isInView(turn, camera, width))) {
    pen.save();
    pen.translate(turn, 0);
    pen.fill(path, "evenodd");
    pen.stroke(path);
    pen.restore();
  }
  element.append(canvas);
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))); // the frame is on its way
  performance.mark("map-land");
}
