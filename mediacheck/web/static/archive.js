// A folder may hold more than one request carries: it is sent in parts, one after the other.

const PART_BYTES = 40 * 1024 * 1024;
const PART_FILES = 50;
const LARGEST_BYTES = 50 * 1024 * 1024;

const form = document.getElementById("bring");
const input = document.getElementById("files");
const shown = document.getElementById("sending");

function partsOf(files) {
  const parts = [];
  let bytes = Infinity;
  for (const file of files) {
    if (bytes + file.size > PART_BYTES || parts.at(-1).length === PART_FILES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1).push(file);
    bytes += file.size;
  }
  return parts;
}

function say(words) {
  shown.hidden = false;
  shown.textContent = words;
}

async function send(files) {
  const data = new FormData(form);
  data.delete("files");
  for (const file of files) data.append("files", file, file.webkitRelativePath || file.name);
  const answer = await fetch(form.action, {
    method: "POST",
    body: data,
    headers: { Accept: "application/json" },
  });
  if (answer.ok) return;
  const told = await answer.json().catch(() => ({}));
  throw new Error(told.error || "The server did not take them.");
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const all = [...input.files].filter((file) => file.size && !file.name.startsWith("."));
  const files = all.filter((file) => file.size <= LARGEST_BYTES);
  const tooLarge = all.filter((file) => file.size > LARGEST_BYTES).map((file) => file.name);
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  let sent = 0;
  try {
    for (const part of partsOf(files)) {
      say(`Sending: ${sent} of ${files.length} files.`);
      await send(part);
      sent += part.length;
    }
    if (tooLarge.length) {
      say(`${sent} files are being judged. Too large, and not sent: ${tooLarge.join(", ")}.`);
    } else if (sent) location.assign(`${location.pathname}?channel=${encodeURIComponent(form.channel.value)}`);
    else say("There is no picture in that folder. Choose another.");
  } catch (refused) {
    say(`${refused.message} ${sent} of ${files.length} files were sent; what was sent is judged.`);
  } finally {
    button.disabled = false;
  }
});
