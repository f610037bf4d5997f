// The boxes over a picture. Each says what it is by colour, by line and by sign, and can be hit
// with a thumb however small the face is.

import { el, icon } from "./dom.js";
import { wordsOf } from "./findings.js";
import { STATUS } from "./words.js";

/** Smallest side of what can be hit, in pixels of the page. */
const TOUCH_PX = 44;

/** A button for each item; `selected` is the key of the one that is open. */
export function boxes(items, media, selected) {
  return items.map((one) => el("button", {
    type: "button",
    class: `box ${one.kind} ${one.status}${one.key === selected ? " selected" : ""}`,
    "data-key": one.key, "data-box": one.key,
    "aria-label": `${one.title}: ${wordsOf(one)}${state(one)}`,
    "aria-expanded": String(one.key === selected), "aria-controls": "editor-panel",
    style: placed(one.box, media),
  },
  el("span", { class: "box-mark" }, icon(sign(one)), one.mark)));
}

/** The icon of an item. */
export function sign(one) {
  return one.kind === "cover" ? "cover" : STATUS[one.status].icon;
}

/** A box as parts of the picture. */
export function placed([left, top, width, height], media) {
  return {
    left: `${(100 * left) / media.width}%`,
    top: `${(100 * top) / media.height}%`,
    width: `${(100 * width) / media.width}%`,
    height: `${(100 * height) / media.height}%`,
  };
}

/** The box that a tap means: of those that can be hit there, the one whose middle is nearest. */
export function boxAt(layer, x, y) {
  const hits = [...layer.querySelectorAll("[data-box]")].map((box) => {
    const { left, top, width, height } = box.getBoundingClientRect();
    const across = Math.abs(x - left - width / 2);
    const down = Math.abs(y - top - height / 2);
    const isHit = across <= Math.max(width, TOUCH_PX) / 2 && down <= Math.max(height, TOUCH_PX) / 2;
    return { box, isHit, distance: Math.hypot(across, down) };
  }).filter((hit) => hit.isHit);
  hits.sort((one, other) => one.distance - other.distance);
  return hits[0]?.box ?? null;
}

/** Moves the focus to the box before or after. Tells whether the key was one for that. */
export function stepAmong(layer, event) {
  const step = {
    ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1,
  }[event.key];
  const all = [...layer.querySelectorAll("[data-box]")];
  const here = all.indexOf(event.target);
  if (step === undefined || here < 0) return false;
  all[(here + step + all.length) % all.length].focus();
  return true;
}

function state(one) {
  if (one.kind === "cover") return "";
  return one.status === "ok" ? "" : ` ${STATUS[one.status].words}.`;
}
