// The contact sheet: a card a photo, those that need somebody first.

import { el, icon } from "./dom.js";
import { itemsOf, openThings } from "./findings.js";
import { nameList } from "./names.js";
import { underlined } from "./underline.js";
import { PICTURE_STATUS, STATUS, count, photoName } from "./words.js";
import { workPart } from "./works.js";

const MOST_THINGS = 4;

/** Keeps the cards where they are while somebody works; sorts them when nobody is disturbed. */
export class Order {
  #ids = [];

  /** The pictures in the order to show them in: new ones at the end, until it is sorted again. */
  of(state) {
    const byId = new Map(state.media.map((media) => [media.id, media]));
    const kept = this.#ids.filter((id) => byId.has(id));
    const fresh = state.media.map((media) => media.id).filter((id) => !kept.includes(id));
    this.#ids = [...kept, ...fresh];
    return this.#ids.map((id) => byId.get(id));
  }

  /** Takes the server's order. */
  sort(state) {
    this.#ids = state.media.map((media) => media.id);
  }

  /** Whether the server would show them in another order. */
  isOld(state) {
    return this.of(state).some((media, index) => media.id !== state.media[index].id);
  }
}

/** The cards. `context` has may (edit), uploads, order and descriptions. */
export function sheet(state, { may, uploads, order, descriptions }) {
  return [
    ...order.of(state).map((media) => card(media, may, {
      preview: uploads.previewOf(media.id), seen: descriptions.seenIn(media),
    })),
    ...uploads.entries.map(uploadCard),
  ];
}

function card(media, may, { preview, seen }) {
  const status = PICTURE_STATUS[media.status];
  const title = photoName(media);
  return el("li", { class: `card photo ${media.status}`, "data-key": media.id, id: media.id },
    opener(media, title, preview),
    el("div", { class: "photo-body" },
      el("div", { class: "spread" },
        el("h3", { id: `${media.id}-title` }, title),
        el("span", { class: `badge ${status.kind}` }, icon(status.icon), ` ${status.words}`)),
      el("p", { class: "file-name small quiet" }, media.file_name),
      checking(media, title),
      media.refused && el("p", { class: "field-error" }, icon("blocked"),
        el("span", {}, media.refused)),
      messages(media),
      things(media),
      media.state !== "refused" && description(media, may, seen),
      workPart(media, may),
      media.notices.map((notice) => el("p", { class: "small quiet" }, notice)),
      may && actions(media, title)));
}

function opener(media, title, preview) {
  const source = media.thumbnail_url ?? preview;
  const ratio = media.thumbnail_url ? media.width / media.height : 4 / 3;
  const frame = el("span", { class: "frame", style: { "--ratio": String(ratio) } },
    el("span", { class: "frame-empty" }, icon("photo")),
    source && el("img", { src: source, alt: "", "data-key": source }),
    media.thumbnail_url && itemsOf(media).map((one) => marker(one, media)));
  if (!media.thumbnail_url) return el("div", { class: "photo-open", "data-key": "frame" }, frame);
  return el("button", {
    type: "button", class: "photo-open", "data-do": "open", "data-media": media.id,
    "data-key": "open", "aria-label": `Open ${title.toLowerCase()}: ${summary(media)}`,
  }, frame);
}

/** A face's sign on the small picture: its shape says as much as its colour. */
function marker(one, media) {
  const [left, top, width, height] = one.box;
  const kind = one.kind === "cover" ? "cover" : one.status;
  return el("span", {
    class: `marker ${kind}`, "data-key": one.key,
    style: {
      left: `${(100 * (left + width / 2)) / media.width}%`,
      top: `${(100 * (top + height / 2)) / media.height}%`,
    },
  }, icon(one.kind === "cover" ? "cover" : STATUS[one.status].icon));
}

function summary(media) {
  const faces = itemsOf(media).filter((one) => one.kind === "face").length;
  const open = openThings(media).length;
  return `${count(faces, "face")}, ${open ? `${count(open, "thing")} to settle` : "all settled"}`;
}

