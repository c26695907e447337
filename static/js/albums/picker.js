// Choosing photos for an album from the whole library: each press selects (selection.js, by data-picking). Those that
// are in the album already are marked and cannot be chosen. The selection stays while somebody searches on.

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
      link.setAttribute("aria-label", `${link.getAttribute("aria-label")}, already in the album`);
      link.setAttribute("aria-disabled", "true");
      link.title = "Already in the album";
    }
  }
}

document.addEventListener("grid:tiles", markInside);
document.addEventListener("selection", () => {
  done.textContent = `${done.dataset.doneLabel} (${selection.size.toLocaleString("en")})`;
});
markInside();
