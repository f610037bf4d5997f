// Speaks with the server: JSON there and back, and the server's own words when it refuses.

const LOST = "The connection was lost. What you did last was not saved. Try again.";
const SIGNED_OUT = 401;
const FAULT = "Something went wrong. Nothing was published.";

/** What the server, or the way to it, refused. `status` is 0 when there was no answer. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** A token dies with the session it belongs to. */
let isTokenOld = false;

/** The headers that every request of the page carries. */
export function headers() {
  return { Accept: "application/json", "X-CSRFToken": tokenOf(document).content };
}

/** Sends an object and gives the answer. Throws a Refusal. */
export async function post(address, body) {
  if (isTokenOld) await renewToken();
  return ask(address, {
    method: "POST",
    headers: { ...headers(), "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Sends an object and gives the answer; null when it is refused, for which nobody has to care. */
export async function peek(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { ...headers(), "Content-Type": "application/json" },
    body: JSON.stringify(body),
    redirect: "error",
  }).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

/** Fetches an object. Throws a Refusal. */
export function get(address) {
  return ask(address, { headers: headers() });
}

/** Fetches a file. Throws a Refusal with the server's words when it is not given. */
export async function getFile(address) {
  const answer = await send(address, { headers: headers() });
  return { blob: await answer.blob(), name: nameIn(answer.headers.get("Content-Disposition")) };
}

/** The refusal that an answer means, by its status and the text of its body. */
export function refusalOf(status, body) {
  if (status === 0) return new Refusal(0, LOST);
  if (status === SIGNED_OUT) isTokenOld = true;
  try {
    return new Refusal(status, JSON.parse(body).error ?? FAULT);
  } catch {
    return new Refusal(status, FAULT);
  }
}

async function ask(address, options) {
  const answer = await send(address, options);
  return answer.json();
}

async function send(address, options) {
  let answer;
  try {
    answer = await fetch(address, { ...options, redirect: "error" });
  } catch {
    throw refusalOf(0, "");
  }
  if (!answer.ok) throw refusalOf(answer.status, await answer.text());
  return answer;
}

/** After somebody has signed in again elsewhere, the page goes on with the new session's token. */
async function renewToken() {
  try {
    const page = await fetch(location.href, { redirect: "error" });
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    tokenOf(document).content = tokenOf(fresh).content;
    isTokenOld = false;
  } catch {
    // Still signed out, or no connection: the request itself will say which.
  }
}

function tokenOf(page) {
  return page.querySelector('meta[name="csrf-token"]');
}

function nameIn(disposition) {
  return /filename="([^"]+)"/.exec(disposition ?? "")?.[1] ?? "cleared.zip";
}
