// Where words stand in a text of Markdown.
import { replace } from "./text.js";
import { isBlank, lineEnd, lineStart } from "./typing/lines.js";

const BLANK_LINE_BEFORE = /(?:^|\n[ \t]*\n)[ \t]*$/, BLANK_LINE_AFTER = /^[ \t]*(?:$|\n[ \t]*(?:\n|$))/;

// Puts words at the cursor, in the place of what is selected: inside a paragraph among its words, else as a block.
export function insert(textarea, start, end, words) {
  const { value } = textarea, before = value.slice(0, start), after = value.slice(end);
  const isBetween = isBlank(value.slice(lineStart(value, start), start) + value.slice(end, lineEnd(value, end)));
  if (isBetween || BLANK_LINE_BEFORE.test(before) || BLANK_LINE_AFTER.test(after)) {
    insertBlock(textarea, start, end, words);
  } else {
    replace(textarea, start, end, words);
  }
}

// Puts words into a text as a block of their own, with a blank line on either side where there is text.
export function insertBlock(textarea, start, end, words) {
  const before = textarea.value.slice(0, start), after = textarea.value.slice(end);
  const above = lineBreaks(before, BLANK_LINE_BEFORE, /\n[ \t]*$/);
  const below = lineBreaks(after, BLANK_LINE_AFTER, /^[ \t]*\n/);
  replace(textarea, start, end, above + words + below, start + above.length + words.length);
}

function lineBreaks(text, hasBlankLine, hasLineBreak) {
  if (!text.trim() || hasBlankLine.test(text)) {
    return "";
  }
  return hasLineBreak.test(text) ? "\n" : "\n\n";
}
