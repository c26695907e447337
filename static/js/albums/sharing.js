// Sharing: [data-copy] puts an address on the clipboard, an address is selected when it is touched.

import { toast } from "../mirage/toast.js";
import { gettext } from "../mirage/words.js";

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (button) {
    const copied = await navigator.clipboard?.writeText(button.dataset.copy).then(
      () => true,
      () => false,
    );
    if (!copied) prompt(gettext("Copy this address:"), button.dataset.copy); // no clipboard without HTTPS
    else toast(gettext("The address is on the clipboard"));
  }
  if (target.closest("[data-done]")) document.body.dispatchEvent(new CustomEvent("albums:changed", { bubbles: true }));
  target.closest("[data-select]")?.select();
});
