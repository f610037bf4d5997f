// The banner that stays in sight: may the post go out, what is left, and the one next step.

import { el, icon, select } from "./dom.js";
import { isOpen, openFaces, openThings } from "./findings.js";
import { COVER_STYLES, count, moment } from "./words.js";
import { isWorkOpen } from "./works.js";

const KINDS = {
  cleared: { icon: "cleared", kind: "cleared" },
  blocked: { icon: "blocked", kind: "blocked" },
  needs_review: { icon: "review", kind: "review" },
  waiting: { icon: "wait", kind: "waiting" },
  empty: { icon: "photo", kind: "empty" },
};

/** Icon and colour of the banner. */
export function kindOf(state) {
  if (state.media.some((media) => media.status === "waiting")) return KINDS.waiting;
  if (state.reasons.some((reason) => reason.code === "nothing-to-check")) return KINDS.empty;
  return KINDS[state.outcome];
}

/** What is inside the banner. `style` is the cover style that was chosen last. */
export function verdict(state, style) {
  const { icon: sign } = kindOf(state);
  return [
    el("div", { class: "verdict-words", "data-key": "words" },
      el("span", { class: "verdict-sign" }, icon(sign)),
      el("div", {},
        el("h2", { id: "verdict-title" }, state.headline),
        held(state) ?? left(state),
        colleague(state))),
    el("div", { class: "verdict-actions", "data-key": "actions" }, actions(state, style)),
  ];
}

/** The reasons that belong to no single picture or name, below the banner. */
export function generalReasons(state) {
  // Of an empty post the headline says it all.
  return state.reasons.filter((reason) => reason.code !== "nothing-to-check").map((reason) => el("p", {
    class: `reason ${reason.status}`, "data-key": reason.code,
  }, icon(reason.status === "blocked" ? "blocked" : "info"), el("span", {}, reason.message)));
}

/** The first thing that waits for somebody: media and item, or one of work, name, refused, alt. */
export function nextThing(state, pictures) {
  for (const media of pictures) {
    const [thing] = media.status === "waiting" ? [] : openThings(media);
    if (thing) return { media: media.id, item: thing.key };
  }
  const work = pictures.find(isWorkOpen);
  if (work) return { work: work.id };
  const name = state.names.find(isOpen);
  if (name) return { name: name.id };
  const refused = pictures.find((media) => media.refused);
  if (refused) return { refused: refused.id };
  const bare = pictures.find((media) => isAltOpen(media));
  return bare ? { alt: bare.id } : null;
}

function colleague(state) {
  if (!state.wants_colleague || state.outcome !== "cleared") return null;
  return el("p", {}, "On an official account a colleague of the communications office says yes first.");
}

function held(state) {
  const clearance = state.clearance;
  if (!clearance) return null;
  if (clearance.holds) {
    return el("p", {}, `Cleared for ${state.channel_name} until ${moment(clearance.good_until)}.`);
  }
  // An old clearance is worth a word as long as nothing else is to be done about the post.
  return state.outcome === "cleared" ? el("p", {}, clearance.trouble) : null;
}

function left(state) {
  const things = [
    [openFaces(state), "face", "faces"],
    [openNames(state), "name or piece of writing", "names or pieces of writing"],
    [state.media.filter(isWorkOpen).length, "photo of student work", "photos of student work"],
    [state.media.filter(isBare).length, "description", "descriptions"],
    [state.media.filter((media) => media.refused).length, "photo to take out", "photos to take out"],
  ].filter(([number]) => number > 0);
  if (things.length === 0) return null;
  return el("p", {}, `Left: ${things.map((thing) => count(...thing)).join(", ")}.`);
}

function openNames(state) {
  const inPictures = state.media.flatMap((media) => [...media.names, ...media.unread]);
  return [...state.names, ...inPictures].filter(isOpen).length;
}

/** Whether a picture that stays has no description yet. */
function isBare(media) {
  return !media.refused && media.messages.some(({ code }) => code === "alt-text-missing");
}

function isAltOpen(media) {
  return isBare(media) || media.names.some((name) => name.where === "alt" && isOpen(name));
}

