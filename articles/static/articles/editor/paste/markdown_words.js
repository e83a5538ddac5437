// Words in a line, with what marks them, as Markdown. They come as runs: { words, marks, kind }, where a kind is "text",
// "code", "raw" (which is Markdown already) or "break" (of a line), and marks are names as in SIGNS, or "link ADDRESS".
import { escaped, pairedSigns } from "./markdown_escapes.js";

const SIGNS = { strong: "**", em: "*", del: "~~", ins: "^^", mark: "==", sup: "^", sub: "~", kbd: "" };
// Where a sign would stand between a letter and punctuation, it marks nothing (CommonMark, section 6.2): an element does.
const ELEMENTS = { "**": "strong", "*": "em", "~~": "del", "^^": "ins", "==": "mark" };
const NO_BREAK = /[\u00a0\u202f]/;

// Returns one Markdown text; each break of a line is `lineBreak`. `always` are signs that the place does not bear.
export function written(runs, { lineBreak = "\\\n", always = "" } = {}) {
  const parts = withSpacesOutside(merged(trimmed(runs)));
  const plain = parts.filter((run) => run.kind === "text");
  const marks = [...new Set(parts.flatMap((run) => run.marks))];
  const marking = marks.map((mark) => SIGNS[mark] ?? "").join("") + (parts.some((run) => run.kind === "code") ? "`" : "");
  const paired = pairedSigns(plain.map((run) => run.words).join(" "), marking);
  parts.forEach((run, index) => {
    const [before, after] = [parts[index - 1], parts[index + 1]];
    Object.assign(run, { left: outer(before).slice(-1), right: outer(after).slice(0, 1) });
    run.before = isMarkedAlike(run, before) ? run.left : "*";
    run.after = isMarkedAlike(run, after) ? run.right : "*";
  });
  return nested(parts, [], { paired, always, lineBreak });
}

const outer = (run) => (run?.kind === "break" ? "\n" : run?.words ?? "");
const isMarkedAlike = (run, next) => run.marks.join() === (next?.marks.join() ?? "");

// Collapses white space as a browser shows it. A no-break space stays where it does what it is for; in a row of spaces
// it was there for the looks.
function trimmed(runs) {
  const kept = [];
  let before = "\n";
  runs.forEach((run, index) => {
    if (run.kind === "break") {
      trimEnd(kept);
      before = "\n";
      kept.push(run);
      return;
    }
    let words = run.words;
    if (run.kind === "text") {
      const next = runs[index + 1];
      words = words.replace(/[ \t\r\n\f\u00a0\u202f]+/g, (spaces, at) => {
        const left = at ? words[at - 1] : before, right = words[at + spaces.length] ?? next?.words?.[0] ?? "\n";
        if (/\s/.test(left)) {
          return "";
        }
        const sign = spaces.match(NO_BREAK)?.[0];
        return sign && (spaces.length === 1 || left === "«" || /[;:!?»]/.test(right)) ? sign : " ";
      });
    }
    if (words) {
      kept.push({ ...run, words });
      before = words.at(-1);
    }
  });
  trimEnd(kept);
  return kept;
}

function trimEnd(runs) {
  while (runs.length && runs.at(-1).kind === "text") {
    const last = runs.at(-1);
    last.words = last.words.trimEnd();
    if (last.words) {
      return;
    }
    runs.pop();
  }
}

// Parts the spaces at the ends of each run from it: a space is marked only where the words on both sides are.
function withSpacesOutside(runs) {
  const parts = runs.flatMap((run) => {
    if (run.kind !== "text") {
      return [run];
    }
    const [, lead, words, trail] = run.words.match(/^(\s*)([^]*?)(\s*)$/);
    return [lead, words, trail].filter(Boolean).map((each) => ({ ...run, words: each }));
  });
  let left = [];
  parts.forEach((run, index) => {
    if (isSpace(run)) {
      const right = parts[index + 1]?.marks ?? [];
      run.marks = left.filter((mark) => right.includes(mark));
    }
    left = run.marks;
  });
  return parts;
}

const isSpace = (run) => run.kind === "text" && run.words.trim() === "";

function merged(runs) {
  const result = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (last && last.kind === run.kind && ["text", "code"].includes(run.kind) && last.marks.join() === run.marks.join()) {
      last.words += run.words;
    } else {
      result.push({ ...run });
    }
  }
  return result;
}

// Writes the mark that reaches furthest around those within it.
function nested(runs, done, place) {
  let result = "", at = 0;
  while (at < runs.length) {
    const open = isSpace(runs[at]) ? [] : runs[at].marks.filter((mark) => !done.includes(mark));
    if (!open.length) {
      result += leaf(runs[at++], done, place);
      continue;
    }
    const [end, mark] = open.map((name) => [reach(runs, at, name), name]).reduce((a, b) => (b[0] > a[0] ? b : a));
    const inner = nested(runs.slice(at, end), [...done, mark], place);
    result += marked(mark, inner, runs[at].left, runs[end - 1].right);
    at = end;
  }
  return result;
}

function reach(runs, from, mark) {
  let end = from;
  while (end < runs.length && runs[end].marks.includes(mark)) {
    end += 1;
  }
  while (isSpace(runs[end - 1])) {
    end -= 1;
  }
  return end;
}

const isAddressOf = (words, address) => [words, `${words}/`, `mailto:${words}`].includes(address);

function marked(mark, words, left, right) {
  if (mark.startsWith("link ")) {
    const address = mark.slice(5);
    return isAddressOf(words, address) ? `<${words}>` : `[${words}](${address})`;
  }
  if (mark === "kbd" || ((mark === "sup" || mark === "sub") && /[\s~^]/.test(words))) {
    return `<${mark}>${words}</${mark}>`;
  }
  const sign = SIGNS[mark], core = words.replace(/^[*~^=]+|[*~^=]+$/g, "");
  const isStuck = (inside, outside) => /[\p{P}\p{S}]/u.test(inside ?? "") && /[^\s\p{P}\p{S}]/u.test(outside);
  if (ELEMENTS[sign] && (isStuck(core[0], left) || isStuck(core.at(-1), right))) {
    return `<${ELEMENTS[sign]}>${words}</${ELEMENTS[sign]}>`;
  }
  return sign + words + sign;
}

function leaf(run, marks, { paired, always, lineBreak }) {
  if (run.kind === "break") {
    return lineBreak;
  }
  if (run.kind === "code") {
    const fence = "`".repeat(1 + Math.max(0, ...[...run.words.matchAll(/`+/g)].map((signs) => signs[0].length)));
    const space = fence.length > 1 ? " " : "";
    return fence + space + run.words + space + fence;
  }
  const link = marks.find((mark) => mark.startsWith("link "));
  if (run.kind === "raw" || (link && isAddressOf(run.words, link.slice(5)))) {
    return run.words;
  }
  return escaped(run.words, { before: run.before, after: run.after, paired, always: link ? `${always}[]` : always });
}
