// Two versions of a picture in one view: side by side, as a slider, as a difference. Both lie in the plane of the
// first picture (its long side is 1000 units) and share one view, so that zoom and place are always the same. A picture
// that is a part of the other, or turned, is drawn where it belongs.

const UNITS = 1000;
const MOST = 40; // times the size at which everything is visible
const STEP = 1.25;
const UNMOVED = [1, 0, 0, 0, 1, 0];

// Affine maps as [a, b, c, d, e, f]: x' = ax + by + c, y' = dx + ey + f.
const after = ([a, b, c, d, e, f], [p, q, r, s, t, u]) => [
  a * p + b * s,
  a * q + b * t,
  a * r + b * u + c,
  d * p + e * s,
  d * q + e * t,
  d * r + e * u + f,
];
const inverse = ([a, b, c, d, e, f]) => {
  const det = a * e - b * d;
  return [e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det];
};
const stretch = (x, y) => [x, 0, 0, 0, y, 0];
const css = ([a, b, c, d, e, f]) => `matrix(${a}, ${d}, ${b}, ${e}, ${c}, ${f})`;
const corners = (map, width, height) =>
  [
    [0, 0],
    [width, 0],
    [0, height],
    [width, height],
  ].map(([x, y]) => [map[0] * x + map[1] * y + map[2], map[3] * x + map[4] * y + map[5]]);
/** Whether a map turns or mirrors. */
const isTurned = ([a, b, , d, e]) => a <= 0 || e <= 0 || Math.abs(b) > 0.1 * a || Math.abs(d) > 0.1 * e;

function sized({ width, height }) {
  const scale = UNITS / Math.max(width, height);
  return [width * scale, height * scale];
}

export class Compare {
  /** `onZoom` gets the share of the first picture's own pixels that is shown. */
  constructor(stage, onZoom) {
    this.stage = stage;
    this.onZoom = onZoom;
    this.panes = ["one", "other"].map((name) => stage.querySelector(`[data-pane="${name}"]`));
    this.slider = stage.querySelector(".compare-slider");
    this.mode = "side";
    this.view = { scale: 1, x: 0, y: 0 };
    this.pointers = new Map();
    this.handle = document.createElement("div");
    this.handle.className = "compare-handle";
    this.handle.hidden = true;
    stage.append(this.handle);
    this.wire();
    new ResizeObserver(() => this.fit()).observe(stage);
  }

  /** Each picture: {large, original, width, height, placement, label}. */
  show(one, other) {
    this.pictures = [one, other];
    this.panes.forEach((pane, index) => {
      const picture = this.pictures[index];
      const image = pane.querySelector("img") ?? pane.appendChild(Object.assign(new Image(), { draggable: false }));
      image.alt = picture.label;
      if (image.getAttribute("src") !== picture.large) image.src = picture.large;
      image.dataset.original = picture.original ?? "";
      pane.querySelector(".compare-label").textContent = picture.label;
    });
    this.fit();
  }

  setMode(mode) {
    this.mode = mode;
    this.stage.dataset.mode = mode;
    this.slider.hidden = this.handle.hidden = mode !== "slider";
    this.fit();
  }

  /** Where the pictures lie in the plane of the first. */
  maps() {
    const [one, other] = this.pictures;
    const [first, second] = [sized(one), sized(other)];
    const between = after(inverse(one.placement ?? UNMOVED), other.placement ?? UNMOVED);
    const laid = after(after(stretch(...first), between), stretch(1 / second[0], 1 / second[1]));
    if (this.mode !== "side" || !isTurned(laid)) return [UNMOVED, laid];
    const scale = Math.min(first[0] / second[0], first[1] / second[1]);
    const centred = [scale, 0, (first[0] - scale * second[0]) / 2, 0, scale, (first[1] - scale * second[1]) / 2];
    return [UNMOVED, centred];
  }

