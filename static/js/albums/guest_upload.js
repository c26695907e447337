// Files that a guest adds: one after another, each with its progress, its refusal in words, and a try again. When all
// are through the grid is fetched again; a photo appears as soon as its thumbnails are made.

import { gettext } from "../mirage/words.js";
import { load } from "../photos/timeline.js";

const input = document.querySelector("[data-guest-upload]");
const list = document.getElementById("guest-files");
const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
let queue = Promise.resolve();

function send(file, bar) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `${input.dataset.guestUpload}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.max = total;
      bar.value = loaded;
    });
    request.addEventListener("loadend", () =>
      resolve(
        request.status === 201
          ? ""
          : (request.status && request.status < 500 && request.responseText) || gettext("It did not arrive."),
      ),
    );
    request.send(file);
  });
}

async function add(file) {
  const row = document.createElement("li");
  const name = Object.assign(document.createElement("span"), { textContent: file.name });
  const bar = Object.assign(document.createElement("progress"), { className: "progress", value: 0 });
  row.append(name, bar);
  list.append(row);
  queue = queue.then(async () => {
    const problem = await send(file, bar);
    if (!problem) {
      row.remove();
      return;
    }
    const again = Object.assign(document.createElement("button"), {
      className: "button",
      type: "button",
      textContent: gettext("Try again"),
    });
    const words = Object.assign(document.createElement("span"), { className: "error", textContent: problem });
    row.replaceChildren(name, words, again);
    again.addEventListener("click", () => {
      row.remove();
      add(file);
    });
  });
}

async function take() {
  [...input.files].forEach(add);
  input.value = "";
  await queue;
  setTimeout(() => load(""), 2000); // thumbnails take a moment
  setTimeout(() => load(""), 8000);
}

input.addEventListener("change", take);
if (input.files.length) take(); // chosen before this module was here
