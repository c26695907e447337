// Pictures made smaller as the server makes thumbnails, by Lanczos, because a graphics card by itself is far from that in
// fine print. Two passes: once for each picture and size that is shown, and when a slider comes to rest.

import { emptyTexture, VERTEX } from "./blurred.js";
import { boxMatrix, boxThrough, invert, multiply } from "./geometry.js";

const WHOLE = { x: 0, y: 0, width: 1, height: 1 };
const TINY = 1e-9;

// One direction, as Pillow has it: three lobes each side, wider by as much as the picture gets smaller.
const FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
uniform sampler2D picture;
uniform float start, step;
uniform ivec2 within;
uniform bool down;
out vec4 made;
float lobe(float x) {
  x = abs(x) * 3.14159265358979;
  return x < 1e-4 ? 1.0 : sin(x) / x;
}
void main() {
  ivec2 here = ivec2(gl_FragCoord.xy);
  float middle = start + (float(down ? here.y : here.x) + 0.5) * step;
  float wide = max(step, 1.0);
  int first = max(int(middle - 3.0 * wide + 0.5), within.x), last = min(int(middle + 3.0 * wide + 0.5), within.y);
  vec4 sum = vec4(0.0);
  float weights = 0.0;
  for (int i = first; i < last; i++) {
    float away = (float(i) + 0.5 - middle) / wide;
    float weight = abs(away) < 3.0 ? lobe(away) * lobe(away / 3.0) : 0.0;
    sum += weight * texelFetch(picture, down ? ivec2(here.x, i) : ivec2(i, here.y), 0);
    weights += weight;
  }
  made = sum / weights;
}`;

/**
 * Which part of the picture to make how large, so that each pixel of the canvas is one of it, for a matrix and a canvas:
 * {box, size}, and the matrix into that. Null where it is not laid straight, or is shown larger than it is.
 */
export function laid(matrix, [wide, high], picture) {
  const [a, b, , d, e, , g, h] = matrix.map((one) => (Math.abs(one) < TINY ? 0 : one));
  const turned = !a && !e;
  if (g || h || !(turned || (!b && !d))) return null;
  const box = boxThrough(matrix, WHOLE);
  const size = turned ? [high, wide] : [wide, high];
  if (size[0] > box.width * picture[0] + 0.5 || size[1] > box.height * picture[1] + 0.5) return null;
  return { box, size, matrix: multiply(invert(boxMatrix(box)), matrix) };
}

const sizesOf = ({ box, size }) => [...Object.values(box), ...size];
const serves = (kept, wanted) => sizesOf(kept).every((side, at) => Math.abs(side - sizesOf(wanted)[at]) < TINY);

/**
 * Makes pictures smaller: {of(texture, size, laid), forget(), between(size, canvas, draw)}. What was made last of a texture is
 * kept. `between` has `draw` draw as large as `size`, and makes that smaller into the canvas.
 */
export function makeScaler(gl, linked) {
  const program = linked(gl, VERTEX, FRAGMENT);
  const place = (name) => gl.getUniformLocation(program, name);
  const frame = gl.createFramebuffer();
  const made = new Map(); // by the texture it is made of

  function drawInto(texture) {
    gl.bindFramebuffer(gl.FRAMEBUFFER, texture && frame);
    if (texture) gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  }

  function empty(size) {
    const texture = emptyTexture(gl, size);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR); // it is not shown smaller
    return texture;
  }

  function pass(from, target, size, down, start, length) {
    gl.bindTexture(gl.TEXTURE_2D, from);
    drawInto(target);
    gl.viewport(0, 0, ...size);
    gl.uniform1i(place("down"), down);
    gl.uniform1f(place("start"), start);
    gl.uniform1f(place("step"), length / size[down ? 1 : 0]);
    gl.uniform2i(place("within"), Math.round(start), Math.round(start + length));
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  function scale(texture, target, [width, height], { box, size }) {
    const across = empty([size[0], height]);
    gl.useProgram(program);
    pass(texture, across, [size[0], height], false, box.x * width, box.width * width);
    pass(across, target, size, true, box.y * height, box.height * height);
    drawInto(null);
    gl.deleteTexture(across);
    return target;
  }

  return {
    of(texture, size, wanted) {
      const kept = made.get(texture);
      if (kept && serves(kept, wanted)) return kept.texture;
      gl.deleteTexture(kept?.texture ?? null);
      const { box, size: shown } = wanted;
      made.set(texture, { box, size: shown, texture: scale(texture, empty(shown), size, wanted) });
      return made.get(texture).texture;
    },
    forget() {
      for (const { texture } of made.values()) gl.deleteTexture(texture);
      made.clear();
    },
    between(size, canvas, draw) {
      const whole = empty(size);
      drawInto(whole);
      draw();
      scale(whole, null, size, { box: WHOLE, size: canvas });
      gl.deleteTexture(whole);
    },
  };
}
