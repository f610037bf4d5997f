// Sends photos one by one, a few at a time, and shows how far each is.

import { Refusal, headers, refusalOf } from "./server.js";

const AT_A_TIME = 2;

export class Uploads {
  #next = 1;
  #previews = new Map();

  /**
   * `limits` are the server's: most_bytes, too_large, most_pictures, too_many.
   * `onChange` is called whenever an entry changes, `onAdded` when the server has taken a photo,
   * `onTrouble` with the refusal of one that has not arrived.
   */
  constructor({ address, limits, onChange, onAdded, onTrouble }) {
    Object.assign(this, { address, limits, onChange, onAdded, onTrouble });
    this.entries = [];
    window.addEventListener("beforeunload", (event) => {
      if (this.isSending) event.preventDefault();
    });
  }

  /** Whether any photo has not arrived yet. */
  get isSending() {
    return this.entries.some((entry) => entry.step !== "refused");
  }

  /** Takes files in; `held` is how many pictures the post has already. */
  add(files, held) {
    for (const file of files) {
      const isFull = held + this.entries.length >= this.limits.most_pictures;
      this.entries.push(this.#entry(file, isFull ? this.limits.too_many : this.#trouble(file)));
    }
    this.#go();
  }

  /** Sends a photo again that did not arrive. */
  retry(key) {
    const entry = this.entries.find((one) => one.key === key);
    if (!entry) return;
    Object.assign(entry, { step: "queued", trouble: null, share: 0 });
    this.#go();
  }

  /** Gives a photo up that did not arrive. */
  drop(key) {
    const entry = this.entries.find((one) => one.key === key);
    if (entry) URL.revokeObjectURL(entry.preview);
    this.entries = this.entries.filter((one) => one.key !== key);
    this.onChange();
  }

  /** Forgets a preview that the browser cannot show, such as one of a HEIC. */
  dropPreview(address) {
    for (const entry of this.entries) if (entry.preview === address) entry.preview = null;
    for (const [mediaId, preview] of this.#previews) {
      if (preview === address) this.#previews.delete(mediaId);
    }
    this.onChange();
  }

  /** What the browser can show of a picture while the server has no clean reading of it. */
  previewOf(mediaId) {
    return this.#previews.get(mediaId) ?? null;
  }

  /** Forgets the previews of pictures that have been read. */
  forgetPreviews(mediaIds) {
    for (const mediaId of mediaIds) {
      if (!this.#previews.has(mediaId)) continue;
      URL.revokeObjectURL(this.#previews.get(mediaId));
      this.#previews.delete(mediaId);
    }
  }

  #entry(file, trouble) {
    return {
      key: `upload-${this.#next++}`,
      file,
      name: file.name,
      preview: URL.createObjectURL(file),
      share: 0,
      step: trouble ? "refused" : "queued",
      trouble,
      canRetry: false,
    };
  }

  #trouble(file) {
    return file.size > this.limits.most_bytes ? this.limits.too_large : null;
  }

  #go() {
    const sending = this.entries.filter((entry) => entry.step === "sending").length;
    const queued = this.entries.filter((entry) => entry.step === "queued");
    for (const entry of queued.slice(0, AT_A_TIME - sending)) {
      entry.step = "sending";
      this.#send(entry);
    }
    this.onChange();
  }

  async #send(entry) {
    try {
      const answer = await transfer(this.address, entry.file, (share) => {
        entry.share = share;
        this.onChange();
      });
      this.entries = this.entries.filter((one) => one !== entry);
      this.#previews.set(answer.added, entry.preview);
      await this.onAdded(answer);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      Object.assign(entry, { step: "refused", trouble: refusal.message, canRetry: true });
      if (refusal.status === 401) this.onTrouble(refusal);
    }
    this.#go();
  }
}

/** Only the older kind of request tells how much has been sent. */
function transfer(address, file, onShare) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onShare(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText));
      else reject(refusalOf(request.status, request.responseText));
    });
    request.addEventListener("error", () => reject(refusalOf(0, "")));
    request.addEventListener("abort", () => reject(refusalOf(0, "")));
    const form = new FormData();
    form.append("picture", file);
    request.send(form);
  });
}
