// Underlines what was found in a text field. A copy of the text stands behind the field with the
// lines in it; while somebody types, the lines move along until the server has looked again.

import { el, icon, textarea } from "./dom.js";
import { isTold } from "./findings.js";
import { STATUS } from "./words.js";

/**
 * A text field with lines under `names` (those with a span).
 * `attributes` are the field's; `saved` is what the server has; `words` the text that the spans
 * belong to, where somebody has typed on since.
 */
export function underlined(attributes, saved, names, words = saved) {
  const marks = names.filter((name) => name.span && isTold(name))
    .map((name) => [...name.span, name.status]);
  return el("div", { class: "underlined" },
    el("div", { class: "underlined-mirror", "aria-hidden": "true", "data-own": true }),
    textarea({
      ...attributes, "data-marks": JSON.stringify(marks), "data-marked": words,
    }, saved));
}

/** Draws the lines of every such field in `place` anew. */
export function paintAll(place) {
  for (const field of place.querySelectorAll("textarea[data-marks]")) paint(field);
}

/** Draws the lines of one field anew. */
export function paint(field) {
  const marks = moved(JSON.parse(field.dataset.marks), field.dataset.marked, field.value);
  const pieces = [];
  let end = 0;
  for (const [from, to, status] of marks) {
    if (from < end) continue;
    pieces.push(field.value.slice(end, from));
    pieces.push(el("mark", { class: `line ${status}` }, field.value.slice(from, to)));
    end = to;
  }
  // The last line needs something on it, or the copy would be a line shorter than the field.
  field.previousElementSibling.replaceChildren(...pieces, `${field.value.slice(end)}\u200b`);
}

/** The small sign that goes with a line, for a legend or a list. */
export function lineSign(status) {
  return el("span", { class: `line-sign ${status}` }, icon(STATUS[status].icon));
}

/** The marks that an edit left whole, each where its words are now. */
function moved(marks, before, after) {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const shift = after.length - before.length;
  return marks.flatMap(([from, to, status]) => {
    if (to <= head) return [[from, to, status]];
    if (from >= before.length - tail) return [[from + shift, to + shift, status]];
    return [];
  });
}
