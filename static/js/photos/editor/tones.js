// The amounts that the shader needs to know, those of the preset added: the same as media/editing/tones.py.

export const AMOUNTS = [
  "exposure",
  "contrast",
  "highlights",
  "shadows",
  "warmth",
  "tint",
  "saturation",
  "vibrance",
  "black_and_white",
];
const ADDED = [...AMOUNTS, "fade", "toned"];
const LUMA = [0.2126, 0.7152, 0.0722];

export const UNTOUCHED = { ...Object.fromEntries(ADDED.map((name) => [name, 0])), black: 0, white: 1, sharpness: 0 };

export function tonesOf({ amounts, levels, preset }, presets) {
  const added = presets[preset?.name] ?? {};
  const limit = (value) => Math.min(1, Math.max(-1, value));
  const sums = ADDED.map((name) => [name, limit((amounts[name] ?? 0) + (preset?.strength ?? 0) * (added[name] ?? 0))]);
  return {
    ...Object.fromEntries(sums),
    black: levels?.black ?? 0,
    white: levels?.white ?? 1,
    sharpness: amounts.sharpness ?? 0,
  };
}

/** Factors of red, green and blue that leave grey as bright as it was. */
export function gains({ warmth, tint }) {
  const factors = [1 + 0.2 * warmth + 0.08 * tint, 1 - 0.12 * tint, 1 - 0.2 * warmth + 0.08 * tint];
  const luma = factors.reduce((sum, factor, at) => sum + factor * LUMA[at], 0);
  return factors.map((factor) => factor / luma);
}
