// The page of a post: puts its pieces together and does what the buttons say.

import { Caption } from "./post/caption.js";
import { Descriptions } from "./post/descriptions.js";
import { el, show } from "./post/dom.js";
import { Editor } from "./post/editor.js";
import { Ask, correspondence } from "./post/office.js";
import * as server from "./post/server.js";
import { Order, sheet } from "./post/sheet.js";
import { Store } from "./post/store.js";
import { alarm, announce, attempt, calm, toast } from "./post/tell.js";
import { paintAll } from "./post/underline.js";
import { Uploads } from "./post/upload.js";
import { generalReasons, kindOf, nextThing, verdict } from "./post/verdict.js";
import { COVER_STYLES, count, photoName } from "./post/words.js";
import { WorkDialog } from "./post/works.js";

const STYLE_KEY = "mediacheck-cover-style";

const main = document.getElementById("post");
const address = main.dataset.address;
const at = (id) => document.getElementById(id);

const store = new Store(JSON.parse(at("post-state").textContent), address, alarm);
const order = new Order();
const ask = new Ask(at("ask"));
const uploads = new Uploads({
  address: `${address}/pictures`,
  limits: JSON.parse(at("limits").textContent),
  onChange: () => render(),
  onAdded: () => store.refresh(),
  onTrouble: alarm,
});
const descriptions = new Descriptions(store, () => render());

let choices = null;
let choicesFor = null;
let spoken = "";
let wasWaiting = false;

function coverStyle() {
  const kept = localStorage.getItem(STYLE_KEY);
  return COVER_STYLES.some(([style]) => style === kept) ? kept : COVER_STYLES[0][0];
}

/** Whom one may choose: fetched when first asked for, and again when class or school change. */
async function choosable() {
  const wanted = `${store.state.school} ${store.state.class_key}`;
  if (choicesFor !== wanted) {
    choices = await server.get(`${address}/choices`).catch((refusal) => {
      alarm(refusal);
      return null;
    });
    choicesFor = choices === null ? null : wanted;
  }
  return choices ?? [];
}

// --- Showing --------------------------------------------------------------------------------

function render() {
  const { state } = store;
  const { kind } = kindOf(state);
  at("verdict").className = `verdict ${kind}`;
  show(at("verdict"), verdict(state, coverStyle()));
  show(at("reasons"), generalReasons(state));
  show(at("correspondence"), correspondence(state));
  uploads.forgetPreviews(state.media.filter((one) => one.thumbnail_url).map((one) => one.id));
  sortWhenQuiet(state);
  descriptions.forgetSaved(state);
  show(at("sheet"), sheet(state, { may: state.may_edit, uploads, order, descriptions }));
  at("sort").hidden = !order.isOld(state);
  const isEmpty = state.media.length === 0 && uploads.entries.length === 0;
  at("drop").hidden = !state.may_edit;
  at("drop").classList.toggle("is-small", !isEmpty);
  at("drop-title").textContent = isEmpty ? "Drop your photos here" : "Drop more photos here";
  if (at("samples")) at("samples").hidden = !isEmpty;
  paintAll(at("sheet"));
  descriptions.follow(at("sheet"));
  speak(state);
}

/** The last check is done and nobody is at work among the cards: now they may change places. */
function sortWhenQuiet(state) {
  const isWaiting = store.isWaiting || uploads.isSending;
  const hasEnded = wasWaiting && !isWaiting;
  wasWaiting = isWaiting;
  const list = at("sheet");
  const isAtWork = list.contains(document.activeElement) || list.matches(":hover")
    || at("editor").open;
  if (hasEnded && !isAtWork) order.sort(state);
}

function speak(state) {
  if (state.headline === spoken) return;
  if (spoken) announce(state.headline);
  spoken = state.headline;
}

/** Saves everything that is typed and not saved yet. */
async function flush() {
  await Promise.all([caption.flush(), descriptions.flush()]);
}

// --- Doing ----------------------------------------------------------------------------------

/** What is said of a finding, in the editor or in a list. */
async function say(finding, word, student) {
  await flush();
  const done = await attempt(store.act("say", { finding, word, student }));
  if (done && editor.media) editor.goOn(finding);
}

async function reword({ finding, replacement }) {
  const before = JSON.stringify(store.state.names);
  await flush();
  const isThere = [store.state, ...store.state.media]
    .some((place) => place.names.some((name) => name.id === finding));
  if (!isThere && before !== JSON.stringify(store.state.names)) {
    toast("The words have changed: look at the names again.");
    return;
  }
  if (await attempt(store.act("reword", { finding, replacement }))) announce("Changed.");
}

