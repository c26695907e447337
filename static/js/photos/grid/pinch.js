// Zooming by a pinch of two fingers, by the wheel with Ctrl (which is what a pinch on a touchpad is), in whole steps.

const WHEEL_STEP = 60; // of deltaY
const PINCH_STEP = 1.3; // times as far apart
const PAUSE_MS = 350; // after a step, so that one turn of the wheel is not three

const middle = (touches) => [
  (touches[0].clientX + touches[1].clientX) / 2,
  (touches[0].clientY + touches[1].clientY) / 2,
];
const apart = (touches) => Math.hypot(touches[0].clientX - touches[1].clientX, touches[0].clientY - touches[1].clientY);

/** Call `zoom(step, target)` with 1 for closer and -1 for wider, and what lies in the middle, while over `area`. */
export function onZoom(area, zoom) {
  let rolled = 0;
  let rested = 0;
  let start = 0; // how far apart the fingers were

  area.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      if (event.timeStamp < rested) return;
      rolled += event.deltaY;
      if (Math.abs(rolled) < WHEEL_STEP) return;
      zoom(rolled < 0 ? 1 : -1, event.target);
      rolled = 0;
      rested = event.timeStamp + PAUSE_MS;
    },
    { passive: false },
  );

  const move = (event) => {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    const factor = apart(event.touches) / start;
    if (factor < PINCH_STEP && factor > 1 / PINCH_STEP) return;
    start = apart(event.touches);
    zoom(factor > 1 ? 1 : -1, document.elementFromPoint(...middle(event.touches)));
  };
  area.addEventListener(
    "touchstart",
    (event) => {
      if (event.touches.length !== 2) return;
      start = apart(event.touches);
      area.addEventListener("touchmove", move, { passive: false });
    },
    { passive: true },
  );
  area.addEventListener("touchend", () => area.removeEventListener("touchmove", move), { passive: true });
}
