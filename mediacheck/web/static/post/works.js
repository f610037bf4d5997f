// Student work in a picture: the part of its card that says whose it is, and the dialog that asks.

import { Chooser } from "./chooser.js";
import { el, icon, show } from "./dom.js";
import { announce } from "./tell.js";
import { photoName } from "./words.js";

/** The part of a picture's card. `may` is whether this person may change it. */
export function workPart(media, may) {
  const { work } = media;
  if (media.state !== "checked" || (!may && !work.label)) return null;
  return el("div", { class: "work", "data-key": "work" },
    work.label && el("p", { class: "small", "data-key": "work-label" }, work.label),
    may && work.suggestion && el("button", {
      type: "button", class: "button secondary small", "data-do": "take-over",
      "data-media": media.id, "data-key": "take-over",
    }, icon("cleared"), el("span", {}, work.suggestion)),
    may && el("button", {
      type: "button", class: "button link small", "data-do": "work-open", "data-media": media.id,
      "data-key": "work-open", "aria-haspopup": "dialog",
    }, icon("pencil"), el("span", {}, work.label ? "Change whose work it is" : "Shows student work"),
    el("span", { class: "visually-hidden" }, ` in ${photoName(media).toLowerCase()}`)));
}

/** Whether a picture waits for somebody to say whose work it shows. */
export function isWorkOpen(media) {
  return media.messages.some(({ code }) => /^(whose|known|likely)-work$/.test(code));
}

/** Whether a name on a work, or beside it, is its artist's, in one tap. */
export function artistChoices({ id, artist }) {
  if (!artist) return [];
  return [
    ...artist.students.map((student) => answer(id, `Yes, this is ${student.name}’s work`, "yes",
      student.student_id)),
    artist.is_asked && answer(id, "No, somebody else is named", "no"),
  ];
}

function answer(id, words, said, student = null) {
  return el("button", {
    type: "button", class: "button secondary", "data-do": "artist", "data-finding": id,
    "data-answer": said, "data-student": student, "data-key": `artist-${said}-${student}`,
  }, icon(said === "yes" ? "cleared" : "person"), el("span", {}, words));
}

/** Asks whose work it is: several students, or nobody. */
export class WorkDialog {
  #media = null;
  #students = [];

  /** `choices` fetches whom one may choose; `say(media, credit, students, form)` keeps the word. */
  constructor({ dialog, choices, say }) {
    Object.assign(this, { dialog, choices, say });
    this.place = dialog.querySelector(".chooser-place");
    this.chosen = dialog.querySelector("#work-chosen");
    this.form = dialog.querySelector("select");
    this.trouble = dialog.querySelector(".field-error");
    dialog.addEventListener("click", (event) => this.#onClick(event));
  }

  /** Opens it for a picture. */
  async open(media) {
    this.#media = media.id;
    this.#students = [...media.work.students];
    this.dialog.querySelector("h2").textContent = `Whose work is in ${
      photoName(media).toLowerCase()}?`;
    this.form.value = media.work.name_form;
    this.#complain("");
    this.#render();
    this.place.replaceChildren();
    this.dialog.showModal();
    const choices = await this.choices();
    if (!this.dialog.open) return;
    const chooser = new Chooser({
      choices, label: "Who made it?", onChoose: (choice) => this.#add(choice, chooser),
    });
    this.place.replaceChildren(chooser.element);
    chooser.input.focus({ preventScroll: true });
  }

  #add(choice, chooser) {
    const isNew = this.#students.every((one) => one.student_id !== choice.student_id);
    if (isNew) this.#students.push(choice);
    announce(`${choice.name} is chosen. ${this.#students.length} in all.`);
    this.#complain("");
    this.#render();
    chooser.clear();
  }

  #onClick(event) {
    const { drop, credit, close } = event.target.closest("button")?.dataset ?? {};
    if (close !== undefined) this.dialog.close();
    else if (drop) this.#drop(drop);
    else if (credit) this.#keep(credit);
  }

  #drop(id) {
    const gone = this.#students.find((one) => one.student_id === id);
    this.#students = this.#students.filter((one) => one !== gone);
    announce(`${gone.name} is not chosen any more.`);
    this.#render();
    this.place.querySelector("input")?.focus();
  }

  async #keep(credit) {
    const students = credit === "students" ? this.#students.map((one) => one.student_id) : [];
    if (credit === "students" && students.length === 0) {
      this.#complain("Choose who made it first, or use one of the other buttons.");
      this.place.querySelector("input")?.focus();
      return;
    }
    const form = credit === "students" ? this.form.value : "none";
    if (await this.say(this.#media, credit, students, form)) this.dialog.close();
  }

  #complain(words) {
    this.trouble.hidden = !words;
    this.trouble.querySelector("span").textContent = words;
  }

  #render() {
    show(this.chosen, this.#students.map((one) => el("li", { "data-key": one.student_id },
      el("button", {
        type: "button", class: "button secondary small", "data-drop": one.student_id,
        "aria-label": `Take ${one.name} off`,
      }, el("span", {}, one.name), icon("close")))));
    this.chosen.hidden = this.#students.length === 0;
  }
}
