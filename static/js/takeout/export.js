// The files of an export, or what another program knows: they are sent one after the other, and go on where they stopped
// when they are chosen again.

import { toast } from "../mirage/toast.js";
import { gettext, interpolate } from "../mirage/words.js";
import { Server } from "../upload/server.js";

const root = document.getElementById("export-page");
const server = new Server({ tus: root.dataset.tus });
const waiting = [];
let sending = false;

// A database that was changed since has the same name, and often the same size.
const rowOf = (file) =>
  [...root.querySelectorAll("[data-begun]")].find(
    ({ dataset }) =>
      dataset.name === file.name &&
      Number(dataset.size) === file.size &&
      Number(dataset.modified) === Math.trunc(file.lastModified / 1000),
  );

/** Draw the list as the server knows it. */
async function refresh() {
  const response = await fetch(root.dataset.page, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("export");
  document.getElementById("export").replaceWith(document.adoptNode(fresh));
  chooseProgram();
  const next = document.querySelector("#export form");
  if (sending && next) next.hidden = true;
}

/** Whose file it is, as far as its name says so and nobody chose otherwise. */
function chooseProgram() {
  const row = root.querySelector("[name=upload]:checked")?.closest("[data-program]");
  if (!row || root.querySelector("[name=program]:checked")) return;
  const choice = root.querySelector(`[name=program][value="${row.dataset.program}"]`);
  if (choice) choice.checked = true;
}

function draw(file, bytes) {
  const row = rowOf(file);
  if (!row) return;
  row.querySelector("progress").value = bytes;
  const percent = `${Math.floor((100 * bytes) / file.size)} %`;
  row.querySelector("[data-part=words]").textContent = interpolate(gettext("%(percent)s sent"), { percent });
}

function send(file) {
  return new Promise((resolve) => {
    server.send(
      file,
      { folder: "", url: rowOf(file)?.dataset.begun },
      {
        url: refresh,
        progress: (bytes) => draw(file, bytes),
        trouble: () => {},
        done: resolve,
        failed: (error) => {
          toast(`${file.name}: ${error.message}`, "error");
          resolve();
        },
      },
    );
  });
}

async function work() {
  if (sending) return;
  sending = true;
  while (waiting.length) await send(waiting.shift());
  sending = false;
  await refresh();
}

root.querySelector("input[type=file]").addEventListener("change", ({ target }) => {
  waiting.push(...target.files);
  target.value = "";
  work();
});

root.addEventListener("click", async ({ target }) => {
  const row = target.closest("[data-do=discard]")?.closest("[data-begun]");
  if (!row) return;
  await server.discard(row.dataset.begun).catch(() => null);
  await refresh();
});

chooseProgram();

window.addEventListener("beforeunload", (event) => {
  if (sending) event.preventDefault();
});
