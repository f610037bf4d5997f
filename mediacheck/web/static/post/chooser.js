// Chooses a student by typing a part of the name: the combobox of the ARIA patterns, with its list
// always open. The class comes first.

import { el, icon } from "./dom.js";

const MOST_SHOWN = 60;

let serial = 0;

export class Chooser {
  #active = -1;
  #shown = [];

  /** `choices` are the server's; `onChoose` gets the one that was chosen. */
  constructor({ choices, label, onChoose }) {
    this.choices = choices;
    this.onChoose = onChoose;
    this.id = `chooser-${serial++}`;
    this.input = el("input", {
      id: this.id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "true", "aria-controls": `${this.id}-list`,
      placeholder: "Type a name",
    });
    this.list = el("div", {
      id: `${this.id}-list`, role: "listbox", class: "chooser-list", "aria-label": label,
    });
    this.hint = el("p", { class: "hint", role: "status" });
    this.element = el("div", { class: "chooser" },
      el("label", { for: this.id }, label), this.input, this.hint, this.list);
    this.input.addEventListener("input", () => this.#filter());
    this.input.addEventListener("keydown", (event) => this.#onKey(event));
    this.list.addEventListener("click", (event) => this.#onClick(event));
    // A tap on the list must not close the keyboard and move the list away under the finger.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#filter();
  }

  /** Empties the field, for the next choice. */
  clear() {
    this.input.value = "";
    this.#filter();
  }

  #filter() {
    const parts = plain(this.input.value).split(" ").filter(Boolean);
    const found = this.choices.filter((one) => parts.every((part) => hasWord(one.name, part)));
    this.#shown = found.slice(0, MOST_SHOWN);
    this.#active = -1;
    this.hint.textContent = hintFor(parts, found);
    this.list.replaceChildren(...this.#groups());
    this.#point();
  }

  #groups() {
    const hasClass = this.choices.some((one) => one.is_in_class);
    const mine = this.#shown.filter((one) => one.is_in_class);
    const others = this.#shown.filter((one) => !one.is_in_class);
    return [["This class", mine], [hasClass ? "The rest of the school" : "The school", others]]
      .filter(([, members]) => members.length > 0)
      .map(([title, members]) => el("div", { role: "group", "aria-label": title },
        el("p", { class: "chooser-group", "aria-hidden": "true" }, title),
        members.map((one) => this.#option(one))));
  }

  #option(choice) {
    return el("div", {
      role: "option", id: `${this.id}-${this.#shown.indexOf(choice)}`, class: "chooser-option",
      "aria-selected": "false",
    }, portrait(choice), el("span", {}, choice.name));
  }

  #onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && this.#shown.length > 0) {
      event.preventDefault();
      const start = this.#active < 0 && step < 0 ? 0 : this.#active;
      this.#active = (start + step + this.#shown.length) % this.#shown.length;
      this.#point();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.#active >= 0) this.onChoose(this.#shown[this.#active]);
    } else if (event.key === "Escape" && this.input.value !== "") {
      event.preventDefault();
      event.stopPropagation();
      this.input.value = "";
      this.#filter();
    }
  }

  #onClick(event) {
    const option = event.target.closest('[role="option"]');
    if (option) this.onChoose(this.#shown[Number(option.id.slice(this.id.length + 1))]);
  }

  /** Marks the active option. Enter alone chooses nobody: a wrong name is worse than a key more. */
  #point() {
    for (const option of this.list.querySelectorAll('[role="option"]')) {
      const isActive = option.id === `${this.id}-${this.#active}`;
      option.setAttribute("aria-selected", String(isActive));
      if (isActive) option.scrollIntoView({ block: "nearest" });
    }
    if (this.#active >= 0) {
      this.input.setAttribute("aria-activedescendant", `${this.id}-${this.#active}`);
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }
}

/** The portrait where the family allowed one, else a sign in its place. */
export function portrait(choice) {
  if (!choice.portrait_url) return el("span", { class: "portrait none" }, icon("person"));
  return el("img", { class: "portrait", src: choice.portrait_url, alt: "", loading: "lazy" });
}

function hintFor(parts, found) {
  if (found.length === 0) return "Nobody of that name at this school.";
  if (found.length > MOST_SHOWN) return `${found.length} students. Type a part of the name.`;
  return parts.length > 0 ? `${found.length} found.` : "Type a part of the name, or scroll.";
}

function hasWord(name, part) {
  return ` ${plain(name)}`.includes(` ${part}`);
}

/** Small letters without accents and apostrophes, words parted by single spaces. */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/['’]/g, "").replace(/[\s-]+/g, " ").trim();
}
