// The palette: Ctrl-K opens a field over any page that finds pages, people, albums, places and actions. The server says
// what fits (palette/_options.html), the page adds what can be done with the photos that are selected. Arrows choose,
// Enter opens, Ctrl-Enter opens in a new tab. What was chosen is remembered in this browser by its key alone, so that
// the names stay with the server.

import { handle } from "./shortcuts.js";
import { pgettext } from "./words.js";

const PAUSE_MS = 40;
const REMEMBERED = 8;
const dialog = document.getElementById("palette");
const form = dialog?.querySelector("form");
const input = dialog?.querySelector("input[role=combobox]");
const list = document.getElementById("palette-options");
const place = `palette.${form?.dataset.user}`;
let asked; // what aborts the request under way
let pause;
let answered = null; // the text that the options are for
let waiting = null; // Enter, pressed before they came
let active = 0;

const options = () => [...list.querySelectorAll("[role=option]")];

function recent() {
  try {
    return JSON.parse(localStorage.getItem(place)) ?? [];
  } catch {
    return [];
  }
}

function remember(key) {
  if (!key) return;
  localStorage.setItem(place, JSON.stringify([key, ...recent().filter((one) => one !== key)].slice(0, REMEMBERED)));
}

function choose(index) {
  const all = options();
  all[active]?.setAttribute("aria-selected", "false");
  active = (index + all.length) % all.length;
  const option = all[active];
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

/** What can be done with the selection, if its words begin with what is typed. */
function forSelection(text) {
  if (!document.documentElement.classList.contains("selecting")) return [];
  const wanted = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const buttons = [...document.querySelectorAll("#selection button:not([type=reset], [popovertarget])")];
  const fits = (button) => {
    const words = button.textContent.toLocaleLowerCase().trim().split(/\s+/);
    return wanted.every((part) => words.some((word) => word.startsWith(part)));
  };
  return buttons.filter((button) => !button.disabled && fits(button)).map(asOption);
}

function asOption(button, index) {
  const option = document.createElement("a");
  option.className = "palette-option";
  option.id = `palette-selection-${index}`;
  option.setAttribute("role", "option");
  option.href = "#";
  option.tabIndex = -1;
  const title = document.createElement("span");
  title.className = "palette-title";
  title.textContent = button.textContent.trim();
  const kind = document.createElement("span");
  kind.className = "small";
  kind.textContent = pgettext("palette", "Selection");
  option.append(button.querySelector(".icon")?.cloneNode(true) ?? "", title, kind);
  option.does = () => button.click();
  return option;
}

async function ask() {
  clearTimeout(pause);
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  const text = input.value;
  const query = new URLSearchParams({ q: text, recent: recent().join(",") });
  let html = "";
  try {
    const response = await fetch(`${form.dataset.url}?${query}`, { signal, headers: { "HX-Request": "true" } });
    if (!response.ok) throw new Error(`${response.status}`);
    html = await response.text();
  } catch {
    if (signal.aborted) return;
  }
  if (signal.aborted || !dialog.open) return;
  list.innerHTML = html;
  list.prepend(...forSelection(text));
  answered = text;
  active = 0;
  if (options().length) choose(0);
  if (waiting) go(waiting.ctrlKey);
}

/** Go to what is chosen, once the options are those for what is typed. */
function go(inNewTab) {
  if (answered !== input.value) {
    waiting = { ctrlKey: inNewTab };
    ask();
    return;
  }
  waiting = null;
  const option = options()[active];
  if (!option) return;
  if (!inNewTab || option.does || "post" in option.dataset || option.dataset.dialog) option.click();
  else {
    remember(option.dataset.key);
    dialog.close();
    window.open(option.href, "_blank");
  }
}

function open() {
  if (!dialog.open) dialog.showModal();
  input.value = "";
  input.focus();
  answered = waiting = null;
  list.replaceChildren();
  ask();
}

/** Post what a command says, as a form of the page. */
function post(option) {
  form.action = option.href;
  form.querySelectorAll("[data-sent]").forEach((field) => field.remove());
  const fields = [...new URLSearchParams(option.dataset.post), ["next", location.pathname + location.search]];
  for (const [name, value] of fields) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    field.dataset.sent = "";
    form.append(field);
  }
  form.submit();
}

function onKey(event) {
  if (event.isComposing) return; // an input method is choosing signs
  const count = options().length;
  if (event.key === "Enter") go(event.ctrlKey || event.metaKey);
  else if (event.key === "ArrowDown" && count) choose(active + 1);
  else if (event.key === "ArrowUp" && count) choose(active - 1);
  else if (event.key === "PageDown" && count) choose(count - 1);
  else if (event.key === "PageUp" && count) choose(0);
  else return;
  event.preventDefault();
}

function onClick(event) {
  const option = event.target.closest("[role=option]");
  if (!option) return;
  remember(option.dataset.key);
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  dialog.close();
  const inPage = option.does || "post" in option.dataset || option.dataset.dialog;
  if (!inPage) return; // a link
  event.preventDefault();
  if (option.does) option.does();
  else if ("post" in option.dataset) post(option);
}

if (dialog) {
  input.addEventListener("input", () => {
    waiting = null;
    clearTimeout(pause);
    pause = setTimeout(ask, PAUSE_MS);
  });
  dialog.addEventListener("keydown", onKey);
  list.addEventListener("click", onClick);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-dialog=palette]")) open();
  });
  handle(
    "everywhere",
    () => true,
    (key) => key === "Ctrl+k" && (open(), true),
  );
}
