// Who is in the photo: the viewer's button [data-faces] (key p) lays names over the faces, fetched from the address it
// carries; faces of a video stand in a row, and each leads to its moment. A face opens a popover to name or
// correct it; "Add a face" lets one be drawn. people.js opens the questions that the server asks and sends
// an Undo; after each change the faces are fetched again.

import { gettext } from "../mirage/words.js";
import { fetchLayer, lay, place, viewer } from "../photos/layer.js";
import "./people.js";
import { isMoving, stopMoving } from "./face_box.js";

const SHOWN = "faces"; // in localStorage: "shown" while names are wanted
const SMALLEST_PX = 12; // of a drawn box
const LAYER = "photo-faces";
let late = false; // the faces changed while somebody was at work on them

const layer = () => document.getElementById(LAYER);
const wanted = () => localStorage.getItem(SHOWN) === "shown";

/** Whether somebody is naming, drawing or moving a face: the faces are not replaced under their hands. */
const atWork = () =>
  isMoving() || layer()?.matches(".drawing") || document.querySelector(".face-menu:popover-open:not([data-sent])");

async function load() {
  const button = viewer()?.querySelector("[data-faces]");
  if (!button) return;
  button.setAttribute("aria-pressed", String(wanted()));
  if (!wanted()) {
    layer()?.remove();
    return;
  }
  const html = await fetchLayer(button.dataset.faces, gettext("The faces could not be fetched."));
  if (html === null || !wanted()) return;
  late = Boolean(atWork());
  if (late) return;
  lay(html, LAYER);
  askAbove();
}

/** Questions go into #ask; the page behind the viewer cannot be reached. */
function askAbove() {
  const ask = document.getElementById("ask") ?? Object.assign(document.createElement("div"), { id: "ask" });
  document.body.append(ask);
}

/** Fetch what changed meanwhile, once nobody is at work on the faces. */
function catchUp() {
  if (late && !atWork()) load();
}

function toggle() {
  localStorage.setItem(SHOWN, wanted() ? "hidden" : "shown");
  load();
}

/** Put an opened popover beside its face; on a phone the stylesheet makes it a sheet. */
function besides(menu, box) {
  const { width, height } = menu.getBoundingClientRect();
  const right = box.right + 8 + width < innerWidth ? box.right + 8 : Math.max(box.left - width - 8, 8);
  menu.style.left = `${right}px`;
  menu.style.top = `${Math.min(Math.max(box.top, 8), Math.max(innerHeight - height - 8, 8))}px`;
}

// --- drawing -----------------------------------------------------------------------------------------------------

function startDrawing() {
  layer().classList.add("drawing");
  layer().addEventListener("pointerdown", draw, { once: true });
}

function draw(start) {
  start.preventDefault();
  const over = layer();
  const area = over.getBoundingClientRect();
  const box = Object.assign(document.createElement("div"), { className: "face-drawn" });
  over.append(box);
  over.setPointerCapture(start.pointerId);
  const inside = (value, most) => Math.min(Math.max(value, 0), most);
  const from = { x: inside(start.clientX - area.left, area.width), y: inside(start.clientY - area.top, area.height) };
  let drawn = { left: from.x, top: from.y, width: 0, height: 0 };
  const move = ({ clientX, clientY }) => {
    const to = { x: inside(clientX - area.left, area.width), y: inside(clientY - area.top, area.height) };
    drawn = {
      left: Math.min(from.x, to.x),
      top: Math.min(from.y, to.y),
      width: Math.abs(to.x - from.x),
      height: Math.abs(to.y - from.y),
    };
    place(box, drawn);
  };
  const end = (event) => {
    over.removeEventListener("pointermove", move);
    over.removeEventListener("pointerup", end);
    over.removeEventListener("pointercancel", end);
    over.classList.remove("drawing");
    if (event.type === "pointercancel" || Math.min(drawn.width, drawn.height) < SMALLEST_PX) box.remove();
    else setTimeout(() => ask(box, drawn, area)); // a popover opened within pointerup is closed again by it
  };
  over.addEventListener("pointermove", move);
  over.addEventListener("pointerup", end);
  over.addEventListener("pointercancel", end);
}

function ask(box, drawn, area) {
  const menu = document.getElementById("face-new");
  const { x, y, width, height } = menu.querySelector("form").elements;
  x.value = drawn.left / area.width;
  y.value = drawn.top / area.height;
  width.value = drawn.width / area.width;
  height.value = drawn.height / area.height;
  menu.showPopover();
  besides(menu, box.getBoundingClientRect());
  menu.querySelector('[name="name"]').focus();
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState === "closed") box.remove();
  });
}

// --- wiring ------------------------------------------------------------------------------------------------------

/** Jump to the moment of the video that shows the face. */
function seek(seconds) {
  const video = viewer()?.querySelector("video.viewer-media");
  if (!video) return;
  video.pause();
  video.currentTime = seconds;
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-faces]")) toggle();
  const chip = target.closest(".face-chip");
  if (chip) seek(Number(chip.dataset.seconds));
  if (target.closest("[data-draw]")) startDrawing();
});

// What was sent may be replaced by the answer.
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  const menu = target.closest?.(".face-menu");
  if (menu) menu.dataset.sent = "";
  if (target.id === "face-moved") stopMoving();
});

document.addEventListener(
  "toggle",
  ({ target, newState }) => {
    if (newState === "closed") catchUp();
    if (newState !== "open" || !target.matches?.(".face-menu")) return;
    const face = document.querySelector(`[popovertarget="${target.id}"]`);
    if (face) besides(target, face.getBoundingClientRect());
  },
  true,
);

// Before the viewer hears of it: Escape ends what was begun over the photo, not the photo.
document.addEventListener(
  "keydown",
  (event) => {
    const menu = document.querySelector(".face-menu:popover-open");
    const drawing = layer()?.classList.contains("drawing");
    if (event.key !== "Escape" || !(menu || drawing)) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    menu?.hidePopover();
    layer().classList.remove("drawing");
    layer().removeEventListener("pointerdown", draw);
  },
  true,
);

document.addEventListener("click", () => setTimeout(catchUp));
document.addEventListener("people:changed", load);
document.addEventListener("viewer:shown", load);
load();
