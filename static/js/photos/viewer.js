// The viewer: a photo full screen over the grid, at an address of its own. Opening pushes history, turning replaces it,
// Escape and Back close it and return to the tile. The neighbours' HTML and pictures are fetched ahead. On a page of
// its own (a shared or reloaded address) the same markup is there from the start and closing leads to the list.

import { inReading } from "../mirage/direction.js";
import { leaves } from "./actions.js";
import { opened, pushed as pushedPlace } from "../mirage/back.js";
import { handle, pressIn } from "../mirage/shortcuts.js";
import { toast } from "../mirage/toast.js";
import { gettext } from "../mirage/words.js";
import { placeholder } from "./placeholders.js";
import { goTo, grid, tileOf } from "./timeline.js";
import { playInSegments, startVideo, stopVideo } from "./video/playing.js";
import { makeZoomable } from "./zoom.js";

const ENLARGED = 2; // times a tiny picture is enlarged at most, but to this many pixels in any case
const ENLARGED_PX = 240;
const root = document.documentElement;
const home = document.title;
const fetched = new Map(); // address -> promise of the viewer's HTML
let zoom = null;
let leaving = null; // the turn to the neighbour of a photo that left the list
let turns = Promise.resolve(); // one after the other
let turning = 0; // of them on their way
let wanted = null; // the address asked for last: a slower answer to an earlier one is dropped

/** The page that the viewer lies over; null on a page of its own. */
const under = () => grid() ?? document.querySelector("[data-under-viewer]");
export const current = () => document.getElementById("viewer");
export const isOpen = () => current() !== null;
const isPhone = () => matchMedia("(width < 700px)").matches;
const hasSheet = () => isPhone() && Boolean(current()?.classList.contains("with-info"));

