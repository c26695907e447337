// Choosing photos for an album from the whole library: each press selects (selection.js, by data-picking). Those that
// are in the album already are marked and cannot be chosen. The selection stays while somebody searches on.

import { gettext, interpolate, number } from "../mirage/words.js";
import { selection } from "../photos/selection.js";
import { grid, tileOf } from "../photos/timeline.js";

const done = document.querySelector("[data-done-label]");

function markInside() {
  for (const { dataset } of grid().querySelectorAll("[data-inside]")) {
    for (const key of dataset.inside.split(" ").filter(Boolean)) {
      const tile = tileOf(key);
      if (!tile || tile.classList.contains("inside")) continue;
      tile.classList.add("inside");
      const check = tile.querySelector(".tile-check");
      check.disabled = true;
      const link = tile.querySelector(".tile-link");
      // Translators: photo is what it shows in words
      const words = gettext("%(photo)s, already in the album");
      link.setAttribute("aria-label", interpolate(words, { photo: link.getAttribute("aria-label") }));
      link.setAttribute("aria-disabled", "true");
      link.title = gettext("Already in the album");
    }
  }
}

document.addEventListener("grid:tiles", markInside);
document.addEventListener("selection", () => {
  done.textContent = `${done.dataset.doneLabel} (${number(selection.size)})`;
});
markInside();
