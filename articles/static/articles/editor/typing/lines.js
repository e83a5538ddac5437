// The lines of a text: where they begin and end, what they open with, and whether they are code.
// Signs of a quotation, indentation, the sign of an item, the gap behind it, a box to be ticked.
const OPENING = /^((?:[ \t]*>[ \t]?)*)([ \t]*)(?:([-*+]|\d{1,9}[.)])([ \t]+)(\[[ xX]\](?:[ \t]+|$))?)?/;
const FENCE = /^[ \t>]*(`{3,}|~{3,})([^\n]*)$/gm;

export function lineStart(text, at) {
  return at ? text.lastIndexOf("\n", at - 1) + 1 : 0;
}

export function lineEnd(text, at) {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

// The whole lines that a selection touches, each with the place where it begins. A selection that ends where a line
// begins does not touch that line.
export function selectedLines(text, start, end) {
  const last = end > start && text[end - 1] === "\n" ? end - 1 : end;
  return linesBetween(text, lineStart(text, start), lineEnd(text, last));
}

// The lines of the paragraph around a place, or the empty line there.
export function paragraphLines(text, at) {
  let from = lineStart(text, at), to = lineEnd(text, at);
  if (!isBlank(text.slice(from, to))) {
    while (from && !isBlank(lineBefore(text, from))) {
      from = lineStart(text, from - 1);
    }
    while (to < text.length && !isBlank(lineAfter(text, to))) {
      to = lineEnd(text, to + 1);
    }
  }
  return linesBetween(text, from, to);
}

// The line before one that begins at a place, the line after one that ends at a place; "" where there is none.
export const lineBefore = (text, from) => (from ? text.slice(lineStart(text, from - 1), from - 1) : "");
export const lineAfter = (text, to) => (to < text.length ? text.slice(to + 1, lineEnd(text, to + 1)) : "");

export const isBlank = (line) => !line.trim();

// What a line opens with, part by part; `length` is that of all the parts.
export function opening(line) {
  const [whole, quote, indent, sign = "", gap = "", box = ""] = OPENING.exec(line);
  return { quote, indent, sign, gap, box, length: whole.length };
}

// The number for an item that is put at a depth where a line begins: one more than that of the item before it.
export function nextNumber(text, from, depth) {
  for (let at = from; at; ) {
    const line = lineBefore(text, at), { quote, indent, sign } = opening(line);
    at = lineStart(text, at - 1);
    const column = quote.length + indent.length;
    if (isBlank(line) || column > depth) {
      continue;
    }
    return column === depth && /\d/.test(sign) ? parseInt(sign) + 1 : 1;
  }
  return 1;
}

// The fence around a place: `from` and `to` are the ends of it, `inside` and `outside` those of the code between its
// two lines. Null where there is none.
export function fenceAt(text, at) {
  let open = null;
  for (const { index, 0: line, 1: sign, 2: rest } of text.matchAll(FENCE)) {
    if (open === null) {
      if (index > at) {
        return null;
      }
      if (sign[0] !== "`" || !rest.includes("`")) {
        open = { from: index, inside: index + line.length + 1, sign };
      }
    } else if (sign.startsWith(open.sign) && isBlank(rest)) {
      if (index + line.length >= at) {
        return { ...open, outside: index, to: index + line.length };
      }
      open = null;
    }
  }
  return open && { ...open, outside: text.length, to: text.length };
}

// The fence that what is typed at a place is code of; null elsewhere.
export function codeAt(text, at) {
  const fence = fenceAt(text, at);
  return fence && at >= fence.inside && (at < fence.outside || fence.outside === fence.to) ? fence : null;
}

// What a line of code within a fence begins with before its own signs.
export function margin(text, fence, line) {
  const { quote, indent } = opening(line);
  return text[fence.from] === ">" ? { quote, indent } : { quote: "", indent: /^[ \t]*/.exec(line)[0] };
}

function linesBetween(text, from, to) {
  let at = from;
  return text.slice(from, to).split("\n").map((words) => {
    const line = { at, end: at + words.length, words };
    at = line.end + 1;
    return line;
  });
}
