// The queue: what becomes of every file, from the drop to its thumbnail. It knows no page; `change` tells that
// something moved. States of an item:
//
//   waiting -> checking -> ready -> sending -> finishing -> done
//                     \-> known            \-> paused, failed, (cancelled: leaves the queue)

import { sumOf } from "./hashing.js";
import { Refused } from "./server.js";
import { gettext, interpolate } from "../mirage/words.js";

const PARALLEL = 3;
const BATCH = 24;
const BATCH_WAIT = 300;
const POLL_FIRST = 1000;
const POLL_LAST = 8000;
const RATE_WINDOW = 8000;

export const UNSENT = new Set(["waiting", "checking", "ready", "sending", "finishing", "paused", "failed"]);
const WORKING = new Set(["waiting", "checking", "ready", "sending", "finishing"]);

export class Queue extends EventTarget {
  constructor(server) {
    super();
    this.server = server;
    this.items = [];
    this.hashing = 0;
    this.checking = [];
    this.paused = false;
    this.samples = [];
    this.pollDelay = POLL_FIRST;
    this.polling = false;
  }

  // --- what the page asks for ----------------------------------------------------------------------------------------

  /** Take in {file, folder, handle, sidecars, url}; what is in the queue already is tried again at most. */
  add(list) {
    const present = new Map(this.items.map((item) => [identity(item), item]));
    for (const one of list) {
      const twin = present.get(identity(one));
      if (twin) {
        if (twin.state === "failed") this.retry(Object.assign(twin, { file: one.file }));
        continue;
      }
      const item = { ...one, state: this.paused ? "paused" : "waiting", sent: 0, checked: 0 };
      this.items.push(item);
      present.set(identity(item), item);
    }
    this.move();
  }

  pause(item) {
    if (!["waiting", "ready", "sending"].includes(item.state)) return;
    item.transfer?.abort();
    this.set(item, "paused");
  }

  resume(item) {
    this.set(item, item.sum ? "ready" : "waiting", { error: null });
  }

  retry(item) {
    this.resume(item);
  }

  async cancel(item) {
    item.transfer?.abort();
    this.items = this.items.filter((other) => other !== item);
    this.move();
    if (item.url && item.state !== "done") await this.server.discard(item.url);
  }

  pauseAll() {
    this.paused = true;
    this.items.forEach((item) => this.pause(item));
  }

  resumeAll() {
    this.paused = false;
    this.items.filter((item) => item.state === "paused").forEach((item) => this.resume(item));
  }

  retryAll() {
    this.items.filter((item) => item.state === "failed").forEach((item) => this.retry(item));
  }

  cancelAll() {
    return Promise.all(this.items.filter((item) => UNSENT.has(item.state)).map((item) => this.cancel(item)));
  }

  get isWorking() {
    return this.items.some((item) => WORKING.has(item.state));
  }

  /** Counts, bytes, bytes a second. */
  get summary() {
    const counts = {};
    let [total, sent] = [0, 0];
    for (const item of this.items) {
      counts[item.state] = (counts[item.state] ?? 0) + 1;
      if (item.state === "known") continue;
      total += item.file.size;
      sent += item.state === "done" ? item.file.size : item.sent;
    }
    const stuck = this.items.every((item) => item.state !== "sending" || item.trouble);
    const rate = this.rate(sent);
    return { counts, files: this.items.length, total, sent, rate: stuck ? 0 : rate };
  }

  rate(sent) {
    const now = performance.now();
    this.samples.push([now, sent]);
    this.samples = this.samples.filter(([time]) => now - time < RATE_WINDOW);
    const [[first, before]] = this.samples;
    return now - first > 500 ? Math.max(0, ((sent - before) / (now - first)) * 1000) : 0;
  }

  // --- the machine ---------------------------------------------------------------------------------------------------

