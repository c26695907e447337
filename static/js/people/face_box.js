// A face's box moved by hand: [data-move-box] in the face's menu starts it. The box is dragged by its middle or a
// corner, or moved by the arrow keys (with shift: made larger and smaller); Enter or Save sends #face-moved, Escape
// cancels.

const SMALLEST_PX = 12;
const STEP = 0.005; // of the picture, for a key press
let moving = null; // the .face-box under way
let before = ""; // its style when it began

const form = () => document.getElementById("face-moved");
export const isMoving = () => moving !== null;

/** The box in fractions of the picture. */
function read() {
  return Object.fromEntries(
    ["left", "top", "width", "height"].map((side) => [side, parseFloat(moving.style[side]) / 100]),
  );
}

function write({ left, top, right, bottom }) {
  const area = moving.parentElement.getBoundingClientRect();
  const [leastWide, leastHigh] = [SMALLEST_PX / area.width, SMALLEST_PX / area.height];
  const within = (value, low, high) => Math.min(Math.max(value, low), high);
  const x = within(left, 0, 1 - leastWide);
  const y = within(top, 0, 1 - leastHigh);
  const box = {
    left: x,
    top: y,
    width: within(right, x + leastWide, 1) - x,
    height: within(bottom, y + leastHigh, 1) - y,
  };
  for (const [side, value] of Object.entries(box)) moving.style[side] = `${value * 100}%`;
}

/** Shift the sides that `corner` names ("left top"), or without one the whole box, which keeps its size. */
function shift(from, dx, dy, corner = "") {
  const sides = { left: from.left, top: from.top, right: from.left + from.width, bottom: from.top + from.height };
  if (corner) {
    for (const side of corner.split(" ")) sides[side] += side === "left" || side === "right" ? dx : dy;
    if (sides.right < sides.left) sides.left = sides.right;
    if (sides.bottom < sides.top) sides.top = sides.bottom;
  } else {
    const x = Math.min(Math.max(dx, -sides.left), 1 - sides.right);
    const y = Math.min(Math.max(dy, -sides.top), 1 - sides.bottom);
    Object.assign(sides, {
      left: sides.left + x,
      right: sides.right + x,
      top: sides.top + y,
      bottom: sides.bottom + y,
    });
  }
  write(sides);
}

function drag(start) {
  if (start.button || !moving?.contains(start.target)) return;
  start.preventDefault();
  const box = moving;
  const area = box.parentElement.getBoundingClientRect();
  const from = read();
  const corner = start.target.dataset.corner ?? "";
  box.setPointerCapture(start.pointerId);
  const move = ({ clientX, clientY }) => {
    if (moving === box)
      shift(from, (clientX - start.clientX) / area.width, (clientY - start.clientY) / area.height, corner);
  };
  box.addEventListener("pointermove", move);
  box.addEventListener("lostpointercapture", () => box.removeEventListener("pointermove", move), { once: true });
}

function begin(menu) {
  const box = document.querySelector(`[popovertarget="${menu.id}"]`);
  menu.hidePopover();
  stopMoving();
  [moving, before] = [box, box.style.cssText];
  box.removeAttribute("popovertarget");
  box.dataset.menu = menu.id;
  box.classList.add("moved");
  for (const corner of ["left top", "right top", "left bottom", "right bottom"]) {
    const handle = Object.assign(document.createElement("span"), { className: "face-corner" });
    handle.dataset.corner = corner;
    box.append(handle);
  }
  box.parentElement.classList.add("moving");
  form().elements.face.value = menu.id.replace("face-", "");
  form().hidden = false;
  box.focus();
}

/** Cancel; the box goes back to where it was. */
export function stopMoving() {
  if (!moving) return;
  const box = moving;
  moving = null;
  box.style.cssText = before;
  box.setAttribute("popovertarget", box.dataset.menu);
  box.classList.remove("moved");
  box.querySelectorAll(".face-corner").forEach((handle) => handle.remove());
  box.parentElement.classList.remove("moving");
  form().hidden = true;
}

function onKey(event) {
  if (!moving || event.ctrlKey || event.metaKey || event.altKey) return;
  const [dx, dy] = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[
    event.key
  ] ?? [0, 0];
  if (event.key === "Escape") stopMoving();
  else if (event.key === "Enter" && !event.target.closest("#face-moved")) form().requestSubmit();
  else if (dx || dy) shift(read(), dx, dy, event.shiftKey ? "right bottom" : "");
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

document.addEventListener("click", (event) => {
  const control = event.target.closest("[data-move-box], [data-move-stop]");
  if (control?.matches("[data-move-box]")) begin(control.closest(".face-menu"));
  else if (control) stopMoving();
});
document.addEventListener("pointerdown", drag);
document.addEventListener("keydown", onKey, true); // before the viewer turns to the next photo
document.addEventListener("htmx:configRequest", ({ target, detail }) => {
  if (target.id !== "face-moved" || !moving) return;
  const { left, top, width, height } = read();
  for (const [name, value] of Object.entries({ x: left, y: top, width, height })) detail.parameters[name] = value;
});
