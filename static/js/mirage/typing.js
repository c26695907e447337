// What somebody types outlives a new version of its part of the page. Where HTMX replaces forms because something
// else was done, texts that were not sent yet go into the new forms, with the cursor, and with what the form showed
// when it was opened: the server compares that with what it knows now (mirage/web/stale.py).

const TYPED =
  "textarea[name], input[name]:is(:not([type]), [type=text], [type=search], [type=date], [type=time], [type=number])";
let drafts = [];

const isUnsaved = (control) => control.value !== control.defaultValue;
const beforeOf = (control) => control.form?.elements[`before-${control.name}`];

/** What a control is for: where its form goes, and the fixed fields that it sends along. */
function purpose(control) {
  const { form } = control;
  if (!form) return "";
  const fixed = [...form.elements].filter(({ type, name }) => type === "hidden" && !/^(before|csrf)/.test(name));
  return JSON.stringify([form.getAttribute("action"), control.name, fixed.map(({ name, value }) => [name, value])]);
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const sent = detail.requestConfig?.elt?.closest("form"); // of its own texts, the server decides
  drafts = [...detail.target.querySelectorAll(TYPED)]
    .filter((control) => control.form && control.form !== sent && isUnsaved(control))
    .map((control) => ({
      control,
      purpose: purpose(control),
      before: beforeOf(control)?.value,
      cursor: control === document.activeElement && [control.selectionStart, control.selectionEnd],
    }));
});

document.addEventListener("htmx:afterSwap", () => {
  for (const draft of drafts.filter(({ control }) => !control.isConnected)) {
    const next = [...document.querySelectorAll(TYPED)].find((control) => purpose(control) === draft.purpose);
    if (next && next.value !== draft.control.value) putInto(next, draft);
  }
  drafts = [];
});

function putInto(next, { control, before, cursor }) {
  next.value = control.value;
  if (before !== undefined && beforeOf(next)) beforeOf(next).value = before;
  for (let around = next.closest("details"); around; around = around.parentElement.closest("details"))
    around.open = true;
  if (!cursor) return;
  next.focus();
  if (cursor[0] !== null) next.setSelectionRange(...cursor); // dates and numbers have none
  saveWhenLeft(next);
}

/** Browsers fire no `change` for a text that a script put there. */
function saveWhenLeft(control) {
  const told = new AbortController();
  control.addEventListener("change", () => told.abort(), { signal: told.signal });
  const tell = () => control.dispatchEvent(new Event("change", { bubbles: true }));
  control.addEventListener("blur", tell, { once: true, signal: told.signal });
}

// What was saved is what the form shows from now on, also before the page has fetched it again.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.requestConfig?.elt?.closest("form");
  if (!detail.successful || !form) return;
  for (const control of form.querySelectorAll(TYPED)) {
    const saved = detail.requestConfig.parameters[control.name];
    if (typeof saved !== "string") continue;
    control.defaultValue = saved;
    if (beforeOf(control)) beforeOf(control).value = saved;
  }
});
