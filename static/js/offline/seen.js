// Thumbnails that were seen, so that the page for when it is offline has something to show. They belong to the user who
// saw them: when nobody or somebody else is signed in they go. Part of the service worker.

(() => {
  const USER = "mirage-user"; // a cache of one entry: whose thumbnails these are
  const KEPT = { "mirage-seen": 1500, "mirage-large": 60 }; // thumbnails of the grid, and of open photos
  const SLACK = 40; // so many more before the oldest go
  const THUMBNAIL = /^\/media\/[^/]+\/(small|medium|large)\.webp$/;

  const isThumbnail = (url) => url.origin === self.location.origin && THUMBNAIL.test(url.pathname);

  let user = null; // a promise of the mark; read once
  let generation = 0; // what was asked for before a clearing is not kept after it
  const added = {};

  function current() {
    user ??= caches
      .open(USER)
      .then((cache) => cache.match("/user"))
      .then((found) => found?.text() ?? "");
    return user;
  }

  async function clear() {
    generation += 1;
    user = Promise.resolve("");
    await Promise.all([...Object.keys(KEPT), USER].map((name) => caches.delete(name)));
  }

  /** Somebody is signed in, or nobody (""): what others saw goes. */
  async function belongTo(mark) {
    if ((await current()) === mark) return;
    await clear();
    if (!mark) return;
    user = Promise.resolve(mark);
    await (await caches.open(USER)).put("/user", new Response(mark));
  }

  async function trim(name) {
    const cache = await caches.open(name);
    const all = await cache.keys();
    await Promise.all(all.slice(0, Math.max(0, all.length - KEPT[name])).map((request) => cache.delete(request)));
  }

  async function keep(name, request, response, asked) {
    if (asked !== generation) return;
    try {
      await (await caches.open(name)).put(request, response);
    } catch {
      return; // the disk is full
    }
    if (asked !== generation) await caches.delete(name);
    added[name] = (added[name] ?? SLACK) + 1; // unknown after a start: look soon
    if (added[name] > SLACK) {
      added[name] = 0;
      await trim(name);
    }
  }

  /** The thumbnail, kept or fetched. Its address never shows another picture. */
  async function answer(event) {
    const { request } = event;
    if (!(await current())) return fetch(request);
    const name = new URL(request.url).pathname.endsWith("/large.webp") ? "mirage-large" : "mirage-seen";
    const asked = generation;
    const found = await (await caches.open(name)).match(request, { ignoreVary: true });
    if (found && asked === generation) return found;
    const response = await fetch(request);
    if (response.status === 200 && !response.redirected) event.waitUntil(keep(name, request, response.clone(), asked));
    return response;
  }

  self.mirageSeen = {
    clear,
    belongTo,
    current,
    isThumbnail,
    /** Keep the pictures of a page that are not kept yet, if it is one of the current user's. */
    async keepAll(urls, by) {
      if ((await current()) !== by) return;
      for (const url of urls.filter((each) => isThumbnail(new URL(each, self.location)))) {
        let kept = null;
        await answer({ request: new Request(url), waitUntil: (promise) => (kept = promise) }).catch(() => {});
        await kept;
      }
    },
    answer,
  };
})();
