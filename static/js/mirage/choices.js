// Boxes of three states in dialogs that change many photos: [data-state=all|some|none] is how it is for them now. What
// is sent is what differs: `add` for boxes ticked, `remove` for boxes emptied, nothing for those left half ticked. A
// press goes from half to ticked, empty, and back to half. [data-narrows=SELECTOR] hides the rows whose text has not
// what is typed in it. When the server is through (`dialog:done`) the selection is taken back.

const prepare = (box) => {
  box.indeterminate = box.dataset.state === "some";
};
const boxes = (root) => root.querySelectorAll("input[type=checkbox][data-state]");

document.addEventListener("htmx:afterSwap", () => {
  for (const box of boxes(document)) {
    if (!("prepared" in box.dataset)) prepare(box);
    box.dataset.prepared = "";
  }
});

document.addEventListener("change", ({ target: box }) => {
  if (box.dataset?.state !== "some") return;
  const next = { half: "on", on: "off", off: "half" }[box.dataset.now ?? "half"];
  box.dataset.now = next;
  box.indeterminate = next === "half";
  box.checked = next === "on";
});

document.addEventListener("formdata", ({ target, formData }) => {
  const all = [...boxes(target)];
  if (!all.length) return;
  formData.delete("add");
  for (const { dataset, value, checked, indeterminate } of all) {
    if (checked && dataset.state !== "all") formData.append("add", value);
    else if (!checked && !indeterminate && dataset.state !== "none") formData.append("remove", value);
  }
});

document.addEventListener("input", ({ target }) => {
  if (!target.dataset?.narrows) return;
  const wanted = target.value.trim().toLocaleLowerCase();
  for (const row of target.form.querySelectorAll(target.dataset.narrows)) {
    row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
  }
});

document.addEventListener("dialog:done", () => document.getElementById("selection")?.reset());
