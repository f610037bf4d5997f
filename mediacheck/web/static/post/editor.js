// One picture, large, with everything that was found in it and what can be done about it.

import { boxAt, boxes, stepAmong } from "./boxes.js";
import { Chooser } from "./chooser.js";
import { el, icon, show } from "./dom.js";
import { Drawing, inPixels, watchForDrag } from "./drawing.js";
import { isOpen, itemsOf, openThings, wordsOf } from "./findings.js";
import { drawingHelp, foundList } from "./found.js";
import { menu } from "./menu.js";
import { announce } from "./tell.js";
import { PICTURE_STATUS, count, photoName } from "./words.js";

const ZOOMS = [1, 1.5, 2, 3];

export class Editor {
  #drawing = null;
  #chooser = null;
  #chooserKey = null;
  #opener = null;
  #zoom = 0;

  /**
   * `acts` holds say(finding, word, student) and draw(media, box); `choices` fetches whom one may
   * choose; `order` gives the pictures as the contact sheet shows them; `style` the cover style.
   */
  constructor({ dialog, store, acts, choices, pictures, style, onClose }) {
    Object.assign(this, { dialog, store, acts, choices, pictures, style, onClose });
    this.media = null;
    this.selected = null;
    this.stage = dialog.querySelector(".editor-stage");
    this.layer = dialog.querySelector(".boxes");
    this.panel = dialog.querySelector(".editor-panel");
    this.layer.addEventListener("click", (event) => this.#onTap(event));
    this.layer.addEventListener("keydown", (event) => {
      if (stepAmong(this.layer, event)) event.preventDefault();
    });
    watchForDrag(this.layer, (event, at) => {
      if (this.#canDraw()) this.draw().begin(event, at);
    });
    dialog.addEventListener("keydown", (event) => this.#onKey(event));
    dialog.addEventListener("cancel", (event) => this.#onCancel(event));
    dialog.addEventListener("close", () => this.#onClosed());
    store.onChange(() => this.render());
  }

  /** Opens a picture, and the menu of one thing in it when `key` names one. */
  open(mediaId, key = null) {
    this.#opener = this.dialog.open ? this.#opener : document.activeElement;
    this.#endDrawing();
    this.media = mediaId;
    this.#zoom = 0;
    this.selected = null;
    if (!this.dialog.open) this.dialog.showModal();
    this.render();
    if (this.#items().some((one) => one.key === key)) this.select(key);
    else this.#focusFirst(key);
  }

  /** Opens the picture before or after. */
  step(by) {
    const all = this.#openable();
    const here = all.findIndex((media) => media.id === this.media);
    this.open(all[(here + by + all.length) % all.length].id);
  }

  /** Opens the menu of a thing in the picture. */
  select(key) {
    this.#endDrawing();
    this.selected = key;
    this.render();
    // Not the first button: a second Enter by mistake must not confirm a name.
    this.panel.querySelector("[data-menu-title]")?.focus({ preventScroll: true });
    this.panel.scrollTop = 0;
    this.#reveal(this.#box(key));
  }

  /** Closes the menu; the focus goes back to its box. */
  deselect() {
    const key = this.selected;
    this.selected = null;
    this.render();
    this.#box(key)?.focus({ preventScroll: true });
  }

  /** After something was settled: closes the menu and goes on to what is still open. */
  goOn(key) {
    const one = this.#items().find((item) => item.key === key);
    const open = this.#items().filter(isOpen);
    const left = openThings(this.#current() ?? { faces: [], names: [], unread: [], covers: [] });
    announce([
      one && `${one.title}: ${wordsOf(one)}.`,
      left.length ? `${count(left.length, "thing")} left in this photo.`
        : "Nothing is left to settle in this photo.",
    ].filter(Boolean).join(" "));
    // Whoever has opened another menu in the meantime is at work there.
    if (this.selected !== null && this.selected !== key) return;
    this.selected = null;
    this.render();
    (this.#box(open[0]?.key) ?? this.#box(key) ?? this.#title()).focus({ preventScroll: true });
  }

  /** Makes the picture larger or smaller. */
  zoom(by) {
    this.#zoom = Math.min(Math.max(this.#zoom + by, 0), ZOOMS.length - 1);
    this.render();
  }

  /** Puts a new box on the picture. */
  draw() {
    this.selected = null;
    this.#endDrawing();
    this.#drawing = new Drawing({
      layer: this.layer,
      onKeep: () => this.keep(),
      onDrop: () => this.drop(),
      onMove: announce,
    });
    this.render();
    this.#drawing.element.focus({ preventScroll: true });
    this.#reveal(this.#drawing.element);
    return this.#drawing;
  }

  /** Keeps the drawn box: the server makes a face of it, and its menu opens. */
  async keep() {
    const media = this.#current();
    const before = new Set(this.#items().map((one) => one.key));
    const box = inPixels(this.#drawing.box, media);
    this.#endDrawing();
    if (await this.acts.draw(media.id, box)) {
      const added = this.#items().find((one) => one.kind === "face" && !before.has(one.key));
      if (added) this.select(added.key);
    }
    this.render();
  }

  /** Takes the drawn box off again. */
  drop() {
    this.#endDrawing();
    this.render();
    this.panel.querySelector('[data-do="draw"]')?.focus();
  }

  /** Brings the dialog up to date. */
  render() {
    if (this.media === null) return;
    const media = this.#current();
    if (!media || !media.picture_url) {
      this.dialog.close();
      return;
    }
    if (!this.#items().some((one) => one.key === this.selected)) this.selected = null;
    show(this.dialog.querySelector(".editor-head"), this.#head(media));
    this.#showPicture(media);
    const isTyping = this.#chooser?.element.contains(document.activeElement);
    show(this.panel, this.#panel(media));
    this.#placeChooser(isTyping);
  }

  #head(media) {
    const status = PICTURE_STATUS[media.status];
    const hasOthers = this.#openable().length > 1;
    const tool = (act, words, sign, isOff) => el("button", {
      type: "button", class: "icon-button", "data-do": act, "data-key": act, "aria-label": words,
      disabled: isOff,
    }, icon(sign));
    return [
      el("h2", { id: "editor-title", tabindex: "-1", "data-key": "title" }, photoName(media)),
      el("span", { class: `badge ${status.kind}`, "data-key": "badge" },
        icon(status.icon), " ", el("span", {}, status.words)),
      el("span", { class: "editor-tools", "data-key": "tools" },
        hasOthers && tool("photo-before", "The photo before", "before"),
        hasOthers && tool("photo-after", "The next photo", "next"),
        tool("zoom-out", "Smaller", "smaller", this.#zoom === 0),
        tool("zoom-in", "Larger", "larger", this.#zoom === ZOOMS.length - 1),
        tool("editor-close", "Close the photo", "close")),
    ];
  }

  #showPicture(media) {
    const canvas = this.dialog.querySelector(".canvas");
    canvas.style.setProperty("--ratio", String(media.width / media.height));
    canvas.style.setProperty("--zoom", String(ZOOMS[this.#zoom]));
    const image = canvas.querySelector("img");
    if (image.getAttribute("src") !== media.picture_url) image.src = media.picture_url;
    image.alt = media.alt_text || photoName(media);
    this.layer.setAttribute("aria-label", `What was found in ${photoName(media).toLowerCase()}`);
    canvas.classList.toggle("is-waiting", media.status === "waiting");
    const drawn = this.#drawing?.element;
    show(this.layer, drawn ? [] : boxes(this.#items(), media, this.selected));
    if (drawn && !drawn.isConnected) this.layer.append(drawn);
  }

  #panel(media) {
    if (this.#drawing) return drawingHelp();
    const one = this.#items().find((item) => item.key === this.selected);
    if (one) {
      const { may_edit: may, may_review: mayReview } = this.store.state;
      return menu(one, media, { may, mayReview, style: this.style() });
    }
    return foundList(this.#items(), media, this.store.state.may_edit);
  }

  /** The chooser of a menu is kept as long as its menu is open: it holds what was typed. */
  async #placeChooser(isTyping) {
    const { media, selected: key } = this;
    const find = () => this.panel.querySelector(".chooser-place");
    if (!find()) return;
    if (this.#chooserKey !== key) {
      const choices = await this.choices();
      // Another menu may be open by now, or this one have got its chooser.
      if (this.selected !== key || this.media !== media || !find()) return;
      if (this.#chooserKey !== key) this.#openChooser(key, find().dataset.key, choices);
    }
    // A field that is moved loses the focus, and what is typed next.
    if (find().contains(this.#chooser.element)) return;
    find().replaceChildren(this.#chooser.element);
    if (isTyping) this.#chooser.input.focus({ preventScroll: true });
  }

  #openChooser(key, kind, choices) {
    this.#chooserKey = key;
    this.#chooser = new Chooser({
      choices,
      label: kind === "chooser-name" ? "It names …" : "Choose who it is",
      onChoose: (choice) => this.acts.say(key, "choose", choice.student_id),
    });
  }

  #onTap(event) {
    const box = event.detail > 0
      ? boxAt(this.layer, event.clientX, event.clientY) : event.target.closest("[data-box]");
    if (this.#drawing || !box) return;
    if (box.dataset.box === this.selected) this.deselect();
    else this.select(box.dataset.box);
  }

  #onKey(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    this.#back();
  }

  /** The back gesture of a phone. */
  #onCancel(event) {
    if (event.target !== this.dialog) return;
    event.preventDefault();
    this.#back();
  }

  #back() {
    if (this.#drawing) this.drop();
    else if (this.selected) this.deselect();
    else this.dialog.close();
  }

  #onClosed() {
    const { media } = this;
    this.#endDrawing();
    this.media = null;
    this.selected = null;
    this.onClose();
    const card = document.getElementById(media);
    const target = this.#opener?.isConnected ? this.#opener : card?.querySelector("button");
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: "nearest" });
  }

  #focusFirst(key) {
    const row = key && this.panel.querySelector(`[data-key="${key}"]`);
    const open = this.#items().find(isOpen);
    const target = row?.querySelector("button") ?? this.#box(open?.key) ?? this.#title();
    target.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }

  #endDrawing() {
    this.#drawing?.end();
    this.#drawing = null;
  }

  #canDraw() {
    return this.store.state.may_edit && this.#current()?.state === "checked" && !this.#drawing;
  }

  #current() {
    return this.store.state.media.find((media) => media.id === this.media) ?? null;
  }

  #items() {
    const media = this.#current();
    return media ? itemsOf(media) : [];
  }

  #openable() {
    return this.pictures().filter((media) => media.picture_url);
  }

  #box(key) {
    return key ? this.layer.querySelector(`[data-box="${key}"]`) : null;
  }

  /** Scrolls the stage, and nothing else, so that the box is in its middle. */
  #reveal(box) {
    if (!box) return;
    const { stage } = this;
    const view = stage.getBoundingClientRect();
    const place = box.getBoundingClientRect();
    stage.scrollBy({
      left: place.left + place.width / 2 - view.left - view.width / 2,
      top: place.top + place.height / 2 - view.top - view.height / 2,
    });
  }

  #title() {
    return this.dialog.querySelector("#editor-title");
  }
}
