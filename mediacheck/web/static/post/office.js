// What author and communications office say to each other, and the dialogs that ask for words.

import { el, icon } from "./dom.js";
import { ACTS, moment } from "./words.js";

/** Where the post is and what was said of it. */
export function correspondence(state) {
  const last = state.notes.findLast((note) => note.act !== "pulled");
  const pulled = state.notes.at(-1)?.act === "pulled" && state.outcome !== "cleared";
  return [
    published(state.publishing),
    pulled && standing("review", "undo", "This post was stopped", state.notes.at(-1).words,
      "pulled"),
    state.state === "with-office" && last && standing("review", "wait",
      `With the communications office since ${moment(last.at)}`,
      state.is_mine ? "You can take it back as long as nobody has answered." : null),
    state.state === "sent-back" && last && standing("review", "undo",
      `Sent back by ${last.by || "the communications office"}`, last.words),
    state.notes.length > 0 && el("details", { class: "history", "data-key": "history" },
      el("summary", {}, "What was said"),
      el("ol", { class: "plain-list" }, state.notes.map((note, index) => el("li", {
        "data-key": `note-${index}`,
      },
      el("p", { class: "small quiet" },
        `${note.by || "mediacheck"} ${ACTS[note.act]}, ${moment(note.at)}`),
      note.words && el("blockquote", {}, note.words))))),
  ];
}

/** Where the post is on its way to an account. */
function published(publishing) {
  if (!publishing?.state) return null;
  const { kind, words, advice, address, page_url: page, moment_url: change } = publishing;
  return el("div", { class: `notice ${kind}`, "data-key": "published" }, icon(kind === "review" ? "wait" : kind),
    el("div", {},
      el("h2", {}, words),
      advice && el("p", {}, advice),
      el("p", {},
        address && el("a", { href: address, rel: "noreferrer", target: "_blank" }, "Open the published post"),
        address && " ",
        change && el("a", { href: change }, "Change its moment, or do not publish"),
        change && " ",
        el("a", { href: page }, "See everything that is being published"))));
}

function standing(kind, sign, title, words, key = "standing") {
  return el("div", { class: `notice ${kind}`, "data-key": key }, icon(sign),
    el("div", {}, el("h2", {}, title), words && el("p", {}, words)));
}

/** Asks for words, or for a yes: the promise gives the words (empty when none are asked), or null. */
export class Ask {
  #resolve = null;

  constructor(dialog) {
    this.dialog = dialog;
    this.form = dialog.querySelector("form");
    this.field = dialog.querySelector("textarea");
    this.trouble = dialog.querySelector(".field-error");
    this.form.addEventListener("submit", (event) => this.#onSubmit(event));
    dialog.querySelector("[data-ask-cancel]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.#end(null));
  }

  /**
   * `question`: title, words, label (null when no words are wanted), least (characters that are
   * needed), confirm (the button).
   */
  ask({ title, words = "", label = null, least = 0, confirm }) {
    this.least = least;
    this.dialog.querySelector("h2").textContent = title;
    this.dialog.querySelector("[data-ask-words]").textContent = words;
    this.dialog.querySelector(".field").hidden = label === null;
    this.dialog.querySelector("label").textContent = label ?? "";
    this.dialog.querySelector('[type="submit"]').textContent = confirm;
    this.field.value = "";
    this.#complain("");
    this.dialog.showModal();
    return new Promise((resolve) => { this.#resolve = resolve; });
  }

  #onSubmit(event) {
    event.preventDefault();
    const words = this.field.value.trim();
    if (words.length < this.least) {
      this.#complain(words ? "A little more, please: a sentence." : "Write a few words first.");
      this.field.focus();
      return;
    }
    this.#end(words);
    this.dialog.close();
  }

  #complain(words) {
    this.trouble.hidden = !words;
    this.trouble.querySelector("span").textContent = words;
    if (words) this.field.setAttribute("aria-invalid", "true");
    else this.field.removeAttribute("aria-invalid");
  }

  #end(answer) {
    this.#resolve?.(answer);
    this.#resolve = null;
  }
}