function checking(media, title) {
  if (media.status !== "waiting") return null;
  return el("div", { class: "checking", "data-key": "checking" },
    el("progress", { "aria-label": `${title} is being checked` }),
    el("p", { class: "small quiet" }, "Looking for faces and names …"));
}

/** What the server says of the picture as a whole; the empty description says it at its field. */
function messages(media) {
  const told = media.messages.filter((one) => one.code !== "alt-text-missing"
    && one.message !== media.refused);
  return told.map((one) => el("p", { class: "small message", "data-key": one.code },
    icon("review"), " ", one.message));
}

function things(media) {
  if (media.status === "waiting") return null;
  const open = openThings(media);
  if (open.length === 0) return null;
  const more = open.length - MOST_THINGS;
  return el("ul", { class: "things plain-list", "data-key": "things" },
    open.slice(0, MOST_THINGS).map((thing) => el("li", { "data-key": thing.key },
      el("button", {
        type: "button", class: `thing ${thing.status}`, "data-do": "open",
        "data-media": media.id, "data-item": thing.key,
      }, icon(STATUS[thing.status].icon),
      el("span", {}, el("strong", {}, `${thing.title}: `), thing.words), icon("next")))),
    more > 0 && el("li", { class: "small quiet", "data-key": "more" },
      `and ${more} more in this photo`));
}

function description(media, may, { words, names }) {
  const id = `${media.id}-alt`;
  const missing = media.messages.find((one) => one.code === "alt-text-missing");
  return el("div", { class: "field alt", "data-key": "alt" },
    el("label", { for: id }, "Description",
      el("span", { class: "visually-hidden" }, ` of ${photoName(media).toLowerCase()}`)),
    missing && el("p", { class: "hint", id: `${id}-hint` }, missing.message),
    underlined({
      id, rows: 2, "data-alt": media.id, maxlength: 1500, readonly: !may,
      "aria-describedby": missing && `${id}-hint`, placeholder: "Two students at the science fair",
    }, media.alt_text, names, words),
    nameList(names, may));
}

function actions(media, title) {
  return el("div", { class: "cluster photo-actions", "data-key": "actions" },
    media.state === "failed" && el("button", {
      type: "button", class: "button secondary small", "data-do": "recheck", "data-media": media.id,
    }, icon("undo"), el("span", {}, "Try again")),
    el("button", {
      type: "button", class: "button link small", "data-do": "remove", "data-media": media.id,
      "aria-label": `Take ${title.toLowerCase()} out of the post`,
    }, "Take out"));
}

function uploadCard(entry) {
  const isRefused = entry.step === "refused";
  const percent = Math.round(100 * entry.share);
  return el("li", {
    class: `card photo ${isRefused ? "blocked" : "waiting"}`, "data-key": entry.key,
  },
  el("div", { class: "photo-open" },
    el("span", { class: "frame", style: { "--ratio": "1.3333" } },
      el("span", { class: "frame-empty" }, icon("photo")),
      entry.preview && el("img", { src: entry.preview, alt: "" }))),
  el("div", { class: "photo-body" },
    el("p", { class: "file-name" }, entry.name),
    isRefused
      ? [el("p", { class: "field-error" }, icon("blocked"), el("span", {}, entry.trouble)),
        refusedActions(entry)]
      : [el("progress", {
        max: 100, value: entry.step === "queued" ? 0 : percent,
        "aria-label": `Uploading ${entry.name}`,
      }),
      el("p", { class: "small quiet" },
        entry.step === "queued" ? "Waiting for its turn …" : `Uploading: ${percent} %`)]));
}

function refusedActions(entry) {
  return el("div", { class: "cluster" },
    entry.canRetry && el("button", {
      type: "button", class: "button secondary small", "data-do": "upload-again",
      "data-entry": entry.key,
    }, icon("undo"), el("span", {}, "Try again")),
    el("button", {
      type: "button", class: "button link small", "data-do": "upload-drop",
      "data-entry": entry.key,
    }, "Put it away"));
}
