// Sends what was shared and could not be sent at once: when the browser says that there is a network again, or a page of
// Mirage is opened. Goes on where it was interrupted. A file that is too large to be summed up here waits for the upload
// page. Part of the service worker.

(() => {
  const { session: sessionUrl, check, tus } = self.mirage;
  const TUS = "1.0.0";
  const REFUSED = [403, 413, 415, 422]; // trying again does not help: the upload page tells why
  const text64 = (text) => btoa(String.fromCodePoint(...new TextEncoder().encode(text)));

  async function post(url, token, body, headers = {}) {
    const response = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token, ...headers } });
    if (!response.ok || response.redirected) throw Object.assign(new Error(url), { status: response.status });
    return response;
  }

  /** Whether the library has the photo. */
  async function isKnown(sum, token) {
    const answer = await post(check, token, new URLSearchParams({ sha256: sum }));
    return sum in (await answer.json()).photos;
  }

  /** How many of its bytes are there; null where the server has forgotten it. */
  async function arrived(url) {
    const response = await fetch(url, { method: "HEAD", headers: { "Tus-Resumable": TUS } });
    return response.ok ? Number(response.headers.get("Upload-Offset")) : null;
  }

  async function announce(one, token) {
    const metadata = Object.entries({ filename: one.name, folder: "", modified: String(one.lastModified) })
      .map(([name, value]) => `${name} ${text64(value)}`)
      .join(",");
    const headers = { "Tus-Resumable": TUS, "Upload-Length": String(one.file.size), "Upload-Metadata": metadata };
    const response = await post(tus, token, null, headers);
    one.url = new URL(response.headers.get("Location"), self.location).pathname;
    await self.mirageShared.put(one);
    return 0;
  }

  async function send(one, token) {
    if (await isKnown(one.sum, token)) return;
    const offset = (one.url && (await arrived(one.url))) ?? (await announce(one, token));
    if (offset < one.file.size) {
      const response = await fetch(one.url, {
        method: "PATCH",
        body: one.file.slice(offset),
        headers: {
          "X-CSRFToken": token,
          "Tus-Resumable": TUS,
          "Upload-Offset": String(offset),
          "Content-Type": "application/offset+octet-stream",
        },
      });
      if (!response.ok) throw Object.assign(new Error("not sent"), { status: response.status });
    }
    const answer = await post(`${one.url}finish/`, token, new URLSearchParams({ sha256: one.sum }));
    if (!(one.sum in (await answer.json()).photos)) throw Object.assign(new Error("no photo"), { status: 415 });
  }

  async function sendAll() {
    const response = await fetch(sessionUrl, { cache: "no-store" });
    const { user, token } = await response.json();
    if (!user) return; // signed out: they wait
    let [sent, problem] = [0, null];
    for (const one of await self.mirageShared.all()) {
      if (one.user && one.user !== user) await self.mirageShared.forget(one.key);
      else if (one.sum && !one.refused) {
        try {
          await send(one, token);
          await self.mirageShared.forget(one.key);
          sent += 1;
        } catch (error) {
          if (REFUSED.includes(error.status)) {
            await self.mirageShared.put({ ...one, refused: true, url: null });
            continue;
          }
          problem = error;
          if (error.status === undefined) break; // the network is gone again
        }
      }
    }
    if (sent) for (const client of await self.clients.matchAll()) client.postMessage({ sent });
    if (problem) throw problem; // the browser tries again later
  }

  /** Send all that waits, unless somebody does so already. */
  self.sendShared = () =>
    navigator.locks.request(self.mirageShared.LOCK, { ifAvailable: true }, (lock) => (lock ? sendAll() : null));
})();
