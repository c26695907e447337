// Turns the messages of this browser on and off, and says which they are.

const place = document.getElementById("messages");
const supported = "PushManager" in window && "serviceWorker" in navigator && "Notification" in window;

const show = (state) => {
  for (const each of place.querySelectorAll("[data-push-state]")) each.hidden = each.dataset.pushState !== state;
};

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));

async function current() {
  return (await navigator.serviceWorker.ready).pushManager.getSubscription();
}

async function post(address, fields) {
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
  const body = new URLSearchParams(fields);
  const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token } });
  if (!answer.ok) throw new Error(`Mirage answered ${answer.status}`);
}

async function tell(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  await post(place.dataset.subscribe, { endpoint, p256dh: keys.p256dh, auth: keys.auth });
}

const isOurs = (subscription) => {
  const key = subscription.options.applicationServerKey;
  return key && bytes(place.dataset.pushKey).join() === new Uint8Array(key).join();
};

/** Whether Mirage knows this browser as one of the user's: it could be removed in the list, or be another user's. */
async function isKnown(subscription) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint));
  const mark = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return place.dataset.marks.split(" ").includes(mark.slice(0, 16));
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return show("denied");
  const { pushManager } = await navigator.serviceWorker.ready;
  await (await pushManager.getSubscription())?.unsubscribe(); // of an earlier key
  const applicationServerKey = bytes(place.dataset.pushKey);
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
  try {
    await tell(subscription);
  } catch (problem) {
    await subscription.unsubscribe();
    throw problem;
  }
  location.reload();
}

async function turnOff() {
  const subscription = await current();
  await post(place.dataset.end, { endpoint: subscription.endpoint });
  await subscription.unsubscribe();
  location.reload();
}

async function begin() {
  if (!supported) return show("unsupported");
  if (Notification.permission === "denied") return show("denied");
  const subscription = await current();
  show(subscription && isOurs(subscription) && (await isKnown(subscription)) ? "on" : "off");
}

place.addEventListener("click", ({ target }) => {
  const way = target.closest("[data-push]")?.dataset.push;
  if (way) (way === "on" ? turnOn : turnOff)().catch(() => show("failed"));
});
begin();
