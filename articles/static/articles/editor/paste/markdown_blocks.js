// A tidied tree of elements as blocks of Markdown. Each is { words, kind }, without blank lines at its ends; a kind is
// "paragraph", "list" or "other". Elements that are more than paragraphs are written by `context.elements`.
import { asParagraph } from "./markdown_escapes.js";
import { written } from "./markdown_words.js";
import { altered, leafRuns } from "./pasted_marks.js";

// Deeper than any page is by itself; and lists, quotes and tables in each other, which cost the whole text once more.
const MAX_DEPTH = 300, MAX_LEVELS = 30;

const PARTS = new Set([
  "p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "address", "center", "form", "fieldset",
  "li", "dt", "dd", "figcaption", "summary", "caption", "tbody", "thead", "tfoot", "tr", "td", "th", "body", "hgroup",
]);

export function blocksIn(element, context) {
  const found = { blocks: [], runs: [] };
  walk(element, context, found);
  endParagraph(found);
  return found.blocks;
}

// Blocks below each other; a list that goes on in the next one, as word processors write it, is one.
export function joined(blocks) {
  const goesOn = (above, block) =>
    above.kind === "list" && block.kind === "list" && (above.words[0] === "-") === (block.words[0] === "-");
  const space = (at) => (at === 0 ? "" : goesOn(blocks[at - 1], blocks[at]) ? "\n" : "\n\n");
  return blocks.map((block, at) => space(at) + block.words).join("");
}

// The words of an element as one line, whatever blocks it has. Where they are bold by themselves, as those of headings,
// nothing says so; nor does a link that is a sign of its place.
export function lineIn(element, context, { isBold = false, ...options } = {}) {
  const found = { blocks: [], runs: [] };
  walk(element, { ...context, isLine: true }, found);
  const isAnchor = (run) => run.marks.some((mark) => mark.startsWith("link ")) && /^[\s#¶§🔗]*$/u.test(run.words);
  let runs = isBold ? found.runs.filter((run) => !isAnchor(run)) : found.runs;
  if (isBold && runs.every((run) => run.marks.includes("strong") || isBlank(run))) {
    runs = runs.map((run) => ({ ...run, marks: run.marks.filter((mark) => mark !== "strong") }));
  }
  return written(withoutOuterBreaks(runs), options);
}

function walk(parent, context, found) {
  if (context.depth > MAX_DEPTH || context.levels > MAX_LEVELS) {
    throw new RangeError("nested too deeply");
  }
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === Node.TEXT_NODE) {
      // A browser that copies writes a plain space so where it could get lost.
      const words = parent.className === "Apple-converted-space" ? " " : node.data.replace(/[\u200b\ufeff\u00ad]/g, "");
      context.found.says ||= context.marks.length > 0 && words.trim() !== "";
      found.runs.push({ words, marks: context.marks, kind: "text" });
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      walkElement(node, { ...context, depth: context.depth + 1 }, found);
    }
  }
}

function walkElement(node, context, found) {
  const name = node.localName, writeElement = context.elements[name], runs = leafRuns(node, context);
  if (runs) {
    context.found.says ||= runs.some((run) => run.kind !== "break");
    found.runs.push(...runs);
  } else if (context.isLine && (writeElement || PARTS.has(name))) {
    found.runs.push({ kind: "break", marks: [] });
    walk(node, altered(node, context), found);
    found.runs.push({ kind: "break", marks: [] });
  } else if (writeElement) {
    endParagraph(found);
    const blocks = writeElement(node, { ...context, levels: context.levels + 1 });
    context.found.says ||= blocks.length > 0;
    found.blocks.push(...blocks);
  } else if (PARTS.has(name)) {
    endParagraph(found);
    const before = found.blocks.length;
    walk(node, altered(node, context), found);
    endParagraph(found);
    context.found.paragraphs += name === "p" ? found.blocks.length - before : 0;
  } else {
    walk(node, altered(node, context), found);
  }
}

const isBlank = (run) => run.kind === "break" || (run.kind === "text" && !run.words.trim());

function endParagraph(found) {
  for (const runs of paragraphs(found.runs.splice(0))) {
    const words = asParagraph(written(withoutOuterBreaks(runs)));
    if (words) {
      found.blocks.push({ words, kind: "paragraph" });
    }
  }
}

// Two breaks of a line, and more, part paragraphs.
function paragraphs(runs) {
  const parts = [[]];
  let breaks = 0;
  for (const run of runs) {
    breaks = run.kind === "break" ? breaks + 1 : isBlank(run) ? breaks : 0;
    if (breaks === 2) {
      parts.push([]);
    } else {
      parts.at(-1).push(run);
    }
  }
  return parts;
}

function withoutOuterBreaks(runs) {
  const first = runs.findIndex((run) => !isBlank(run)), last = runs.findLastIndex((run) => !isBlank(run));
  const inner = first < 0 ? [] : runs.slice(first, last + 1).filter((run) => run.kind === "break" || run.words);
  return inner.filter((run, at) => run.kind !== "break" || inner[at - 1].kind !== "break");
}
