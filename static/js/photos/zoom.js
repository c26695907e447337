// Zoom and pan of the viewer's picture: wheel and pinch around the pointer, double click or tap, drag when zoomed.
// Beyond the resolution of the picture shown, the original takes its place if the browser can show it. When not zoomed,
// a touch drag is a swipe: sideways turns the page, down closes.

import { forward } from "../mirage/direction.js";

const MOST = 8;
const DOUBLE = 2.5;
const TAP_MS = 300;
const SWIPE_PX = 60;

/** Make the stage's picture zoomable. `on` has turn(direction) and close(). Returns {toggle, reset, zoomed}. */
export function makeZoomable(stage, media, on) {
  let scale = 1;
  let x = 0;
  let y = 0;
  const pointers = new Map();
  let start = null; // of a pinch or a drag
  let lastTap = { time: 0, x: 0, y: 0 };
  const picture = media?.tagName === "IMG" ? media : null;

  function clamp() {
    const { offsetWidth: width, offsetHeight: height } = media;
    const shown = picture?.naturalWidth ? Math.min(width / picture.naturalWidth, height / picture.naturalHeight) : 1;
    const [w, h] = picture?.naturalWidth
      ? [picture.naturalWidth * shown, picture.naturalHeight * shown]
      : [width, height];
    const [freeX, freeY] = [
      Math.max((w * scale - stage.clientWidth) / 2, 0),
      Math.max((h * scale - stage.clientHeight) / 2, 0),
    ];
    x = Math.min(Math.max(x, -freeX), freeX);
    y = Math.min(Math.max(y, -freeY), freeY);
  }

  function draw(animated = false) {
    media.classList.toggle("gliding", animated);
    media.style.transform = scale === 1 && !x && !y ? "" : `translate(${x}px, ${y}px) scale(${scale})`;
    stage.classList.toggle("zoomed", scale > 1);
    if (scale > 1) sharpen();
  }

  function sharpen() {
    if (!picture?.dataset.original || !picture.naturalWidth) return;
    const needed = Math.min(picture.offsetWidth, (picture.offsetHeight * picture.naturalWidth) / picture.naturalHeight);
    if (needed * scale * devicePixelRatio < picture.naturalWidth * 1.05) return;
    const original = new Image();
    original.src = picture.dataset.original;
    delete picture.dataset.original;
    original.decode().then(
      () => {
        picture.src = original.src;
      },
      () => {},
    ); // the smaller picture stays
  }

  /** Zoom to `to`, keeping the point (clientX, clientY) where it is. */
  function zoom(to, clientX, clientY, animated = false) {
    const box = stage.getBoundingClientRect();
    const [px, py] = [clientX - box.left - box.width / 2, clientY - box.top - box.height / 2];
    const next = Math.min(Math.max(to, 1), MOST);
    x = px - ((px - x) * next) / scale;
    y = py - ((py - y) * next) / scale;
    scale = next;
    if (scale === 1) x = y = 0;
    clamp();
    draw(animated);
  }

  function toggle(clientX, clientY) {
    const box = stage.getBoundingClientRect();
    zoom(scale > 1 ? 1 : DOUBLE, clientX ?? box.left + box.width / 2, clientY ?? box.top + box.height / 2, true);
  }

  const middle = () => {
    const [a, b] = [...pointers.values()];
    return b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) } : { ...a, apart: 0 };
  };
  const begin = () => {
    start = pointers.size ? { ...middle(), scale, tx: x, ty: y } : null;
  };

  function down(event) {
    if (event.target.closest("a, button") || (!picture && event.pointerType === "mouse")) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (picture) stage.setPointerCapture(event.pointerId);
    begin();
  }

  function move(event) {
    if (!pointers.has(event.pointerId)) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const now = middle();
    if (pointers.size === 2 && start.apart && picture) {
      const box = stage.getBoundingClientRect();
      const [px, py] = [start.x - box.left - box.width / 2, start.y - box.top - box.height / 2];
      scale = Math.min(Math.max((start.scale * now.apart) / start.apart, 1), MOST);
      x = px - ((px - start.tx) * scale) / start.scale + now.x - start.x;
      y = py - ((py - start.ty) * scale) / start.scale + now.y - start.y;
      clamp();
      draw();
    } else if (scale > 1) {
      x = start.tx + now.x - start.x;
      y = start.ty + now.y - start.y;
      clamp();
      draw();
    } else if (event.pointerType !== "mouse") {
      const [dx, dy] = [now.x - start.x, now.y - start.y];
      media.style.transform = Math.abs(dx) > Math.abs(dy) ? `translateX(${dx}px)` : `translateY(${Math.max(dy, 0)}px)`;
    }
  }

  function up(event) {
    const was = pointers.get(event.pointerId);
    if (!was) return;
    pointers.delete(event.pointerId);
    if (scale === 1 && start && !pointers.size && event.type === "pointerup")
      swipe(was.x - start.x, was.y - start.y, event);
    begin();
  }

  function swipe(dx, dy, event) {
    media.style.transform = "";
    if (event.pointerType !== "mouse" && Math.abs(dx) > SWIPE_PX && Math.abs(dx) > Math.abs(dy))
      on.turn(dx * forward < 0 ? "older" : "newer");
    else if (event.pointerType !== "mouse" && dy > SWIPE_PX * 1.5) on.close();
  }

  function tap(event) {
    if (event.pointerType === "mouse" || !picture) return;
    const near = Math.hypot(event.clientX - lastTap.x, event.clientY - lastTap.y) < 30;
    if (near && event.timeStamp - lastTap.time < TAP_MS) toggle(event.clientX, event.clientY);
    lastTap = { time: event.timeStamp, x: event.clientX, y: event.clientY };
  }

  stage.addEventListener("pointerdown", down);
  stage.addEventListener("pointermove", move);
  stage.addEventListener("pointerup", up);
  stage.addEventListener("pointerup", tap);
  stage.addEventListener("pointercancel", up);
  if (picture) {
    stage.addEventListener("dblclick", (event) => {
      if (!event.target.closest("a")) toggle(event.clientX, event.clientY);
    });
    stage.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        zoom(scale * Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0022)), event.clientX, event.clientY);
      },
      { passive: false },
    );
  }
  return {
    toggle: () => picture && toggle(),
    reset() {
      scale = 1;
      x = y = 0;
      draw();
    },
    get zoomed() {
      return scale > 1;
    },
  };
}
