// A video in the grid plays without sound while the pointer rests on it. The poster stays until the first picture is
// there, and what was being fetched is dropped as soon as the pointer leaves.

const REST_MS = 300; // a pointer that only passes starts nothing

let waiting = 0;
let playing = null;

function stop() {
  clearTimeout(waiting);
  if (!playing) return;
  playing.removeAttribute("src");
  playing.load(); // ends the request
  playing.remove();
  playing = null;
}

function play(tile) {
  const video = document.createElement("video");
  Object.assign(video, { className: "tile-preview", muted: true, loop: true, playsInline: true });
  video.setAttribute("aria-hidden", "true");
  video.disablePictureInPicture = true;
  video.addEventListener("playing", () => video.classList.add("playing"), { once: true });
  video.addEventListener("error", () => video === playing && stop()); // one that no browser plays keeps its poster
  video.src = tile.dataset.video;
  tile.querySelector(".tile-link").append(video);
  playing = video;
  video.play().catch(() => {});
}

const still = matchMedia("(prefers-reduced-motion: reduce)");
const tileAt = (target) => target.closest?.(".tile[data-video]");

export function startPreviews() {
  document.addEventListener("pointerover", ({ target, relatedTarget, pointerType }) => {
    const tile = tileAt(target);
    if (!tile || pointerType !== "mouse" || still.matches || tile.contains(relatedTarget)) return;
    stop();
    waiting = setTimeout(() => tile.isConnected && play(tile), REST_MS);
  });
  document.addEventListener("pointerout", ({ target, relatedTarget }) => {
    const tile = tileAt(target);
    if (tile && !tile.contains(relatedTarget)) stop();
  });
  document.addEventListener("click", stop, true);
}
