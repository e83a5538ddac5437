// A file on its way to the library of images, and the line that shows how far it is.
import { upload } from "./requests.js";

// Returns why a file need not be sent to be refused, or "". Some systems do not know the type of newer formats.
export function refusal({ name, type, size }, settings) {
  if (!type.startsWith("image/") && !/\.(avif|hei[cf]|webp)$/i.test(name)) {
    return settings.noImage.replace("{name}", name);
  }
  return size > settings.maxBytes ? settings.failed413 : "";
}

// Sends a file and shows its progress; returns { done, stop }: the promise of its image, and what ends it. Every picture
// that is pasted is called "image.png": it is stored under the name of its article.
export function startUpload(file, articleName, element, settings) {
  const line = element.querySelector("[role=status]"), bar = element.querySelector("progress");
  const stop = new AbortController(), { signal } = stop;
  const name = file.name.replace(/^image(?=\.\w+$)/, articleName || "image");

  function onProgress(share) {
    const words = share < 1 ? settings.uploading : settings.preparing;
    // Not read out for each step.
    if (line.textContent !== words) {
      line.textContent = words;
    }
    bar.value = share;
    if (share === 1) {
      bar.removeAttribute("value");
    }
  }

  onProgress(0);
  element.hidden = false;
  const done = upload(settings, file, name, { signal, onProgress }).finally(() => {
    element.hidden ||= !signal.aborted;
  });
  return {
    done,
    stop() {
      element.hidden = true;
      stop.abort();
    },
  };
}
