// The editor of a picture: the state, its preview, and what the tools do to it. The server renders what is saved; the
// preview is drawn by WebGL 2 from the large thumbnail of the original.

import { confirm } from "../../mirage/dialogs.js";
import { inReading } from "../../mirage/direction.js";
import { handle, pressIn } from "../../mirage/shortcuts.js";
import { toast } from "../../mirage/toast.js";
import { gettext, pgettext } from "../../mirage/words.js";
import {
  frameSize,
  insideCrop,
  invert,
  multiply,
  perspective,
  straightening,
  together,
  turning,
  boxMatrix,
} from "./geometry.js";
import { makeCropTool } from "./crop.js";
import { makePartsTool } from "./part_boxes.js";
import { drawParts } from "./parts.js";
import { makePainter } from "./shader.js";
import { editOf, History, stateOf } from "./state.js";
import { tonesOf, UNTOUCHED } from "./tones.js";

const PADDING = 24; // pixels around the picture, for handles at its edges
const TURNS = { left: 8, right: 6, mirror: 2 };
const main = document.getElementById("main");
const started = JSON.parse(document.getElementById("editor-started").textContent);
const form = document.getElementById("editor-form");
const stage = document.getElementById("editor-stage");
const frame = document.getElementById("editor-picture");
const canvas = frame.querySelector("canvas");
const picture = new Image();
const prepared = document.createElement("canvas"); // the picture with its parts covered
const toPicture = invert(turning(started.turn)); // from fractions of the upright original to those of its thumbnail
const past = new History(stateOf(started.edit, started.turn));
const looking = { tab: "crop", squaring: false, before: false };
let painter = null;
let drawnParts = null;
let asked = 0;
let moving = false; // a slider, a crop or a part: it is drawn in one pass until it comes to rest

const button = (name) => main.querySelector(`[data-editor="${name}"]`);
export const size = [started.width, started.height];

/** What tools know of the editor. */
const editor = {
  get state() {
    return past.state;
  },
  looking,
  size,
  frameSize: () => frameSize(past.state.perspective, size),
  crop: () => past.state.crop ?? insideCrop(past.state.degrees, editor.frameSize()),
  show: showMoving,
  commit,
};

// --- the preview ---------------------------------------------------------------------------------------------------

/** What is shown: its matrix into the upright original, and its size in pixels. */
function view() {
  const { state } = past;
  const turned = turning(state.turn);
  const swapped = ([width, height]) => (state.turn >= 5 ? [height, width] : [width, height]);
  if (looking.tab === "parts" || (looking.tab === "crop" && looking.squaring))
    return { matrix: turned, size: swapped(size) };
  const inFrame = editor.frameSize();
  const straight = multiply(perspective(state.perspective), straightening(state.degrees, inFrame));
  if (looking.tab === "crop") return { matrix: multiply(straight, turned), size: swapped(inFrame) };
  const crop = editor.crop();
  return {
    matrix: multiply(straight, boxMatrix(crop), turned),
    size: swapped([inFrame[0] * crop.width, inFrame[1] * crop.height]),
  };
}

function prepare() {
  const parts = looking.before ? [] : past.state.parts;
  const text = JSON.stringify(parts);
  if (text === drawnParts) return;
  drawnParts = text;
  drawParts(prepared, picture, parts, toPicture);
  painter.load(prepared);
}

function draw() {
  cancelAnimationFrame(asked);
  asked = 0;
  if (!painter || !picture.naturalWidth) return;
  const { matrix, size: shown } = view();
  const { width, height } = stage.getBoundingClientRect();
  const scale = Math.min((width - 2 * PADDING) / shown[0], (height - 2 * PADDING) / shown[1]);
  const sides = shown.map((side) => Math.max(1, side * scale));
  [frame.style.width, frame.style.height] = sides.map((side) => `${side}px`);
  const [wide, high] = sides.map((side) => Math.max(1, Math.round(side * devicePixelRatio)));
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  prepare();
  const reduced = Math.max(prepared.width, prepared.height) / Math.max(...size);
  const whole = moving ? null : shown.map((side) => Math.max(1, Math.round(side * reduced)));
  painter.draw(multiply(toPicture, matrix), looking.before ? UNTOUCHED : tonesOf(past.state, started.presets), whole);
  main.dataset.drawn = String(Number(main.dataset.drawn ?? 0) + 1);
}

