// Mirage as an app: starts the service worker and tells it who is signed in; offers once, quietly, to install the app
// where the browser can, and remembers that it did (in a cookie, which outlives signing out).

import { toast } from "./toast.js";
import { interpolate, ngettext, number } from "./words.js";

const { worker, user, upload } = document.querySelector("script[data-worker]").dataset;
const OFFERED = "mirage_install_offered";
const YEAR_S = 365 * 86_400;
const SETTLED_MS = 2_000; // after which a page shows its first pictures
const MOST_TOLD = 200;

const wasOffered = () => document.cookie.split("; ").some((cookie) => cookie.startsWith(`${OFFERED}=`));

/** The pictures that are shown. What the browser has in its own memory it does not ask the service worker for. */
function tellSeen(active) {
  const shown = [...document.images].filter((image) => image.complete && image.naturalWidth);
  active.postMessage({ by: user, seen: [...new Set(shown.map((image) => image.currentSrc))].slice(-MOST_TOLD) });
}

async function start() {
  const registration = await navigator.serviceWorker
    .register(worker, { scope: "/", updateViaCache: "none" })
    .catch(() => null); // a private window, or a browser told not to
  if (!registration) return;
  const ready = await navigator.serviceWorker.ready;
  ready.active.postMessage({ user, path: location.pathname });
  if (user) addEventListener("pagehide", () => tellSeen(ready.active));
  setTimeout(() => user && tellSeen(ready.active), SETTLED_MS);
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data.sent) {
      const words = ngettext("A shared file was uploaded", "%(number)s shared files were uploaded", data.sent);
      toast(interpolate(words, { number: number(data.sent) }));
    }
  });
}

if ("serviceWorker" in navigator) start();

// --- the offer -------------------------------------------------------------------------------------------------------

let prompting = null; // the browser's event, while it may be asked

function offer() {
  const template = document.getElementById("install-offer");
  if (!template || wasOffered()) return;
  document.cookie = `${OFFERED}=yes; path=/; max-age=${YEAR_S}; SameSite=Lax`;
  document.getElementById("toasts").append(template.content.cloneNode(true));
}

function setOfferable(can) {
  document.querySelectorAll(".menu-link[data-install]").forEach((button) => {
    button.hidden = !can;
  });
}

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault(); // the browser's own banner comes when it likes
  prompting = event;
  setOfferable(true);
  offer();
});
addEventListener("appinstalled", () => setOfferable(false));

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-install]");
  if (!button) return;
  button.closest(".toast")?.remove();
  if (button.dataset.install === "yes") prompting?.prompt();
});
