// The photos' descriptions: each saves itself, and its names are underlined while it is typed.

import { isTouched } from "./dom.js";
import { altNames } from "./findings.js";
import { Looking } from "./looking.js";
import { AutoSave } from "./saving.js";
import * as server from "./server.js";
import { attempt } from "./tell.js";
import { paint } from "./underline.js";

export class Descriptions {
  #fields = new Map();
  #looked = new Map();

  /** `onSeen` hears that the names of a description are others than they were. */
  constructor(store, onSeen) {
    Object.assign(this, { store, onSeen });
  }

  /** The names to show at a photo's description, and the words that their places belong to. */
  seenIn(media) {
    return this.#looked.get(media.id) ?? { words: media.alt_text, names: altNames(media) };
  }

  /** Forgets what was looked up of words that are saved by now, or given up. */
  forgetSaved(state) {
    for (const [id, { field, looking }] of this.#fields) {
      const media = state.media.find((one) => one.id === id);
      looking.resume();
      if (!media || !isTouched(field) || field.value === media.alt_text) this.#looked.delete(id);
    }
  }

  /** Follows the fields that are new on the page. */
  follow(place) {
    for (const field of place.querySelectorAll("textarea[data-alt]")) {
      const id = field.dataset.alt;
      if (this.#fields.get(id)?.field === field) continue;
      field.addEventListener("input", () => paint(field));
      const saving = new AutoSave(field, (words) => attempt(
        this.store.act("alt-text", { media: id, alt_text: words })));
      const looking = new Looking(field, (words) => this.#look(id, words),
        (words, names) => this.#see(id, field, { words, names }));
      this.#fields.set(id, { field, saving, looking });
    }
  }

  /** Saves everything that is typed and not saved yet. */
  flush() {
    const typed = [...this.#fields.values()]
      .filter(({ field }) => field.isConnected && isTouched(field));
    return Promise.all(typed.map(({ saving }) => saving.flush()));
  }

  async #look(media, words) {
    const answer = await server.peek(`${this.store.address}/look`, { media, alt_text: words });
    return answer?.names ?? null;
  }

  #see(id, field, looked) {
    if (!isTouched(field)) return;
    this.#looked.set(id, looked);
    this.onSeen();
  }
}
