// Makes and uses passkeys. The page works without this: a password and an app do, too.

const secret = document.querySelector('meta[name="csrf-token"]').content;

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** Sends something to a page of ours; returns what it answers, or throws its words. */
async function send(path, body = "") {
  const answer = await fetch(path, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": secret, "Content-Type": "application/json", Accept: "application/json" },
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.message);
  return told;
}

async function makePasskey(options) {
  const held = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: (options.excludeCredentials ?? []).map((one) => ({ ...one, id: toBytes(one.id) })),
    },
  });
  return {
    ...named(held),
    response: {
      clientDataJSON: toText(held.response.clientDataJSON),
      attestationObject: toText(held.response.attestationObject),
      transports: held.response.getTransports?.() ?? [],
    },
  };
}

async function usePasskey(options) {
  const held = await navigator.credentials.get({
    publicKey: { ...options, challenge: toBytes(options.challenge), allowCredentials: [] },
  });
  return {
    ...named(held),
    response: {
      clientDataJSON: toText(held.response.clientDataJSON),
      authenticatorData: toText(held.response.authenticatorData),
      signature: toText(held.response.signature),
      userHandle: held.response.userHandle ? toText(held.response.userHandle) : null,
    },
  };
}

function named(held) {
  return { id: held.id, rawId: toText(held.rawId), type: held.type, clientExtensionResults: {} };
}

for (const section of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  section.hidden = false;
  const act = section.dataset.passkey === "register" ? makePasskey : usePasskey;
  section.querySelector("button").addEventListener("click", async () => {
    const alert = section.querySelector('[role="alert"]');
    alert.textContent = "";
    try {
      const answer = await act(await send(section.dataset.options));
      location.assign((await send(section.dataset.answer, JSON.stringify(answer))).next);
    } catch {
      alert.textContent = section.dataset.failed;
    }
  });
}
