// Enter goes on with a list or a quotation. Tab indents where that means something, and leaves the text elsewhere.
import { codeAt, isBlank, lineBefore, lineEnd, lineStart } from "./lines.js";
import { margin, nextNumber, opening, selectedLines } from "./lines.js";
import { change, replaced } from "../text.js";

const INDENT = "    ";

export function setUpLists(textareas) {
  for (const textarea of textareas) {
    // After Escape, Tab leaves in any case.
    let isLeaving = false;
    textarea.addEventListener("blur", () => (isLeaving = false));
    textarea.addEventListener("keydown", (event) => {
      // Safari ends a composition before the key that ends it: https://bugs.webkit.org/show_bug.cgi?id=165004
      const isComposing = event.isComposing || event.keyCode === 229;
      if (isComposing || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) {
        return;
      }
      const { value, selectionStart, selectionEnd } = textarea;
      let edit = null;
      if (event.key === "Enter" && !event.shiftKey) {
        edit = goneOn(value, selectionStart, selectionEnd);
      } else if (event.key === "Tab" && !isLeaving) {
        edit = (event.shiftKey ? outdented : indented)(value, selectionStart, selectionEnd);
      }
      if (edit) {
        event.preventDefault();
        change(textarea, edit);
      }
      if (!["Tab", "Shift"].includes(event.key)) {
        isLeaving = event.key === "Escape";
      }
    });
  }
}

// What Enter does instead of beginning a plain line; null where it does no more than that.
function goneOn(text, start, end) {
  const from = lineStart(text, start), line = text.slice(from, lineEnd(text, start));
  const { quote, indent, sign, gap, box, length } = opening(line);
  if (!(quote || indent || sign) || start < from + length) {
    return null;
  }
  const code = codeAt(text, start);
  if (code) {
    const begin = margin(text, code, line);
    return replaced(start, end, `\n${begin.quote}${begin.indent}`);
  }
  if (!(sign || quote)) {
    return null;
  }
  if (start === end && isBlank(line.slice(length))) {
    return ended(text, from, line);
  }
  return replaced(start, end, `\n${quote}${indent}${after(sign)}${gap}${box && "[ ] "}`);
}

// An empty item goes up to the list around it, and from the outermost one the text goes on apart from it.
function ended(text, from, line) {
  const { quote, indent, sign } = opening(line), to = from + line.length;
  const outer = sign && indent ? outerItem(text, from, indent) : null;
  if (outer) {
    return replaced(from, to, `${outer.quote}${outer.indent}${after(outer.sign)} `);
  }
  const apart = isBlank(lineBefore(text, from)) ? "" : `${sign && quote.trimEnd()}\n`;
  return replaced(from, to, sign ? apart + quote : apart);
}

function outerItem(text, from, indent) {
  for (let at = from; at; at = lineStart(text, at - 1)) {
    const item = opening(lineBefore(text, at));
    if (item.sign && item.indent.length < indent.length) {
      return item;
    }
  }
  return null;
}

// The sign of the item after one with some sign: the next number, or the same.
function after(sign) {
  return /\d/.test(sign) ? `${parseInt(sign) + 1}${sign.at(-1)}` : sign;
}

function indented(text, start, end) {
  const code = codeAt(text, start);
  if (code && start === end) {
    return replaced(start, end, INDENT);
  }
  return shifted(text, start, end, code, (indent) => indent + INDENT);
}

function outdented(text, start, end) {
  return shifted(text, start, end, codeAt(text, start), (indent) => indent.replace(/^(?:\t| {1,4})/, ""));
}

// Gives the lines of a selection another indentation, and items the number that they have there. Null where nothing
// changes: Tab is then for leaving.
function shifted(text, start, end, code, shift) {
  const lines = selectedLines(text, start, end), changes = [], numbers = [];
  if (!code && !opening(lines[0].words).sign) {
    return null;
  }
  for (const { at, words } of lines.filter((line) => !isBlank(line.words))) {
    const { quote, indent, sign = "" } = code ? margin(text, code, words) : opening(words);
    const put = shift(indent), depth = quote.length + put.length, begin = at + quote.length;
    if (put !== indent) {
      changes.push({ at: begin, cut: indent.length, put });
    }
    if (/\d/.test(sign) && put !== indent) {
      numbers[depth] = (numbers[depth] ?? nextNumber(text, lines[0].at, depth) - 1) + 1;
      changes.push({ at: begin + indent.length, cut: sign.length - 1, put: `${numbers[depth]}` });
    }
    numbers.length = Math.min(numbers.length, depth + 1);
  }
  return changes.length ? { changes } : null;
}
