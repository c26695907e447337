// Files dropped on any page of the gallery: the upload page comes into this one and takes them. Files do not survive a
// navigation, so its <main> is fetched and put in the place of ours.

import { carriesFiles, dropped } from "./walk.js";

const url = document.querySelector("[data-upload-url]").dataset.uploadUrl;
const isForUs = (event) => carriesFiles(event) && document.getElementById("upload") === null;

document.addEventListener("dragover", (event) => {
  if (!isForUs(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
});

document.addEventListener("drop", async (event) => {
  if (!isForUs(event)) return;
  event.preventDefault();
  const files = dropped(event.dataTransfer); // within the event, before anything is awaited
  const module = await bringUploadPage();
  module.take(await files);
});

async function bringUploadPage() {
  const text = await (await fetch(url)).text();
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const link of page.querySelectorAll("link[rel=stylesheet]")) {
    if (!document.querySelector(`link[href="${link.getAttribute("href")}"]`))
      document.head.append(document.adoptNode(link));
  }
  document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
  document.title = page.title;
  window.history.pushState({}, "", url);
  window.addEventListener("popstate", () => window.location.reload(), { once: true });
  const { src } = page.querySelector("script[data-upload-script]").attributes;
  return import(src.value);
}
