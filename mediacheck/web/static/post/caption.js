// The words of the post: its caption with the names underlined, its channel and its class.

import { el, icon, isTouched, show } from "./dom.js";
import { Looking } from "./looking.js";
import { nameList } from "./names.js";
import { AutoSave } from "./saving.js";
import * as server from "./server.js";
import { alarm, announce, calm } from "./tell.js";
import { paint, underlined } from "./underline.js";

const CONFLICT = 409;

export class Caption {
  #base;
  #sent = null;
  #theirs = null;
  #looked = null;

  constructor({ store, place, namesPlace, channel, classes }) {
    Object.assign(this, { store, place, namesPlace, channel, classes });
    this.#base = store.state.caption;
    this.#show(store.state);
    this.field = place.querySelector("textarea");
    this.field.addEventListener("input", () => paint(this.field));
    this.looking = new Looking(this.field, (words) => this.#look(words),
      (words, names) => this.#see(words, names));
    this.saving = new AutoSave(this.field, (words) => this.#save(words));
    for (const choice of [channel, classes]) {
      choice?.addEventListener("change", () => this.#saveChoice(choice));
    }
    store.onChange((state) => this.#take(state));
  }

  /** Saves what is typed and not saved yet. */
  flush() {
    return this.#theirs === null ? this.saving.flush() : Promise.resolve();
  }

  /** Saves these words over those of somebody else. */
  keepMine() {
    this.#base = this.#theirs;
    this.#theirs = null;
    return this.flush();
  }

  /** Gives up what was typed for what somebody else saved. */
  takeTheirs() {
    this.field.value = this.#theirs;
    this.#base = this.#theirs;
    this.#theirs = null;
    this.#take(this.store.state);
    this.field.focus();
  }

  async #save(words, isAgain = false) {
    if (this.#theirs !== null) return;
    this.#sent = words;
    try {
      await this.store.act("words", () => this.#words({ caption: words }));
      calm();
    } catch (refusal) {
      if (refusal.status === undefined) throw refusal;
      // The store has fetched the newer words by now. Only their version may have moved on.
      const isOnlyVersion = refusal.status === CONFLICT && this.store.state.caption === this.#base;
      if (isOnlyVersion && !isAgain) await this.#save(words, true);
      else if (this.#theirs === null) alarm(refusal);
    } finally {
      this.#sent = null;
    }
  }

  async #saveChoice(choice) {
    await this.flush();
    try {
      await this.store.act("words", () => this.#words({
        channel: this.channel.value, class_key: this.classes?.value ?? this.store.state.class_key,
      }));
      announce("Saved. The post is judged for this channel and class now.");
    } catch (refusal) {
      if (refusal.status === undefined) throw refusal;
      choice.value = choice.dataset.saved;
      alarm(refusal);
    }
  }

  #words(changed) {
    const { version, caption, channel, class_key: classKey, school } = this.store.state;
    return { version, caption, channel, class_key: classKey, school, ...changed };
  }

  async #look(caption) {
    const answer = await server.peek(`${this.store.address}/look`, { caption });
    return answer?.names ?? null;
  }

  /** Shows the names in words that are typed and not saved yet. */
  #see(words, names) {
    if (!isTouched(this.field)) return;
    this.#looked = { words, names };
    this.#show(this.store.state);
  }

  #take(state) {
    if (state.caption === this.#sent || !isTouched(this.field)) this.#base = state.caption;
    else if (state.caption !== this.#base) this.#theirs = state.caption;
    if (this.field.value === state.caption) this.#theirs = null;
    if (!isTouched(this.field) || this.field.value === state.caption) this.#looked = null;
    this.looking.resume();
    this.#show(state);
    for (const [choice, value] of [[this.channel, state.channel],
      [this.classes, state.class_key ?? ""]]) {
      if (!choice) continue;
      choice.value = value;
      choice.dataset.saved = value;
      choice.disabled = !state.may_edit;
    }
  }

  #show(state) {
    const { words, names } = this.#looked ?? { words: state.caption, names: state.names };
    show(this.place, underlined({
      id: "caption", rows: 4, maxlength: 10000, readonly: !state.may_edit,
      placeholder: "What should it say?",
    }, state.caption, names, words));
    paint(this.place.querySelector("textarea"));
    show(this.namesPlace, this.#theirs === null ? null : conflict(this.#theirs),
      nameList(names, state.may_edit));
  }
}

function conflict(theirs) {
  return el("div", { class: "notice review", "data-key": "conflict", role: "alert" },
    icon("review"),
    el("div", {},
      el("p", {}, "Somebody saved another caption in the meantime. Yours is still here."),
      el("blockquote", {}, theirs || "(no caption)"),
      el("div", { class: "choices" },
        el("button", { type: "button", class: "button secondary small", "data-do": "keep-mine" },
          "Keep mine"),
        el("button", { type: "button", class: "button secondary small", "data-do": "take-theirs" },
          "Take the other"))));
}
