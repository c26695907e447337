// The world map that needs no server: countries and coasts of Natural Earth, towns by our own server, labels in the
// system's font, colours from the style sheet in both schemes. Or tiles, where data-tiles names their address.
// The container's data attributes say where things are (map_sources in photos/templatetags/gallery.py).

import { LngLatBounds, Map, Marker, setWorkerUrl } from "../../../vendor/maplibre-gl/maplibre-gl.js";
import { gettext } from "../../mirage/words.js";
import { coloursOf, landAt, unrolled } from "./land.js";
import { leastZoom } from "./sketch.js";

export { LngLatBounds, Marker };

const FINE_FROM = 4.5; // zoom at which the finer coast is fetched
const TOWNS_FROM = 2.6;
const TOWN_DIGITS = 2; // of the boxes that towns are asked for, so that answers are found in the browser's cache
const FONT = ["system-ui"];
const empty = { type: "FeatureCollection", features: [] };
const worlds = {}; // by address: promise of what is drawn of it

const spread = (ring) =>
  Math.abs(
    ring.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = ring[(i + 1) % ring.length];
      return sum + x * nextY - nextX * y;
    }, 0),
  ) / 2;

/** Where a country's name is written: the middle of its largest piece. */
function labelOf({ geometry, properties }) {
  const pieces = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const [largest] = pieces.map(([ring]) => ({ ring, area: spread(ring) })).sort((a, b) => b.area - a.area);
  const bounds = largest.ring.reduce((box, point) => box.extend(point), new LngLatBounds());
  return {
    type: "Feature",
    properties: { name: properties.name, rank: -largest.area },
    geometry: { type: "Point", coordinates: bounds.getCenter().toArray() },
  };
}

/** What the user calls the countries, by number; nothing where the file's English will do. */
async function countryNames(address) {
  const said = [document.documentElement.lang, navigator.language];
  if (said.every((language) => language.startsWith("en"))) return {};
  const response = await fetch(address).catch(() => null);
  return response?.ok ? (await response.json()).names : {};
}

function world(address, countriesAddress) {
  worlds[address] ??= Promise.all([landAt(address), countryNames(countriesAddress)]).then(
    ([{ topology, land }, called]) => {
      const { mesh } = globalThis.topojson;
      const { countries } = topology.objects;
      for (const country of land.features) country.properties.name = called[country.id] ?? country.properties.name;
      const line = ({ type, coordinates }) => ({
        type: "Feature",
        properties: {},
        geometry: { type, coordinates: coordinates.map(unrolled) },
      });
      return {
        land,
        borders: line(mesh(topology, countries, (one, other) => one !== other)),
        coast: line(mesh(topology, countries, (one, other) => one === other)),
        names: { type: "FeatureCollection", features: land.features.map(labelOf) },
      };
    },
  );
  return worlds[address];
}

const source = (data) => ({ type: "geojson", data });

function styleOf(element, data) {
  const { water, land, line, label } = coloursOf(element);
  const { tiles, credit } = element.dataset;
  if (tiles) {
    return {
      version: 8,
      sources: { tiles: { type: "raster", tiles: [tiles], tileSize: 256, maxzoom: 19, attribution: credit } },
      layers: [
        { id: "water", type: "background", paint: { "background-color": water } },
        { id: "tiles", type: "raster", source: "tiles" },
      ],
    };
  }
  const text = (id, from, size, extra = {}) => ({
    id,
    type: "symbol",
    source: id,
    ...from,
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": size,
      "text-max-width": 8,
      "symbol-sort-key": ["get", "rank"],
      "text-padding": 6,
      ...extra,
    },
    paint: { "text-color": label, "text-halo-color": land, "text-halo-width": 1.4 },
  });
  return {
    version: 8,
    sources: Object.fromEntries(Object.entries(data).map(([name, value]) => [name, source(value)])),
    layers: [
      { id: "water", type: "background", paint: { "background-color": water } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": land } },
      { id: "coast", type: "line", source: "coast", paint: { "line-color": line, "line-width": 0.6 } },
      {
        id: "borders",
        type: "line",
        source: "borders",
        paint: { "line-color": line, "line-width": ["interpolate", ["linear"], ["zoom"], 1, 0.5, 7, 1.4] },
      },
      text("towns", { minzoom: TOWNS_FROM }, ["interpolate", ["linear"], ["zoom"], 3, 10.5, 12, 13]),
      text(
        "names",
        { maxzoom: 5.5, filter: ["<", ["get", "rank"], ["step", ["zoom"], -60, 1.5, -20, 2.5, -4, 3.5, 0]] },
        ["interpolate", ["linear"], ["zoom"], 1, 10, 5, 15],
        { "text-letter-spacing": 0.06 },
      ),
    ],
  };
}

/** Ask for the towns in view, and show them. */
async function showTowns(map, address, data) {
  if (map.getZoom() < TOWNS_FROM) return;
  const box = map.getBounds();
  const outward = [Math.floor, Math.floor, Math.ceil, Math.ceil];
  const edges = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
  const digits = 10 ** Math.min(TOWN_DIGITS, Math.floor(map.getZoom() / 4));
  const response = await fetch(
    `${address}?box=${edges.map((edge, i) => outward[i](edge * digits) / digits).join(",")}`,
  ).catch(() => null);
  if (!response?.ok) return;
  const { towns } = await response.json();
  data.towns = {
    type: "FeatureCollection",
    features: towns.map((town) => ({
      type: "Feature",
      properties: { name: town.name, rank: -town.people },
      geometry: { type: "Point", coordinates: [town.longitude, town.latitude] },
    })),
  };
  map.getSource("towns")?.setData(data.towns);
}

function addStyleSheet(address) {
  if (document.querySelector(`link[rel="stylesheet"][href="${address}"]`)) return null;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
  document.head.prepend(link); // ours come after it
  return new Promise((resolve) => {
    link.onload = link.onerror = resolve;
  });
}

/** Draw the map in that element. `options` are MapLibre's. Raises where the browser has no WebGL. */
export async function makeMap(element, options = {}) {
  const { style, worker, coarse, fine, towns, countries, tiles } = element.dataset;
  setWorkerUrl(new URL(worker, location).href);
  const [first] = await Promise.all([tiles ? null : world(coarse, countries), addStyleSheet(style)]);
  const data = { ...first, towns: empty };
  const drawn = element.querySelector(".map-sketch");
  const map = new Map({
    container: element,
    style: styleOf(element, data),
    attributionControl: tiles ? {} : false,
    maxZoom: 18,
    minZoom: leastZoom(element),
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    locale: { "Map.Title": gettext("Map"), "Marker.Title": gettext("Photos of a place") },
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  const redraw = () => map.setStyle(styleOf(element, data));
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", redraw);
  const observer = new MutationObserver(redraw);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  map.on("remove", () => {
    scheme.removeEventListener("change", redraw);
    observer.disconnect();
  });
  if (tiles) return map;

  let finer = false;
  const follow = async () => {
    showTowns(map, towns, data);
    if (finer || map.getZoom() < FINE_FROM) return;
    finer = true;
    Object.assign(data, await world(fine, countries));
    for (const name of ["land", "borders", "coast"]) map.getSource(name)?.setData(data[name]);
  };
  if (drawn) {
    map.getCanvas().after(drawn); // below the pictures
    ["idle", "movestart", "resize"].forEach((event) => map.once(event, () => drawn.remove()));
  }
  map.on("moveend", follow);
  map.once("load", follow);
  return map;
}
