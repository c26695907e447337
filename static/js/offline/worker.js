// The service worker: who answers which request. Pages come from Mirage, or are the page that says so: nothing old is
// shown as if it were new. Static files whose names have a hash are kept, thumbnails too (seen.js). What the phone shares
// is kept until it is sent (shared.js, sending.js).

(() => {
  const { version, shell, offline, share, upload, logout, media, static: files } = self.mirage;
  const SHELL = `mirage-shell-${version}`;
  const HASHED = /\.[0-9a-f]{12}\.\w+$/;
  const SYNC = "send-shared";
  const { mirageShared: shared, mirageSeen: seen, mirageMessages: told } = self;

  self.addEventListener("install", (event) => {
    self.skipWaiting();
    event.waitUntil(
      caches.open(SHELL).then((cache) => cache.addAll(shell.map((url) => new Request(url, { cache: "reload" })))),
    );
  });

  self.addEventListener("activate", (event) => {
    event.waitUntil(
      (async () => {
        for (const name of await caches.keys()) {
          if (name.startsWith("mirage-shell-") && name !== SHELL) await caches.delete(name);
        }
        await self.registration.navigationPreload?.enable();
        await self.clients.claim();
      })(),
    );
  });

  // --- what is asked for ---------------------------------------------------------------------------------------------

  async function page(event) {
    try {
      return (await event.preloadResponse) ?? (await fetch(event.request));
    } catch {
      if (await shared.count().catch(() => 0)) await sendLater();
      const kept = await caches.match(offline, { cacheName: SHELL });
      return kept ? new Response(kept.body, { status: 503, headers: kept.headers }) : Response.error();
    }
  }

  /** A static file whose name changes with what is in it; the shell also without a network. */
  async function file(event, url) {
    const cache = await caches.open(SHELL);
    if (!HASHED.test(url.pathname))
      return fetch(event.request).catch(async () => (await cache.match(event.request)) ?? Response.error());
    const found = await cache.match(event.request);
    if (found) return found;
    const response = await fetch(event.request);
    if (response.status === 200) event.waitUntil(cache.put(event.request, response.clone()).catch(() => {}));
    return response;
  }

  /** Keep what the phone shares, and go where it is sent with its progress. */
  async function take(request) {
    const copy = request.clone();
    try {
      const form = await request.formData();
      const list = form.getAll("files").filter((one) => one instanceof File && one.size > 0);
      await shared.keep(list, await seen.current());
      return Response.redirect(`${upload}?shared=${list.length}`, 303);
    } catch {
      return fetch(copy); // nothing can be kept here, as on a full disk: Mirage itself takes them
    }
  }

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== self.location.origin) return;
    if (request.method === "POST" && url.pathname === share) event.respondWith(take(request));
    else if (request.method === "POST" && url.pathname === logout) event.waitUntil(forgetAll());
    else if (request.method !== "GET" || url.pathname.startsWith("/s/")) return; // a guest's page is none of ours
    else if (request.mode === "navigate") event.respondWith(page(event));
    else if (url.pathname.startsWith(files)) event.respondWith(file(event, url));
    else if (url.pathname.startsWith(media) && seen.isThumbnail(url)) event.respondWith(seen.answer(event));
  });

  const forgetAll = () => Promise.all([seen.clear(), shared.clear(), told.end()]);

  // --- what waits to be sent -------------------------------------------------------------------------------------------

  /** Ask the browser to wake us when there is a network; without that, the next page that is opened does. */
  const sendLater = () => self.registration.sync?.register(SYNC).catch(() => {});

  self.addEventListener("sync", (event) => {
    if (event.tag === SYNC) event.waitUntil(self.sendShared());
  });

  /** A page tells who is signed in, and on which page. */
  async function greet({ user, path }) {
    const before = await seen.current();
    if (before && before !== user) await told.end(); // the browser is another user's now
    await seen.belongTo(user);
    if (!user) return;
    for (const one of await shared.all()) if (one.user && one.user !== user) await shared.forget(one.key);
    const waits = (await shared.all()).some((one) => !one.refused);
    if (path !== upload && waits) await self.sendShared().catch(sendLater);
  }

  self.addEventListener("message", (event) => {
    if ("user" in event.data) event.waitUntil(greet(event.data));
    if ("seen" in event.data) event.waitUntil(seen.keepAll(event.data.seen, event.data.by));
    if ("later" in event.data) event.waitUntil(Promise.resolve(sendLater()));
  });
})();
