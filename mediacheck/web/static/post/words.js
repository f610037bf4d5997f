// The page's own words, and which icon goes with which state. Reasons are always the server's.

/** Words and icon for the state of a picture, a face or a name. */
export const STATUS = {
  ok: { words: "Settled", icon: "cleared", kind: "cleared" },
  ask: { words: "Needs you", icon: "review", kind: "review" },
  blocked: { words: "Cannot go out", icon: "blocked", kind: "blocked" },
  waiting: { words: "Being checked", icon: "wait", kind: "" },
};

/** Words for a picture's state. */
export const PICTURE_STATUS = { ...STATUS, ok: { ...STATUS.ok, words: "Ready" } };

/** How a face can be covered, gentlest first. */
export const COVER_STYLES = [
  ["blur", "Soft blur"],
  ["friendly", "Friendly star"],
  ["solid", "Solid shape"],
];

/** Who somebody is when it is no student, as the server's words. */
export const OTHER_PEOPLE = [
  ["staff", "A staff member"],
  ["visitor", "A visitor"],
  ["picture-on-wall", "A picture on a wall"],
];

/** What was done with a post as a whole. */
export const ACTS = {
  "sent-to-office": "sent it to the communications office",
  "taken-back": "took it back",
  "sent-back": "sent it back",
  cleared: "cleared it",
  pulled: "stopped it",
};

const MOMENT = new Intl.DateTimeFormat("en-US", {
  weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit",
});

/** A moment in this browser's own time zone. */
export function moment(iso) {
  return MOMENT.format(new Date(iso));
}

/** "1 face", "2 faces". */
export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/** "Photo 3", by its place in the post. */
export function photoName(media) {
  return `Photo ${media.position}`;
}
