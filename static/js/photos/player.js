// The player: photos of a list full screen, one after the other, in the dialog #player that the server sends. A photo
// stays for some seconds, a video for as long as it is. Space pauses; arrows, Home and End turn; on a touch screen one
// swipes, presses the sides, holds to pause and pulls down to close. Who asks for less motion presses Play first.

import { forward, inReading } from "../mirage/direction.js";
import { handle } from "../mirage/shortcuts.js";
import { playInSegments, stopVideo } from "./video/playing.js";

const SECONDS = 5;
const LONGEST_VIDEO = 60;
const MOST_BARS = 60; // of more photos one bar says how far it is
const AHEAD = 5; // photos before the end at which more are asked for
const SWIPE_PX = 50;
const HOLD_MS = 300;

const root = document.documentElement;
let player = null; // what plays: {dialog, slides, index, progress, paused, resumes}

const find = (selector) => player.dialog.querySelector(selector);
const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const menuIsOpen = () => find(".player-menu")?.matches(":popover-open");
const mediaOf = (slide) => slide?.querySelector("img, video");

function start(dialog) {
  player = { dialog, slides: [], index: -1, progress: null, paused: isCalm(), resumes: false };
  root.style.setProperty("--scrollbar-width", `${innerWidth - root.clientWidth}px`);
  root.classList.add("playing");
  if (!dialog.open) dialog.showModal();
  dialog.tabIndex = -1;
  dialog.focus();
  dialog.addEventListener("close", stop, { once: true });
  find(".player-play").addEventListener("click", () => setPaused(false));
  find(".player-pause").addEventListener("click", () => setPaused(true));
  find(".player-before").addEventListener("click", () => turn(-1));
  find(".player-after").addEventListener("click", () => turn(1));
  find(".player-open").addEventListener("click", () => dialog.close()); // the viewer opens, or its page
  find(".player-menu")?.addEventListener("toggle", onMenu);
  followTouch(find(".player-slides"));
  collect();
  go(0);
}

function stop() {
  player.progress?.cancel();
  mediaOf(player.slides[player.index])?.pause?.();
  player.slides.forEach((slide) => stopVideo(mediaOf(slide)));
  root.classList.remove("playing");
  player = null;
}

/** Find the slides that have come, and draw their bars. */
function collect() {
  player.slides = [...player.dialog.querySelectorAll(".player-slide")];
  const bars = find(".player-bars");
  const count = player.slides.length > MOST_BARS || find("[data-more]") ? 1 : player.slides.length;
  bars.replaceChildren(
    ...Array.from({ length: count }, () => {
      const bar = document.createElement("i");
      bar.append(document.createElement("b"));
      return bar;
    }),
  );
}

/** Let a slide have its picture. */
function load(slide) {
  const media = mediaOf(slide);
  if (!media || media.src) return;
  media.src = media.dataset.src;
  if (media.dataset.stream) media.addEventListener("error", () => playInSegments(media, () => {}), { once: true });
  if (media.tagName === "VIDEO") media.muted = true; // the attribute of added markup says nothing
}

function go(index) {
  const { slides, dialog } = player;
  const slide = slides[index];
  if (!slide) return;
  const left = slides[player.index];
  left?.classList.remove("shown");
  mediaOf(left)?.pause?.();
  player.index = index;
  slide.classList.add("shown");
  [slide, slides[index + 1]].forEach(load);
  find(".player-caption").textContent = slide.dataset.caption;
  find(".player-open").href = slide.dataset.open;
  find(".player-before").disabled = index === 0;
  find(".player-after").disabled = index === slides.length - 1 && !find("[data-more]");
  dialog.dataset.key = slide.dataset.key;
  time(slide);
  if (index >= slides.length - AHEAD) more();
}

const turn = (step) => go(player.index + step);

/** Let the slide stay for its time, which begins when its picture is there. */
async function time(slide) {
  const { index } = player;
  const bars = [...find(".player-bars").children];
  const single = bars.length === 1;
  player.progress?.cancel();
  player.progress = null;
  bars.forEach((bar, place) => bar.classList.toggle("done", !single && place < index));
  const seconds = await secondsOf(mediaOf(slide));
  if (!player || player.index !== index || player.slides[index] !== slide || player.progress) return;
  const total = single ? player.slides.length : 1;
  const [from, to] = (single ? [index, index + 1] : [0, 1]).map((part) => ({ transform: `scaleX(${part / total})` }));
  const bar = bars[single ? 0 : index].firstElementChild;
  const easing = isCalm() ? "steps(1, start)" : "linear";
  player.progress = bar.animate([from, to], { duration: seconds * 1000, fill: "forwards", easing });
  player.progress.onfinish = () => (index < player.slides.length - 1 ? turn(1) : setPaused(true));
  apply();
}

