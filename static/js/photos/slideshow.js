// The slideshow: from the first tile on, or the photo that is open, the viewer turns by itself. [data-slideshow] starts
// it, Space halts it, any key or press ends it; a video is played to its end. It takes the whole screen where it may.

import { handle } from "../mirage/shortcuts.js";
import { current, isOpen, turn } from "./viewer.js";
import { grid } from "./timeline.js";

const SECONDS = 5;
const root = document.documentElement;
let timer = null;

const running = () => root.classList.contains("slideshow");

function next() {
  clearTimeout(timer);
  const video = current()?.querySelector("video");
  if (video && !video.ended && !video.paused) video.addEventListener("ended", step, { once: true });
  else timer = setTimeout(step, SECONDS * 1000);
}

async function step() {
  if (!running() || !isOpen()) return stop();
  if (!current().querySelector(".viewer-older")) return stop();
  await turn("older");
  current()
    ?.querySelector("video")
    ?.play()
    .catch(() => {});
  return next();
}

function stop() {
  clearTimeout(timer);
  root.classList.remove("slideshow");
  if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
}

function start() {
  root.classList.add("slideshow");
  root.requestFullscreen?.().catch(() => {});
  if (isOpen()) return next();
  const first = grid()?.querySelector(".tile:not([hidden]) .tile-link");
  if (!first) return stop();
  document.addEventListener(
    "viewer:shown",
    () => {
      if (running()) next();
    },
    { once: true },
  ); // however long it takes
  return first.click();
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-slideshow]")) start();
});
handle("slideshow", running, (key) => {
  if (key === "Escape") stop();
  else if (timer) {
    clearTimeout(timer);
    timer = null;
  } else next();
});
document.addEventListener("pointerdown", ({ target }) => {
  if (running() && target.closest(".viewer-head")) stop();
});
document.addEventListener("fullscreenchange", () => {
  if (!document.fullscreenElement && running()) stop();
});
