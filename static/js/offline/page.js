// The page for when Mirage cannot be reached: says what waits to be sent, shows thumbnails that were seen, and opens the
// page that was asked for as soon as there is a network.

import "./shared.js";
import { gettext, interpolate, ngettext, number as written } from "../mirage/words.js";

const SHOWN = 300;
const PATIENCE_MS = 15_000; // between two looks: a server that starts again fires no event

const list = document.querySelector(".offline-tiles");
const dialog = document.querySelector(".offline-photo");
const keyOf = (url) => new URL(url).pathname.split("/")[2];

async function showWaiting() {
  const count = await self.mirageShared.count().catch(() => 0);
  const note = document.querySelector("[data-waiting]");
  note.hidden = !count;
  const words = ngettext(
    "One shared file is kept here. It is sent when you are online again.",
    "%(number)s shared files are kept here. They are sent when you are online again.",
    count,
  );
  note.textContent = interpolate(words, { number: written(count) });
}

function tile(url, number) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  const image = Object.assign(document.createElement("img"), { src: url, alt: "", loading: "lazy" });
  button.type = "button";
  button.dataset.open = keyOf(url);
  button.setAttribute("aria-label", interpolate(gettext("Photo %(number)s"), { number: written(number) }));
  button.append(image);
  item.append(button);
  return item;
}

/** The thumbnails that are kept, by the key of their photo; of each the smallest, the latest first. */
async function showSeen() {
  const kept = (await (await caches.open("mirage-seen")).keys()).map((request) => request.url).reverse();
  const first = new Map();
  for (const url of kept) if (!first.has(keyOf(url)) || url.includes("/small.webp")) first.set(keyOf(url), url);
  const urls = [...first.values()].slice(0, SHOWN);
  list.replaceChildren(...urls.map((url, at) => tile(url, at + 1)));
  document.querySelector("[data-seen]").hidden = !urls.length;
}

async function open(key) {
  const all = await Promise.all(
    ["mirage-large", "mirage-seen"].map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)),
  );
  const mine = all.flat().filter((url) => keyOf(url) === key);
  const best = ["large", "medium", "small"].map((size) => mine.find((url) => url.includes(`/${size}.webp`)));
  dialog.querySelector("img").src = best.find(Boolean) ?? "";
  dialog.showModal();
}

list.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-open]");
  if (button) open(button.dataset.open);
});
dialog.addEventListener("click", ({ target }) => {
  if (target === dialog) dialog.close();
});

const again = () => location.reload();
document.querySelector("[data-again]").addEventListener("click", again);
addEventListener("online", again);
setInterval(async () => {
  if (dialog.open || document.hidden) return;
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) again();
}, PATIENCE_MS);

if ("caches" in self) showSeen();
showWaiting();
