// What can be said of one face, name or cover, most likely first.

import { el, icon, select } from "./dom.js";
import { isOpen, wordsOf } from "./findings.js";
import { candidateChoices } from "./names.js";
import { portrait } from "./chooser.js";
import { styleChoice } from "./verdict.js";
import { COVER_STYLES, OTHER_PEOPLE, STATUS } from "./words.js";
import { artistChoices } from "./works.js";

/** The menu of an item. `context`: may (edit), mayReview, style. */
export function menu(one, media, context) {
  return [
    el("div", { class: "menu-head", "data-key": "head" },
      el("button", {
        type: "button", class: "icon-button", "data-do": "menu-close", "aria-label": "Back to the list",
      }, icon("before")),
      el("h3", { tabindex: "-1", "data-menu-title": true, id: "menu-title" }, one.title)),
    label(one),
    (one.found.messages ?? []).map((words, index) => el("p", { "data-key": `said-${index}` },
      words)),
    (one.found.marks ?? []).length > 0 && el("p", { class: "small quiet", "data-key": "marks" },
      one.found.marks.join(". "), "."),
    context.may && choices(one, media, context),
  ];
}

/** What is known of it. A message that asks the same need not be asked twice. */
function label(one) {
  const words = wordsOf(one);
  if ((one.found.messages ?? []).some((message) => message.startsWith(words))) return null;
  return el("p", { class: `menu-label ${one.status}`, "data-key": "label" },
    icon(one.kind === "cover" ? "cover" : STATUS[one.status].icon), " ", words);
}

function choices(one, media, context) {
  if (one.kind === "cover") return coverChoices(one, media, context);
  const sections = { face: faceSections, name: nameSections, unread: unreadSections }[one.kind];
  const parts = sections(one, context);
  // Whom nobody may see is covered first, and only then perhaps somebody else after all.
  const cover = coverSection(one, context);
  return one.status === "blocked" ? [cover, ...parts] : [...parts, cover];
}

function faceSections(one, context) {
  const { found } = one;
  return [
    found.is_settled && undo(one),
    found.suggestion && suggestion(one),
    chooserPlace("face"),
    section("others", "Not a student", OTHER_PEOPLE.map(([word, words]) => say(one, words, { word })),
      say(one, "Not a face", { word: "nobody" })),
    context.mayReview && found.marks.length > 0 && isOpen(found) && overrule(one),
  ];
}

function nameSections(one) {
  if (one.found.is_remembered) {
    return [section("again", null, say(one, "Ask again", { word: "undo" }, "undo"))];
  }
  return [
    one.found.artist && section("artist", "Is this the artist?", artistChoices(one.found)),
    one.found.is_settled && undo(one),
    one.found.candidates.length > 1
      && section("names", "Whom does it name?", candidateChoices(one.found)),
    chooserPlace("name"),
    section("nobody", null, say(one, "No student’s name", { word: "nobody" })),
  ];
}

function unreadSections(one) {
  return [
    one.found.is_settled && undo(one),
    !one.found.is_settled && section("names", "You have looked at it?",
      say(one, "No student’s name", { word: "nobody" })),
    !one.found.is_settled && chooserPlace("name"),
  ];
}

function suggestion(one) {
  const { suggestion: who } = one.found;
  return el("div", { class: "suggestion", "data-key": "suggestion" },
    portrait(who),
    el("button", {
      type: "button", class: `button${one.status === "blocked" ? " secondary" : ""}`,
      "data-do": "say", "data-finding": one.found.id, "data-word": "confirm",
    }, icon("cleared"), el("span", {}, `Yes, this is ${who.name}`)));
}

/** A script of its own fills this in and keeps what was typed. */
function chooserPlace(kind) {
  return el("div", { class: "chooser-place", "data-own": true, "data-key": `chooser-${kind}` });
}

function coverSection(one, { style }) {
  const isMain = one.status === "blocked";
  return section("cover", isMain ? null : "Not to be seen", el("button", {
    type: "button", class: isMain ? "button" : "button secondary", "data-do": "cover",
    "data-finding": one.found.id,
  }, icon("cover"), el("span", {}, one.kind === "face" ? "Cover this face" : "Cover it")),
  // Writing is always covered solidly: letters stay legible longer than faces do.
  one.kind === "face" && styleChoice("menu-style", style));
}

function coverChoices(one, media) {
  return [
    section("off", null, el("button", {
      type: "button", class: "button secondary", "data-do": "uncover", "data-media": media.id,
      "data-index": one.found.index,
    }, icon("undo"), el("span", {}, "Take the cover off"))),
    !one.found.is_writing && section("restyle", null, el("label", { for: "restyle" }, "All covers over faces in this photo"),
      select({ id: "restyle", "data-restyle": media.id }, COVER_STYLES, one.found.style)),
  ];
}

function undo(one) {
  return section("undo", null, say(one, "Take that back", { word: "undo" }, "undo"));
}

function overrule(one) {
  return section("overrule", "As the reviewer", el("button", {
    type: "button", class: "button secondary", "data-do": "overrule",
    "data-finding": one.found.id,
  }, icon("pencil"), el("span", {}, "Let it through with a reason")));
}

function say(one, words, { word }, sign = "person") {
  return el("button", {
    type: "button", class: "button secondary", "data-do": "say", "data-finding": one.found.id,
    "data-word": word, "data-key": `say-${word}`,
  }, icon(word === "nobody" ? "cut" : sign), el("span", {}, words));
}

function section(key, title, ...parts) {
  return el("div", { class: "menu-section", "data-key": `section-${key}` },
    title && el("h4", {}, title),
    el("div", { class: "choices" }, ...parts));
}