async function takePackage() {
  await flush();
  if (!store.state.clearance?.holds && !await attempt(store.act("clear", {}))) return;
  const download = server.getFile(store.state.clearance.package_url);
  if (!await attempt(download)) {
    await store.refresh();
    return;
  }
  const { blob, name } = await download;
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  toast("The package is in your downloads.");
}

async function withWords(question, name, body) {
  await flush();
  const words = await ask.ask(question);
  if (words === null) return false;
  return attempt(store.act(name, { ...body, words }));
}

async function coverEveryone() {
  const before = store.state;
  if (!await attempt(store.act("cover-everyone", { style: coverStyle() }))) return;
  const covered = coverCount(store.state) - coverCount(before);
  toast(`${count(covered, "face")} covered. The new pictures are being checked.`);
}

function coverCount(state) {
  return state.media.reduce((sum, media) => sum + media.covers.length, 0);
}

async function remove({ media: id }) {
  const media = store.state.media.find((one) => one.id === id);
  const title = photoName(media);
  const isWorthAsking = media.state !== "refused";
  if (isWorthAsking && await ask.ask({
    title: `Take ${title.toLowerCase()} out?`,
    words: "It leaves the post, with its description and everything you settled in it.",
    confirm: "Take it out",
  }) === null) return;
  if (!await attempt(store.act("remove", { media: id }))) return;
  toast(`${title} was taken out.`);
  at("choose").focus({ preventScroll: true });
}

function goToNext() {
  const next = nextThing(store.state, order.of(store.state));
  if (next?.item) editor.open(next.media, next.item);
  else if (next?.work) focusIn(at(next.work).querySelector(".work button"));
  else if (next?.alt) focusIn(at(`${next.alt}-alt`));
  else if (next?.refused) focusIn(at(next.refused).querySelector("button"));
  else if (next?.name) focusIn(at("names").querySelector(`[data-key="${next.name}"] button`));
}

function focusIn(target) {
  target?.scrollIntoView({ block: "center" });
  target?.focus({ preventScroll: true });
}

async function trySample({ sample }, button) {
  const fetched = server.getFile(button.dataset.address);
  if (!await attempt(fetched)) return;
  const { blob } = await fetched;
  addFiles([new File([blob], `${sample}.jpg`, { type: "image/jpeg" })]);
}

function addFiles(files) {
  if (!store.state.may_edit || files.length === 0) return;
  announce(`${count(files.length, "photo")} added.`);
  uploads.add(files, store.state.media.length);
}

async function publish() {
  await flush();
  const { publishing } = store.state;
  const isAsking = publishing.needs_second && store.state.is_mine;
  if (publishing.is_by_hand) return handOver(isAsking, publishing.account);
  if (await ask.ask({
    title: isAsking ? `Ask to publish as ${publishing.account}?` : `Publish as ${publishing.account}?`,
    words: isAsking
      ? "Somebody else of the communications office looks at exactly these photos and words first."
      : "These photos and words go out now. The releases are read once more at that very moment.",
    confirm: isAsking ? "Ask" : "Publish",
  }) === null) return;
  if (!await attempt(store.act("publish", {}))) return;
  toast(isAsking ? "The communications office has been asked." : "It is on its way.");
}

/** For what somebody posts by hand: the package may be taken afterwards. */
async function handOver(isAsking, place) {
  if (await ask.ask({
    title: isAsking ? `Ask to hand it over for ${place}?` : `Hand it over for ${place}?`,
    words: isAsking
      ? "Somebody else of the communications office looks at exactly these photos and words first."
      : "The releases are read once more, and it is kept as published. Then take the package, post it, and say so under Publishing.",
    confirm: isAsking ? "Ask" : "Hand it over",
  }) === null) return;
  if (!await attempt(store.act("publish", {}))) return;
  toast(isAsking ? "The communications office has been asked." : "It is handed over in a moment.");
}

