// What was found in a picture, as the page counts and shows it.

/** Share of a face that lies under covers when the cover is meant for it (as the server counts). */
const UNDER_COVER = 0.5;

/**
 * Everything in a picture that has a box, in reading order: faces, then writing, then covers.
 * Each has `key`, `kind` (face, name, unread or cover), `title`, `box`, `status` and `found`.
 */
export function itemsOf(media) {
  const faces = media.faces.filter((face) => !isUnderCover(face.box, media.covers));
  const names = media.names.filter((name) => name.box && isTold(name));
  return [
    ...faces.map((found, index) => item("face", `Face ${index + 1}`, found, `${index + 1}`)),
    ...names.map((found) => item("name", "Name in the picture", found, "Aa")),
    ...media.unread.map((found) => item("unread", "Writing in the picture", found, "Aa")),
    ...media.covers.map((cover) => ({
      key: `cover-${cover.index}`, kind: "cover", title: `Cover ${cover.index + 1}`,
      box: cover.box, status: "ok", mark: "", found: cover,
    })),
  ];
}

/** Whether a name is told openly, and not only among the words that were looked at. */
export function isTold(name) {
  return name.certainty !== "possible" || name.is_remembered;
}

/** Names that the file carries without showing them: in its name and in its own data. */
export function carriedNames(media) {
  return media.names.filter((name) => name.where === "filename" || name.where === "metadata");
}

/** Names in the picture's description. */
export function altNames(media) {
  return media.names.filter((name) => name.where === "alt");
}

/** Whether the finding waits for somebody. */
export function isOpen(found) {
  return found.status === "ask" || found.status === "blocked";
}

/** The open things of a picture, as `{ key, title, words, status }`. */
export function openThings(media) {
  const boxed = itemsOf(media).filter(isOpen).map((one) => ({
    key: one.key, title: one.title, words: wordsOf(one), status: one.status,
  }));
  const carried = carriedNames(media).filter(isOpen).map((name) => ({
    key: name.id, title: placeOf(name), words: `“${name.text}”`, status: name.status,
  }));
  return [...boxed, ...carried];
}

/** What a boxed item says of itself in a few words. */
export function wordsOf(one) {
  switch (one.kind) {
    case "face": return one.found.label;
    case "name": return `“${one.found.text}”`;
    case "unread": return one.found.guess ? `“${one.found.guess}”?` : "could not be read";
    default: return "Covered";
  }
}

/** Where a name stands, for people. */
export function placeOf(name) {
  return {
    caption: "Caption",
    alt: "Description",
    filename: "File name",
    metadata: "Hidden in the file",
    pixels: "In the picture",
    document: "In the document",
  }[name.where];
}

/** How many faces of the whole post are still open. */
export function openFaces(state) {
  return state.media.flatMap((media) => itemsOf(media))
    .filter((one) => one.kind === "face" && isOpen(one)).length;
}

function item(kind, title, found, mark) {
  return { key: found.id, kind, title, box: found.box, status: found.status, mark, found };
}

function isUnderCover(box, covers) {
  return covers.some((cover) => sharedArea(box, cover.box) >= UNDER_COVER * box[2] * box[3]);
}

function sharedArea(one, other) {
  const across = Math.min(one[0] + one[2], other[0] + other[2]) - Math.max(one[0], other[0]);
  const down = Math.min(one[1] + one[3], other[1] + other[3]) - Math.max(one[1], other[1]);
  return Math.max(0, across) * Math.max(0, down);
}
