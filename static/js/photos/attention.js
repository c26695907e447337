// Needs attention: the box above the list ticks all that is shown, and follows what is ticked. The toast's Undo brings
// photos out of the trash and the list up to date.

import { toast } from "../mirage/toast.js";
import { gettext, interpolate, ngettext, number, pgettext } from "../mirage/words.js";

document.addEventListener("change", ({ target }) => {
  const list = target.closest(".attention");
  if (!list) return;
  const all = list.querySelector("[data-tick-all]");
  const boxes = [...list.querySelectorAll(".list input[type=checkbox]")];
  if (target === all)
    boxes.forEach((box) => {
      box.checked = all.checked;
    });
  const ticked = boxes.filter((box) => box.checked).length;
  all.checked = ticked > 0 && ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
  all.nextElementSibling.textContent = ticked
    ? interpolate(ngettext("%(number)s selected", "%(number)s selected", ticked), { number: number(ticked) })
    : pgettext("verb", "Select");
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-undo]")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  const response = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(
    () => null,
  );
  if (!response?.ok) {
    toast(gettext("That did not work. Please try again."), "error");
    return;
  }
  form.closest(".toast").remove();
  document.getElementById("toasts").insertAdjacentHTML("beforeend", await response.text());
  window.htmx.ajax("GET", window.location.pathname, { target: "#attention", swap: "outerHTML" });
});
