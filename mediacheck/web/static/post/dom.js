// Builds elements, and brings those on the page up to date without disturbing anybody: a node that
// is still wanted stays, with its focus, its selection and what was typed into it.

const SVG = "http://www.w3.org/2000/svg";
const SPRITE = new URL("../icons.svg", import.meta.url).pathname;

/**
 * An element. An attribute that is null, undefined or false is left out; `style` is an object.
 * Children may be nodes, strings, arrays of them, or nothing.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "style") {
      // The policy of the page forbids style attributes in markup, and allows this way.
      for (const [property, setting] of Object.entries(value)) {
        node.style.setProperty(property, setting);
      }
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined
    && child !== false && child !== ""));
  return node;
}

/** An icon of the sprite. The words beside it say what it means. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/** A text field whose content is the server's until somebody types into it. */
export function textarea(attributes, saved) {
  const field = el("textarea", { ...attributes, "data-saved": saved });
  field.value = saved;
  return field;
}

/** A choice from a list of `[value, words]`, with the same promise. */
export function select(attributes, options, saved) {
  const field = el("select", { ...attributes, "data-saved": saved },
    options.map(([value, words]) => el("option", { value }, words)));
  field.value = saved;
  return field;
}

/** Whether somebody has typed into the field what the server does not have yet. */
export function isTouched(field) {
  return field.value !== field.dataset.saved;
}

/** Makes what is inside `place` look like `children`, and keeps the focus where it was. */
export function show(place, ...children) {
  const active = document.activeElement;
  morphChildren(place, el("div", {}, ...children));
  if (active?.isConnected && active !== document.activeElement) {
    active.focus({ preventScroll: true });
  }
}

function morph(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  const isUntouched = isField(old) && !isTouched(old);
  morphAttributes(old, fresh);
  // What is inside of these belongs to a script of its own.
  if (!old.hasAttribute("data-own")) morphChildren(old, fresh);
  if (isUntouched && old.value !== fresh.value) old.value = fresh.value;
}

function isField(node) {
  return node.dataset?.saved !== undefined;
}

function morphAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!keepsOwn(old, name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (!keepsOwn(old, name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (old.style.cssText !== fresh.style.cssText) old.style.cssText = fresh.style.cssText;
}

/**
 * Whether a person has opened something is theirs to say, whether a button is at work its own; and
 * styles go another way.
 */
function keepsOwn(node, name) {
  return name === "style" || name === "aria-busy"
    || (name === "open" && /^(DETAILS|DIALOG)$/.test(node.nodeName));
}

function morphChildren(old, fresh) {
  const wanted = [...fresh.childNodes];
  const keys = new Set(wanted.map(keyOf));
  for (const child of [...old.childNodes]) {
    if (keyOf(child) !== undefined && !keys.has(keyOf(child))) child.remove();
  }
  let place = old.firstChild;
  for (const child of wanted) {
    const match = matchOf(old, place, child);
    if (match === null) {
      old.insertBefore(child, place);
    } else {
      morph(match, child);
      if (match === place) place = place.nextSibling;
      else old.insertBefore(match, place);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function matchOf(parent, place, fresh) {
  const key = keyOf(fresh);
  if (key === undefined) {
    const fits = place && place.nodeName === fresh.nodeName && keyOf(place) === undefined;
    return fits ? place : null;
  }
  for (let node = place; node; node = node.nextSibling) {
    if (keyOf(node) === key) return node.nodeName === fresh.nodeName ? node : null;
  }
  return null;
}

function keyOf(node) {
  return node.dataset?.key;
}