function fetchViewer(url) {
  if (!fetched.has(url)) {
    const answer = fetch(url, { headers: { "HX-Request": "true" } }).then((response) => {
      if (!response.ok) throw new Error(`${response.status} for ${url}`);
      return response.text();
    });
    answer.catch(() => fetched.delete(url));
    fetched.set(url, answer);
  }
  return fetched.get(url);
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

function preload() {
  for (const link of current().querySelectorAll(".viewer-turn")) {
    fetchViewer(link.href).then(
      (html) => {
        const picture = parse(html).querySelector("img.viewer-media");
        if (picture) new Image().src = picture.getAttribute("src");
      },
      () => {},
    );
  }
}

/** Bring the viewer's markup to life. */
function enliven(viewer) {
  const stage = viewer.querySelector(".viewer-stage");
  const media = stage.querySelector(".viewer-media");
  if (localStorage.getItem("info") === "open" && !isPhone()) showInfo(true);
  if (media) {
    const small = tileOf(viewer.dataset.key)?.querySelector("img");
    if (media.tagName === "IMG" && !media.complete) {
      media.style.backgroundImage =
        small?.complete && small.naturalWidth ? `url("${small.currentSrc}")` : placeholder(stage);
      media.addEventListener(
        "load",
        () => {
          media.style.backgroundImage = "";
        },
        { once: true },
      );
    }
    const [width, height] = ["width", "height"].map((name) => Number(media.getAttribute(name)));
    if (media.tagName === "IMG" && width && height) {
      const scale = Math.max(ENLARGED, ENLARGED_PX / Math.max(width, height));
      media.style.maxWidth = `${width * scale}px`;
      media.style.maxHeight = `${height * scale}px`;
    }
    const fail = () => tellFailure(stage, media, true);
    if (media.tagName === "VIDEO") startVideo(media, fail);
    else media.addEventListener("error", fail);
    if (stage.dataset.round) {
      zoom = null; // a drag looks around
      import(stage.dataset.round)
        .then(({ lookAround }) => lookAround(stage, media))
        .catch(() => {
          if (stage.isConnected) zoom = makeZoomable(stage, media, { turn, close }); // it stays flat
        });
    } else zoom = makeZoomable(stage, media, { turn, close });
  } else zoom = null;
  preload();
  document.dispatchEvent(new CustomEvent("viewer:shown"));
}

/** Show in place of the picture or video that it cannot be shown, or no longer. */
function tellFailure(stage, media, isFailed) {
  const failed = stage.querySelector(".viewer-failed");
  if (!failed) return;
  media.hidden = isFailed;
  failed.hidden = !isFailed;
}

/** Try a video again that could not be played. */
function retry() {
  const stage = current().querySelector(".viewer-stage");
  const media = stage.querySelector("video.viewer-media");
  media.autoplay = true;
  tellFailure(stage, media, false);
  playInSegments(media, () => tellFailure(stage, media, true));
}

/** The video shown ends before its element goes. */
function leave(viewer) {
  const video = viewer?.querySelector("video.viewer-media");
  if (video) stopVideo(video);
}

function showInfo(open) {
  current().classList.toggle("with-info", open);
  current().querySelector('.viewer-actions [data-viewer="info"]').setAttribute("aria-expanded", String(open));
}

async function show(url) {
  wanted = url;
  let html;
  try {
    html = await fetchViewer(url);
  } catch {
    toast(gettext("This photo could not be opened."), "error");
    return false;
  }
  if (wanted !== url) return false;
  const viewer = parse(html);
  const old = current();
  leave(old);
  if (old) old.replaceWith(viewer);
  else {
    viewer.classList.add("entering");
    document.body.append(viewer);
  }
  viewer.setAttribute("role", "dialog");
  viewer.setAttribute("aria-modal", "true");
  viewer.tabIndex = -1;
  setBehind(true);
  document.title = `${viewer.dataset.title} · Mirage`;
  htmx.process(viewer);
  enliven(viewer);
  viewer.focus({ preventScroll: true });
  return true;
}

/** Whether the page behind is out of reach of pointer, keyboard and screen reader. */
function setBehind(inert) {
  if (inert && !root.classList.contains("viewing"))
    root.style.setProperty("--scrollbar-width", `${innerWidth - root.clientWidth}px`);
  root.classList.toggle("viewing", inert);
  document.querySelectorAll("body > .main, body > .rail, body > .bar").forEach((part) => {
    part.inert = inert;
  });
}

async function open(url) {
  if (await show(url)) {
    history.pushState({ viewer: url }, "", url);
    pushedPlace();
    current()
      .querySelector("video")
      ?.play()
      .catch(() => {}); // a browser may want a click first
  }
}

/** Show another photo in place of this one. */
async function replace(url) {
  if (await show(url)) history.replaceState({ ...history.state, viewer: url }, "", url);
}

/** Go to the newer or the older neighbour; who asks twice before the first is there goes on two photos. */
export function turn(direction) {
  return follow(() => current()?.querySelector(`.viewer-${direction}`));
}

/** Go on through the photos of a stack, from the last to the first again. */
function turnInStack(step) {
  return follow(() => {
    const members = [...(current()?.querySelectorAll(".viewer-member") ?? [])];
    const at = members.findIndex((member) => member.hasAttribute("aria-current"));
    return members[(at + step + members.length) % members.length];
  });
}

/** Go where a link of the photo shown then leads, one after the other. */
function follow(find) {
  turning += 1;
  turns = turns
    .then(async () => {
      const link = find();
      if (link) await replace(link.href);
    })
    .finally(() => {
      turning -= 1;
    });
  return turns;
}

export function close() {
  if (history.state?.viewer && under()) history.back();
  else location.assign(current().dataset.back.replace(/#.*/, "")); // timeline.js finds the tile by ?photo=
}

function hide() {
  const key = current().dataset.tile || current().dataset.key; // of a stack the tile that stands for it
  leave(current());
  current().remove();
  wanted = zoom = null;
  setBehind(false);
  document.title = home;
  if (grid()) goTo(key, { focus: true });
}

// --- what changes the photo shown --------------------------------------------------------------------------------

function fillForm(form, action) {
  form.dataset.action = action;
  form.action = form.action.replace(/[a-z]+\/$/, `${action}/`);
}

/** The page shows a change already: mark the heart, or go on to the neighbour of a photo that left the list. */
function changed({ detail: { action, keys } }) {
  const viewer = current();
  if (!viewer || !keys.includes(viewer.dataset.key)) return;
  if (action === "favourite" || action === "unfavourite") {
    const on = action === "favourite";
    viewer.querySelector('[data-shortcut="f"]').setAttribute("aria-pressed", String(on));
    fillForm(viewer.querySelector('[data-shortcut="f"]').form, on ? "unfavourite" : "favourite");
  }
  if (!leaves(viewer.dataset.listing, action)) return;
  if (viewer.querySelector(".viewer-older")) leaving = turn("older");
  else if (viewer.querySelector(".viewer-newer")) leaving = turn("newer");
  else close();
}

/** The server has answered: what was fetched before may be out of date, the neighbours may be others. */
async function settled({ detail: { action, keys } }) {
  await leaving;
  fetched.clear();
  const viewer = current();
  if (!viewer || action.endsWith("favourite") || ["write", "back"].includes(action)) return; // the picture is the same
  if (keys.includes(viewer.dataset.key)) {
    show(viewer.dataset.url);
    return;
  }
  const fresh = parse(await fetchViewer(viewer.dataset.url));
  if (current() !== viewer) return;
  viewer.querySelectorAll(".viewer-turn").forEach((link) => link.remove());
  viewer.querySelector(".viewer-stage").after(...fresh.querySelectorAll(".viewer-turn"));
  preload();
}

/** Fetch the picture again, without touching what is being typed beside it. */
async function renew() {
  const viewer = current();
  if (!viewer) return;
  const fresh = parse(await fetchViewer(viewer.dataset.url));
  if (current() !== viewer) return;
  const stage = fresh.querySelector(".viewer-stage");
  leave(viewer);
  viewer.querySelector(".viewer-stage").replaceWith(stage);
  htmx.process(stage); // not the whole: a form that is sending would forget the presses that wait behind it
  viewer.querySelector(".viewer-rendering")?.remove();
  const rendering = fresh.querySelector(".viewer-rendering");
  if (rendering) {
    stage.after(rendering);
    htmx.process(rendering);
  }
  enliven(viewer);
}

// --- wiring ------------------------------------------------------------------------------------------------------

function onClick(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const tile = event.target.closest("#grid .tile-link, .opens-viewer");
  if (tile) {
    event.preventDefault();
    open(tile.href);
  }
  if (hasSheet() && event.target.closest(".viewer-stage")) showInfo(false);
  const control = event.target.closest("[data-viewer], .viewer-turn, .viewer-member");
  if (!control || !isOpen()) return;
  event.preventDefault();
  if (control.dataset.viewer === "close") close();
  else if (control.dataset.viewer === "zoom") zoom?.toggle();
  else if (control.dataset.viewer === "info") toggleInfo();
  else if (control.dataset.viewer === "edit") edit();
  else if (control.dataset.viewer === "retry") retry();
  else if (control.matches(".viewer-member")) replace(control.href);
  else turn(control.matches(".viewer-older") ? "older" : "newer");
}

/** Open or close the information: a panel beside the photo, which stays for the next one; on a phone a sheet. */
function toggleInfo() {
  const viewer = current();
  const open = !viewer.classList.contains("with-info");
  showInfo(open);
  if (!isPhone()) localStorage.setItem("info", open ? "open" : "closed");
  else if (open) opened(viewer, hasSheet, () => showInfo(false));
}

/** Open the information with the form of the title. */
function edit() {
  if (!current().classList.contains("with-info")) toggleInfo();
  const title = current().querySelector(".info .info-edit");
  title.open = true;
  title.querySelector("[name=value]").focus();
}

/** What the keys of an open photo do. */
function pressed(key, event) {
  const video = current().querySelector("video");
  if (event.repeat && turning) return true; // a key held down turns as fast as photos come, and stops when it is let go
  if (key.startsWith("Arrow") && event.target === video) return false; // seeking
  if (inReading(key) === "ArrowLeft") turn("newer");
  else if (inReading(key) === "ArrowRight") turn("older");
  else if (key === "ArrowDown") turnInStack(1);
  else if (key === "ArrowUp") turnInStack(-1);
  else if (key === "Escape") close();
  else if (key !== " ") return pressIn(current(), key);
  else if (event.target.closest("button, a")) return false;
  else if (video?.paused) video.play();
  else video?.pause();
  return true;
}

export function startViewer() {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !isOpen()) wanted = null; // what was just opened is not to come any more
  });
  handle("viewer", isOpen, pressed);
  handle("photos", isOpen, (key) => pressIn(current(), key));
  document.addEventListener("photos:changed", changed);
  document.addEventListener("photos:edited", () => fetched.clear());
  document.addEventListener("photos:restacked", () => {
    fetched.clear();
    if (isOpen()) show(current().dataset.url);
  });
  document.addEventListener("photos:turned", () => {
    fetched.clear();
    turns = turns.then(renew).catch(() => {});
  });
  document.addEventListener("photos:settled", settled);
  document.addEventListener("pointerdown", (event) => {
    const tile = event.target.closest("#grid .tile-link, .opens-viewer");
    const selects = root.classList.contains("selecting") || "picking" in (grid()?.dataset ?? {});
    if (tile && event.button === 0 && !selects) fetchViewer(tile.href).catch(() => {});
  });
  addEventListener("popstate", ({ state }) => {
    if (state?.viewer && under()) show(state.viewer);
    else if (isOpen() && under()) hide();
  });
  if (isOpen()) enliven(current());
}
