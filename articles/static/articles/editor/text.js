// Changes to a text area as if they had been typed: the browser's undo takes them back.

// Replaces the characters from `start` to `end` by `words` and selects the passage from `from` to `to`, counted from the
// beginning of the text; without these the cursor stands behind the words.
export function replace(textarea, start, end, words, from = start + words.length, to = from) {
  // What is out of view takes neither focus nor commands.
  const hidden = textarea.closest("[hidden]");
  hidden?.removeAttribute("hidden");
  textarea.focus();
  textarea.setSelectionRange(start, end);
  if (words || start !== end) {
    type(textarea, words);
  }
  textarea.setSelectionRange(from, to);
  hidden?.setAttribute("hidden", "");
}

// Chromium types a thousand lines in seconds, and reads them as HTML in milliseconds. Other browsers refuse that. Where
// they went into an empty line at the end, and all was replaced afterwards, two undos leave the first of them.
const MANY_LINES = 60;

// Obsolete, and the one way that keeps the undo of each browser: https://w3c.github.io/editing/docs/execCommand/
function type(textarea, words) {
  const { value, selectionStart: start, selectionEnd: end } = textarea;
  const expected = value.slice(0, start) + words + value.slice(end);
  const can = (command, sent) => document.activeElement === textarea && document.execCommand(command, false, sent);
  const isLong = words.split("\n").length > MANY_LINES;
  if (isLong && can("insertHTML", words.replaceAll("&", "&amp;").replaceAll("<", "&lt;"))) {
    if (textarea.value === expected) {
      return;
    }
    if (textarea.value !== value) {
      document.execCommand("undo");
    }
    textarea.setSelectionRange(start, end);
  }
  if (!can(words ? "insertText" : "delete", words)) {
    textarea.setRangeText(words, start, end, "end");
    textarea.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}

// Makes several changes as one, so that one undo takes them all back. Each has a place, `at`, the number of characters
// to `cut` there and the words to `put` there; none overlaps another. The selection stays on the words it was on, or
// goes to those between the two places of `keep`; what is put at its ends stays outside. Or it is `select`, counted
// after the changes.
export function change(textarea, { changes, keep = [textarea.selectionStart, textarea.selectionEnd], select }) {
  const whole = changes.map(({ at, cut = 0, put = "" }) => ({ at, cut, put }));
  const sorted = whole.sort((one, other) => one.at - other.at);
  const isBehind = keep[0] === keep[1];
  const [from, to] = select ?? [place(sorted, keep[0], true), place(sorted, keep[1], isBehind)];
  const start = sorted[0]?.at ?? textarea.selectionStart;
  let words = "", end = start;
  for (const { at, cut, put } of sorted) {
    words += textarea.value.slice(end, at) + put;
    end = at + cut;
  }
  replace(textarea, start, end, words, from, to);
  if (!sorted.length || sorted.some(({ put }) => put.includes("\n"))) {
    // The cursor is in another line.
    bringIntoView(textarea);
  }
}

// A browser brings the cursor into view when a text area gets the focus.
export function bringIntoView(textarea) {
  textarea.blur();
  textarea.focus();
}

// What `change` takes to put words in the place of others, with the cursor behind them.
export function replaced(start, end, words) {
  const behind = start + words.length;
  return { changes: [{ at: start, cut: end - start, put: words }], select: [behind, behind] };
}

// Where a place is after some changes: before or behind what is put right there.
function place(changes, position, isBehind) {
  let moved = position;
  for (const { at, cut, put } of changes) {
    if (at + cut < position || (at + cut === position && (cut || isBehind))) {
      moved += put.length - cut;
    } else if (at < position) {
      moved += at + put.length - position;
    }
  }
  return moved;
}
