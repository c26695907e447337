// What the uploader says to the server: is this known, here it comes (tus), it is complete, this describes it.

import "../../vendor/tus-js-client/tus.min.js";
import { gettext, interpolate } from "../mirage/words.js";

const { Upload } = window.tus;
const CHUNK = 8 * 1024 * 1024;
const SECOND = 1000;
const DELAYS = [1, 2, 4, 8, 15, 30, 30, 30, 60, 60, 60].map((seconds) => seconds * SECOND);

/** An answer of the server that will not change by asking again; `message` is for the user. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
const wait = (milliseconds) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
const isPassing = (status) => !status || status === 423 || (status >= 500 && status !== 507);

export class Server {
  constructor({ tus, check, sidecar }) {
    this.urls = { tus, check, sidecar };
  }

  /** Photos of the library by sum: {sum: {key, url, trashed, thumbnail, failure}}. */
  async known(sums) {
    return (await this.post(this.urls.check, new URLSearchParams({ sha256: sums.join(",") }))).photos;
  }

  /** Take a complete upload into the library: {outcome, photos}. */
  finish(url, sum) {
    return this.post(`${url}finish/`, new URLSearchParams({ sha256: sum }));
  }

  async attach(photoKey, file) {
    const form = new FormData();
    form.set("photo", photoKey);
    form.set("file", file);
    return this.post(this.urls.sidecar, form);
  }

  discard(url) {
    return fetch(url, { method: "DELETE", headers: { "X-CSRFToken": token(), "Tus-Resumable": "1.0.0" } });
  }

  async post(url, body) {
    for (let attempt = 0; ; attempt += 1) {
      const response = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token() } }).catch(
        () => null,
      );
      if (response?.ok && response.redirected)
        throw new Refused(401, gettext("You are signed out. Sign in again to continue."));
      if (response?.ok) return response.json();
      if (!isPassing(response?.status) || attempt >= DELAYS.length) throw await refusal(response);
      await wait(DELAYS[attempt]);
    }
  }

  /** Bytes on their way; `on` has url(url), progress(bytes), trouble(), done(url), failed(error). */
  send(file, { folder, url }, on) {
    const upload = new Upload(file, {
      endpoint: this.urls.tus,
      uploadUrl: url,
      chunkSize: CHUNK,
      uploadDataDuringCreation: file.size > 0,
      storeFingerprintForResuming: false, // the server lists what was begun, for every browser
      retryDelays: DELAYS,
      metadata: { filename: file.name, folder, modified: String(file.lastModified) },
      headers: { "X-CSRFToken": token() },
      onUploadUrlAvailable: () => on.url(new URL(upload.url, window.location).pathname),
      onProgress: on.progress,
      onSuccess: () => on.done(new URL(upload.url, window.location).pathname),
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus();
        const again = isPassing(status) || status === 409; // another offset: tus asks how much is there
        if (again) on.trouble();
        return again;
      },
      onError: (error) => on.failed(explain(error)),
    });
    upload.start();
    return upload;
  }
}

const unexplained = (status) => interpolate(gettext("The server answered with an error (%(status)s)."), { status });

async function refusal(response) {
  if (!response) return new Refused(0, gettext("Mirage cannot be reached."));
  const text = (await response.text()).trim();
  const plain = response.headers.get("Content-Type")?.startsWith("text/plain") && text;
  return new Refused(response.status, plain ? text : unexplained(response.status));
}

function explain(error) {
  const response = error.originalResponse;
  if (!response?.getStatus()) return new Refused(0, gettext("Mirage cannot be reached."));
  const plain = response.getHeader("Content-Type")?.startsWith("text/plain") && response.getBody()?.trim();
  return new Refused(response.getStatus(), plain || unexplained(response.getStatus()));
}
