// A Markdown body as its top-level blocks, cut where a line is left blank; what articles/blocks.py does on the server.
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const KINDS = [
  [/^#{1,6}(?= |$)/, (match) => match[0]],
  [/^ {0,3}(?:`{3,}|~{3,})/, () => "code"],
  [/^>/, () => "quote"],
  [/^(?:[-*+]|\d{1,9}[.)])[ \t]/, () => "list"],
  [/^!\[/, () => "image"],
  [/^\|/, () => "table"],
  [/^\[\^/, () => "note"],
  [/^<\w/, () => "html"],
];

// Returns { start, end, kind, text } of each block, the blank lines behind it not included. `kind` is a word, "#" to
// "######" for a heading.
export function blocks(body) {
  const found = [];
  let start = 0, block = null, fence = "", isOpen = false;
  for (const line of body.split("\n")) {
    const end = start + line.length, isBlank = !line.trim();
    if (!isBlank) {
      if (block && (isOpen || /^(?: {2,}|\t)/.test(line))) {
        block.end = end;
      } else {
        block = { start, end };
        found.push(block);
      }
    }
    fence = fenceAfter(line, fence);
    isOpen = Boolean(fence) || !isBlank;
    start = end + 1;
  }
  return found.map(({ start, end }) => describe(body.slice(start, end), start, end));
}

// Returns the place of the block that holds a character, or of the last one before it; 0 where there is none.
export function placeOf(offset, all) {
  let low = 0, high = all.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (all[middle].start <= offset) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

// Returns the marks of the fence that is open below a line, "" where none is.
function fenceAfter(line, fence) {
  const [, marks, rest] = line.match(FENCE) ?? [];
  if (!marks) {
    return fence;
  }
  if (!fence) {
    return marks[0] === "`" && rest.includes("`") ? "" : marks;
  }
  return marks[0] === fence[0] && marks.length >= fence.length && !rest.trim() ? "" : fence;
}

function describe(text, start, end) {
  for (const [pattern, kind] of KINDS) {
    const match = text.match(pattern);
    if (match) {
      return { start, end, text, kind: kind(match) };
    }
  }
  return { start, end, text, kind: /\n(?:=+|-+) *$/.test(text) ? "##" : "text" };
}
