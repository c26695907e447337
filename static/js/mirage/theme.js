// The appearance: system, light, dark, in turn at each press of the button. Applied at once, kept on the server.
// Without JavaScript the same form is posted and the page comes back in the new appearance.

import { toast } from "./toast.js";
import { gettext } from "./words.js";

const ORDER = ["system", "light", "dark"];
const told = {
  system: gettext("Appearance: as the system"),
  light: gettext("Appearance: light"),
  dark: gettext("Appearance: dark"),
};
const root = document.documentElement;

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form) return;
  event.preventDefault();
  const before = root.dataset.theme;
  const theme = ORDER[(ORDER.indexOf(before) + 1) % ORDER.length];
  root.dataset.theme = theme;
  const body = new FormData(form);
  body.set("theme", theme);
  const response = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(
    () => null,
  );
  if (!response?.ok) {
    root.dataset.theme = before;
    toast(gettext("The appearance could not be kept."), "error");
    return;
  }
  toast(told[theme]);
});
