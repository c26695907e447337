// A video in segments, by hls.js. Loaded when a video cannot be played as it came.

import Hls from "../../../vendor/hls/hls.light.min.js";

const GUESS = 4_000_000; // bits per second, until the first segment tells: it begins with the quality in the middle
const AHEAD = 20; // seconds that are fetched before they are shown
const PATIENCE = 30_000; // ms for a segment, which may have to be made first
const BUSY = 12; // times that we ask again while the site makes segments for others: about 40 seconds

const loading = (retries, busy = retries) => ({
  default: {
    maxTimeToFirstByteMs: PATIENCE,
    maxLoadTimeMs: 2 * PATIENCE,
    timeoutRetry: { maxNumRetry: retries, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: { maxNumRetry: busy, retryDelayMs: 500, maxRetryDelayMs: 4000 },
  },
});

/** Play the playlist in the video element from that second on. `fail` is called if it fails later. Returns an ending. */
export function playSegments(video, playlist, start, fail) {
  if (!Hls.isSupported()) {
    throw new Error("This browser plays no segments.");
  }
  const hls = new Hls({
    abrEwmaDefaultEstimate: GUESS,
    enableWorker: false, // one video at a time needs none, and the page's policy allows no code from elsewhere
    maxBufferLength: AHEAD,
    maxMaxBufferLength: 2 * AHEAD,
    backBufferLength: 60,
    capLevelToPlayerSize: true,
    startPosition: start,
    fragLoadPolicy: loading(4, BUSY),
    manifestLoadPolicy: loading(1),
    playlistLoadPolicy: loading(1),
  });
  let mended = 0;
  hls.on(Hls.Events.ERROR, (_, { fatal, type }) => {
    if (!fatal) return;
    if (type === Hls.ErrorTypes.MEDIA_ERROR && mended < 2) {
      mended += 1;
      hls.recoverMediaError();
      return;
    }
    hls.destroy();
    fail();
  });
  hls.loadSource(playlist);
  hls.attachMedia(video);
  return () => hls.destroy();
}
