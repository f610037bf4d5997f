// Tells people things: aloud to a screen reader, in a short note, or in an alert that stays.

import { el, icon } from "./dom.js";

const TOAST_MS = 5000;

/** Says something to a screen reader once it is done with what it says. */
export function announce(words) {
  const place = document.getElementById("announcer");
  // The same words twice are two pieces of news.
  place.textContent = place.textContent === words ? `${words}\u00a0` : words;
}

/** A short note that goes away by itself. The region is live, so it is heard too. */
export function toast(words) {
  const note = el("p", { class: "toast" }, icon("cleared"), el("span", {}, words));
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), TOAST_MS);
}

/** An alert with the words of a refusal. It stays until it is put away, or something works again. */
export function alarm(refusal) {
  const place = alertPlace();
  const words = [el("p", {}, refusal.message)];
  if (refusal.status === 401) {
    words.push(el("p", {}, el("a", { href: "/sign-in", target: "_blank" },
      "Sign in in another tab"), ", then come back here: what you typed stays."));
  }
  const close = el("button", { class: "button link", type: "button" }, "Close this message");
  close.addEventListener("click", () => calm());
  place.replaceChildren(el("div", { class: "notice blocked" }, icon("blocked"),
    el("div", {}, ...words, close)));
  place.scrollIntoView({ block: "nearest" });
}

/** Puts the alert away. */
export function calm() {
  for (const place of document.querySelectorAll("[data-alerts]")) place.replaceChildren();
}

/** Waits for an act; shows its refusal, and tells whether it was done. */
export async function attempt(act) {
  try {
    await act;
    calm();
    return true;
  } catch (refusal) {
    if (refusal.status === undefined) throw refusal;
    alarm(refusal);
    return false;
  }
}

/** An open dialog hides the page behind it from everybody: the alert goes into the dialog. */
function alertPlace() {
  return document.querySelector("dialog[open] [data-alerts]")
    ?? document.querySelector("main [data-alerts]");
}
