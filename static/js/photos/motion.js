// Motion photos and Live Photos: a button with data-motion=ADDRESS plays the moment over its picture, once, and on
// another press takes it away. The picture comes back when it is over.

import { toast } from "../mirage/toast.js";
import { gettext } from "../mirage/words.js";

function stop(button) {
  button.setAttribute("aria-pressed", "false");
  button.closest("#viewer").querySelector(".viewer-motion")?.remove();
}

function play(button) {
  const video = Object.assign(document.createElement("video"), {
    className: "viewer-motion",
    src: button.dataset.motion,
    autoplay: true,
    playsInline: true,
  });
  video.addEventListener("ended", () => stop(button));
  video.addEventListener("error", () => {
    stop(button);
    toast(gettext("The moment cannot be played."), "error");
  });
  button.setAttribute("aria-pressed", "true");
  button.closest("#viewer").querySelector(".viewer-stage").append(video);
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-motion]");
  if (button) (button.getAttribute("aria-pressed") === "true" ? stop : play)(button);
});