function secondsOf(media) {
  const isVideo = media.tagName === "VIDEO";
  return new Promise((resolve) => {
    const known = () => resolve(isVideo && media.duration ? Math.min(media.duration, LONGEST_VIDEO) : SECONDS);
    if (isVideo) media.preload = "auto";
    if (isVideo ? media.readyState > 0 : media.complete) return known();
    media.addEventListener(isVideo ? "loadedmetadata" : "load", known, { once: true });
    media.addEventListener("error", () => resolve(SECONDS), { once: true });
  });
}

/** Play or pause what is shown, as it is wanted. */
function apply() {
  const { dialog, paused, progress, slides, index } = player;
  const hadFocus = document.activeElement?.matches(".player-play, .player-pause");
  dialog.classList.toggle("paused", paused);
  find(".player-caption").setAttribute("aria-live", paused ? "polite" : "off"); // not a voice every five seconds
  if (hadFocus) find(paused ? ".player-play" : ".player-pause").focus();
  if (progress?.playState !== "finished") progress?.[paused ? "pause" : "play"]();
  const video = mediaOf(slides[index]);
  if (paused) video.pause?.();
  else video.play?.().catch(() => {}); // a format that this browser does not know stays a still
}

function setPaused(paused) {
  player.paused = paused;
  const ended = player.progress?.playState === "finished" && player.index === player.slides.length - 1;
  if (!paused && ended) go(0);
  apply();
}

async function more() {
  const place = find("[data-more]");
  if (!place || "asked" in place.dataset) return;
  place.dataset.asked = "";
  const response = await fetch(place.dataset.more, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!response?.ok) delete place.dataset.asked; // the next step asks again
  if (!response?.ok || !place.isConnected) return;
  const html = document.createElement("template");
  html.innerHTML = await response.text();
  if (!player) return;
  place.replaceWith(html.content);
  const { index } = player;
  collect();
  find(".player-after").disabled = index === player.slides.length - 1;
}

/** The menu says what the photo shown has; while it is open the photo stays. */
function onMenu({ newState }) {
  if (newState === "open") {
    player.resumes = !player.paused;
    setPaused(true);
    const url = `${player.dialog.dataset.menu}?photo=${player.dialog.dataset.key}`;
    htmx.ajax("GET", url, { target: "#player-menu", swap: "innerHTML" });
  } else if (player?.resumes) setPaused(false);
}

function followTouch(area) {
  let from = null;
  let hold;
  let held = false;
  area.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    from = { x: event.clientX, y: event.clientY, paused: player.paused };
    held = false;
    hold = setTimeout(() => {
      held = true;
      setPaused(true);
    }, HOLD_MS);
  });
  area.addEventListener("pointercancel", () => end(null));
  area.addEventListener("pointerup", (event) => end(event));

  function end(event) {
    clearTimeout(hold);
    if (!from || !player) return;
    const { x, y, paused } = from;
    from = null;
    if (held && !paused) setPaused(false);
    if (!event) return;
    const [right, down] = [event.clientX - x, event.clientY - y];
    if (Math.abs(right) > SWIPE_PX && Math.abs(right) > Math.abs(down)) turn(right * forward < 0 ? 1 : -1);
    else if (down > SWIPE_PX * 2) player.dialog.close();
    else if (!held) pressed(event, paused);
  }
}

/** A press on the picture: on a touch screen its sides turn, otherwise it pauses and plays. */
function pressed({ clientX, pointerType }, paused) {
  const part = (forward > 0 ? clientX : innerWidth - clientX) / innerWidth;
  if (pointerType !== "mouse" && part < 0.3) turn(-1);
  else if (pointerType !== "mouse" && part > 0.7) turn(1);
  else setPaused(!paused);
}

document.addEventListener("htmx:afterSwap", () => {
  const dialog = document.getElementById("player");
  if (dialog && dialog !== player?.dialog) start(dialog);
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden && player) setPaused(true);
});
handle(
  "player",
  () => player !== null && !menuIsOpen(),
  (key, { target }) => {
    if (key === " " && !target.closest("button, a")) setPaused(!player.paused);
    else if (inReading(key) === "ArrowLeft") turn(-1);
    else if (inReading(key) === "ArrowRight") turn(1);
    else if (key === "Home") go(0);
    else if (key === "End") go(player.slides.length - 1);
    else return false; // Escape closes every dialog
    return true;
  },
);