function actions(state, style) {
  if (state.state === "with-office") return officeActions(state);
  if (!state.may_edit) return state.clearance?.holds ? packageButton("Get the package") : null;
  if (state.outcome === "cleared") {
    const words = state.clearance?.holds ? "Download it again" : "Get the cleared package";
    return [
      publishButton(state),
      state.wants_colleague
        ? !state.publishing?.can_publish && send(state)
        : packageButton(words, !state.publishing?.can_publish),
      state.caption && state.clearance?.holds && copyButton(),
    ];
  }
  if (state.media.length === 0 && !state.caption) return null;
  return [next(state), cover(state, style), askFamilies(state), send(state)];
}

function officeActions(state) {
  if (state.is_mine) {
    return el("button", { type: "button", class: "button secondary", "data-do": "take-back" },
      icon("undo"), el("span", {}, "Take it back"));
  }
  if (!state.may_review) return null;
  return [
    state.outcome === "cleared" && publishButton(state),
    state.outcome === "cleared" && el("button", {
      type: "button", class: "button", "data-do": "clear-by-office", "data-key": "clear",
    }, icon("cleared"), el("span", {}, "Clear with a reason")),
    next(state),
    cover(state, "blur"),
    askFamilies(state),
    el("button", {
      type: "button", class: "button secondary", "data-do": "send-back", "data-key": "send-back",
    }, icon("undo"), el("span", {}, "Send back with words")),
  ];
}

/** Only where an account is connected, and nothing of the post is on its way there already. */
function publishButton(state) {
  if (!state.publishing?.can_publish) return null;
  const { account, is_by_hand, needs_second } = state.publishing;
  const isAsking = needs_second && state.is_mine;
  const words = is_by_hand
    ? `${isAsking ? "Ask to hand" : "Hand"} it over for ${account}`
    : `${isAsking ? "Ask to publish" : "Publish"} as ${account}`;
  return [
    el("button", {
      type: "button", class: "button large", "data-do": "publish", "data-key": "publish",
    }, icon("send"), el("span", {}, words)),
    el("button", {
      type: "button", class: "button secondary", "data-do": "schedule", "data-key": "schedule",
    }, icon("wait"), el("span", {}, "Choose a moment")),
  ];
}

function packageButton(words, isFirst = true) {
  return el("button", {
    type: "button", class: isFirst ? "button large" : "button secondary", "data-do": "package", "data-key": "package",
  }, icon("download"), el("span", {}, words));
}

function copyButton() {
  return el("button", {
    type: "button", class: "button secondary", "data-do": "copy-caption", "data-key": "copy",
  }, icon("copy"), el("span", {}, "Copy the caption"));
}

function next(state) {
  if (nextThing(state, state.media) === null) return null;
  return el("button", {
    type: "button", class: "button", "data-do": "next", "data-key": "next",
  }, icon("next"), el("span", {}, "Settle the next one"));
}

function cover(state, style) {
  if (openFaces(state) === 0) return null;
  return el("div", { class: "cover-everyone", "data-key": "cover" },
    el("button", { type: "button", class: "button secondary", "data-do": "cover-everyone" },
      icon("cover"), el("span", {}, "Cover everyone who is not cleared")),
    styleChoice("cover-style", style));
}

/** The choice of a cover style. */
export function styleChoice(id, style) {
  return el("div", { class: "style-choice" },
    el("label", { class: "visually-hidden", for: id }, "Cover style"),
    select({ id, "data-style": true }, COVER_STYLES, style));
}

/** The same for every refusal: nobody learns by it whose family wants to be asked. */
function askFamilies(state) {
  if (state.outcome !== "blocked" || state.media.length === 0) return null;
  return el("button", {
    type: "button", class: "button secondary shy", "data-do": "ask-families", "data-key": "ask",
  }, icon("send"), el("span", {}, "Ask the families"));
}

function send(state) {
  if (state.media.some((media) => media.status === "waiting")) return null;
  return el("button", {
    type: "button", class: "button secondary shy", "data-do": "send", "data-key": "send",
  }, icon("send"), el("span", {}, "Send to the office"));
}
