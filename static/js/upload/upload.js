// The upload page: drops and pickers feed the queue, the view shows it; leaving in the middle is warned of, and what
// was begun before is taken up when the same file comes again, or by one click where the browser has kept its handle.

import * as handles from "./handles.js";
import { sort } from "./kinds.js";
import { Queue } from "./queue.js";
import { Server } from "./server.js";
import { takeShared } from "./shared.js";
import { View } from "./view.js";
import { carriesFiles, dropped, picked } from "./walk.js";
import { toast } from "../mirage/toast.js";
import { gettext } from "../mirage/words.js";

const root = document.getElementById("upload");
const queue = new Queue(new Server(root.dataset));
const view = new View(root, queue);
const extensions = new Set(root.dataset.extensions.split(" "));

/** Take files in: {file, folder, handle} each. */
export function take(list) {
  const { media, others } = sort(list, extensions);
  view.drawSkipped(others);
  queue.add(media.map(withBegun));
  if (media.length) return;
  toast(list.length ? gettext("There was no photo or video among these files.") : gettext("There was nothing in it."));
}

// --- what was begun before -------------------------------------------------------------------------------------------

const begun = () => [...root.querySelectorAll("[data-begun]")];

/** The same file as one that was begun goes on where that one stopped. */
function withBegun(one) {
  const { name, size, lastModified } = one.file;
  const row = begun().find(
    ({ dataset }) =>
      dataset.name === name &&
      Number(dataset.size) === size &&
      Math.abs(Number(dataset.modified) - lastModified) < 1000,
  );
  if (!row) return one;
  removeBegun(row);
  return { ...one, url: row.dataset.begun };
}

function removeBegun(row) {
  row.remove();
  root.querySelector("[data-part=unfinished]").hidden = begun().length === 0;
}

async function offerKept() {
  const known = new Set(await handles.known().catch(() => []));
  for (const row of begun()) row.querySelector("[data-do=reopen]").hidden = !known.has(row.dataset.begun);
}

async function reopen(row) {
  const one = await handles.reopen(row.dataset.begun).catch(() => null);
  if (one) take([one]);
  else toast(gettext("The file could not be opened. Drop it here again to go on."), "error");
}

async function discard(row) {
  const response = await queue.server.discard(row.dataset.begun).catch(() => null);
  if (!response?.ok && response?.status !== 404) {
    toast(gettext("That did not work. Please try again."), "error");
    return;
  }
  handles.forget(row.dataset.begun).catch(() => {});
  removeBegun(row);
}

root.querySelector("[data-part=unfinished]").addEventListener("click", ({ target }) => {
  const row = target.closest("[data-begun]");
  const action = target.closest("[data-do]")?.dataset.do;
  if (action === "reopen") reopen(row);
  if (action === "discard") discard(row);
});

queue.addEventListener("begun", ({ detail: item }) => {
  if (item.handle) handles.keep(item.url, item.handle).catch(() => {}); // private windows keep nothing
});
queue.addEventListener("ended", ({ detail: item }) => handles.forget(item.url ?? "").catch(() => {}));

// --- where files come from -------------------------------------------------------------------------------------------

let depth = 0;

document.addEventListener("dragenter", (event) => {
  if (carriesFiles(event)) root.classList.toggle("is-over", (depth += 1) > 0);
});
document.addEventListener("dragleave", (event) => {
  if (carriesFiles(event)) root.classList.toggle("is-over", (depth -= 1) > 0);
});
document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
});
document.addEventListener("drop", async (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  depth = 0;
  root.classList.remove("is-over");
  take(await dropped(event.dataTransfer));
});
for (const input of root.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", () => {
    take(picked(input));
    input.value = "";
  });
}

root.addEventListener("click", ({ target }) => {
  const action = target.closest("[data-action]")?.dataset.action;
  if (action === "pause-all") queue.pauseAll();
  if (action === "resume-all") queue.resumeAll();
  if (action === "retry-all") queue.retryAll();
  if (action === "cancel-all") queue.cancelAll();
});

// --- while it lasts --------------------------------------------------------------------------------------------------

window.addEventListener("beforeunload", (event) => {
  if (queue.isWorking) event.preventDefault();
});
window.addEventListener("online", () => {
  queue.items.filter((item) => item.state === "failed" && item.offline).forEach((item) => queue.retry(item));
});

// Phones that fall asleep stop sending; where the browser allows it they stay awake.
let awake = null;
queue.addEventListener("change", async () => {
  if (queue.isWorking && awake === null) {
    awake = navigator.wakeLock?.request("screen").catch(() => null) ?? false;
  } else if (!queue.isWorking && awake) {
    (await awake)?.release();
    awake = null;
  }
});

offerKept();
takeShared(take, queue);
