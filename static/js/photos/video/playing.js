// A video plays as it came if the browser can do that, else as it was prepared, else in segments that are made while it
// plays: `data-stream` is their playlist, `data-segments` the module that plays them where the browser cannot.

const PLAYLIST = "application/vnd.apple.mpegurl";
const WAITS = 3; // within so many ms, after which the network counts as too slow for the file
const WITHIN = 20_000;
const endings = new WeakMap(); // video -> what ends its segments

/** Safari plays playlists by itself; that it sends to AirPlay tells it from others that say so too. */
const isNative = (video) => "webkitCurrentPlaybackTargetIsWireless" in video && video.canPlayType(PLAYLIST) !== "";

/** Whether a file is there that the browser may be able to play. */
function hasFile(video) {
  if (video.getAttribute("src")) return true;
  return [...video.querySelectorAll("source")].some(({ type }) => !type || video.canPlayType(type) !== "");
}

function isSlow(video) {
  const { saveData, downlink } = navigator.connection ?? {};
  return Boolean(saveData) || (downlink ?? Infinity) * 1e6 < Number(video.dataset.bits || 0);
}

/** Bring a video to life. `fail` is called if it cannot be played in any way. */
export function startVideo(video, fail) {
  const { stream } = video.dataset;
  if (!stream) {
    video.addEventListener("error", fail);
    return;
  }
  const inSegments = () => playInSegments(video, fail);
  if (!hasFile(video) || isSlow(video)) {
    inSegments();
    return;
  }
  const onError = () => inSegments();
  video.addEventListener("error", onError, { once: true });
  video.querySelector("source:last-of-type")?.addEventListener("error", onError, { once: true });
  watchNetwork(video, inSegments);
}

/** Go over to segments, which come in smaller sizes too, if the file comes too slowly. */
function watchNetwork(video, inSegments) {
  let waits = [];
  video.addEventListener("seeking", () => {
    waits = [];
  });
  video.addEventListener("waiting", () => {
    if (endings.has(video) || video.seeking) return;
    waits = [...waits, Date.now()].filter((at) => Date.now() - at < WITHIN);
    if (waits.length >= WAITS) inSegments();
  });
}

/** Play in segments from where the video stands. */
export async function playInSegments(video, fail) {
  if (endings.has(video)) return;
  endings.set(video, () => {});
  const { stream, segments } = video.dataset;
  const [start, wasPlaying] = [video.currentTime, !video.paused || video.autoplay];
  video.querySelectorAll("source").forEach((source) => source.remove());
  video.removeAttribute("src");
  const failed = () => {
    stopVideo(video);
    fail();
  };
  if (isNative(video)) {
    video.addEventListener("error", failed, { once: true });
    video.src = stream;
    if (start) video.currentTime = start;
  } else {
    try {
      const { playSegments } = await import(segments);
      if (!endings.has(video)) return; // it was closed meanwhile
      endings.set(video, playSegments(video, stream, start || -1, failed));
    } catch {
      failed();
      return;
    }
  }
  if (wasPlaying) video.play().catch(() => {}); // a browser may want a click first
}

/** End a video that is no longer shown: nothing more is fetched or made for it. */
export function stopVideo(video) {
  endings.get(video)?.();
  endings.delete(video);
}
