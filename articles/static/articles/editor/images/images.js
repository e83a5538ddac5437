// Images into the texts: pasted, dropped, or asked for by the event "imagewanted" on a text area. The dialog uploads and
// describes them; here they go into the text, at the cursor, and into the other texts where that is wanted.
import { blocks, placeOf } from "../blocks.js";
import { imageDialog } from "./dialog.js";
import { keepPage, pastedImages, takeDrops } from "./files.js";
import { insert, insertBlock } from "../insertion.js";
import { pairedOffset } from "../panes/panes.js";

// Without the dialog, the author may not use the library.
export function setUpImages(form, dialog) {
  keepPage();
  if (!dialog) {
    return;
  }
  const texts = [...form.querySelectorAll(".article-body-source:read-write")];
  const open = imageDialog(dialog), mayUpload = dialog.querySelector("[name=file]");

  // One file after the other; without files, the dialog offers all there is to choose from. The selection is kept here:
  // a dialog that closes does not always bring it back.
  async function ask(textarea, files, start = textarea.selectionStart, end = textarea.selectionEnd) {
    for (const [number, file] of (files.length ? files : [null]).entries()) {
      const turn = files.length > 1 ? dialog.dataset.turn : "";
      const answer = await open({
        file,
        language: textarea.lang,
        name: nameFor(textarea),
        others: othersOf(textarea),
        turn: turn.replace("{number}", number + 1).replace("{count}", files.length),
        isLast: number + 1 >= files.length,
      });
      if (answer?.markdown) {
        insertInto(textarea, start, end, answer);
        start = end = textarea.selectionEnd;
      }
      if (!answer) {
        break;
      }
    }
    textarea.focus();
    textarea.setSelectionRange(start, end);
  }

  // The text in which the author is comes last: there the cursor stays.
  function insertInto(textarea, start, end, { markdown, isEverywhere }) {
    // Behind what answers the block before the cursor.
    const behind = textarea.value.slice(0, start).trimEnd().length;
    for (const other of isEverywhere ? texts.filter((text) => text !== textarea) : []) {
      const place = behind && pairedOffset(textarea, behind, other);
      insertBlock(other, place, place, markdown[other.lang]);
    }
    insert(textarea, start, end, markdown[textarea.lang]);
  }

  // Whether the other texts can show the image as well, and whether that is proposed.
  function othersOf(textarea) {
    const others = texts.filter((text) => text !== textarea);
    if (!others.length) {
      return "no";
    }
    return others.every((other) => other.value.trim()) ? "shall" : "may";
  }

  function nameFor({ lang }) {
    const words = form.elements[`slug_${lang}`]?.value || form.elements[`title_${lang}`]?.value || "";
    return words.trim().replaceAll("/", " ");
  }

  const textOf = (event) => texts.find((text) => text === event.target);

  form.addEventListener("imagewanted", (event) => {
    if (textOf(event)) {
      ask(event.target, []);
    }
  });
  if (!mayUpload) {
    return;
  }
  // Before whoever else looks at what is pasted.
  form.addEventListener("paste", (event) => {
    const files = textOf(event) ? pastedImages(event.clipboardData) : [];
    if (files.length) {
      event.preventDefault();
      event.stopPropagation();
      ask(event.target, files);
    }
  }, true);
  for (const textarea of texts) {
    takeDrops(textarea, (files, { clientX, clientY }) => {
      const place = document.caretPositionFromPoint?.(clientX, clientY);
      const all = blocks(textarea.value);
      if (place?.offsetNode === textarea && all.length) {
        // Nobody aims between two letters: the block ends first.
        const { end } = all[placeOf(place.offset, all)];
        ask(textarea, files, end, end);
      } else {
        ask(textarea, files);
      }
    });
  }
}
