// What is done with photos: forms and buttons with data-action (favourite, archive, trash, restore, delete and their
// opposites) are sent in the background. The page shows the result at once and takes it back if the server refuses; the
// answer is a toast with an Undo, which is such a form too. Tells of each change with `photos:changed` when it shows
// and with `photos:settled` when the server has answered.

import { selection } from "./selection.js";
import { firstVisible, grid, hideEmptyDays, load, tileOf } from "./timeline.js";
import { toast } from "../mirage/toast.js";
import { gettext } from "../mirage/words.js";

const OPPOSITE = {
  favourite: "unfavourite",
  unfavourite: "favourite",
  archive: "unarchive",
  unarchive: "archive",
  trash: "restore",
  restore: "trash",
};
// By which actions a photo leaves the list that is shown; by the opposite it comes back.
const LEAVES = {
  timeline: ["archive", "trash"],
  recent: ["archive", "trash"],
  videos: ["archive", "trash"],
  memory: ["archive", "trash"],
  favourites: ["unfavourite", "trash"],
  archive: ["unarchive", "trash"],
  trash: ["restore", "delete"],
  person: ["trash"],
  tag: ["trash"],
  album: ["trash"],
  similar: ["trash"],
  picture: ["trash"],
  search: ["trash"],
};
// Other apps' lists are called person.KEY and the like. A search may look in the trash.
const leaving = (listing) => (grid()?.dataset.inTrash ? LEAVES.trash : LEAVES[listing?.split(".")[0]]);

export const leaves = (listing, action) => leaving(listing)?.includes(action) ?? false;
const returns = (listing, action) => leaving(listing)?.includes(OPPOSITE[action]) ?? false;

const toasts = document.getElementById("toasts");
const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

/** Show the result of the action in the grid. */
function show(action, keys) {
  const listing = grid()?.dataset.listing;
  for (const tile of keys.map(tileOf)) {
    if (!tile) continue;
    if (action === "favourite" || action === "unfavourite") tile.classList.toggle("favourite", action === "favourite");
    if (leaves(listing, action)) tile.hidden = true;
    if (returns(listing, action)) tile.hidden = false;
  }
  if (listing) hideEmptyDays();
  document.dispatchEvent(new CustomEvent("photos:changed", { detail: { action, keys } }));
}

/** Fetch the list again where hiding and showing tiles cannot make it right. */
async function refresh(action, keys) {
  if (!grid()) return;
  const none = !grid().querySelector(".tile:not([hidden])");
  const comesBack = returns(grid().dataset.listing, action) && keys.some((key) => !tileOf(key));
  if ((none && leaves(grid().dataset.listing, action)) || (none && comesBack)) await load("");
}

/** Do it; resolves to whether the server did. `fields` go along with the keys. */
export async function act(action, url, keys, fields = {}) {
  show(action, keys);
  const response = await fetch(url, {
    method: "POST",
    headers: { "HX-Request": "true", "X-CSRFToken": token() },
    body: new URLSearchParams({ ...fields, keys: keys.join(",") }),
  }).catch(() => null);
  document.dispatchEvent(new CustomEvent("photos:settled", { detail: { action, keys } }));
  if (!response?.ok) {
    if (OPPOSITE[action]) show(OPPOSITE[action], keys);
    else if (grid()) await load("");
    if (response?.status === 422) toasts.insertAdjacentHTML("beforeend", await response.text()); // says why
    else
      toast(
        response
          ? gettext("That did not work, and nothing was changed. Please try again.")
          : gettext("Mirage cannot be reached. Nothing was changed."),
        "error",
      );
    return false;
  }
  toasts.insertAdjacentHTML("beforeend", await response.text());
  await refresh(action, keys);
  return true;
}

export function startActions() {
  document.addEventListener("photos:restacked", () => {
    if (!grid()) return;
    selection.clear();
    load(firstVisible() ? `?photo=${firstVisible().tile.dataset.key}` : "");
  });
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const control = event.submitter?.dataset.action ? event.submitter : form;
    const { action } = control.dataset;
    if (!action || action === "download") return;
    event.preventDefault();
    const { submitter } = event;
    const fields = Object.fromEntries(
      ["undo", "confirmed", "whole"].filter((name) => form.elements[name]).map((name) => [name, "yes"]),
    );
    if (form.id === "selection") await selection.whole();
    const keys = form.id === "selection" ? selection.keys() : form.elements.keys.value.split(",");
    form.closest(".toast")?.remove();
    if (form.id === "selection") selection.clear();
    if (keys.length) act(action, submitter?.getAttribute("formaction") ?? form.action, keys, fields);
  });
}