const DOINGS = {
  // The picture and its menu.
  open: ({ media, item }) => editor.open(media, item),
  item: ({ item }) => editor.select(item),
  next: () => goToNext(),
  "menu-close": () => editor.deselect(),
  "editor-close": () => at("editor").close(),
  "photo-before": () => editor.step(-1),
  "photo-after": () => editor.step(1),
  "zoom-in": () => editor.zoom(1),
  "zoom-out": () => editor.zoom(-1),
  draw: () => { editor.draw(); },
  "draw-keep": () => editor.keep(),
  "draw-drop": () => editor.drop(),
  // What may be done to the post.
  say: ({ finding, word, student }) => say(finding, word, student),
  reword,
  cover: async ({ finding }) => {
    if (await attempt(store.act("cover", { finding, style: coverStyle() }))) editor.goOn(finding);
  },
  uncover: async ({ media, index }) => {
    if (await attempt(store.act("uncover", { media, index: Number(index) }))) editor.goOn(null);
  },
  "cover-everyone": coverEveryone,
  "take-over": ({ media }) => attempt(store.act("take-over", { media })),
  "work-open": ({ media: id }) => works.open(store.state.media.find((one) => one.id === id)),
  artist: async ({ finding, answer, student }) => {
    const done = await attempt(store.act("artist", { finding, answer, student }));
    if (done && editor.media) editor.goOn(finding);
  },
  remove,
  recheck: ({ media }) => attempt(store.act("retry", { media })),
  "upload-again": ({ entry }) => uploads.retry(entry),
  "upload-drop": ({ entry }) => uploads.drop(entry),
  "keep-mine": () => caption.keepMine(),
  "take-theirs": () => caption.takeTheirs(),
  sort: () => { order.sort(store.state); render(); },
  choose: () => at("files").click(),
  sample: trySample,
  // The way out.
  package: takePackage,
  publish,
  schedule: async () => {
    await flush();
    location.assign(store.state.publishing.schedule_url);
  },
  "copy-caption": async () => {
    await navigator.clipboard.writeText(store.state.caption);
    toast("The caption is copied.");
  },
  send: () => withWords({
    title: "Send to the communications office",
    words: "Somebody there looks at it and answers here. You can take it back until then.",
    label: "What should they know? (optional)",
    confirm: "Send it",
  }, "send", {}),
  "ask-families": async () => {
    if (!await attempt(store.act("ask-families", {}))) return;
    toast("Any family that wants to be asked about a photo has been asked. Look here again later.");
  },
  "take-back": () => attempt(store.act("take-back", {})),
  "send-back": () => withWords({
    title: "Send back with words",
    label: "What should the author change?",
    least: 3,
    confirm: "Send it back",
  }, "send-back", {}),
  "clear-by-office": () => withWords({
    title: "Clear this post",
    words: "It goes back to its author, who can then take the package.",
    label: "Your reason, which is kept with the post",
    least: 3,
    confirm: "Clear it",
  }, "clear-by-office", {}),
  overrule: async ({ finding }) => {
    const reason = await ask.ask({
      title: "Let this face through",
      words: "Only for a face that nobody could recognise. You answer for it by name.",
      label: "Why nobody can be recognised",
      least: 10,
      confirm: "Let it through",
    });
    if (reason === null) return;
    if (await attempt(store.act("overrule", { finding, reason }))) editor.goOn(finding);
  },
};

// --- Listening ------------------------------------------------------------------------------

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-do]");
  if (!button || button.getAttribute("aria-busy") === "true") return;
  // A second tap before the answer is no second wish.
  button.setAttribute("aria-busy", "true");
  try {
    await DOINGS[button.dataset.do](button.dataset, button);
  } finally {
    button.removeAttribute("aria-busy");
  }
});

document.addEventListener("change", (event) => {
  const { value, dataset } = event.target;
  if ("style" in dataset) {
    localStorage.setItem(STYLE_KEY, value);
    render();
  } else if (dataset.restyle) {
    attempt(store.act("restyle", { media: dataset.restyle, style: value }));
  }
});

// Whoever comes back, perhaps signed in again, finds what was typed saved.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) flush();
});

document.addEventListener("error", (event) => {
  if (event.target.src?.startsWith("blob:")) uploads.dropPreview(event.target.src);
}, true);

document.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length > 0) {
    event.preventDefault();
    addFiles([...event.clipboardData.files]);
  }
});

for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    at("drop").classList.add("is-over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) at("drop").classList.remove("is-over");
});
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  at("drop").classList.remove("is-over");
  addFiles([...event.dataTransfer.files]);
});
at("files").addEventListener("change", (event) => {
  addFiles([...event.target.files]);
  event.target.value = "";
});

// --- Beginning ------------------------------------------------------------------------------

const caption = new Caption({
  store,
  place: at("caption-place"),
  namesPlace: at("names"),
  channel: at("channel"),
  classes: at("class"),
});
const editor = new Editor({
  dialog: at("editor"),
  store,
  acts: { say, draw: (media, box) => attempt(store.act("draw", { media, ...box })) },
  choices: choosable,
  pictures: () => order.of(store.state),
  style: coverStyle,
  onClose: () => { calm(); order.sort(store.state); render(); },
});
const works = new WorkDialog({
  dialog: at("work"),
  choices: choosable,
  say: async (media, credit, students, form) => {
    await flush();
    const done = await attempt(store.act("work", { media, credit, students, name_form: form }));
    if (done) announce("Kept.");
    return done;
  },
});
store.onChange(render);
store.watch();
