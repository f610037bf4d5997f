// Draws a box round a face that was missed: with a pointer, or with the keys alone.

import { el } from "./dom.js";

/** A new box, as parts of the picture. */
const START = { left: 0.4, top: 0.35, width: 0.2, height: 0.25 };
const SMALLEST = 0.01;
const STEP = 0.01;
const LONG_STEP = 0.05;
/** How near to a corner a pointer takes hold of it, in pixels of the page. */
const CORNER_PX = 24;
/** A pointer that moves less has tapped. */
const DRAG_PX = 6;

export class Drawing {
  #grip = null;

  /** `layer` lies exactly over the picture. `onKeep` gets the box as parts of it. */
  constructor({ layer, onKeep, onDrop, onMove }) {
    this.layer = layer;
    this.onKeep = onKeep;
    this.onDrop = onDrop;
    this.onMove = onMove;
    this.box = { ...START };
    this.element = el("button", {
      type: "button", class: "drawn", "data-key": "drawn", "data-own": true,
      "aria-label": "New box round a face", "aria-describedby": "drawing-help",
    }, ["nw", "ne", "sw", "se"].map((corner) => el("span", { class: `corner ${corner}` })));
    this.element.addEventListener("keydown", (event) => this.#onKey(event));
    this.events = new AbortController();
    const { signal } = this.events;
    layer.addEventListener("pointerdown", (event) => this.grab(event), { signal });
    layer.addEventListener("pointermove", (event) => this.#drag(event), { signal });
    layer.addEventListener("pointerup", () => { this.#grip = null; }, { signal });
    layer.addEventListener("pointercancel", () => { this.#grip = null; }, { signal });
    layer.classList.add("drawing");
    layer.append(this.element);
    this.#place();
  }

  /** Takes everything off the picture again. */
  end() {
    this.events.abort();
    this.layer.classList.remove("drawing");
    this.element.remove();
  }

  /** Takes hold of a corner, of the whole box, or begins a new one. */
  grab(event) {
    const at = this.#partOf(event);
    this.#grip = this.#cornerAt(event) ?? (this.#holds(at) ? moveFrom(at, this.box) : sizeFrom(at));
    this.layer.setPointerCapture(event.pointerId);
    this.element.focus({ preventScroll: true });
    event.preventDefault();
  }

  /** Begins a new box where the pointer went down. */
  begin(event, at) {
    this.#grip = sizeFrom(this.#partOf(at));
    this.layer.setPointerCapture(event.pointerId);
    this.#drag(event);
  }

  #drag(event) {
    if (this.#grip === null) return;
    this.box = within(this.#grip(this.#partOf(event)));
    this.#place();
  }

  #onKey(event) {
    const [across, down] = {
      ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
    }[event.key] ?? [0, 0];
    if (event.key === "Escape") this.onDrop();
    else if (event.key === "Enter") this.onKeep(this.box);
    else if (across || down) this.#nudge(across, down, event);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #nudge(across, down, event) {
    const step = event.ctrlKey || event.altKey ? LONG_STEP : STEP;
    const { left, top, width, height } = this.box;
    this.box = within(event.shiftKey
      ? { left, top, width: width + across * step, height: height + down * step }
      : { left: left + across * step, top: top + down * step, width, height });
    this.#place();
    this.onMove(describe(this.box));
  }

  #place() {
    for (const [side, part] of Object.entries(this.box)) {
      this.element.style.setProperty(side, `${100 * part}%`);
    }
  }

  #partOf({ clientX, clientY }) {
    const { left, top, width, height } = this.layer.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  }

  #holds({ x, y }) {
    const { left, top, width, height } = this.box;
    return x >= left && x <= left + width && y >= top && y <= top + height;
  }

  /** The opposite corner stays where it is. */
  #cornerAt({ clientX, clientY }) {
    const { left, top, right, bottom } = this.element.getBoundingClientRect();
    const nearX = [left, right].findIndex((side) => Math.abs(side - clientX) <= CORNER_PX);
    const nearY = [top, bottom].findIndex((side) => Math.abs(side - clientY) <= CORNER_PX);
    if (nearX < 0 || nearY < 0) return null;
    const { left: x, top: y, width, height } = this.box;
    return sizeFrom({ x: nearX === 0 ? x + width : x, y: nearY === 0 ? y + height : y });
  }
}

/** Waits for a mouse to be dragged over the picture; `onDrag` gets where it went down and is. */
export function watchForDrag(layer, onDrag) {
  let start = null;
  layer.addEventListener("pointerdown", (event) => {
    // A finger that is dragged scrolls: on a touch screen the button begins a box.
    start = event.pointerType === "mouse" && event.button === 0 ? event : null;
  });
  layer.addEventListener("pointermove", (event) => {
    if (start === null || event.buttons !== 1) return;
    const far = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY);
    if (far < DRAG_PX) return;
    const at = start;
    start = null;
    onDrag(event, at);
  });
  layer.addEventListener("pointerup", () => { start = null; });
}

/** A box of the picture in its pixels, as the server takes it. */
export function inPixels(box, media) {
  return {
    left: Math.round(box.left * media.width),
    top: Math.round(box.top * media.height),
    width: Math.max(1, Math.round(box.width * media.width)),
    height: Math.max(1, Math.round(box.height * media.height)),
  };
}

function moveFrom(start, box) {
  return ({ x, y }) => ({ ...box, left: box.left + x - start.x, top: box.top + y - start.y });
}

function sizeFrom(corner) {
  return ({ x, y }) => ({
    left: Math.min(corner.x, x), top: Math.min(corner.y, y),
    width: Math.abs(x - corner.x), height: Math.abs(y - corner.y),
  });
}

function within({ left, top, width, height }) {
  const wide = Math.min(Math.max(width, SMALLEST), 1);
  const high = Math.min(Math.max(height, SMALLEST), 1);
  return {
    left: Math.min(Math.max(left, 0), 1 - wide),
    top: Math.min(Math.max(top, 0), 1 - high),
    width: wide,
    height: high,
  };
}

function describe(box) {
  const percent = Object.fromEntries(
    Object.entries(box).map(([side, part]) => [side, Math.round(100 * part)]));
  return `${percent.left} % from the left, ${percent.top} % from the top, `
    + `${percent.width} % wide, ${percent.height} % high`;
}
