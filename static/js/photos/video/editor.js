// The editor of a video: start and end, poster, rotation, sound. The video plays as it was filmed; what is left out is
// skipped. Keys: space plays, i and o set start and end, p the poster, r and Shift+r rotate, m mutes, arrows go by frames.

import { handle, pressIn } from "../../mirage/shortcuts.js";
import { History } from "../editor/state.js";
import { startVideo } from "./playing.js";

const FRAME = 1 / 25; // seconds that an arrow key goes on
const LEAST = 0.2; // seconds that a video keeps, more than the server asks for (media/editing/description.py)
// EXIF's orientations, each turned right once more: as they are, and mirrored before
const QUARTERS = [
  [1, 6, 3, 8],
  [2, 7, 4, 5],
];
const THUMB = 22; // pixels of a handle (video_editor.css)

const main = document.getElementById("main");
const [video, form, track] = ["editor-video", "editor-form", "video-track"].map((id) => document.getElementById(id));
const [clock, kept, head] = ["video-clock", "video-kept", "video-head"].map((id) => document.getElementById(id));
const handles = { start: document.getElementById("video-start"), end: document.getElementById("video-end") };
const started = JSON.parse(document.getElementById("editor-started").textContent);
const button = (name) => main.querySelector(`[data-editor="${name}"]`);

let duration = Number(main.dataset.duration);
let isBefore = false;
let leaving = false;

function stateOf(edit) {
  const find = (name) => (edit?.operations ?? []).find(({ op }) => op === name);
  const trim = find("trim");
  return {
    start: trim?.start ?? 0,
    end: trim?.end ?? null, // null: to the end
    poster: find("poster")?.at ?? null,
    turn: find("turn")?.by ?? 1,
    mute: Boolean(find("mute")),
  };
}

function editOf({ start, end, poster, turn, mute }) {
  const operations = [];
  if (start > 0 || end !== null) operations.push({ op: "trim", start, end: end ?? duration });
  if (mute) operations.push({ op: "mute" });
  if (poster !== null) operations.push({ op: "poster", at: poster });
  if (turn !== 1) operations.push({ op: "turn", by: turn });
  return { version: 1, operations };
}

const past = new History(stateOf(started.edit), editOf);
const endOf = () => past.state.end ?? duration;

/** Change something, as a part of the step that the next commit makes. */
function drag(fields) {
  past.state = { ...past.state, ...fields };
}

/** Change something, as a step that can be undone. */
function change(fields) {
  drag(fields);
  past.commit();
  show();
}

function go(step) {
  past[step]();
  show();
}

const setStart = (at) => ({ start: Math.max(0, Math.min(at, endOf() - LEAST)) });
const setEnd = (at) => ({ end: at >= duration - 0.02 ? null : Math.max(at, past.state.start + LEAST) });

// --- what is seen ----------------------------------------------------------------------------------------------------

function words(seconds) {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return `${minutes}:${rest.toFixed(1).padStart(4, "0")}`;
}

/** Whether a turn mirrors (0 or 1), and how often it then turns right. */
function lying(turn) {
  const mirrored = QUARTERS[1].includes(turn) ? 1 : 0;
  return [mirrored, QUARTERS[mirrored].indexOf(turn)];
}

function turned(by) {
  const [mirrored, quarters] = lying(past.state.turn);
  return { turn: QUARTERS[mirrored][(quarters + by + 4) % 4] };
}

function mirrored() {
  const [was, quarters] = lying(past.state.turn);
  return { turn: QUARTERS[1 - was][(4 - quarters) % 4] };
}

/** Where a second lies on the track, as the middle of a handle does. */
const placeOf = (seconds) => {
  const share = duration ? seconds / duration : 0;
  return `calc(${share} * (100% - ${THUMB}px) + ${THUMB / 2}px)`;
};

function show() {
  const shown = isBefore ? stateOf(null) : past.state;
  for (const [name, handleOf] of Object.entries(handles)) {
    handleOf.max = duration;
    handleOf.value = name === "start" ? past.state.start : endOf();
    handleOf.setAttribute("aria-valuetext", words(Number(handleOf.value)));
  }
  kept.style.left = placeOf(past.state.start);
  kept.style.width = `calc(${duration ? (endOf() - past.state.start) / duration : 0} * (100% - ${THUMB}px))`;
  video.muted = shown.mute;
  turnVideo(...lying(shown.turn));
  button("mute").setAttribute("aria-pressed", String(past.state.mute));
  button("poster").setAttribute("aria-pressed", String(past.state.poster !== null));
  button("before").setAttribute("aria-pressed", String(isBefore));
  button("undo").disabled = !past.canUndo;
  button("redo").disabled = !past.canRedo;
  showTime();
}

