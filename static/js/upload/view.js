// What the upload page shows of the queue: one bar for all, a row for each file that is not through, a tile for each
// that is. Of a thousand files only the first rows and the last tiles are in the page.

import { UNSENT } from "./queue.js";
import { gettext, interpolate, ngettext, number } from "../mirage/words.js";

const ROWS = 60;
const WAITING_ROWS = 10;
const TILES = 120;
const SKIPPED = 200;
const FRAME = 150;
const ORDER = ["sending", "finishing", "failed", "checking", "paused", "ready", "waiting"];
const WORDS = {
  waiting: gettext("Waiting"),
  checking: gettext("Checking whether it is new"),
  ready: gettext("Waiting"),
  finishing: gettext("Taking it into the library"),
  paused: gettext("Paused"),
};

export function size(bytes) {
  const units = [
    gettext("%(size)s bytes"),
    gettext("%(size)s kB"),
    gettext("%(size)s MB"),
    gettext("%(size)s GB"),
    gettext("%(size)s TB"),
  ];
  const step = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** step;
  const digits = step < 2 || value >= 100 ? 0 : 1;
  const language = document.documentElement.lang || "en";
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false };
  return interpolate(units[step], { size: value.toLocaleString(language, options) });
}

export function span(seconds) {
  if (seconds < 60) return gettext("less than a minute");
  const minutes = Math.round(seconds / 60);
  const hours = Math.round(seconds / 3600);
  return seconds < 5400
    ? interpolate(ngettext("%(number)s minute", "%(number)s minutes", minutes), { number: minutes })
    : interpolate(ngettext("%(number)s hour", "%(number)s hours", hours), { number: hours });
}

const counted = (words, count) => interpolate(words, { number: number(count) });
const outOf = (part, whole) => interpolate(gettext("%(part)s of %(whole)s"), { part, whole });

/** What has become of a file that is through. */
function fateOf({ photo, state }) {
  if (photo.failure) return interpolate(gettext("kept, but it cannot be shown: %(reason)s"), { reason: photo.failure });
  if (photo.better) return gettext("you have this picture in a better version");
  if (state !== "known") return "";
  return photo.trashed ? gettext("already in your library, in the trash") : gettext("already in your library");
}

