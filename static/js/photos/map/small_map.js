// A small map in the panel of a photo: a pin at its place, or with data-pick a pin that the user sets, told by the
// event `place:picked` {latitude, longitude} on the element; `place:found` moves it there.

import { Marker, makeMap } from "./basemap.js";

const NEAR = 9; // zoom at which a place is shown to be corrected
const AROUND = 6; // and to be recognised
const pinElement = () => Object.assign(document.createElement("span"), { className: "map-pin" });

export async function drawSmallMap(element) {
  const { latitude, longitude, pick } = element.dataset;
  const known = latitude !== undefined;
  const center = known ? [Number(longitude), Number(latitude)] : [10, 30];
  const picking = pick !== undefined;
  const map = await makeMap(element, { center, zoom: known ? (picking ? NEAR : AROUND) : 0.5, interactive: picking });
  const pin = new Marker({ element: pinElement(), draggable: picking });
  const put = (place) => pin.setLngLat(place).addTo(map);
  if (known) put(center);
  if (!picking) return map;

  element.classList.add("placing");
  const tell = () => {
    const { lat, lng } = pin.getLngLat().wrap();
    element.dispatchEvent(
      new CustomEvent("place:picked", { bubbles: true, detail: { latitude: lat, longitude: lng } }),
    );
  };
  pin.on("dragend", tell);
  map.on("click", ({ lngLat }) => {
    put(lngLat);
    tell();
  });
  element.addEventListener("place:found", ({ detail }) => {
    put([detail.longitude, detail.latitude]);
    map.jumpTo({ center: [detail.longitude, detail.latitude], zoom: Math.max(map.getZoom(), NEAR) });
  });
  return map;
}
