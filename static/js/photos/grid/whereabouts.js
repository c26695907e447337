// The day in view, under the heading of the page while the photos are scrolled. Screen readers have the headings of the
// days, so it is hidden from them.

import { firstVisible, grid } from "./grid.js";

const SCROLLED_PX = 120; // at the top the day's own heading is in view

const line = document.createElement("span");
line.className = "top-date";
line.setAttribute("aria-hidden", "true");

function part(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}

/** The day's heading with its year, and its places, which are what is cut off where there is little room. */
function show() {
  const seen = scrollY > SCROLLED_PX && grid() ? firstVisible() : null;
  if (scrollY > SCROLLED_PX && grid() && !seen) return; // on its way
  const title = seen?.section.querySelector(".day-title")?.textContent.trim().replace(/\s+/g, " ") ?? "";
  const year = /^\d{4}-\d\d-\d\d$/.test(seen?.day ?? "") ? ` ${seen.day.slice(0, 4)}` : "";
  const places = seen?.section.querySelector(".day-places")?.textContent ?? "";
  if (line.dataset.shown === title + year + places) return;
  line.dataset.shown = title + year + places;
  line.replaceChildren(...(title ? [part("top-day", title + year), part("top-places", places)] : []));
}

export function startWhereabouts() {
  const heading = document.querySelector(".top > h1");
  if (!heading) return;
  heading.append(line);
  let frame = 0;
  addEventListener(
    "scroll",
    () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        show();
      });
    },
    { passive: true },
  );
}
