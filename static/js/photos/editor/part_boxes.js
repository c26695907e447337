// Parts of the picture that are covered, blurred or mended: added, moved, made larger, and removed.

import { makeBox, place } from "./frame.js";
import { boxThrough, invert, turning } from "./geometry.js";
import { gettext } from "../../mirage/words.js";

const NEW = { blur: 0.2, cover: 0.2, red_eye: 0.04 }; // of the picture's longer side
const NAMES = {
  blur: gettext("Blurred: arrow keys move it"),
  cover: gettext("Covered: arrow keys move it"),
  red_eye: gettext("Red eye: arrow keys move it"),
};
const MOST = 60;
const SIDES = {
  "left top": gettext("Corner, left top"),
  "right top": gettext("Corner, right top"),
  "left bottom": gettext("Corner, left bottom"),
  "right bottom": gettext("Corner, right bottom"),
};
const round = (value) => Math.round(value * 1e5) / 1e5;

export function makePartsTool(main, editor) {
  const layer = main.querySelector("#part-frame");
  const remover = main.querySelector('[data-editor="remove-part"]');
  let chosen = -1;
  let drawn = "";

  const turned = () => turning(editor.state.turn);
  const [wide, high] = editor.size;
  const longer = Math.max(wide, high);

  /** The box of a part, in fractions of the upright original. */
  function boxOf(part) {
    if (part.op !== "red_eye") return part;
    const [x, y] = [(part.radius * longer) / wide, (part.radius * longer) / high];
    return { x: part.x - x, y: part.y - y, width: 2 * x, height: 2 * y };
  }

  /** The same part with another box. */
  function withBox(part, { x, y, width, height }) {
    if (part.op === "red_eye") {
      const radius = Math.min(0.2, Math.max(0.005, Math.min(width * wide, height * high) / 2 / longer));
      return { ...part, x: round(x + width / 2), y: round(y + height / 2), radius: round(radius) };
    }
    const [left, top] = [Math.max(0, round(x)), Math.max(0, round(y))];
    const sides = { width: Math.min(round(width), round(1 - left)), height: Math.min(round(height), round(1 - top)) };
    return { ...part, x: left, y: top, ...sides };
  }

  function add({ part: op, shape }) {
    const { parts } = editor.state;
    if (parts.length >= MOST) return;
    const [width, height] = [(NEW[op] * longer) / wide, (NEW[op] * longer) / high].map((side) => Math.min(side, 0.8));
    const box = { x: 0.5 - width / 2, y: 0.5 - height / 2, width, height };
    const empty = op === "red_eye" ? { op } : { op, shape };
    parts.push(withBox(empty, box));
    chosen = parts.length - 1;
    editor.commit();
    layer.children[chosen]?.focus();
  }

  function remove() {
    if (editor.looking.tab !== "parts" || !editor.state.parts[chosen]) return false;
    editor.state.parts.splice(chosen, 1);
    chosen = -1;
    editor.commit();
    return true;
  }

  function build() {
    layer.replaceChildren(
      ...editor.state.parts.map((part, at) => {
        const box = document.createElement("div");
        box.className = `part-box${part.shape === "box" ? "" : " part-oval"}`;
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", NAMES[part.op]);
        for (const [side, words] of Object.entries(SIDES)) {
          const handle = document.createElement("button");
          Object.assign(handle, { type: "button", className: `crop-handle part-${side.replace(" ", "-")}` });
          handle.dataset.side = side;
          handle.setAttribute("aria-label", words);
          box.append(handle);
        }
        box.addEventListener("focusin", () => {
          chosen = at;
          mark();
        });
        makeBox(box, {
          read: () => boxThrough(invert(turned()), boxOf(editor.state.parts[at])),
          write: (shown) => {
            editor.state.parts[at] = withBox(editor.state.parts[at], boxThrough(turned(), shown));
            editor.show();
          },
          done: editor.commit,
        });
        return box;
      }),
    );
  }

  function mark() {
    [...layer.children].forEach((box, at) => box.classList.toggle("chosen", at === chosen));
    remover.disabled = !editor.state.parts[chosen];
  }

  main.addEventListener("click", ({ target }) => {
    const adder = target.closest("[data-part]");
    if (adder) add(adder.dataset);
    if (target.closest('[data-editor="remove-part"]')) remove();
  });

  function show() {
    const { parts } = editor.state;
    layer.hidden = editor.looking.tab !== "parts" || editor.looking.before;
    const kinds = parts.map(({ op, shape }) => `${op} ${shape}`).join();
    if (kinds !== drawn) {
      drawn = kinds;
      build();
    }
    parts.forEach((part, at) => place(layer.children[at], boxThrough(invert(turned()), boxOf(part))));
    mark();
  }

  return { show, remove };
}
