// The panel beside a picture: everything that was found in it, each with a small picture of it.

import { sign } from "./boxes.js";
import { el, icon } from "./dom.js";
import { carriedNames, wordsOf } from "./findings.js";
import { nameList } from "./names.js";
import { STATUS } from "./words.js";

const DRAWING_HELP = "Drag the box over the face, and its corners to fit. With keys: arrows move it, "
  + "Shift and arrows change its size, Enter keeps it, Escape drops it.";

/** The list of a picture's items, for the panel beside it. `may` is whether one may change it. */
export function foundList(items, media, may) {
  const carried = carriedNames(media);
  return [
    el("h3", { "data-key": "list-title" }, "In this photo"),
    media.status === "waiting" && el("div", { class: "checking", "data-key": "checking" },
      el("progress", { "aria-label": "The photo is being checked again" }),
      el("p", { class: "small quiet" }, "Checking the new picture …")),
    items.length === 0 && el("p", { class: "quiet", "data-key": "none" },
      "No face and no writing was found here."),
    el("ul", { class: "found plain-list", "data-key": "found" },
      items.map((one) => el("li", { "data-key": one.key }, row(one, media)))),
    carried.length > 0 && el("h3", { "data-key": "carried-title" }, "Names that come with the file"),
    nameList(carried, may),
    may && el("div", { class: "choices", "data-key": "tools" }, el("button", {
      type: "button", class: "button secondary", "data-do": "draw",
      disabled: media.state !== "checked",
    }, icon("add"), el("span", {}, "Add a face that was missed"))),
  ];
}

function row(one, media) {
  const kind = one.kind === "cover" ? "" : STATUS[one.status].kind;
  return el("button", { type: "button", class: "found-row", "data-do": "item", "data-item": one.key },
    el("span", { class: "crop", style: cropOf(one.box, media) }),
    el("span", { class: "found-words" },
      el("strong", {}, one.title), el("span", {}, wordsOf(one))),
    el("span", { class: `found-sign ${kind}` }, icon(sign(one)),
      el("span", { class: "visually-hidden" }, one.kind === "cover" ? "Covered"
        : STATUS[one.status].words)));
}

/** The part of the picture round a box, as a background. */
function cropOf([left, top, width, height], media) {
  const side = Math.min(Math.max(width, height) * 1.5, media.width, media.height);
  const part = (start, length, whole) => {
    const from = Math.min(Math.max(start + length / 2 - side / 2, 0), whole - side);
    return whole > side ? `${(100 * from) / (whole - side)}%` : "0%";
  };
  return {
    "background-image": `url("${media.picture_url}")`,
    "background-size": `${(100 * media.width) / side}% ${(100 * media.height) / side}%`,
    "background-position": `${part(left, width, media.width)} ${part(top, height, media.height)}`,
  };
}

/** What the panel says while a box is drawn. */
export function drawingHelp() {
  return [
    el("h3", { "data-key": "drawing-title" }, "Add a face"),
    el("p", { id: "drawing-help", "data-key": "drawing-help" }, DRAWING_HELP),
    el("div", { class: "choices", "data-key": "drawing-tools" },
      el("button", { type: "button", class: "button", "data-do": "draw-keep" },
        icon("cleared"), el("span", {}, "Keep this box")),
      el("button", { type: "button", class: "button secondary", "data-do": "draw-drop" },
        icon("close"), el("span", {}, "Drop it"))),
  ];
}
