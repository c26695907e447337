// The crop: a box over the straightened picture in a ratio, and the four corners of a page that was photographed aslant.

import { boxThrough, fits, insideCrop, invert, project, turning } from "./geometry.js";
import { inRatio, makeBox, makeCorners, place } from "./frame.js";

const WHOLE = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];
const TRIES = 24; // of halving the way to a crop that fits
const round = (value) => Math.round(value * 1e5) / 1e5;

export function makeCropTool(main, editor) {
  const box = main.querySelector("#crop-frame");
  const corners = main.querySelector("#corner-frame");
  const chips = [...main.querySelectorAll("[data-ratio]")];
  let ratio = "free";
  let upended = false;

  const turned = () => turning(editor.state.turn);
  const shownBox = () => boxThrough(invert(turned()), editor.crop());

  /** The wanted ratio of a box on the screen, in fractions of the frame as it is shown; null if it is free. */
  function wanted() {
    if (ratio === "free") return null;
    const [width, height] = editor.frameSize();
    const frame = editor.state.turn >= 5 ? height / width : width / height;
    if (ratio === "original") return 1;
    const [over, under] = ratio.split(":").map(Number);
    return (upended ? under / over : over / under) / frame;
  }

  const rounded = ({ x, y, width, height }) => {
    const [left, top] = [Math.max(0, round(x)), Math.max(0, round(y))];
    return {
      x: left,
      y: top,
      width: Math.min(round(width), round(1 - left)),
      height: Math.min(round(height), round(1 - top)),
    };
  };

  /** Take a crop, or as much of the way to it from the one before as shows nothing from outside the picture. */
  function setCrop(to) {
    const { state } = editor;
    const from = editor.crop();
    const between = (part) =>
      Object.fromEntries(Object.keys(from).map((side) => [side, from[side] + (to[side] - from[side]) * part]));
    let [low, high] = [0, 1];
    if (!fits(to, state.degrees, editor.frameSize())) {
      for (let step = 0; step < TRIES; step += 1) {
        const middle = (low + high) / 2;
        if (fits(between(middle), state.degrees, editor.frameSize())) low = middle;
        else high = middle;
      }
    } else low = 1;
    state.crop = rounded(between(low));
    editor.show();
  }

  /** Take a box on the screen. */
  function write(shown, sides) {
    const kept = wanted();
    const inside = kept && sides ? inRatio(shown, kept, sides) : shown;
    setCrop(boxThrough(turned(), inside));
  }

  function chooseRatio(name) {
    ratio = name;
    const kept = wanted();
    if (kept) {
      const { x, y, width, height } = shownBox();
      const fitted = inRatio({ x: 0, y: 0, width, height }, kept);
      const middle = { x: x + (width - fitted.width) / 2, y: y + (height - fitted.height) / 2 };
      setCrop(boxThrough(turned(), { ...fitted, ...middle }));
    }
    editor.commit();
  }

  /** Straighten by so many degrees. The crop becomes smaller about its middle where it would reach outside. */
  function straighten(degrees) {
    const { state } = editor;
    state.degrees = degrees;
    if (!state.crop) return;
    const { x, y, width, height } = state.crop;
    const shrunk = (part) => ({
      x: x + (width * (1 - part)) / 2,
      y: y + (height * (1 - part)) / 2,
      width: width * part,
      height: height * part,
    });
    if (fits(state.crop, degrees, editor.frameSize())) return;
    let [low, high] = [0.05, 1];
    for (let step = 0; step < TRIES; step += 1) {
      const middle = (low + high) / 2;
      if (fits(shrunk(middle), degrees, editor.frameSize())) low = middle;
      else high = middle;
    }
    const fitted = shrunk(low);
    const inside = insideCrop(degrees, editor.frameSize());
    state.crop = rounded(fits(fitted, degrees, editor.frameSize()) ? fitted : inside);
  }

  function whole() {
    Object.assign(editor.state, { crop: null, degrees: 0, perspective: null });
    ratio = "free";
    editor.looking.squaring = false;
    editor.commit();
  }

  // --- the four corners ---------------------------------------------------------------------------------------------

  const points = () => editor.state.perspective ?? WHOLE;

  function writePoints(shown) {
    const { state } = editor;
    const inOriginal = shown.map((point) => project(turned(), point).map(round));
    if (!isConvex(inOriginal)) return;
    const isWhole = inOriginal.every(([x, y], at) => x === WHOLE[at][0] && y === WHOLE[at][1]);
    Object.assign(state, { perspective: isWhole ? null : inOriginal, crop: null, degrees: 0 });
    editor.show();
  }

  function square() {
    editor.looking.squaring = !editor.looking.squaring;
    editor.show();
  }

  makeBox(box, { read: shownBox, write, done: editor.commit });
  makeCorners(corners, {
    read: () => points().map((point) => project(invert(turned()), point)),
    write: writePoints,
    done: editor.commit,
  });
  main.addEventListener("click", ({ target }) => {
    const control = target.closest("[data-ratio], [data-editor]");
    if (control?.dataset.ratio) chooseRatio(control.dataset.ratio);
    else if (control?.dataset.editor === "upend") {
      upended = !upended;
      chooseRatio(ratio === "free" || ratio === "original" ? "3:2" : ratio);
    } else if (control?.dataset.editor === "perspective") square();
    else if (control?.dataset.editor === "whole") whole();
  });

  function show() {
    const { tab, squaring, before } = editor.looking;
    box.hidden = tab !== "crop" || squaring || before;
    corners.hidden = tab !== "crop" || !squaring || before;
    main.querySelector('[data-editor="perspective"]').setAttribute("aria-pressed", String(squaring));
    for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.dataset.ratio === ratio));
    place(box, shownBox());
    const shown = points().map((point) => project(invert(turned()), point));
    corners.querySelector("polygon").setAttribute("points", shown.map((point) => point.join(",")).join(" "));
    corners.querySelectorAll("[data-corner]").forEach((handle, at) => {
      [handle.style.left, handle.style.top] = shown[at].map((side) => `${side * 100}%`);
    });
  }

  return { show, straighten };
}

/** Whether four points go clockwise around an area that bulges nowhere inwards. */
function isConvex(points) {
  return points.every(([ax, ay], at) => {
    const [[bx, by], [cx, cy]] = [points[(at + 1) % 4], points[(at + 2) % 4]];
    return (bx - ax) * (cy - by) - (by - ay) * (cx - bx) > 2e-3;
  });
}
