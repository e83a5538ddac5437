// Marks within a line: strong words, emphasised words, code. Each function answers what `change` of text.js takes. A
// mark that is there already is taken away; a cursor right before its end goes behind it.
import { lineStart } from "./lines.js";

// In the order of what binds: a character that is escaped, code, a run of signs of emphasis.
const TOKENS = /\\[^]|(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)|([*_])\2*/g;
// What a passage goes on behind: blank lines, and the end of a line where the next one opens with a sign.
const APART = /\n(?:[ \t>]*\n)+|\n(?=[ \t>]*(?:[-*+]|\d{1,9}[.)]|#{1,6}) )/g;
const OPENS = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t]+)?(?:\[[ xX]\][ \t]+)?/;
const LETTER = /[\p{L}\p{M}\p{N}]/u, LETTER_OF_NAME = /[\p{L}\p{M}\p{N}_]/u;

// `mark` is ** or *.
export function emphasis(text, start, end, mark) {
  const size = mark.length, before = /\**$/.exec(text.slice(0, start))[0].length;
  // An odd number of stars emphasises, two or three make strong.
  if (start === end && text.startsWith("*".repeat(before), start) && text[start + before] !== "*") {
    if (size === 1 ? before % 2 : before > 1) {
      return { changes: [{ at: start - size, cut: 2 * size }] };
    }
  }
  const spans = spansAround(text, start, end).filter((span) => span.size === size && !span.isCode);
  return toggled(text, start, end, spans, () => mark);
}

export function code(text, start, end) {
  if (start === end && /(?<!`)`$/.test(text.slice(0, start)) && /^`(?!`)/.test(text.slice(start))) {
    return { changes: [{ at: start - 1, cut: 2 }] };
  }
  const spans = spansAround(text, start, end).filter((span) => span.isCode);
  return toggled(text, start, end, spans, (words) => {
    // Longer than what is within, which must not touch it.
    const runs = [...words.matchAll(/`+/g)].map(([run]) => run.length);
    return "`".repeat(Math.max(0, ...runs) + 1) + (/^`|`$/.test(words) ? " " : "");
  });
}

// Whether a place is within code of a line.
export function isInCode(text, at) {
  return spansAround(text, at, at).some((span) => span.isCode && span.from < at && at < span.to);
}

function toggled(text, start, end, spans, markFor) {
  const isCursor = start === end;
  const left = isCursor && spans.find((span) => span.to - span.size === start);
  if (left) {
    return { changes: [], select: [left.to, left.to] };
  }
  const passages = passagesIn(text, start, end);
  const within = ({ from, to }) =>
    spans.find((span) => (isCursor ? span.from < start && start < span.to : span.from <= from && to <= span.to));
  const around = passages.map(within);
  if (around.every(Boolean)) {
    return { changes: [...new Set(around)].flatMap(unmarked) };
  }
  if (passages[0].from === passages[0].to) {
    const mark = markFor("");
    return { changes: [{ at: start, put: mark + mark }], select: [start + mark.length, start + mark.length] };
  }
  const changes = passages.filter((passage) => !within(passage)).flatMap(({ from, to }) => {
    const mark = markFor(text.slice(from, to));
    const inner = spans.filter((span) => !span.isCode && from <= span.from && span.to <= to);
    return [{ at: from, put: mark }, ...inner.flatMap(unmarked), { at: to, put: [...mark].reverse().join("") }];
  });
  return { changes, keep: isCursor ? [start, end] : [passages[0].from, passages.at(-1).to] };
}

function unmarked({ from, to, size }) {
  return [{ at: from, cut: size }, { at: to - size, cut: size }];
}

// What of a selection can be marked, one passage for each block that it touches; for a cursor the word around it, or
// nothing right there.
function passagesIn(text, start, end) {
  if (start === end) {
    let [from, to] = [start, end];
    if (LETTER_OF_NAME.test(text.charAt(start - 1)) && LETTER_OF_NAME.test(text.charAt(start))) {
      while (LETTER_OF_NAME.test(text.charAt(from - 1))) {
        from--;
      }
      while (LETTER_OF_NAME.test(text.charAt(to))) {
        to++;
      }
    }
    return [{ from, to }];
  }
  const passages = [];
  let at = start;
  for (const words of text.slice(start, end).split(APART)) {
    let from = text.indexOf(words, at);
    at = from + words.length;
    const isFirst = !/[^ \t>]/.test(text.slice(lineStart(text, from), from));
    from += (isFirst ? OPENS : /^\s*/).exec(words)[0].length;
    const trimmed = text.slice(from, at).trimEnd();
    if (trimmed) {
      passages.push({ from, to: from + trimmed.length });
    }
  }
  return passages.length ? passages : [{ from: start, to: start }];
}

// The marked passages of the block around a selection: their ends, the size of the mark, whether they are code.
function spansAround(text, start, end) {
  const first = start > 1 ? text.lastIndexOf("\n\n", start - 2) + 1 : 0, last = text.indexOf("\n\n", end);
  const block = text.slice(first, last < 0 ? text.length : last), spans = [], open = [];
  for (const { index, 0: token, 1: ticks, 2: sign } of block.matchAll(TOKENS)) {
    let at = first + index, left = token.length;
    if (ticks) {
      const size = ticks.length + (/^`+ [^]*[^ ][^]* `+$/.test(token) ? 1 : 0);
      spans.push({ from: at, to: at + left, size, isCode: true });
    } else if (sign) {
      const [before, after] = [block.charAt(index - 1), block.charAt(index + left)];
      const isJoined = sign === "_" && LETTER.test(before) && LETTER.test(after);
      if (/\S/.test(before) && !isJoined) {
        for (let place; left && (place = open.findLastIndex((run) => run.sign === sign)) >= 0; ) {
          const run = open[place], size = Math.min(2, left, run.left);
          open.length = place + 1;
          spans.push({ from: run.at + run.left - size, to: at + size, size });
          [at, left, run.left] = [at + size, left - size, run.left - size];
          if (!run.left) {
            open.pop();
          }
        }
      }
      if (left && /\S/.test(after) && !isJoined) {
        open.push({ sign, at, left });
      }
    }
  }
  return spans;
}
