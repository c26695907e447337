// The tree of tags: a tag dragged onto another goes below it, dropped beside the tree to the top; the field for a new
// one empties itself. Dialogs close when the server has done what they asked (`tags:changed`).

let dragged = null;
const rowAt = (target) => target.closest?.(".tag-row");

document.addEventListener("dragstart", (event) => {
  const row = rowAt(event.target);
  if (!row) return;
  dragged = row;
  event.dataTransfer.setData("application/x-mirage-tag", row.dataset.tag);
  event.dataTransfer.effectAllowed = "move";
  row.classList.add("dragged");
});

document.addEventListener("dragover", (event) => {
  if (!dragged) return;
  event.preventDefault();
  document.querySelector(".drop-into")?.classList.remove("drop-into");
  const row = rowAt(event.target);
  if (row && row !== dragged) row.classList.add("drop-into");
});

document.addEventListener("drop", (event) => {
  if (!dragged) return;
  event.preventDefault();
  const row = rowAt(event.target);
  if (row === dragged) return;
  htmx.ajax("POST", `${location.pathname}${dragged.dataset.tag}/change/`, {
    target: "#toasts",
    swap: "beforeend",
    values: { parent: row?.dataset.tag ?? "" },
  });
});

document.addEventListener("dragend", () => {
  document.querySelectorAll(".dragged, .drop-into").forEach((row) => row.classList.remove("dragged", "drop-into"));
  dragged = null;
});

document.addEventListener("tags:changed", () => {
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  document.querySelector("[data-clears]")?.reset();
});
