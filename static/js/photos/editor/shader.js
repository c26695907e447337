// The preview: one picture, one homography and all tones in one pass of WebGL 2, as media/editing/rendering.py and tones.py
// have them. Change both or neither: a test compares the two.

import { makeBlur, newTexture } from "./blurred.js";
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
uniform vec3 gain;
uniform float sharpness, black, white, exposure, contrast, highlights, shadows, saturation, vibrance;
uniform float black_and_white, fade, toned;
in vec2 at;
out vec4 shown;
const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);

void main() {
  vec3 point = matrix * vec3(at, 1.0);
  vec2 place = point.xy / point.z;
  if (any(lessThan(place, vec2(-0.004))) || any(greaterThan(place, vec2(1.004)))) {
    shown = vec4(0.0, 0.0, 0.0, 1.0);
    return;
  }
  vec2 right = dFdx(place) * 0.25, below = dFdy(place) * 0.25; // four looks, because the texture is shown smaller
  vec4 found = 0.25 * (texture(picture, place + right + below, -1.0) + texture(picture, place + right - below, -1.0)
    + texture(picture, place - right + below, -1.0) + texture(picture, place - right - below, -1.0));
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

/** Draws a picture into a canvas: {load(source), draw(matrix, tones)}. Null where the browser has no WebGL 2. */
export function makePainter(canvas) {
  const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, preserveDrawingBuffer: true });
  if (!gl) return null;
  const program = linked(gl, VERTEX, FRAGMENT);
  const places = Object.fromEntries(
    ["matrix", "gain", ...FLOATS].map((name) => [name, gl.getUniformLocation(program, name)]),
  );
  const picture = newTexture(gl);
  const size = [1, 1];
  let blur = null;
  let sharp = null; // the picture with its blurred luma, made when sharpness is first wanted
  return {
    load(source) {
      [size[0], size[1]] = [source.width, source.height];
      gl.bindTexture(gl.TEXTURE_2D, picture);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, source);
      gl.generateMipmap(gl.TEXTURE_2D);
      gl.deleteTexture(sharp);
      sharp = null;
    },
    draw(matrix, tones) {
      if (tones.sharpness > 0 && !sharp) {
        blur ??= makeBlur(gl, linked);
        sharp = blur(picture, size, SHARPER * Math.max(...size));
      }
      gl.useProgram(program);
      gl.bindTexture(gl.TEXTURE_2D, tones.sharpness > 0 ? sharp : picture);
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.uniformMatrix3fv(places.matrix, true, matrix);
      gl.uniform3fv(places.gain, gains(tones));
      for (const name of FLOATS) gl.uniform1f(places[name], tones[name]);
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    },
  };
}
