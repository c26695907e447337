// Where points of the edited picture lie in the original: the same as media/editing/geometry.py. A matrix is nine numbers,
// row by row, and takes fractions of one picture to fractions of another.

export const SAME = [1, 0, 0, 0, 1, 0, 0, 0, 1];

// EXIF's orientations: where each moves a point.
const MOVES = {
  1: (x, y) => [x, y],
  2: (x, y) => [1 - x, y],
  3: (x, y) => [1 - x, 1 - y],
  4: (x, y) => [x, 1 - y],
  5: (x, y) => [y, x],
  6: (x, y) => [1 - y, x],
  7: (x, y) => [1 - y, 1 - x],
  8: (x, y) => [y, 1 - x],
};
const BACK = { 6: 8, 8: 6 };

export const back = (turn) => BACK[turn] ?? turn;

/** Two turns as one. */
export function together(first, then) {
  const ends = (turn) => String([MOVES[turn](0, 0), MOVES[turn](1, 0)]);
  const wanted = String([MOVES[then](...MOVES[first](0, 0)), MOVES[then](...MOVES[first](1, 0))]);
  return Number(Object.keys(MOVES).find((turn) => ends(turn) === wanted));
}

export function multiply(...matrices) {
  return matrices.reduce((a, b) =>
    [0, 1, 2].flatMap((row) =>
      [0, 1, 2].map((column) => [0, 1, 2].reduce((sum, at) => sum + a[3 * row + at] * b[3 * at + column], 0)),
    ),
  );
}

export function invert([a, b, c, d, e, f, g, h, i]) {
  const [A, B, C] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const scale = 1 / (a * A + b * B + c * C);
  return [A, c * h - b * i, b * f - c * e, B, a * i - c * g, c * d - a * f, C, b * g - a * h, a * e - b * d].map(
    (value) => value * scale,
  );
}

export function project(matrix, [x, y]) {
  const [u, v, w] = [0, 3, 6].map((row) => matrix[row] * x + matrix[row + 1] * y + matrix[row + 2]);
  return [u / w, v / w];
}

/** From fractions of the turned picture to those of the picture before. */
export function turning(turn) {
  const move = MOVES[back(turn)];
  const [[x, y], [rx, ry], [dx, dy]] = [move(0, 0), move(1, 0), move(0, 1)];
  return [rx - x, dx - x, x, ry - y, dy - y, y, 0, 0, 1];
}

export const boxMatrix = ({ x, y, width, height }) => [width, 0, x, 0, height, y, 0, 0, 1];

/** From fractions of the frame to those of the picture whose four corners fill it (Heckbert, 1989). */
export function perspective(corners) {
  if (!corners) return SAME;
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = corners;
  const [dx1, dx2, sx] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
  const [dy1, dy2, sy] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
  const whole = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / whole;
  const h = (dx1 * sy - sx * dy1) / whole;
  return [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1];
}

export function straightening(degrees, [width, height]) {
  if (!degrees) return SAME;
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const toPixels = [width, 0, -width / 2, 0, height, -height / 2, 0, 0, 1];
  return multiply(invert(toPixels), [cos, sin, 0, -sin, cos, 0, 0, 0, 1], toPixels);
}

/** The picture's size after perspective. */
export function frameSize(corners, [width, height]) {
  if (!corners) return [width, height];
  const points = corners.map(([x, y]) => [x * width, y * height]);
  const sides = points.map(([x, y], at) => Math.hypot(x - points[(at + 1) % 4][0], y - points[(at + 1) % 4][1]));
  return [(sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2];
}

/** The largest crop of the frame's own shape inside the straightened picture. */
export function insideCrop(degrees, [width, height]) {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.abs(Math.sin((degrees * Math.PI) / 180))];
  const part = 1 / Math.max(cos + (sin * height) / width, cos + (sin * width) / height);
  return { x: (1 - part) / 2, y: (1 - part) / 2, width: part, height: part };
}

export const cornersOf = ({ x, y, width, height }) => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
];

/** Whether all of the crop shows the straightened picture. */
export function fits(crop, degrees, size) {
  const matrix = straightening(degrees, size);
  return cornersOf(crop).every((corner) => project(matrix, corner).every((side) => side >= -0.001 && side <= 1.001));
}

/** The upright box around a box that goes through a matrix. */
export function boxThrough(matrix, box) {
  const points = cornersOf(box).map((corner) => project(matrix, corner));
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
