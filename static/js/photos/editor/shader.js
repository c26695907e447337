// The preview: one picture, one homography and all tones in one pass of WebGL 2, as media/editing/rendering.py and tones.py
// have them. Change both or neither: a test compares the two.

import { makeBlur, newTexture } from "./blurred.js";
import { laid, makeScaler } from "./scaled.js";
import { gains } from "./tones.js";

const SHARPER = 0.0008; // of the longer side

const VERTEX = `#version 300 es
out vec2 at;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  at = vec2(corner.x, 1.0 - corner.y);
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D picture;
uniform mat3 matrix;
uniform int looks; // how many at each pixel of the picture
uniform vec3 gain;
uniform float sharpness, black, white, exposure, contrast, highlights, shadows, saturation, vibrance;
uniform float black_and_white, fade, toned;
in vec2 at;
out vec4 shown;
const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);

vec4 weights(float t) { // of a cubic curve through four samples
  return vec4(((2.0 - t) * t - 1.0) * t, (3.0 * t - 5.0) * t * t + 2.0, ((4.0 - 3.0 * t) * t + 1.0) * t, (t - 1.0) * t * t) / 2.0;
}

vec4 cubic(vec2 place) {
  ivec2 last = textureSize(picture, 0) - 1;
  vec2 texel = place * vec2(last + 1) - 0.5;
  vec4 across = weights(fract(texel.x)), down = weights(fract(texel.y));
  vec4 sum = vec4(0.0);
  for (int y = 0; y < 4; y++)
    for (int x = 0; x < 4; x++)
      sum += across[x] * down[y] * texelFetch(picture, clamp(ivec2(floor(texel)) + ivec2(x, y) - 1, ivec2(0), last), 0);
  return clamp(sum, 0.0, 1.0);
}

vec4 averaged(vec2 place, vec2 right, vec2 below) {
  return 0.25 * (texture(picture, place + right + below, -1.0) + texture(picture, place + right - below, -1.0)
    + texture(picture, place - right + below, -1.0) + texture(picture, place - right - below, -1.0));
}

void main() {
  vec3 point = matrix * vec3(at, 1.0);
  vec2 place = point.xy / point.z;
  vec2 right = dFdx(place) * 0.25, below = dFdy(place) * 0.25; // four looks, where the texture may be shown smaller
  if (any(lessThan(place, vec2(-0.004))) || any(greaterThan(place, vec2(1.004)))) {
    shown = vec4(0.0, 0.0, 0.0, 1.0);
    return;
  }
  vec4 found;
  if (looks == 1) found = texelFetch(picture, ivec2(place * vec2(textureSize(picture, 0))), 0);
  else if (looks == 16) found = cubic(place);
  else found = averaged(place, right, below);
  vec3 c = found.rgb; // with sharpness, alpha is the blurred luma
  if (sharpness > 0.0) c = clamp(c + 1.5 * sharpness * (dot(c, LUMA) - found.a), 0.0, 1.0);
  if (black != 0.0 || white != 1.0) c = clamp((c - black) / (white - black), 0.0, 1.0);
  if (exposure != 0.0) {
    float g = exp2(2.0 * exposure / 2.2);
    c = g > 1.0 ? c * g / (1.0 + (g - 1.0) * c) : c * g;
  }
  c *= gain;
  if (highlights != 0.0 || shadows != 0.0) {
    c = clamp(c, 0.0, 1.0);
    float y = dot(c, LUMA);
    float to = y + 0.9 * shadows * y * pow(1.0 - y, 3.0) + 0.9 * highlights * (1.0 - y) * y * y * y;
    c *= to / max(y, 1e-4);
  }
  if (contrast != 0.0) {
    c = clamp(c, 0.0, 1.0);
    vec3 curve = contrast > 0.0 ? c * c * (3.0 - 2.0 * c) : 0.25 + 0.5 * c;
    c += abs(contrast) * (curve - c);
  }
  if (saturation != 0.0 || vibrance != 0.0 || black_and_white != 0.0) {
    c = clamp(c, 0.0, 1.0);
    float y = dot(c, LUMA);
    float pale = 1.0 - (max(c.r, max(c.g, c.b)) - min(c.r, min(c.g, c.b)));
    c = y + (c - y) * (1.0 + saturation) * (1.0 + vibrance * pale) * (1.0 - black_and_white);
  }
  if (toned != 0.0) c *= vec3(1.0 + 0.1 * toned, 1.0, 1.0 - 0.22 * toned);
  if (fade != 0.0) c = 0.14 * fade + c * (1.0 - 0.2 * fade);
  shown = vec4(clamp(c, 0.0, 1.0), 1.0);
}`;

const FLOATS = [
  ...["sharpness", "black", "white", "exposure", "contrast", "highlights", "shadows", "saturation", "vibrance"],
  ...["black_and_white", "fade", "toned"],
];

function compiled(gl, kind, text) {
  const shader = gl.createShader(kind);
  gl.shaderSource(shader, text);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
  return shader;
}

function linked(gl, vertex, fragment) {
  const program = gl.createProgram();
  gl.attachShader(program, compiled(gl, gl.VERTEX_SHADER, vertex));
  gl.attachShader(program, compiled(gl, gl.FRAGMENT_SHADER, fragment));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
  return program;
}

/**
 * Draws a picture into a canvas: {load(source), draw(matrix, tones, whole)}. With the size of what is shown as it is in the
 * picture, it is drawn that large and then made smaller, as the server does; without, at once. Null without WebGL 2.
 */
export function makePainter(canvas) {
  const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, preserveDrawingBuffer: true });
  if (!gl) return null;
  const program = linked(gl, VERTEX, FRAGMENT);
  const places = Object.fromEntries(
    ["matrix", "looks", "gain", ...FLOATS].map((name) => [name, gl.getUniformLocation(program, name)]),
  );
  const picture = newTexture(gl);
  const size = [1, 1];
  const scaler = makeScaler(gl, linked);
  let blur = null;
  let sharp = null; // the picture with its blurred luma, made when sharpness is first wanted

  function pass(texture, drawn, matrix, tones, looks) {
    gl.useProgram(program);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.viewport(0, 0, ...drawn);
    gl.uniformMatrix3fv(places.matrix, true, matrix);
    gl.uniform1i(places.looks, looks);
    gl.uniform3fv(places.gain, gains(tones));
    for (const name of FLOATS) gl.uniform1f(places[name], tones[name]);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  return {
    load(source) {
      [size[0], size[1]] = [source.width, source.height];
      gl.bindTexture(gl.TEXTURE_2D, picture);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, source);
      gl.generateMipmap(gl.TEXTURE_2D);
      scaler.forget();
      gl.deleteTexture(sharp);
      sharp = null;
    },
    draw(matrix, tones, whole = null) {
      if (tones.sharpness > 0 && !sharp) {
        blur ??= makeBlur(gl, linked);
        sharp = blur(picture, size, SHARPER * Math.max(...size));
      }
      const texture = tones.sharpness > 0 ? sharp : picture;
      const canvasSize = [canvas.width, canvas.height];
      const straight = laid(matrix, canvasSize, size);
      const smaller = straight && scaler.of(texture, size, straight); // also for the slider that may move next
      const copied = straight && Object.values(straight.box).every(Number.isInteger); // all of it: pixel for pixel
      if (whole?.every((side, at) => side >= canvasSize[at]))
        scaler.between(whole, canvasSize, () => pass(texture, whole, matrix, tones, copied ? 1 : 16));
      else if (smaller) pass(smaller, canvasSize, straight.matrix, tones, 1);
      else pass(texture, canvasSize, matrix, tones, 4);
    },
  };
}
