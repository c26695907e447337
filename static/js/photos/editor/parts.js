// Parts of the picture that are covered, blurred or mended, drawn into a copy of it before the shader: the same as
// media/editing/regions.py.

import { boxThrough, project } from "./geometry.js";

const CELLS = 8;
const [REDDER, REDDEST] = [0.12, 0.28];
const within = (value, low, high) => Math.min(Math.max(value, low), high);

/** Draw the picture with these parts into the canvas. `matrix` takes fractions of the original to those of the picture. */
export function drawParts(canvas, picture, parts, matrix) {
  [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(picture, 0, 0);
  for (const part of [...parts].sort((a, b) => (a.op === "cover") - (b.op === "cover")))
    change(pen, canvas, part, matrix);
}

function boundsOf(part, canvas, matrix) {
  const { width, height } = canvas;
  if (part.op === "red_eye") {
    const radius = part.radius * Math.max(width, height);
    const [x, y] = project(matrix, [part.x, part.y]);
    return [x * width - radius, y * height - radius, x * width + radius, y * height + radius];
  }
  const box = boxThrough(matrix, part);
  return [box.x * width, box.y * height, (box.x + box.width) * width, (box.y + box.height) * height];
}

/** The pixels of one side: `first`, `count`, and for each its edges and centre as fractions of the region. */
function alongOf(start, end, most) {
  const first = Math.max(0, Math.floor(start));
  const count = Math.max(0, Math.min(most, Math.ceil(end)) - first);
  const length = end - start;
  const edges = Array.from({ length: count + 1 }, (_, at) => (first + at - start) / length);
  return { first, count, length, edges, centres: edges.slice(1).map((edge, at) => (edge + edges[at]) / 2) };
}

function change(pen, canvas, part, matrix) {
  const [left, top, right, bottom] = boundsOf(part, canvas, matrix);
  const [across, down] = [alongOf(left, right, canvas.width), alongOf(top, bottom, canvas.height)];
  if (!across.count || !down.count) return;
  const image = pen.getImageData(across.first, down.first, across.count, down.count);
  const shown = part.op === "blur" ? blurred(image, across, down) : null;
  for (let y = 0; y < down.count; y += 1) {
    for (let x = 0; x < across.count; x += 1) {
      const much = maskOf(part, across, down, x, y);
      if (much > 0) mix(image.data, 4 * (y * across.count + x), much, part.op, shown?.(x, y));
    }
  }
  pen.putImageData(image, across.first, down.first);
}

function mix(data, at, much, op, blur) {
  const [red, green, blue] = [data[at], data[at + 1], data[at + 2]];
  let to = blur ?? [0, 0, 0];
  if (op === "red_eye") {
    const redness = within(((red - Math.max(green, blue)) / 255 - REDDER) / (REDDEST - REDDER), 0, 1);
    to = [red + (((green + blue) / 2) * 0.9 - red) * redness, green, blue];
  }
  for (let channel = 0; channel < 3; channel += 1) data[at + channel] += (to[channel] - data[at + channel]) * much;
}

/** How much of a pixel belongs to the region. */
function maskOf(part, across, down, x, y) {
  if (part.op !== "red_eye" && part.shape === "box") {
    const side = ({ edges, length }, at) => (within(edges[at + 1], 0, 1) - within(edges[at], 0, 1)) * length;
    return side(across, x) * side(down, y);
  }
  const radius = 2 * Math.hypot(across.centres[x] - 0.5, down.centres[y] - 0.5);
  if (part.op === "red_eye") return within((1 - radius) / 0.3, 0, 1);
  return within(((1 - radius) * Math.min(across.length, down.length)) / 2 + 0.5, 0, 1);
}

/** The means of a coarse grid, and between them what lies between. */
function blurred({ data }, across, down) {
  const longer = Math.max(across.length, down.length);
  const [wide, high] = [across, down].map(({ length }) => Math.max(1, Math.round((CELLS * length) / longer)));
  const sums = new Float64Array(wide * high * 4);
  const shares = (along, cells) =>
    along.centres.map((_, at) =>
      Array.from({ length: cells }, (_, cell) => [
        cell,
        Math.min(along.edges[at + 1], (cell + 1) / cells) - Math.max(along.edges[at], cell / cells),
      ]).filter(([, share]) => share > 0),
    );
  const [columns, rows] = [shares(across, wide), shares(down, high)];
  for (let y = 0; y < down.count; y += 1) {
    for (let x = 0; x < across.count; x += 1) {
      const from = 4 * (y * across.count + x);
      for (const [row, down] of rows[y]) {
        for (const [column, over] of columns[x]) {
          const to = 4 * (row * wide + column);
          for (let channel = 0; channel < 3; channel += 1) sums[to + channel] += data[from + channel] * down * over;
          sums[to + 3] += down * over;
        }
      }
    }
  }
  const mean = (row, column, channel) => {
    const at = 4 * (row * wide + column);
    return sums[at + channel] / Math.max(sums[at + 3], 1e-9);
  };
  const between = (along, at, cells) => {
    const place = within(along.centres[at] * cells - 0.5, 0, cells - 1);
    const low = Math.min(Math.floor(place), Math.max(cells - 2, 0));
    return [low, Math.min(low + 1, cells - 1), place - low];
  };
  return (x, y) => {
    const [left, right, over] = between(across, x, wide);
    const [top, bottom, under] = between(down, y, high);
    return [0, 1, 2].map(
      (channel) =>
        (mean(top, left, channel) * (1 - over) + mean(top, right, channel) * over) * (1 - under) +
        (mean(bottom, left, channel) * (1 - over) + mean(bottom, right, channel) * over) * under,
    );
  };
}
