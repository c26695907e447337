// Files that the phone shared to Mirage: taken from where the service worker kept them, and forgotten there as soon as
// the library has them. While they are sent here, the service worker does not send them too.

import "../offline/shared.js";

const shared = self.mirageShared;
const THROUGH = new Set(["done", "known"]);
let open = new Map(); // files on their way, with what is kept of them

/** Send what waits through the queue; `take` takes files in. */
export async function takeShared(take, queue) {
  if (!navigator.locks || !(await shared.count().catch(() => 0))) return; // neither without HTTPS
  await navigator.locks.request(shared.LOCK, async () => {
    open = new Map((await shared.all()).map((one) => [one.file, one]));
    take([...open.values()].map(({ file, url }) => ({ file, folder: "", handle: null, url })));
    await new Promise((resolve) => {
      const look = () => {
        const items = new Map(queue.items.map((item) => [item.file, item]));
        for (const [file, { key }] of open) {
          const item = items.get(file); // none: it is no photo, or somebody pressed Cancel
          if (item && !THROUGH.has(item.state)) continue;
          open.delete(file);
          shared.forget(key).catch(() => {});
        }
        if ([...open.keys()].some((file) => items.get(file)?.offline)) sendLater();
        if (!open.size) resolve();
      };
      queue.addEventListener("change", look);
      look();
    });
  });
}

/** The service worker goes on when there is a network again, even if this page is closed by then. */
function sendLater() {
  navigator.serviceWorker?.controller?.postMessage({ later: true });
}
addEventListener("pagehide", () => {
  if (open.size) sendLater();
});