/** Draw at the next frame, and let the tools say how things are. */
function show() {
  asked ||= requestAnimationFrame(draw);
  for (const slider of main.querySelectorAll("[data-slider]")) showSlider(slider);
  for (const preset of main.querySelectorAll("[data-preset]"))
    preset.setAttribute("aria-pressed", String((past.state.preset?.name ?? "") === preset.dataset.preset));
  button("undo").disabled = !past.canUndo;
  button("redo").disabled = !past.canRedo;
  button("before").setAttribute("aria-pressed", String(looking.before));
  for (const tool of tools) tool.show();
}

function showMoving() {
  moving = true;
  show();
}

function commit() {
  moving = false;
  past.commit();
  show();
}

/** Change the state as one step. */
function change(how) {
  how(past.state);
  commit();
}

// --- sliders and presets -------------------------------------------------------------------------------------------

function valueOf(name) {
  if (name === "degrees") return past.state.degrees;
  if (name === "strength") return Math.round(100 * (past.state.preset?.strength ?? 0));
  return Math.round(100 * past.state.amounts[name]);
}

function setValue(name, value) {
  const { state } = past;
  if (name === "degrees") crop.straighten(value);
  else if (name === "strength") state.preset = state.preset && { ...state.preset, strength: value / 100 };
  else state.amounts[name] = value / 100;
}

function showSlider(slider) {
  const value = valueOf(slider.dataset.slider);
  slider.value = value;
  slider.disabled = slider.dataset.slider === "strength" && !past.state.preset;
  slider.previousElementSibling.textContent = slider.dataset.slider === "degrees" ? `${value}°` : String(value);
}

function choosePreset(name) {
  change((state) => {
    state.preset = name ? { name, strength: state.preset?.strength || 1 } : null;
  });
}

/** Small pictures of what presets make of this one. */
function drawPresets() {
  const small = document.createElement("canvas");
  [small.width, small.height] = [96, 72];
  const brush = makePainter(small);
  if (!brush) return;
  brush.load(prepared);
  const {
    matrix: whole,
    size: [width, height],
  } = view();
  const part = Math.min(1, (width * 3) / (height * 4)); // of the height: the small pictures are 4 to 3
  const across = Math.min(1, (height * 4) / (width * 3));
  const middle = { x: (1 - across) / 2, y: (1 - part) / 2, width: across, height: part };
  const matrix = multiply(toPicture, whole, boxMatrix(middle));
  for (const one of main.querySelectorAll("[data-preset]")) {
    const preset = one.dataset.preset ? { name: one.dataset.preset, strength: 1 } : null;
    brush.draw(matrix, tonesOf({ ...past.state, preset }, started.presets));
    one.querySelector("canvas").getContext("2d").drawImage(small, 0, 0);
  }
  small.getContext("webgl2").getExtension("WEBGL_lose_context")?.loseContext();
}

async function auto() {
  const answer = await fetch(main.dataset.auto, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) {
    toast(gettext("Auto could not look at the picture."), "error");
    return;
  }
  const suggested = stateOf(await answer.json(), 1);
  if (!suggested.levels && Object.values(suggested.amounts).every((amount) => !amount))
    toast(gettext("Auto leaves this picture as it is."));
  change((state) => {
    state.levels = suggested.levels;
    for (const name of ["exposure", "warmth", "tint"]) state.amounts[name] = suggested.amounts[name];
  });
}

// --- what buttons do -----------------------------------------------------------------------------------------------

function openTab(name) {
  looking.tab = name;
  looking.squaring = false;
  moving = false;
  for (const tab of main.querySelectorAll("[data-tab]")) {
    const chosen = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !chosen;
  }
  show();
  draw();
  if (name === "presets") drawPresets();
}

function seeBefore(on) {
  looking.before = on;
  show();
}

