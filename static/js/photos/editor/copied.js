// An edit that is copied from the open photo, [data-copy-edit], and pasted onto a selection, [data-paste-edit]. The key of
// the photo is kept until another is copied, also for other tabs. And [data-download-selection], a form that downloads
// the selection in another form.

import { toast } from "../../mirage/toast.js";
import { gettext } from "../../mirage/words.js";
import { selection } from "../selection.js";

const KEPT = "copied-edit"; // in localStorage: the key of a photo

function offer() {
  const key = localStorage.getItem(KEPT);
  for (const button of document.querySelectorAll("[data-paste-edit]")) {
    button.hidden = !key;
    button.value = key ?? "";
  }
}

document.addEventListener("click", ({ target }) => {
  const copied = target.closest("[data-copy-edit]");
  if (!copied) return;
  localStorage.setItem(KEPT, copied.dataset.copyEdit);
  offer();
  toast(gettext("Light and colour are copied. Select photos, and paste the edit from More."));
});
document.addEventListener("submit", ({ target }) => {
  if (target.matches("[data-download-selection]")) target.elements.keys.value = selection.keys().join(",");
});
addEventListener("storage", offer);
document.addEventListener("htmx:afterSettle", offer);
offer();
