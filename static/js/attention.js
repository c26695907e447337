// Needs attention: the box above the list ticks all that is shown, and follows what is ticked.

document.addEventListener("change", ({ target }) => {
  const list = target.closest(".attention");
  if (!list) return;
  const all = list.querySelector("[data-tick-all]");
  const boxes = [...list.querySelectorAll(".list input[type=checkbox]")];
  if (target === all) boxes.forEach((box) => { box.checked = all.checked; });
  const ticked = boxes.filter((box) => box.checked).length;
  all.checked = ticked > 0 && ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
  all.nextElementSibling.textContent = ticked ? `${ticked} selected` : "Select";
});
