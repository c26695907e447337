// The land of a file of the world, as GeoJSON without jumps at the date line, and the colours it is drawn in.

import "../../../vendor/topojson-client/topojson-client.min.js";

const files = {}; // by address: promise of the file and its land

/** The points without jumps at the date line: what crosses it goes on beyond 180 degrees, which the map wraps. */
export function unrolled(points) {
  let turns = 0;
  return points.map(([x, y], i) => {
    if (i && Math.abs(x - points[i - 1][0]) > 180) turns += x < 0 ? 360 : -360;
    return [x + turns, y];
  });
}

/** A ring without jumps; one around a pole, which has only Antarctica's, is closed along it. */
function unrolledRing(ring) {
  const points = unrolled(ring);
  const [first, last] = [points[0], points.at(-1)];
  return first[0] === last[0] ? points : [...points, [last[0], -90], [first[0], -90], first];
}

function unrolledPiece(piece) {
  const { type, coordinates } = piece.geometry;
  const isPole = (ring) => ring.every(([, y]) => y <= -89);
  const rings = (of) => of.filter((ring) => !isPole(ring)).map(unrolledRing);
  return {
    ...piece,
    geometry: { type, coordinates: type === "Polygon" ? rings(coordinates) : coordinates.map(rings) },
  };
}

/** The file at that address, and its land: countries where it has them. */
export function landAt(address) {
  files[address] ??= fetch(address)
    .then((response) => response.json())
    .then((topology) => {
      const { countries, land } = topology.objects;
      const { features } = globalThis.topojson.feature(topology, countries ?? land);
      return {
        topology,
        land: {
          type: "FeatureCollection",
          features: features.filter((piece) => piece.geometry).map(unrolledPiece),
        },
      };
    });
  return files[address];
}

/** A colour of the style sheet as the map understands it, in the scheme of that element. */
function colour(element, name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  probe.style.forcedColorAdjust = "none"; // where the system chooses the colours it has none for water and land
  element.append(probe);
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.fillStyle = getComputedStyle(probe).color;
  canvas.fillRect(0, 0, 1, 1);
  probe.remove();
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

export const coloursOf = (element) =>
  Object.fromEntries(["water", "land", "line", "label"].map((name) => [name, colour(element, `--map-${name}`)]));
