// Image files that are pasted or dropped.
import { saysWords } from "../paste/paste.js";

// Returns the image files of a clipboard, none where they are but a picture of words that it holds too.
export function pastedImages(clipboard) {
  const isFormatted = ["text/html", "text/rtf"].some((type) => clipboard.types.includes(type));
  return isFormatted && saysWords(clipboard) ? [] : [...clipboard.files].filter((file) => file.type.startsWith("image/"));
}

const hasFiles = (event) => event.dataTransfer?.types.includes("Files");

// Calls `onDrop(files, event)` with what is dropped on an element, and marks it while something is held over it.
export function takeDrops(element, onDrop) {
  const mark = (isOver) => element.classList.toggle("is-drop-target", isOver);
  element.addEventListener("dragover", (event) => {
    if (hasFiles(event)) {
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      mark(true);
    }
  });
  element.addEventListener("dragleave", () => mark(false));
  element.addEventListener("drop", (event) => {
    mark(false);
    if (hasFiles(event)) {
      event.preventDefault();
      onDrop([...event.dataTransfer.files], event);
    }
  });
}

// A file that is dropped beside its aim would replace the page, and what is typed on it.
export function keepPage() {
  for (const type of ["dragover", "drop"]) {
    document.addEventListener(type, (event) => {
      if (hasFiles(event) && !event.defaultPrevented && !event.target.closest?.("[type=file]")) {
        event.preventDefault();
        event.dataTransfer.dropEffect = "none";
      }
    });
  }
}
