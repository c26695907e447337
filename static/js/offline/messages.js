// Notices as messages of the phone or computer, while no page of Mirage is open. Part of the service worker.

(() => {
  async function show(event) {
    const { title = "Mirage", body = "", url = "/", tag } = event.data?.json() ?? {};
    await self.registration.showNotification(title, { body, tag, icon: self.mirage.icon, data: { url } });
  }

  /** Open what the message is about, in a page of Mirage that is open already if there is one. */
  async function open(url) {
    const address = new URL(url || "/", self.location.origin);
    if (address.origin !== self.location.origin) return;
    const [page] = await self.clients.matchAll({ type: "window" });
    const shown = page && (await page.navigate(address.href).catch(() => null));
    if (shown) await shown.focus();
    else await self.clients.openWindow(address.href);
  }

  /** Somebody signs out: this browser is told nothing more. The push service tells Mirage when it sends next. */
  const end = async () => (await self.registration.pushManager?.getSubscription())?.unsubscribe();

  self.addEventListener("push", (event) => event.waitUntil(show(event)));
  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open(event.notification.data?.url));
  });

  self.mirageMessages = { end };
})();
