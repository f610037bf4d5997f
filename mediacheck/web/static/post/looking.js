// Looks at what is being typed before it is saved, so that names are underlined at once.

/** So soon after a key; with the way to the server and back it stays within 300 ms. */
const SOON_MS = 80;

export class Looking {
  #timer = null;
  #isAsking = false;
  #isRefused = false;

  /**
   * `look(words)` promises the names in them, or null when it is refused; `onSeen(words, names)`
   * hears of the newest.
   */
  constructor(field, look, onSeen) {
    Object.assign(this, { field, look, onSeen });
    field.addEventListener("input", () => this.#soon());
  }

  /** Looks again after a refusal: the server has answered otherwise since. */
  resume() {
    this.#isRefused = false;
  }

  #soon() {
    // A timer that runs is not put off: whoever types without a pause is told, too.
    this.#timer ??= setTimeout(() => this.#ask(), SOON_MS);
  }

  async #ask() {
    this.#timer = null;
    if (this.#isAsking || this.#isRefused) return;
    this.#isAsking = true;
    const words = this.field.value;
    const names = await this.look(words);
    this.#isAsking = false;
    // Saving the same words says what is wrong, and says it once.
    if (names === null) this.#isRefused = true;
    else this.onSeen(words, names);
    if (this.field.value !== words) this.#soon();
  }
}