  /** See all of both. */
  fit() {
    if (!this.pictures) return;
    const maps = this.maps();
    const points = maps.flatMap((map, index) => corners(map, ...sized(this.pictures[index])));
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
    const { clientWidth, clientHeight } = this.panes[0];
    const scale = Math.min(clientWidth / width, clientHeight / height);
    this.least = scale;
    this.view = {
      scale,
      x: (clientWidth - scale * width) / 2 - scale * left,
      y: (clientHeight - scale * height) / 2 - scale * top,
    };
    this.draw();
  }

  draw() {
    const { scale, x, y } = this.view;
    const maps = this.maps();
    this.panes.forEach((pane, index) => {
      const image = pane.querySelector("img");
      const [width, height] = sized(this.pictures[index]);
      image.style.width = `${width}px`;
      image.style.height = `${height}px`;
      image.style.transform = css(after([scale, 0, x, 0, scale, y], maps[index]));
      if (scale * devicePixelRatio * width > image.naturalWidth * 1.1) this.sharpen(image);
    });
    const share = this.mode === "slider" ? Number(this.slider.value) : 0;
    this.panes[1].style.clipPath = this.mode === "slider" ? `inset(0 0 0 ${share}%)` : "";
    this.handle.style.left = `${share}%`;
    const [width] = sized(this.pictures[0]);
    this.onZoom((scale * width) / this.pictures[0].width);
  }

  /** The thumbnail shows less than the screen could: let the original take its place. */
  sharpen(image) {
    const { original } = image.dataset;
    if (!original || !image.complete || !image.naturalWidth) return;
    image.dataset.original = "";
    const whole = new Image();
    const { src } = image;
    whole.src = original;
    whole.decode().then(
      () => {
        if (image.src === src) image.src = whole.src;
      },
      () => {},
    ); // the smaller one stays
  }

  zoom(factor, clientX, clientY) {
    const box = (
      this.mode === "side" && clientX > this.panes[1].getBoundingClientRect().left ? this.panes[1] : this.panes[0]
    ).getBoundingClientRect();
    const [px, py] = [clientX - box.left, clientY - box.top];
    const scale = Math.min(Math.max(this.view.scale * factor, this.least), this.least * MOST);
    const ratio = scale / this.view.scale;
    if (scale === this.least) this.fit();
    else {
      this.view = { scale, x: px - (px - this.view.x) * ratio, y: py - (py - this.view.y) * ratio };
      this.draw();
    }
  }

  /** A step in or out around the middle. */
  step(direction) {
    const box = this.panes[0].getBoundingClientRect();
    this.zoom(STEP ** direction, box.left + box.width / 2, box.top + box.height / 2);
  }

  wire() {
    const { stage } = this;
    stage.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), event.clientX, event.clientY);
      },
      { passive: false },
    );
    stage.addEventListener("dblclick", (event) => {
      if (event.target === this.handle) return;
      const own = this.pictures[0].width / sized(this.pictures[0])[0];
      if (this.view.scale > this.least * 1.01) this.fit();
      else this.zoom(Math.max(own / this.view.scale, 2), event.clientX, event.clientY);
    });
    stage.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      stage.setPointerCapture(event.pointerId);
      this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      this.sliding = event.target === this.handle;
    });
    stage.addEventListener("pointermove", (event) => this.moved(event));
    for (const name of ["pointerup", "pointercancel"]) {
      stage.addEventListener(name, (event) => this.pointers.delete(event.pointerId));
    }
    this.slider.addEventListener("input", () => this.draw());
  }

  moved(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    this.pointers.set(event.pointerId, now);
    if (this.sliding) {
      const box = this.stage.getBoundingClientRect();
      this.slider.value = String((100 * (now.x - box.left)) / box.width);
      this.draw();
    } else if (others.length) {
      const apart = (point) => Math.hypot(point.x - others[0].x, point.y - others[0].y);
      this.zoom(apart(now) / Math.max(apart(before), 1), (now.x + others[0].x) / 2, (now.y + others[0].y) / 2);
    } else {
      this.view.x += now.x - before.x;
      this.view.y += now.y - before.y;
      this.draw();
    }
  }
}
