// The post as the server last told it. Acts go one after the other, in the order they were made;
// while a picture is being checked, the state is asked for again every second, and now and then
// while a clearance stands: a family may take its yes back at any moment.

import * as server from "./server.js";

const POLL_MS = 1000;
const LONGEST_PAUSE_MS = 15000;
const CLEARED_POLL_MS = 5000;
/** So often, ten minutes in all; a page that nobody touches keeps nobody signed in. */
const MOST_CLEARED_POLLS = 120;
/** After these, what the page shows may be out of date. */
const STALE = new Set([400, 403, 404, 409]);

export class Store {
  #listeners = [];
  #acts = Promise.resolve();
  #pending = 0;
  #issued = 0;
  #newest = 0;
  #timer = null;
  #failures = 0;
  #quietPolls = 0;

  /** `address` is that of the post; `onTrouble` hears of a Refusal that nobody asked for. */
  constructor(state, address, onTrouble) {
    this.state = state;
    this.address = address;
    this.onTrouble = onTrouble;
    document.addEventListener("visibilitychange", () => this.#onVisibility());
  }

  /** Calls the listener now, and after every change. */
  onChange(listener) {
    this.#listeners.push(listener);
    listener(this.state);
  }

  /** Whether any picture is being checked. */
  get isWaiting() {
    return this.state.media.some((media) => media.status === "waiting");
  }

  /**
   * Does something to the post. `body` may be a function: it is then called when its turn comes,
   * and sees the state that the acts before it made. Throws a Refusal.
   */
  act(name, body) {
    this.#quietPolls = 0;
    this.#pending += 1;
    const turn = this.#acts.then(() => this.#send(name, body));
    this.#acts = turn.catch(() => {});
    return turn;
  }

  /** Asks for the state as it is now. */
  async refresh() {
    const ticket = ++this.#issued;
    const state = await server.get(`${this.address}/state`);
    // An answer that was overtaken, by a later one or by an act, is older than what is shown.
    if (ticket > this.#newest && this.#pending === 0) this.#accept(state, ticket);
    return this.state;
  }

  /** Begins to ask again and again, as long as something is being checked. */
  watch() {
    this.#schedule();
  }

  async #send(name, body) {
    try {
      const sent = typeof body === "function" ? body() : body;
      const state = await server.post(`${this.address}/${name}`, sent);
      this.#pending -= 1;
      this.#accept(state, ++this.#issued);
      return state;
    } catch (refusal) {
      this.#pending -= 1;
      if (STALE.has(refusal.status)) await this.refresh().catch(() => {});
      throw refusal;
    }
  }

  #accept(state, ticket) {
    this.#newest = ticket;
    this.#failures = 0;
    this.state = state;
    for (const listener of this.#listeners) listener(state);
    this.#schedule();
  }

  #schedule() {
    clearTimeout(this.#timer);
    const every = this.#interval();
    if (document.hidden || every === null) return;
    const pause = Math.min(every * 2 ** this.#failures, LONGEST_PAUSE_MS);
    this.#timer = setTimeout(() => this.#poll(), pause);
  }

  #interval() {
    if (this.isWaiting || this.#pending > 0) return POLL_MS;
    if (["waiting", "sending"].includes(this.state.publishing?.state)) return CLEARED_POLL_MS / 2;
    const isWatched = this.state.clearance?.holds && this.#quietPolls < MOST_CLEARED_POLLS;
    return isWatched ? CLEARED_POLL_MS : null;
  }

  async #poll() {
    if (!this.isWaiting) this.#quietPolls += 1;
    try {
      await this.refresh();
    } catch (refusal) {
      this.#failures += 1;
      // A hiccup is nobody's business; being signed out, or a lost connection, is.
      if (refusal.status === 401 || this.#failures === 3) this.onTrouble(refusal);
      if (refusal.status === 401) return;
    }
    this.#schedule();
  }

  #onVisibility() {
    if (document.hidden) clearTimeout(this.#timer);
    else {
      this.#quietPolls = 0;
      this.refresh().catch(() => {}).then(() => this.#schedule());
    }
  }
}