  set(item, state, more = {}) {
    Object.assign(item, { state, trouble: false }, more);
    this.move();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  move() {
    const next = this.items.find((item) => item.state === "waiting");
    if (next && !this.hashing) this.check(next);
    let free = PARALLEL - this.items.filter((item) => ["sending", "finishing"].includes(item.state)).length;
    for (const item of this.items) {
      if (free <= 0) break;
      if (item.state === "ready") {
        this.send(item);
        free -= 1;
      }
    }
    this.changed();
  }

  async check(item) {
    this.hashing += 1;
    this.set(item, "checking");
    try {
      item.sum = await sumOf(item.file, (bytes) => {
        item.checked = bytes;
        this.changed();
      });
      this.ask(item);
    } catch {
      this.set(item, "failed", { error: gettext("This file can no longer be read. Drop it again.") });
    }
    this.hashing -= 1;
    this.move();
  }

  /** Collect sums for a moment, then ask the server about all of them at once. */
  ask(item) {
    this.checking.push(item);
    if (this.checking.length >= BATCH) this.askNow();
    else this.askTimer ??= setTimeout(() => this.askNow(), BATCH_WAIT);
  }

  async askNow() {
    clearTimeout(this.askTimer);
    this.askTimer = null;
    const items = this.checking.splice(0);
    try {
      const photos = await this.server.known(items.map((item) => item.sum));
      for (const item of items.filter((one) => one.state === "checking")) {
        const photo = photos[item.sum];
        if (photo) this.arrive(item, photo, "known");
        else if (this.isTwin(item)) this.set(item, "known", { note: gettext("twice among these files") });
        else this.set(item, this.paused ? "paused" : "ready");
      }
    } catch (error) {
      items.forEach((item) => this.set(item, "failed", { error: error.message }));
    }
  }

  isTwin(item) {
    const others = this.items.slice(0, this.items.indexOf(item));
    return others.some((other) => other.sum === item.sum && other.state !== "failed");
  }

  send(item) {
    item.state = "sending";
    item.transfer = this.server.send(item.file, item, {
      url: (url) => {
        item.url = url;
        this.dispatchEvent(new CustomEvent("begun", { detail: item }));
      },
      progress: (bytes) => {
        item.sent = bytes;
        item.trouble = false;
        this.changed();
      },
      trouble: () => {
        item.trouble = true;
        this.changed();
      },
      done: (url) => this.finish(item, url),
      failed: (error) => this.lose(item, error),
    });
  }

  /** All bytes may be there although the answer was lost: ask before giving up. */
  async finish(item, url) {
    this.set(item, "finishing", { sent: item.file.size });
    try {
      const { outcome, photos } = await this.server.finish(url, item.sum);
      const photo = photos[item.sum];
      if (photo) await this.arrive(item, photo, outcome === "added" ? "done" : "known");
      else this.set(item, "failed", { error: gettext("Mirage does not know this type of photo or video."), url: null });
    } catch (error) {
      const photo = error.status === 404 && (await this.server.known([item.sum]).catch(() => ({})))[item.sum];
      if (photo) await this.arrive(item, photo, "done");
      else if (error.status === 409 && !item.incomplete) this.set(item, "ready", { incomplete: true });
      else this.lose(item, error);
    }
    this.dispatchEvent(new CustomEvent("ended", { detail: item }));
  }

  lose(item, error) {
    if (!(error instanceof Refused)) throw error;
    const gone = [404, 410, 460].includes(error.status);
    const more = gone ? { url: null, sent: 0, sum: null } : {};
    this.set(item, "failed", { error: error.message, offline: error.status === 0, ...more });
  }

  async arrive(item, photo, state) {
    item.photo = photo;
    const refused = [];
    for (const sidecar of item.sidecars ?? []) {
      await this.server.attach(photo.key, sidecar).catch(() => refused.push(sidecar.name));
    }
    const note = refused.length
      ? interpolate(gettext("%(files)s could not be sent along"), { files: refused.join(", ") })
      : item.note;
    this.set(item, state, { note });
    this.pollDelay = POLL_FIRST;
    if (!this.polling) this.poll();
  }

  /** Ask for thumbnails, and whether a better version is here, until both are known; less often the longer it takes. */
  async poll() {
    this.polling = true;
    for (;;) {
      await new Promise((resolve) => {
        setTimeout(resolve, this.pollDelay);
      });
      const bare = this.items.filter(
        (item) => item.photo && !item.photo.failure && !(item.photo.thumbnail && item.photo.compared),
      );
      if (!bare.length) break;
      const photos = await this.server.known(bare.slice(0, 200).map((item) => item.sum)).catch(() => ({}));
      const found = bare.filter((item) => this.learn(item, photos[item.sum]));
      this.pollDelay = found.length ? POLL_FIRST : Math.min(this.pollDelay * 1.5, POLL_LAST);
      this.changed();
    }
    this.polling = false;
  }

  /** Whether there is news of the photo. */
  learn(item, photo) {
    const before = item.photo;
    item.photo = photo ?? item.photo;
    return Boolean(photo?.failure || (photo?.thumbnail && !before?.thumbnail) || photo?.compared);
  }
}

const identity = ({ file, folder }) => `${folder}/${file.name}|${file.size}|${file.lastModified}`;
