// Searching by a picture: a picture that is chosen, dropped or pasted is sent at once.

const form = document.getElementById("by-picture");
const input = form.querySelector("input[type=file]");

function send() {
  form.querySelector(".by-picture-busy").hidden = false;
  form.requestSubmit();
}

function take(files) {
  if (![...files].some((file) => file.type.startsWith("image/") || /\.(heic|heif|avif|jxl)$/i.test(file.name))) return;
  input.files = files;
  send();
}

input.addEventListener("change", () => {
  if (input.files.length) send();
});
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(
    name,
    (event) => {
      event.preventDefault();
      event.stopImmediatePropagation(); // the page of uploads would open
      form.classList.add("is-over");
    },
    true,
  );
}
document.addEventListener("dragleave", ({ relatedTarget }) => {
  if (!relatedTarget) form.classList.remove("is-over");
});
document.addEventListener(
  "drop",
  (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    form.classList.remove("is-over");
    take(event.dataTransfer.files);
  },
  true,
);
document.addEventListener("paste", ({ clipboardData }) => {
  if (clipboardData?.files.length) take(clipboardData.files);
});
addEventListener("pageshow", () => {
  form.querySelector(".by-picture-busy").hidden = true;
});
