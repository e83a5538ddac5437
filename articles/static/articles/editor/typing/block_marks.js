// Whole lines: headings, lists, quotations, call-outs, fences. Each function answers what `change` of text.js takes.
// What is there already is taken away, or goes on to its next kind.
import { fenceAt, isBlank, lineAfter, lineBefore, nextNumber, opening } from "./lines.js";
import { paragraphLines, selectedLines } from "./lines.js";

const HEADING = /^(#{1,6})(?:[ \t]+|$)/;
// The first level is the title's.
const NEXT_LEVEL = [2, 2, 3, 4, 0, 0, 0];
const KINDS = ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"];
const CALLOUT = /^([ \t]*>[ \t]?)\[!(\w+)\][-+]?[ \t]*/;

export function heading(text, start, end) {
  const lines = written(selectedLines(text, start, end));
  const level = NEXT_LEVEL[HEADING.exec(lines[0].words)?.[1].length ?? 0];
  const put = level ? `${"#".repeat(level)} ` : "";
  return { changes: lines.map(({ at, words }) => ({ at, cut: signLength(words), put })) };
}

// `isNumbered` tells the one kind of list from the other.
export function list(text, start, end, isNumbered) {
  const [first, ...others] = written(selectedLines(text, start, end));
  // What goes on with an item stands deeper and has no sign.
  const { indent } = opening(first.words);
  const lines = [first, ...others.filter(({ words }) => opening(words).sign || opening(words).indent <= indent)];
  const isKind = ({ words }) => (isNumbered ? /\d/ : /[-*+]/).test(opening(words).sign);
  const isList = lines.every(isKind);
  let number = nextNumber(text, first.at, opening(first.words).quote.length + indent.length);
  const changes = lines.map(({ at, words }) => {
    const { quote, indent, sign, gap, box } = opening(words), begin = quote.length + indent.length;
    const cut = sign ? sign.length + gap.length + (isList ? box.length : 0) : signLength(words.slice(begin));
    return { at: at + begin, cut, put: isList ? "" : isNumbered ? `${number++}. ` : "- " };
  });
  return { changes };
}

export function quote(text, start, end) {
  const lines = touched(text, start, end);
  if (written(lines).every(({ words }) => /^[ \t]*>/.test(words))) {
    return { changes: lines.flatMap(({ at, words }) => ({ at, cut: /^[ \t]*>[ \t]?|^/.exec(words)[0].length })) };
  }
  return { changes: quoted(text, lines, "") };
}

// A call-out goes on to its next kind, and after the last one to plain words.
export function callout(text, start, end) {
  const [chosen] = touched(text, start, end);
  const lines = chosen.words.startsWith(">") ? paragraphLines(text, start) : touched(text, start, end), [first] = lines;
  const head = CALLOUT.exec(first.words);
  if (head) {
    const next = KINDS[KINDS.indexOf(head[2].toUpperCase()) + 1];
    if (next) {
      return { changes: [{ at: first.at + head[1].length + 2, cut: head[2].length, put: next }] };
    }
    const hasTitle = head[0].length < first.words.length;
    const others = lines.slice(1).map(({ at, words }) => ({ at, cut: /^[ \t]*>[ \t]?|^/.exec(words)[0].length }));
    return { changes: [{ at: first.at, cut: head[0].length + (hasTitle || !others.length ? 0 : 1) }, ...others] };
  }
  const put = `> [!${KINDS[0]}]\n`;
  if (first.words.startsWith(">")) {
    return { changes: [{ at: first.at, put }] };
  }
  return { changes: quoted(text, lines, put) };
}

// Whether a selection calls for a fence and not for marks within a line.
export function isForFence(text, start, end) {
  const lines = selectedLines(text, start, end), fence = fenceAt(text, start);
  return lines.length > 1 || isBlank(lines[0].words) || (fence !== null && end <= fence.to);
}

export function fence(text, start, end) {
  const around = fenceAt(text, start);
  if (around && end <= around.to) {
    return { changes: withoutFence(text, around) };
  }
  const lines = selectedLines(text, start, end), from = lines[0].at, to = lines.at(-1).end;
  const runs = [...text.slice(from, to).matchAll(/^[ \t>]*(`{3,})/gm)].map((match) => match[1].length);
  const { quote, indent } = opening(lines[0].words), [above, below] = gaps(text, from, to, () => false);
  const sign = quote + indent + "`".repeat(Math.max(2, ...runs) + 1);
  const [before, after] = [`${above}${sign}\n`, `\n${sign}${below}`];
  if (from === to) {
    return { changes: [{ at: from, put: before + after }], select: [from + before.length, from + before.length] };
  }
  return { changes: [{ at: from, put: before }, { at: to, put: after }], keep: [start, Math.min(end, to)] };
}

// The code stays, without the line feed before the closing line.
function withoutFence(text, { from, inside, outside, to }) {
  const begin = Math.min(inside, text.length), end = Math.max(outside - 1, begin);
  const changes = [{ at: from, cut: begin - from }];
  return outside < to ? [...changes, { at: end, cut: to - end }] : changes;
}

// The lines of a selection; for a cursor, those of its paragraph.
function touched(text, start, end) {
  return start === end ? paragraphLines(text, start) : selectedLines(text, start, end);
}

const written = (lines) => (lines.length > 1 ? lines.filter(({ words }) => !isBlank(words)) : lines);

function quoted(text, lines, head) {
  const from = lines[0].at, to = lines.at(-1).end;
  const [above, below] = gaps(text, from, to, (line) => !head && /^[ \t]*>/.test(line));
  const changes = lines.map(({ at, words }) => ({ at, put: words || lines.length === 1 ? "> " : ">" }));
  changes[0].put = above + head + changes[0].put;
  return below ? [...changes, { at: to, put: below }] : changes;
}

// What sets lines apart from those above and below, unless these belong to them.
function gaps(text, from, to, belongs) {
  return [lineBefore(text, from), lineAfter(text, to)].map((line) => (isBlank(line) || belongs(line) ? "" : "\n"));
}

// The length of the sign of a heading or an item that a line opens with.
function signLength(words) {
  const heading = HEADING.exec(words);
  const { sign, length } = opening(words);
  return heading ? heading[0].length : sign ? length : 0;
}
