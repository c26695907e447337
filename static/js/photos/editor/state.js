// What the editor changes, from an edit in JSON and back (media/editing/description.py), with undo and redo.

import { AMOUNTS } from "./tones.js";

const WITH_AMOUNT = [...AMOUNTS, "sharpness"];
const PARTS = ["red_eye", "blur", "cover"];

/** The state that an edit describes; its turn, or else the photo's. */
export function stateOf(edit, turn) {
  const operations = edit?.operations ?? [];
  const find = (name) => operations.find(({ op }) => op === name);
  const without = (operation) => {
    if (!operation) return null;
    const { op: _, ...rest } = operation;
    return rest;
  };
  return {
    perspective: find("perspective")?.corners ?? null,
    degrees: find("straighten")?.degrees ?? 0,
    crop: without(find("crop")),
    turn: find("turn")?.by ?? turn,
    amounts: Object.fromEntries(WITH_AMOUNT.map((name) => [name, find(name)?.amount ?? 0])),
    levels: without(find("levels")),
    preset: without(find("preset")),
    parts: operations.filter(({ op }) => PARTS.includes(op)),
  };
}

/** The edit that a state describes. */
export function editOf({ perspective, degrees, crop, turn, amounts, levels, preset, parts }) {
  const operations = [...parts];
  if (perspective) operations.push({ op: "perspective", corners: perspective });
  if (degrees) operations.push({ op: "straighten", degrees });
  if (crop) operations.push({ op: "crop", ...crop });
  if (turn !== 1) operations.push({ op: "turn", by: turn });
  if (levels) operations.push({ op: "levels", ...levels });
  if (preset) operations.push({ op: "preset", ...preset });
  for (const name of WITH_AMOUNT) if (amounts[name]) operations.push({ op: name, amount: amounts[name] });
  return { version: 1, operations };
}

/** The states before and after: {state, commit(), undo(), redo(), canUndo, canRedo, isChanged}. */
export class History {
  /** `edit` makes of a state the edit that it describes. */
  constructor(state, edit = editOf) {
    this.edit = edit;
    this.steps = [JSON.stringify(state)];
    this.at = 0;
    this.state = state;
  }
  /** Remember the state as a step of its own, unless it is the one before. */
  commit() {
    const text = JSON.stringify(this.state);
    if (text === this.steps[this.at]) return;
    this.steps = [...this.steps.slice(0, this.at + 1), text];
    this.at += 1;
  }
  go(step) {
    this.at += step;
    this.state = JSON.parse(this.steps[this.at]);
  }
  undo() {
    if (this.canUndo) this.go(-1);
  }
  redo() {
    if (this.canRedo) this.go(1);
  }
  get canUndo() {
    return this.at > 0;
  }
  get canRedo() {
    return this.at < this.steps.length - 1;
  }
  get isChanged() {
    return JSON.stringify(this.edit(this.state)) !== JSON.stringify(this.edit(JSON.parse(this.steps[0])));
  }
}
