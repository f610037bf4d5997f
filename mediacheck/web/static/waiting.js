// A page that waits for work in the background: shows how far it is, and opens anew when it is done.

const PAUSE_MS = 3000;

async function look() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("progress");
  if (!now) {
    location.reload();
    return;
  }
  const shown = document.getElementById("progress");
  // Said again only when it has changed: a screen reader reads every change aloud.
  if (shown.textContent !== now.textContent) shown.replaceChildren(...now.childNodes);
}

setInterval(() => look().catch(() => undefined), PAUSE_MS);
