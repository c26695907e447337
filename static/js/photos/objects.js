// Where things are in the photo: the panel's button [data-objects] (key o) lays their boxes over the picture, fetched
// from the address it carries; after an edit they are fetched again. A button [data-seek] shows that moment of a video.

const SHOWN = "objects"; // in sessionStorage: "shown" while the boxes are wanted
let watching = null;

const viewer = () => document.getElementById("viewer");
const layer = () => document.getElementById("photo-boxes");
const wanted = () => sessionStorage.getItem(SHOWN) === "shown";

/** Lay the boxes where the picture lies in the viewer, without the bars beside it. */
function arrange() {
  const media = viewer()?.querySelector("img.viewer-media");
  if (!layer() || !media) return;
  const area = media.getBoundingClientRect();
  const wide = Number(media.getAttribute("width")) || media.naturalWidth;
  const high = Number(media.getAttribute("height")) || media.naturalHeight;
  const scale = Math.min(area.width / wide, area.height / high);
  const place = { width: wide * scale, height: high * scale };
  place.left = area.left + (area.width - place.width) / 2;
  place.top = area.top + (area.height - place.height) / 2;
  for (const side of Object.keys(place)) layer().style[side] = `${place[side]}px`;
}

async function load() {
  const shown = viewer();
  const button = shown?.querySelector("[data-objects]");
  button?.setAttribute("aria-pressed", String(wanted()));
  if (!button || !wanted()) {
    layer()?.remove();
    return;
  }
  const answer = await fetch(button.dataset.objects, { headers: { "HX-Request": "true" } }).catch(() => null);
  const html = answer?.ok ? await answer.text() : "";
  if (viewer() !== shown || !wanted()) return;
  layer()?.remove();
  if (!html) {
    document.dispatchEvent(
      new CustomEvent("toast", { detail: { text: "The boxes could not be fetched.", tone: "error" } }),
    );
    return;
  }
  shown.querySelector(".viewer-stage").insertAdjacentHTML("afterend", html);
  for (const { dataset, style } of layer().querySelectorAll(".box")) {
    for (const [name, side] of [
      ["x", "left"],
      ["y", "top"],
      ["width", "width"],
      ["height", "height"],
    ])
      style[side] = `${dataset[name] * 100}%`;
  }
  window.htmx.process(layer());
  arrange();
  watching?.disconnect();
  watching = new ResizeObserver(arrange);
  shown.querySelectorAll(".viewer-stage, img.viewer-media").forEach((part) => watching.observe(part));
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
