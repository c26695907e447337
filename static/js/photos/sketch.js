// The land of the map, drawn on a canvas while MapLibre is still getting ready, where it will draw it.

const WORLD_PX = 512; // how wide the world is at zoom 0
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

/** Where the map will open: what is in its middle, as fractions of the world, and how wide the world is in pixels. */
function cameraOf({ clientWidth, clientHeight }, { bounds, fitBoundsOptions, center, zoom }, minZoom) {
  const hash = /^#([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)/.exec(location.hash)?.slice(1).map(Number);
  if (hash) return { x: across(hash[2]), y: down(hash[1]), size: WORLD_PX * 2 ** hash[0] };
  if (!bounds) return { x: across(center[0]), y: down(center[1]), size: WORLD_PX * 2 ** Math.max(zoom, minZoom) };
  const [west, east] = [across(bounds.getWest()), across(bounds.getEast())];
  const [north, south] = [down(bounds.getNorth()), down(bounds.getSouth())];
  const { padding, maxZoom } = fitBoundsOptions;
  const fits = Math.min((clientWidth - 2 * padding) / (east - west), (clientHeight - 2 * padding) / (south - north));
  const size = Math.min(Math.max(fits, WORLD_PX * 2 ** minZoom), WORLD_PX * 2 ** maxZoom);
  return { x: (west + east) / 2, y: (north + south) / 2, size };
}

/** A canvas over that element with the land in it. `colours` has water, land and line. */
export function sketch(element, land, colours, options, minZoom) {
  const { clientWidth: width, clientHeight: height } = element;
  const { x, y, size } = constrained(cameraOf(element, options, minZoom), height);
  const canvas = document.createElement("canvas");
  canvas.className = "map-sketch";
  [canvas.width, canvas.height] = [width * devicePixelRatio, height * devicePixelRatio];
  const pen = canvas.getContext("2d");
  pen.scale(devicePixelRatio, devicePixelRatio);
  pen.fillStyle = colours.water;
  pen.fillRect(0, 0, width, height);
  const path = new Path2D();
  for (const { geometry } of land.features) {
    const pieces = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    for (const ring of pieces.flat()) {
      ring.forEach(([longitude, latitude], i) => {
        const place = [(across(longitude) - x) * size + width / 2, (down(latitude) - y) * size + height / 2];
        if (i) path.lineTo(...place);
        else path.moveTo(...place);
      });
      path.closePath();
    }
  }
  pen.fillStyle = colours.land;
  pen.strokeStyle = colours.line;
  pen.lineWidth = 0.6;
  for (const turn of [-size, 0, size]) {
    pen.save();
    pen.translate(turn, 0);
    pen.fill(path, "evenodd");
    pen.stroke(path);
    pen.restore();
  }
  element.append(canvas);
  performance.mark("map-land");
  return canvas;
}
