// What the search box shows before a word is typed: faces, recent searches, places and years (search/_starting.html), all
// of them links. The arrows walk from the box through the links, Escape comes back. It is fetched once for each page.

const panel = document.getElementById("search-starting");
const input = document.getElementById("search-input");
const form = input?.closest("form");
let fetched;

const links = () => [...panel.querySelectorAll("a, button")].filter((one) => one.offsetParent);

/** Whether there is nothing in the box yet, so that the panel helps more than proposals. */
export const suits = (box) => !box.value.trim();

export const isOpen = () => !panel.hidden;

export async function open() {
  fetched ??= fill();
  await fetched;
  if (panel.childElementCount && suits(input) && document.activeElement === input) {
    panel.hidden = false;
    input.setAttribute("aria-controls", panel.id);
    input.setAttribute("aria-expanded", "true");
  }
}

export function close() {
  panel.hidden = true;
  input.setAttribute("aria-controls", "search-options");
  input.setAttribute("aria-expanded", "false");
}

async function fill() {
  try {
    const response = await fetch(form.dataset.startUrl, { headers: { "HX-Request": "true" } });
    if (!response.ok) throw new Error(`${response.status}`);
    panel.innerHTML = await response.text();
    globalThis.htmx?.process(panel);
  } catch {
    fetched = undefined; // a search can be typed all the same; the next time asks again
  }
}

/** Go to the next link or the one before, from the box through all of them and back. */
export function step(by) {
  const stops = [input, ...links()];
  const at = stops.indexOf(document.activeElement);
  stops.at((at + by + stops.length) % stops.length).focus();
}

panel?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp") step(-1);
  else if (event.key === "Escape") input.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

// Where a search was forgotten, its button is gone: the focus stays in the panel.
panel?.addEventListener("htmx:afterSwap", () => input.focus());