/** Turn the video, and let it fit the stage in either way. */
function turnVideo(isMirrored, quarters) {
  const { clientWidth: width, clientHeight: height } = document.getElementById("editor-stage");
  const lies = quarters % 2 !== 0;
  video.style.rotate = `${quarters * 90}deg`;
  video.style.scale = isMirrored ? "-1 1" : "";
  video.style.width = `${lies ? height : width}px`;
  video.style.height = `${lies ? width : height}px`;
}

function showTime() {
  head.style.left = placeOf(video.currentTime);
  clock.textContent = `${words(video.currentTime)} · ${words(past.state.start)} – ${words(endOf())}`;
  button("play").setAttribute("aria-pressed", String(!video.paused));
}

function followPlaying() {
  if (!video.paused && !isBefore && video.currentTime >= endOf()) video.currentTime = past.state.start;
  showTime();
  requestAnimationFrame(followPlaying);
}

// --- what is pressed -------------------------------------------------------------------------------------------------

function play() {
  if (!video.paused) {
    video.pause();
    return;
  }
  if (!isBefore && (video.currentTime < past.state.start || video.currentTime >= endOf()))
    video.currentTime = past.state.start;
  video.play().catch(() => {});
}

function cancel() {
  if (button("cancel").href) location.assign(button("cancel").href);
}

const DOES = {
  play,
  cancel,
  start: () => change(setStart(video.currentTime)),
  end: () => change(setEnd(video.currentTime)),
  poster: () => change({ poster: Math.round(video.currentTime * 1000) / 1000 }),
  left: () => change(turned(-1)),
  right: () => change(turned(1)),
  mirror: () => change(mirrored()),
  mute: () => change({ mute: !past.state.mute }),
  undo: () => go("undo"),
  redo: () => go("redo"),
};

main.addEventListener("click", (event) => {
  const does = event.target.closest("[data-editor]")?.dataset.editor;
  if (!(does in DOES)) return;
  event.preventDefault();
  DOES[does]();
});

for (const [name, handleOf] of Object.entries(handles)) {
  handleOf.addEventListener("input", () => {
    drag((name === "start" ? setStart : setEnd)(Number(handleOf.value)));
    video.pause();
    video.currentTime = name === "start" ? past.state.start : endOf();
    show();
  });
  handleOf.addEventListener("change", () => {
    past.commit();
    show();
  });
}

/** A press on the track beside the handles goes there. */
track.addEventListener("pointerdown", (event) => {
  if (event.target.tagName === "INPUT") return;
  const { left, width } = track.getBoundingClientRect();
  const share = (event.clientX - left - THUMB / 2) / (width - THUMB);
  video.currentTime = Math.max(0, Math.min(1, share)) * duration;
});

function seeBefore(on) {
  isBefore = on;
  show();
}
for (const [event, on] of [
  ["pointerdown", true],
  ["pointerup", false],
  ["pointerleave", false],
  ["pointercancel", false],
])
  button("before").addEventListener(event, () => seeBefore(on));

function pressed(key, event) {
  const inTrack = event.target.closest?.("#video-track input");
  if (key.startsWith("Arrow") && inTrack) return false; // it moves the handle
  if (key === " " && event.target.closest?.("button, a")) return false;
  if (key === " ") play();
  else if (key === "ArrowLeft" || key === "ArrowRight") {
    video.pause();
    video.currentTime += key === "ArrowLeft" ? -FRAME : FRAME;
  } else if (key === "Ctrl+z") event.shiftKey ? DOES.redo() : DOES.undo();
  else if (key === "Ctrl+y") DOES.redo();
  else if (key === "Ctrl+s") form.requestSubmit(button("save"));
  else if (key === "b") {
    if (!event.repeat) seeBefore(true);
  } else if (key === "Escape") cancel();
  else return pressIn(main, key);
  return true;
}
addEventListener("keyup", ({ key }) => {
  if (key === "b") seeBefore(false);
});

form.addEventListener("submit", (event) => {
  leaving = true;
  if (event.submitter?.name !== "original") form.elements.edit.value = JSON.stringify(editOf(past.state));
});
addEventListener("beforeunload", (event) => {
  if (past.isChanged && !leaving) event.preventDefault();
});

// --- beginning -------------------------------------------------------------------------------------------------------

if (started.given) {
  try {
    past.state = stateOf(JSON.parse(started.given)); // what was refused is still here
    past.commit();
  } catch {
    // it could not be read: the page says why it was refused
  }
}
video.addEventListener("loadedmetadata", () => {
  if (Number.isFinite(video.duration)) duration = Math.min(duration || Infinity, video.duration);
  if (past.state.start && !video.currentTime) video.currentTime = past.state.start;
  show();
});
startVideo(video, () => {
  document.getElementById("editor-trouble").hidden = false;
});
handle("video", () => true, pressed);
new ResizeObserver(show).observe(document.getElementById("editor-stage"));
show();
followPlaying();
