// The page of the map: asks for the clusters of what is shown and puts them on the map as pictures with a number, and
// keeps the list beside it to what is in view. A cluster opens into its parts, and where it has none, into its photos.

import { LngLatBounds, Marker, makeMap } from "./basemap.js";
import { placeOf } from "./sketch.js";
import { toast } from "../../mirage/toast.js";
import { gettext, interpolate, ngettext, number } from "../../mirage/words.js";

const CLOSEST = 16; // zoom beyond which a cluster is not taken apart any more
const POINT = 1e-4; // degrees; a smaller cluster is one spot
const list = document.querySelector(".map-list");
const element = document.getElementById("map");
const shown = new Map(); // markers by key, count and place
let map;
let asked; // what aborts the request under way

const boxOf = (text) => {
  const [west, south, east, north] = text.split(",").map(Number);
  return new LngLatBounds([west, south], [east, north]);
};
const textOf = (box) =>
  [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((edge) => edge.toFixed(5)).join(",");
const moving = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? { animate: false } : { duration: 500 });

function listPhotos(box) {
  return htmx.ajax("GET", `${element.dataset.photos}?box=${box}&in=${element.dataset.in}`, {
    source: "#map-photos",
    target: "#map-photos",
    swap: "outerHTML",
  });
}

async function openCluster({ box, count }) {
  const bounds = boxOf(box);
  const spot = Math.max(bounds.getEast() - bounds.getWest(), bounds.getNorth() - bounds.getSouth()) < POINT;
  if (count > 1 && !spot && map.getZoom() < CLOSEST)
    return map.fitBounds(bounds, { padding: 90, maxZoom: CLOSEST, ...moving() });
  const margin = spot ? POINT / 2 : 0;
  const [west, south] = [bounds.getWest() - margin, bounds.getSouth() - margin];
  const [east, north] = [bounds.getEast() + margin, bounds.getNorth() + margin];
  await listPhotos([west, south, east, north].join(","));
  list.scrollTo({ top: 0 });
  return list.querySelector(".map-tile")?.focus();
}

/** What a marker stands for, and where it is if that is known. */
function spoken(count, place) {
  if (!place) return interpolate(ngettext("Photo", "%(number)s photos", count), { number: number(count) });
  const words = ngettext("Photo in %(place)s", "%(number)s photos in %(place)s", count);
  return interpolate(words, { number: number(count), place });
}

function markerOf(cluster) {
  const { key, count, box, label } = cluster;
  const link = document.createElement("a");
  link.className = `map-marker${count > 1 ? "" : " opens-viewer"}`;
  link.href =
    count > 1
      ? `${element.dataset.photos}?box=${box}&in=${element.dataset.in}`
      : `/photo/${key}/${element.dataset.in === "timeline" ? "" : `?in=${element.dataset.in}`}`;
  link.setAttribute("aria-label", spoken(count, label));
  const picture = Object.assign(document.createElement("img"), { src: cluster.picture, alt: "", draggable: false });
  link.append(picture);
  if (count > 1) {
    link.append(Object.assign(document.createElement("span"), { className: "map-count", textContent: number(count) }));
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      openCluster(cluster);
    });
  }
  return new Marker({ element: link, anchor: "center" }).setLngLat(cluster.position);
}

/** Show these clusters; markers that stay are left alone. */
function showClusters(clusters) {
  const wanted = new Map(clusters.map((cluster) => [`${cluster.key} ${cluster.count} ${cluster.position}`, cluster]));
  for (const [name, marker] of shown) {
    if (wanted.has(name)) continue;
    marker.remove();
    shown.delete(name);
  }
  for (const [name, cluster] of wanted) if (!shown.has(name)) shown.set(name, markerOf(cluster).addTo(map));
}

async function refresh() {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  const box = textOf(map.getBounds());
  const zoom = Math.floor(map.getZoom() + 0.5);
  const address = `${element.dataset.clusters}?box=${box}&zoom=${zoom}&in=${element.dataset.in}`;
  const answer = await fetch(address, { signal })
    .then((response) => (response.ok ? response.json() : null)) // may be aborted, too
    .catch(() => null);
  if (signal.aborted) return;
  if (!answer) {
    toast(gettext("The photos of the map could not be loaded."), "error");
    return;
  }
  showClusters(answer.clusters);
  listPhotos(box);
}

async function start() {
  try {
    map = await makeMap(element, { hash: true, ...placeOf(element) });
  } catch {
    element.hidden = true;
    document.getElementById("map-failed").hidden = false;
    return;
  }
  map.on("moveend", refresh);
  document.addEventListener("photos:changed", () => setTimeout(refresh, 400)); // after the server has done it
  refresh();
}

start();
