// Where the map opens, and where the land is until then that came with the page.

const WORLD_PX = 512; // how wide the world is at zoom 0
const WORLD_SHARE = 0.75; // of the map's width, which the world has at least: pictures at both of its ends are whole
const CLOSEST = 12; // zoom at which the map opens, where all photos were taken in one spot
const ROUGH_UNTIL = 5; // zoom up to which the roughest land will do
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

/** Put the land that came with the page (mirage/web/land.py) where MapLibre will draw it. */
export function aim(element) {
  const drawing = element.querySelector(".map-sketch svg");
  if (!drawing) return;
  const { whole, width: units } = drawing.dataset;
  const { x, y, size } = constrained(cameraOf(element), element.clientHeight);
  const elsewhere = location.hash && (whole === undefined || size > WORLD_PX * 2 ** ROUGH_UNTIL);
  if (elsewhere) {
    drawing.parentElement.remove();
    return;
  }
  const [wide, high] = [element.clientWidth, element.clientHeight].map((pixels) => (pixels * units) / size);
  drawing.setAttribute("viewBox", [x * units - wide / 2, y * units - high / 2, wide, high].join(" "));
  drawing.parentElement.classList.add("aimed");
}
