// Saves what is typed: a little after the last key, and when the field is left.

import { isTouched } from "./dom.js";

const PAUSE_MS = 600;

export class AutoSave {
  #timer = null;
  #saving = Promise.resolve();

  /** `save(words)` gives a promise; it is called only for words that the server does not have. */
  constructor(field, save) {
    this.field = field;
    this.save = save;
    field.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.flush(), PAUSE_MS);
    });
    field.addEventListener("blur", () => this.flush());
  }

  /** Saves now what is not saved yet, and waits until that is done. */
  flush() {
    clearTimeout(this.#timer);
    // What is being saved is not sent twice; what was typed meanwhile follows.
    this.#saving = this.#saving.then(() => (isTouched(this.field) ? this.save(this.field.value)
      : undefined));
    return this.#saving;
  }
}
