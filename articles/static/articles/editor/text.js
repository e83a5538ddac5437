// Changes to a text area as if they had been typed: the browser's undo takes them back.
"use strict";

// Replaces the characters from `start` to `end` by `words` and selects the passage from `from` to `to`, counted from the
// beginning of the text; without these the cursor stands behind the words.
export function replace(textarea, start, end, words, from = start + words.length, to = from) {
  // What is out of view takes neither focus nor commands.
  const hidden = textarea.closest("[hidden]");
  hidden?.removeAttribute("hidden");
  textarea.focus();
  textarea.setSelectionRange(start, end);
  // Obsolete, and the one way that keeps the undo of each browser: https://w3c.github.io/editing/docs/execCommand/
  const command = words ? "insertText" : "delete";
  const type = () => document.activeElement === textarea && document.execCommand(command, false, words);
  if ((words || start !== end) && !type()) {
    textarea.setRangeText(words, start, end, "end");
    textarea.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  textarea.setSelectionRange(from, to);
  hidden?.setAttribute("hidden", "");
}
