// Boxes and corners that are moved over a picture, by pointer and by arrow keys. Places are fractions of the picture.

const STEP = 0.01; // of the picture, for a key; with shift a tenth
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LEAST = 0.03;
const within = (value, low, high) => Math.min(Math.max(value, low), high);

/** Put an element where a box of fractions is. */
export function place(element, { x, y, width, height }) {
  Object.entries({ left: x, top: y, width, height }).forEach(([side, value]) => {
    element.style[side] = `${value * 100}%`;
  });
}

/** Call `move(dx, dy, event)` while the pointer drags what it pressed, and `done()` when it lets go. */
function dragging(element, begin) {
  element.addEventListener("pointerdown", (start) => {
    if (start.button) return;
    const drag = begin(start);
    if (!drag) return;
    start.preventDefault();
    start.target.focus({ preventScroll: true });
    const area = element.parentElement.getBoundingClientRect();
    element.setPointerCapture(start.pointerId);
    const move = ({ clientX, clientY }) =>
      drag.move((clientX - start.clientX) / area.width, (clientY - start.clientY) / area.height);
    element.addEventListener("pointermove", move);
    element.addEventListener(
      "lostpointercapture",
      () => {
        element.removeEventListener("pointermove", move);
        drag.done();
      },
      { once: true },
    );
  });
}

/** Call `move(dx, dy)` and `done()` for an arrow key. */
function nudging(element, begin) {
  element.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    const drag = arrow && !event.ctrlKey && !event.metaKey && begin(event);
    if (!drag) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? STEP / 10 : STEP;
    drag.move(arrow[0] * step, arrow[1] * step);
    drag.done();
  });
}

/** The box with the sides that `names` lists ("left top") moved, or without any the whole box. */
export function moved({ x, y, width, height }, names, dx, dy) {
  if (!names) return { x: within(x + dx, 0, 1 - width), y: within(y + dy, 0, 1 - height), width, height };
  let [left, top, right, bottom] = [x, y, x + width, y + height];
  if (names.includes("left")) left = within(left + dx, 0, right - LEAST);
  if (names.includes("right")) right = within(right + dx, left + LEAST, 1);
  if (names.includes("top")) top = within(top + dy, 0, bottom - LEAST);
  if (names.includes("bottom")) bottom = within(bottom + dy, top + LEAST, 1);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * The box in a ratio (width to height, in fractions of the picture), with the side or corner opposite of `names` where
 * it was, and inside the picture.
 */
export function inRatio(box, ratio, names = "") {
  let { width, height } = box;
  if (names === "left" || names === "right") height = width / ratio;
  else if (names === "top" || names === "bottom") width = height * ratio;
  else if (width / height > ratio) width = height * ratio;
  else height = width / ratio;
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const roomX = names.includes("left") ? right : 1 - box.x;
  const roomY = names.includes("top") ? bottom : 1 - box.y;
  const scale = Math.min(1, roomX / width, roomY / height);
  [width, height] = [width * scale, height * scale];
  return {
    x: names.includes("left") ? right - width : box.x,
    y: names.includes("top") ? bottom - height : box.y,
    width,
    height,
  };
}

/** A box with handles [data-side]: `read()` gives it, `write(box, sides)` takes it, `done()` ends a step. */
export function makeBox(element, { read, write, done }) {
  const begin = ({ target }) => {
    const from = read();
    const sides = target.closest("[data-side]")?.dataset.side ?? "";
    return { move: (dx, dy) => write(moved(from, sides, dx, dy), sides), done };
  };
  dragging(element, begin);
  nudging(element, begin);
}

/** Handles [data-corner] of four points: `read()` gives them, `write(points)` takes them. */
export function makeCorners(element, { read, write, done }) {
  const begin = ({ target }) => {
    const handle = target.closest("[data-corner]");
    if (!handle) return null;
    const from = read();
    const at = Number(handle.dataset.corner);
    const move = (dx, dy) => {
      const points = from.map((point) => [...point]);
      points[at] = [within(from[at][0] + dx, 0, 1), within(from[at][1] + dy, 0, 1)];
      write(points);
    };
    return { move, done };
  };
  dragging(element, begin);
  nudging(element, begin);
}