async function cancel() {
  const ask = () =>
    confirm(
      gettext("Leave without saving?"),
      gettext("What you changed here is lost."),
      pgettext("without saving", "Leave"),
    );
  if (past.isChanged && !(await ask())) return;
  leaving = true;
  location.assign(button("cancel").href);
}

const DOES = {
  undo: () => past.undo(),
  redo: () => past.redo(),
  auto,
  ...Object.fromEntries(
    Object.entries(TURNS).map(([name, turn]) => [
      name,
      () => {
        past.state.turn = together(past.state.turn, turn);
        past.commit();
      },
    ]),
  ),
};
let leaving = false;

main.addEventListener("click", (event) => {
  const control = event.target.closest("[data-editor], [data-preset], [data-tab]");
  if (!control) return;
  const { editor: does, preset, tab } = control.dataset;
  if (tab) openTab(tab);
  else if (preset !== undefined) choosePreset(preset);
  else if (does === "cancel") {
    event.preventDefault();
    cancel();
  } else if (does in DOES) {
    DOES[does]();
    show();
  }
});
main.addEventListener("input", ({ target }) => {
  if (!target.dataset.slider) return;
  setValue(target.dataset.slider, Number(target.value));
  showMoving();
});
main.addEventListener("change", ({ target }) => {
  if (target.dataset.slider) commit();
});
main.addEventListener("dblclick", ({ target }) => {
  const slider = target.closest(".editor-slider")?.querySelector("[data-slider]");
  if (slider) {
    setValue(slider.dataset.slider, 0);
    commit();
  }
});
for (const [event, on] of [
  ["pointerdown", true],
  ["pointerup", false],
  ["pointerleave", false],
  ["pointercancel", false],
])
  button("before").addEventListener(event, () => seeBefore(on));

form.addEventListener("submit", async (event) => {
  if (event.submitter?.name === "original") {
    leaving = true;
    return;
  }
  form.elements.edit.value = JSON.stringify(editOf(past.state));
  leaving = true;
});
addEventListener("beforeunload", (event) => {
  if (past.isChanged && !leaving) event.preventDefault();
});

function pressed(key, event) {
  const tabs = ["crop", "light", "colour", "presets", "parts"];
  if (tabs[Number(key) - 1]) openTab(tabs[Number(key) - 1]);
  else if (key === "Ctrl+z") event.shiftKey ? DOES.redo() : DOES.undo();
  else if (key === "Ctrl+y") DOES.redo();
  else if (key === "Ctrl+s") form.requestSubmit(button(event.shiftKey ? "copy" : "save"));
  else if (key === "b") {
    if (!event.repeat) seeBefore(true);
  } else if (key === "Escape") cancel();
  else if (key === "Delete") return parts.remove();
  else return pressIn(main, key);
  show();
  return true;
}
addEventListener("keyup", ({ key }) => {
  if (key === "b") seeBefore(false);
});
document.querySelector(".editor-tabs").addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[inReading(event.key)];
  if (!step) return;
  const tabs = [...main.querySelectorAll("[data-tab]")];
  const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
  openTab(next.dataset.tab);
  next.focus();
  event.preventDefault();
});

// --- beginning -----------------------------------------------------------------------------------------------------

function trouble(text) {
  const place = document.getElementById("editor-trouble");
  place.textContent = text;
  place.hidden = false;
}

const crop = makeCropTool(main, editor);
const parts = makePartsTool(main, editor);
const tools = [crop, parts];

function begin() {
  painter = makePainter(canvas);
  if (!painter) {
    trouble(
      gettext("This browser cannot show a preview, because it has no WebGL 2. You can still save what you set here."),
    );
    return;
  }
  handle("editor", () => true, pressed);
  new ResizeObserver(() => show()).observe(stage);
  openTab("crop");
}

if (started.given) {
  try {
    past.state = stateOf(JSON.parse(started.given), 1); // what was refused is still here
    past.commit();
  } catch {
    trouble(gettext("The edit that was refused could not be read."));
  }
}
picture.addEventListener("load", begin);
picture.addEventListener("error", () => trouble(gettext("The picture could not be loaded. Try again.")));
picture.src = main.dataset.picture;
