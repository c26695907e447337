// Editing in the panel of a photo and in the dialog for the selection. HTMX sends the forms; here is the rest: small
// maps are drawn when they come into view, a place is searched by name, the dialog's forms go along with the selection,
// and what shows edited photos is fetched again after `photos:edited`.

import { selection } from "./selection.js";
import { firstVisible, grid, load } from "./timeline.js";

const TYPED_MS = 250;
const maps = new Map(); // element -> promise of its map
const drawn = new WeakSet();

const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    const map = import(target.dataset.smallMap).then(({ drawSmallMap }) => drawSmallMap(target));
    map.catch(() => target.remove()); // no WebGL: the words are enough
    maps.set(target, map);
  }
});

/** Draw the small maps that came, and let go of those that went. */
function lookForMaps() {
  for (const element of document.querySelectorAll("[data-small-map]")) {
    if (drawn.has(element)) continue;
    drawn.add(element);
    seen.observe(element);
  }
  for (const [element, map] of maps) {
    if (element.isConnected) continue;
    maps.delete(element);
    map.then(
      (made) => made.remove(),
      () => {},
    );
  }
}

// --- a place by name or by pin --------------------------------------------------------------------------------------

const placeOf = (element) => element.closest("[data-place]");

function fill(place, { latitude, longitude }) {
  place.querySelector("[name=latitude]").value = latitude.toFixed(6);
  place.querySelector("[name=longitude]").value = longitude.toFixed(6);
}

function offer(place, towns) {
  const list = place.querySelector("[data-place-found]");
  list.replaceChildren(
    ...towns.map((town) => {
      const button = Object.assign(document.createElement("button"), {
        type: "button",
        textContent: [town.name, town.region, town.country].filter(Boolean).join(", "),
      });
      button.addEventListener("click", () => {
        fill(place, town);
        place.querySelector("[data-place-search]").value = button.textContent;
        list.hidden = true;
        place.querySelector("[data-small-map]")?.dispatchEvent(new CustomEvent("place:found", { detail: town }));
      });
      const item = document.createElement("li");
      item.append(button);
      return item;
    }),
  );
  list.hidden = !towns.length;
}

let typing;
function search(input) {
  clearTimeout(typing);
  typing = setTimeout(async () => {
    const place = placeOf(input);
    const name = input.value.trim();
    const url = place.querySelector("[data-towns]")?.dataset.towns ?? "/towns/?";
    const response = name && (await fetch(`${url}&name=${encodeURIComponent(name)}`).catch(() => null));
    if (input.value.trim() === name) offer(place, response?.ok ? (await response.json()).towns : []);
  }, TYPED_MS);
}

// --- the dialog for the selection -----------------------------------------------------------------------------------

/** Only the fields of what is to be changed are shown and sent. */
function showFields(form) {
  const chosen = form.querySelector("[name=field]:checked").value;
  for (const fields of form.querySelectorAll("fieldset"))
    fields.disabled = !fields.dataset.for.split(" ").includes(chosen);
  form.querySelector(".edit-preview").replaceChildren();
}

const form = document.querySelector("#edit-selection form[hx-post]");
if (form) {
  showFields(form);
  form.addEventListener("change", ({ target }) => {
    if (target.name === "field") showFields(form);
  });
}

// --- wiring ---------------------------------------------------------------------------------------------------------

async function refresh() {
  const info = document.getElementById("info");
  if (info)
    htmx.ajax("GET", document.querySelector("#viewer [data-viewer=info]").getAttribute("href"), {
      target: "#info",
      swap: "outerHTML",
    });
  if (grid()) await load(firstVisible() ? `?photo=${firstVisible().tile.dataset.key}` : "");
}

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-place-search]")) search(target);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.("[data-place-search]")) {
    event.preventDefault(); // chooses the first town, and does not send the form
    placeOf(event.target).querySelector("[data-place-found] button")?.click();
  }
});
document.addEventListener("place:picked", ({ target, detail }) => fill(placeOf(target), detail));
document.addEventListener("htmx:configRequest", ({ target, detail }) => {
  if (target.closest?.("#edit-selection")) detail.parameters.keys = selection.keys().join(",");
});
document.addEventListener("photos:edited", ({ detail, target }) => {
  if (target.closest?.("#edit-selection")) {
    document.getElementById("edit-selection").close();
    selection.clear();
  }
  if (!detail?.key) refresh();
});
document.addEventListener("photos:settled", ({ detail }) => {
  if (["write", "back"].includes(detail.action)) refresh();
});
new MutationObserver(lookForMaps).observe(document.body, { childList: true, subtree: true });
lookForMaps();
