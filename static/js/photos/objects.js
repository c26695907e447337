// Where things are in the photo: the panel's button [data-objects] (key o) lays their boxes over the picture, fetched
// from the address it carries; after an edit they are fetched again. A button [data-seek] shows that moment of a video.

import { fetchLayer, lay, viewer } from "./layer.js";
import { gettext } from "../mirage/words.js";

const SHOWN = "objects"; // in sessionStorage: "shown" while the boxes are wanted
const LAYER = "photo-boxes";

const wanted = () => sessionStorage.getItem(SHOWN) === "shown";

async function load() {
  const button = viewer()?.querySelector("[data-objects]");
  button?.setAttribute("aria-pressed", String(wanted()));
  if (!button || !wanted()) {
    document.getElementById(LAYER)?.remove();
    return;
  }
  const html = await fetchLayer(button.dataset.objects, gettext("The boxes could not be fetched."));
  if (html !== null && wanted()) lay(html, LAYER);
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-objects]")) {
    sessionStorage.setItem(SHOWN, wanted() ? "hidden" : "shown");
    load();
  }
  const moment = target.closest("[data-seek]");
  const video = moment && viewer()?.querySelector("video");
  if (video) video.currentTime = Number(moment.dataset.seek);
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id === "info") load();
});
document.addEventListener("viewer:shown", load);
load();
