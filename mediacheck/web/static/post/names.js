// A list of names that were found in words, each with what can be done about it in one tap.

import { el, icon } from "./dom.js";
import { isOpen, isTold, placeOf } from "./findings.js";
import { lineSign } from "./underline.js";
import { STATUS } from "./words.js";
import { artistChoices } from "./works.js";

/** The list; null when there is nothing to tell. `may` is whether this person may change it. */
export function nameList(names, may) {
  const told = names.filter(isTold);
  const quiet = names.filter((name) => !isTold(name));
  return [
    told.length > 0 && el("ul", { class: "names plain-list" }, told.map((name) => row(name, may))),
    quiet.length > 0 && quietList(quiet),
  ];
}

/** What can be said of a name that stands in words or in the file, as buttons. */
export function nameChoices(name) {
  if (name.is_remembered) return [button("say", "Ask again", name, { word: "undo" }, "undo")];
  if (name.is_settled) return [button("say", "Take that back", name, { word: "undo" }, "undo")];
  if (!isOpen(name)) return [];
  return [
    ...name.remedies.map((remedy) => button("reword", remedy.label, name,
      { replacement: remedy.replacement }, remedy.replacement ? "pencil" : "cut")),
    ...candidateChoices(name),
    button("say", "This is not a student", name, { word: "nobody" }, "person"),
  ];
}

/** Whom it may name: a choice when there are several, a confirmation when there is one. */
export function candidateChoices(name) {
  if (name.certainty === "certain" && name.candidates.length === 1) return [];
  const words = name.candidates.length === 1 ? (who) => `Yes, this is ${who}` : (who) => who;
  return name.candidates.slice(0, 6).map((candidate) => button("say", words(candidate.name), name,
    { word: "choose", student: candidate.student_id }, "cleared"));
}

function row(name, may) {
  return el("li", { class: `name ${name.status}`, "data-key": name.id },
    el("p", { class: "name-head" },
      lineSign(name.status), " ", el("strong", {}, `“${name.text}”`), " ",
      el("span", { class: "small quiet" }, statusWords(name))),
    name.messages.map((words) => el("p", { class: "small" }, words)),
    may && el("div", { class: "choices" }, artistChoices(name), nameChoices(name)));
}

function statusWords(name) {
  if (isOpen(name)) return STATUS[name.status].words;
  if (name.is_remembered) return "Remembered: not a student";
  return name.is_settled || name.certainty === "certain" ? name.label : "May stay";
}

function quietList(names) {
  return el("details", { class: "quiet-names small" },
    el("summary", {}, "Words that were looked at and may stay"),
    el("ul", {}, names.map((name) => el("li", { "data-key": name.id },
      `“${name.text}”`, name.where !== "caption" && ` (${placeOf(name)})`,
      name.note && `: ${name.note}`))));
}

function button(act, words, name, data, sign) {
  const attributes = Object.fromEntries(
    Object.entries(data).map(([key, value]) => [`data-${key}`, value]));
  return el("button", {
    type: "button", class: "button secondary small", "data-do": act, "data-finding": name.id,
    "data-key": `${act}-${words}`, ...attributes,
  }, icon(sign), el("span", {}, words));
}
