// The review of duplicates: starts the comparison when a group arrives, and labels the button with what it
// would do. While a response is on its way, keys wait for it. Keys that decide are dropped: nobody has seen the next
// group yet.

import { Compare } from "./compare.js";
import { handle, pressIn } from "../mirage/shortcuts.js";
import { gettext, interpolate, ngettext, number } from "../mirage/words.js";

const MODES = ["side", "slider", "difference"];
let compare = null;
let mode = "side";
let shown = []; // the two versions compared
let sending = false;
const waiting = []; // keys

const DECIDING = new Set(["Enter", "a", "s"]);
const versions = () => [...document.querySelectorAll(".version")];

function pictureOf({ dataset }) {
  return {
    large: dataset.large,
    original: dataset.original,
    width: Number(dataset.width),
    height: Number(dataset.height),
    placement: dataset.placement.split(" ").map(Number),
    label: `${dataset.name} · ${dataset.pixels}`,
  };
}

function draw() {
  versions().forEach((version) => version.classList.toggle("shown", shown.includes(version)));
  compare.show(...shown.map(pictureOf));
}

function setMode(wanted) {
  mode = wanted;
  document.querySelectorAll("[data-mode][aria-pressed]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
  });
  compare?.setMode(mode);
}

/** Say on the button what it would do. */
function tell() {
  const button = document.querySelector("[data-resolve]");
  if (!button) return;
  const boxes = [...document.querySelectorAll('#resolve [name="keep"]')];
  const kept = boxes.filter((box) => box.checked).length;
  const going = boxes.length - kept;
  button.textContent = !kept
    ? gettext("Tick one to keep")
    : going
      ? interpolate(ngettext("Keep one, trash %(going)s", "Keep %(kept)s, trash %(going)s", kept), {
          kept: number(kept),
          going: number(going),
        })
      : gettext("Keep all ticked");
  button.closest("button").disabled = !kept;
}

function enliven() {
  const stage = document.querySelector("[data-stage]");
  compare = null;
  if (stage) {
    document.querySelector("[data-compare]").hidden = false;
    const zoom = document.querySelector("[data-zoom]");
    compare = new Compare(stage, (share) => {
      zoom.textContent = `${Math.round(share * 100)} %`;
    });
    shown = versions().slice(0, 2);
    draw();
    setMode(mode);
  }
  document.querySelector(".rules[data-open]")?.showPopover();
  tell();
}

/** Compare with the next version. */
function next() {
  const rest = versions().filter((version) => version !== shown[0]);
  shown[1] = rest[(rest.indexOf(shown[1]) + 1) % rest.length];
  draw();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-mode][aria-pressed]");
  if (button) setMode(button.dataset.mode);
  const version = event.target.closest(".version");
  if (!version || !compare || event.target.closest("a, label, input")) return;
  if (!shown.includes(version)) {
    shown[1] = version;
    draw();
  }
});
document.addEventListener("pointerover", (event) => {
  const version = event.target.closest?.(".version-picture")?.closest(".version");
  if (!version || !compare || event.pointerType !== "mouse" || shown.includes(version)) return;
  shown[1] = version;
  draw();
});
document.addEventListener("change", ({ target }) => {
  if (target.name === "keep") tell();
});

/** Do what the key is for; whether it is for anything. */
function press(key) {
  const own = {
    v: () => setMode(MODES[(MODES.indexOf(mode) + 1) % MODES.length]),
    c: next,
    "+": () => compare.step(1),
    "-": () => compare.step(-1),
    0: () => compare.fit(),
  };
  if (!compare || !own[key]) return pressIn(document.getElementById("duplicates"), key);
  own[key]();
  return true;
}

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (target.closest?.("#duplicates")) sending = true;
});
document.addEventListener("htmx:sendError", () => {
  sending = false;
});
document.addEventListener("htmx:responseError", () => {
  sending = false;
});
document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id !== "duplicates") return;
  sending = false;
  enliven();
  while (waiting.length && !sending) press(waiting.shift());
});

handle(
  "duplicates",
  () => document.getElementById("duplicates") && !document.getElementById("viewer"),
  (key, event) => {
    if (event.repeat || (key === "Enter" && event.target.closest("a, button, summary"))) return false;
    if (!sending) return press(key);
    if (!DECIDING.has(key)) waiting.push(key);
    return true;
  },
);

enliven();