export class View {
  constructor(root, queue) {
    this.root = root;
    this.queue = queue;
    this.elements = new Map();
    this.tiles = new Map();
    queue.addEventListener("change", () => this.schedule());
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  schedule() {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.draw();
    }, FRAME);
  }

  draw() {
    const { summary, items } = this.queue;
    this.root.classList.toggle("has-files", items.length > 0);
    this.drawSummary(summary);
    const open = items.filter((item) => UNSENT.has(item.state));
    const sorted = ORDER.flatMap((state) => open.filter((item) => item.state === state));
    const urgent = open.filter((item) => !["ready", "waiting"].includes(item.state)).length;
    const shown = sorted.slice(0, Math.min(urgent + WAITING_ROWS, ROWS));
    this.arrange(this.part("rows"), this.elements, shown, (item) => this.row(item));
    const rest = sorted.length - shown.length;
    this.part("rest").textContent = rest
      ? counted(ngettext("and %(number)s file more", "and %(number)s files more", rest), rest)
      : "";
    const through = items.filter((item) => item.photo).reverse();
    this.arrange(this.part("tiles"), this.tiles, through.slice(0, TILES), (item) => this.tile(item));
    this.part("tiles-section").hidden = through.length === 0;
    this.part("tiles-note").textContent = this.tilesNote(summary.counts, through.length);
    const refused = through.filter((item) => item.photo.failure).length;
    this.part("attention").hidden = refused === 0;
    const better = through.filter((item) => item.photo.better && item.state === "done").length;
    this.part("better").hidden = better === 0;
    this.text(
      "better-count",
      counted(
        ngettext(
          "One of these photos you have in a better version.",
          "%(number)s of these photos you have in a better version.",
          better,
        ),
        better,
      ),
    );
    this.text(
      "attention-count",
      counted(
        ngettext(
          "%(number)s file is imported, but cannot be shown.",
          "%(number)s files are imported, but cannot be shown.",
          refused,
        ),
        refused,
      ),
    );
  }

  tilesNote({ known = 0 }, through) {
    const there = ngettext(
      "%(number)s file already there, not sent again",
      "%(number)s files already there, not sent again",
      known,
    );
    const parts = known ? [counted(there, known)] : [];
    if (through > TILES) parts.push(interpolate(gettext("the last %(number)s are shown"), { number: TILES }));
    return parts.join(" · ");
  }

  drawSummary({ counts, files: all, total, sent, rate }) {
    const { done = 0, known = 0, failed = 0, paused = 0 } = counts;
    const working = this.queue.isWorking;
    const through = done + known;
    const bar = this.part("bar");
    bar.max = total || 1;
    bar.value = total ? sent : through === all ? 1 : 0;
    const title = working
      ? counted(ngettext("Uploading %(number)s file", "Uploading %(number)s files", all), all)
      : failed
        ? counted(ngettext("%(number)s file could not be sent", "%(number)s files could not be sent", failed), failed)
        : paused
          ? gettext("Paused")
          : counted(ngettext("%(number)s file done", "%(number)s files done", all), all);
    this.text("title", title);
    const parts = [outOf(number(through), number(all))];
    if (total) parts.push(outOf(size(sent), size(total))); // none where all are in the library already
    if (working && rate > 0) {
      parts.push(interpolate(gettext("%(size)s/s"), { size: size(rate) }));
      parts.push(interpolate(gettext("%(time)s left"), { time: span((total - sent) / rate) }));
    }
    if (failed && working)
      parts.push(counted(ngettext("%(number)s file failed", "%(number)s files failed", failed), failed));
    this.text("numbers", parts.join(" · "));
    this.show("pause-all", working && !this.queue.paused);
    this.show("resume-all", paused > 0);
    this.show("retry-all", failed > 0);
    this.show("cancel-all", working || paused > 0 || failed > 0);
  }

  text(part, text) {
    const element = this.part(part);
    if (element.textContent !== text) element.textContent = text;
  }

  show(action, shown) {
    this.root.querySelector(`[data-action="${action}"]`).hidden = !shown;
  }

  /** Bring the children of `parent` into the order of `items`, moving only what is not in its place. */
  arrange(parent, elements, items, draw) {
    const wanted = new Set(items);
    for (const [item, element] of elements) {
      if (!wanted.has(item)) {
        element.remove();
        elements.delete(item);
      }
    }
    items.forEach((item, index) => {
      const element = draw(item);
      if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
    });
  }

  clone(template) {
    return this.root.querySelector(`template[data-template="${template}"]`).content.firstElementChild.cloneNode(true);
  }

  row(item) {
    let element = this.elements.get(item);
    if (!element) {
      element = this.clone("row");
      element.querySelector("strong").textContent = item.file.name;
      element.querySelector("strong").title = item.folder ? `${item.folder}/${item.file.name}` : item.file.name;
      element.addEventListener("click", ({ target }) => {
        const action = target.closest("[data-do]")?.dataset.do;
        if (action) this.queue[action](item);
      });
      this.elements.set(item, element);
    }
    element.dataset.state = item.state;
    element.querySelector(".upload-words").textContent = this.words(item);
    const bar = element.querySelector("progress");
    bar.max = item.file.size || 1;
    bar.value = item.state === "checking" ? item.checked : item.sent;
    bar.hidden = ["waiting", "ready"].includes(item.state) && !item.sent;
    for (const button of element.querySelectorAll("[data-do]")) button.hidden = !button.dataset.in.includes(item.state);
    return element;
  }

  words(item) {
    const whole = size(item.file.size);
    if (item.state === "failed") return item.error;
    const sent = { part: size(item.sent), whole };
    if (item.trouble) return `${gettext("Waiting for Mirage to answer")} · ${outOf(sent.part, whole)}`;
    if (item.state === "sending") return outOf(sent.part, whole);
    if (item.state === "paused" && item.sent) return interpolate(gettext("Paused at %(part)s of %(whole)s"), sent);
    return `${WORDS[item.state]} · ${whole}`;
  }

  tile(item) {
    let element = this.tiles.get(item);
    if (!element) {
      element = this.clone("tile");
      this.tiles.set(item, element);
    }
    const { photo } = item;
    element.href = photo.url;
    element.dataset.state = photo.failure ? "failed" : item.state;
    element.querySelector(".upload-better").hidden = !photo.better;
    element.title = [item.file.name, fateOf(item), item.note].filter(Boolean).join(" – ");
    element.querySelector(".upload-name").textContent = item.file.name;
    const picture = element.querySelector("img");
    picture.alt = element.title;
    if (photo.thumbnail && picture.getAttribute("src") !== photo.thumbnail) {
      picture.src = photo.thumbnail;
      picture.hidden = false;
    }
    return element;
  }

  /** Say what was not taken, with the reason. */
  drawSkipped(others) {
    if (!others.length) return;
    const section = this.part("skipped");
    const list = section.querySelector("ul");
    section.hidden = false;
    this.skipped = (this.skipped ?? 0) + others.length;
    section.querySelector("summary").textContent = counted(
      ngettext("%(number)s file skipped", "%(number)s files skipped", this.skipped),
      this.skipped,
    );
    for (const { file, folder, reason } of others.slice(0, Math.max(0, SKIPPED - list.children.length))) {
      const row = document.createElement("li");
      row.textContent = `${folder ? `${folder}/` : ""}${file.name}: ${reason}`;
      list.append(row);
    }
  }
}
