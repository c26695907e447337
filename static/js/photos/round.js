// 360° photos and videos, by Pannellum: loaded when one is opened. A drag, a finger or the buttons look around.

import { gettext } from "../mirage/words.js";

const FIELD = 100; // degrees that are seen at first

const FIRST_MS = 800;

let library = null;

/** Load the library and its style once. */
function load({ roundLibrary, roundStyle }) {
  library ??= new Promise((resolve, reject) => {
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: roundStyle });
    const script = Object.assign(document.createElement("script"), { src: roundLibrary });
    script.addEventListener("load", () => resolve(window.pannellum));
    script.addEventListener("error", () => {
      library = null;
      reject(new Error("the library for 360° could not be loaded"));
    });
    document.head.append(style, script);
  });
  return library;
}

/** Show the picture or the video of the stage all around. If that fails it stays flat. */
export async function lookAround(stage, media) {
  const pannellum = await load(stage.dataset);
  if (!stage.isConnected) return;
  const place = document.createElement("div");
  place.className = "viewer-round";
  place.setAttribute("role", "application");
  place.setAttribute("aria-label", gettext("All around. Drag to look around."));
  const canvas = document.createElement("div"); // whose position the library's style sets
  place.append(canvas);
  const isVideo = media.tagName === "VIDEO";
  if (isVideo) await ready(media); // until then its own controls can be pressed
  if (!stage.isConnected) return;
  stage.append(place);
  const view = pannellum.viewer(canvas, {
    type: "equirectangular",
    panorama: isVideo ? media : media.dataset.original || media.currentSrc || media.src,
    dynamic: isVideo,
    autoLoad: true,
    hfov: FIELD,
    disableKeyboardCtrl: true, // arrows go to the next photo
    showControls: false, // the wheel and two fingers zoom
    strings: { loadingLabel: "", bylineLabel: "" },
  });
  view.on("load", () => stage.classList.add("is-round"));
  view.on("error", () => flat(stage, place));
  if (isVideo) addControls(place, media, view);
  new MutationObserver((_, observer) => {
    if (place.isConnected) return;
    observer.disconnect();
    view.destroy();
  }).observe(document.body, { childList: true, subtree: true });
}

function flat(stage, place) {
  place.remove();
  stage.classList.remove("is-round");
}

const ready = (video) =>
  new Promise((resolve) => {
    if (video.readyState >= 2) resolve();
    else video.addEventListener("loadeddata", resolve, { once: true });
  });

/** The video lies below what is drawn, so its own controls cannot be pressed. */
function addControls(place, video, view) {
  const bar = document.createElement("div");
  bar.className = "viewer-round-bar";
  const play = Object.assign(document.createElement("button"), { className: "button", type: "button" });
  const at = Object.assign(document.createElement("input"), { type: "range", min: 0, step: 0.1 });
  at.setAttribute("aria-label", gettext("Where the video plays"));
  const show = () => {
    play.textContent = video.paused ? gettext("Play") : gettext("Pause");
    at.max = video.duration || 0;
    at.value = video.currentTime;
    view.setUpdate(!video.paused);
  };
  play.addEventListener("click", () => (video.paused ? video.play() : video.pause()));
  at.addEventListener("input", () => {
    video.currentTime = Number(at.value);
  });
  for (const event of ["play", "pause", "timeupdate", "loadedmetadata", "seeked"]) video.addEventListener(event, show);
  bar.append(play, at);
  place.append(bar);
  view.setUpdate(true); // until the first frame is drawn
  setTimeout(show, FIRST_MS);
}
