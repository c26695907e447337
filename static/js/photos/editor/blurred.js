// What sharpness needs: the picture with its blurred luma as alpha, made once in two passes. So a frame costs four looks at
// the picture, not fifty, and what is shown smaller is averaged as the server's picture is.

/** The whole of what is drawn into. */
export const VERTEX = `#version 300 es
out vec2 at;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  at = corner;
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

// First across, of the picture's luma, then down, of what that made.
const FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D picture, across;
uniform vec2 reach;
uniform bool down;
in vec2 at;
out vec4 made;
const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);
void main() {
  float sum = 0.0, weights = 0.0;
  for (int i = -3; i <= 3; i++) {
    float away = float(i) * 0.75;
    float weight = exp(-away * away / 2.0);
    vec2 place = at + away * reach;
    sum += weight * (down ? textureLod(across, place, 0.0).r : dot(textureLod(picture, place, 0.0).rgb, LUMA));
    weights += weight;
  }
  float luma = sum / weights;
  made = down ? vec4(textureLod(picture, at, 0.0).rgb, luma) : vec4(luma, luma, luma, 1.0);
}`;

/** Blurs pictures: blurred(picture, size, sigma) is a new texture of a picture's, with its blurred luma as alpha. */
export function makeBlur(gl, linked) {
  const program = linked(gl, VERTEX, FRAGMENT);
  const place = (name) => gl.getUniformLocation(program, name);
  const frame = gl.createFramebuffer();

  function pass(target, [width, height], reach, down) {
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, target, 0);
    gl.viewport(0, 0, width, height);
    gl.uniform2f(place("reach"), ...reach);
    gl.uniform1i(place("down"), down);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  return (picture, size, sigma) => {
    const [across, made] = [emptyTexture(gl, size), emptyTexture(gl, size)];
    gl.useProgram(program);
    gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
    for (const [unit, name, texture] of [
      [0, "picture", picture],
      [1, "across", across],
    ]) {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.uniform1i(place(name), unit);
    }
    gl.bindTexture(gl.TEXTURE_2D, null); // it is drawn into first
    pass(across, size, [sigma / size[0], 0], false);
    gl.bindTexture(gl.TEXTURE_2D, across);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR); // it is not shown smaller
    pass(made, size, [0, sigma / size[1]], true);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, made);
    gl.generateMipmap(gl.TEXTURE_2D);
    gl.deleteTexture(across);
    return made;
  };
}

/** A texture whose edges go on for ever, and which is averaged where it is shown smaller. */
export function newTexture(gl) {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
  return texture;
}

/** The same, to be drawn into. */
export function emptyTexture(gl, [width, height]) {
  const texture = newTexture(gl);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
  return texture;
}
