// What each element of a tidied tree is in Markdown, but for paragraphs: markdown_blocks.js finds them.
import { blocksIn, joined, lineIn } from "./markdown_blocks.js";
import { asHeading, asParagraph } from "./markdown_escapes.js";
import { alignmentsOf, cellsOf, tableOf } from "./markdown_table.js";
import { altered, image } from "./pasted_marks.js";

const LANGUAGE = /(?:^|\s)(?:language-|lang-|highlight-source-|highlight-(?!source|default|text)|brush:\s*)([\w+#-]+)/;

// Functions of an element and its context that return blocks.
export const ELEMENTS = {
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((level) => [`h${level}`, heading])),
  ul: list, ol: list, menu: list, dl: definitions, blockquote: quote, pre: code, figure, details, table,
  hr: () => [other("---")],
};

const other = (words) => ({ words, kind: "other" });
const indented = (words, width) => words.replace(/\n(?=.)/g, `\n${" ".repeat(width)}`);

function heading(node, context) {
  const level = Math.min(Number(node.localName[1]) + context.lower, 6);
  const words = lineIn(node, context, { isBold: true, lineBreak: " " });
  return words ? [other(`${"#".repeat(level)} ${asHeading(words)}`)] : [];
}

function list(node, context) {
  const items = [];
  for (const child of node.children) {
    const isList = ELEMENTS[child.localName] === list;
    const inside = { ...altered(child, context), levels: context.levels + (isList ? 1 : 0) };
    const blocks = isList ? list(child, inside) : blocksIn(child, inside);
    if (blocks.length && items.length && blocks.every((block) => block.kind === "list")) {
      // A list that no item holds belongs to the item above.
      items.at(-1).blocks.push(...blocks);
    } else if (blocks.length) {
      items.push({ blocks, task: taskOf(child) });
    }
  }
  const first = Number.parseInt(node.getAttribute("start"), 10);
  const number = Number.isInteger(first) && first >= 0 ? first : 1;
  const words = items.map((item, index) => itemOf(item, node.localName === "ol" ? `${number + index}.` : "-"));
  const isLoose = words.some((each) => each.includes("\n\n"));
  return words.length ? [{ words: words.join(isLoose ? "\n\n" : "\n"), kind: "list" }] : [];
}

function itemOf({ blocks, task }, marker) {
  const isTight = (at) => blocks[at].kind === "list" && blocks[at - 1].kind === "paragraph";
  const words = blocks.map((block, at) => (at ? (isTight(at) ? "\n" : "\n\n") : "") + block.words).join("");
  const width = marker.length + 1;
  if (blocks[0].kind !== "paragraph") {
    return `${marker} ${indented(words, width)}`;
  }
  return `${marker} ${task}${indented(words.replace(/^.*/, asHeading), Math.max(4, width))}`;
}

// The sign of an item that can be ticked off.
function taskOf(item) {
  const box = item.querySelector(":scope > input[type=checkbox], :scope > :is(p, label, span) > input[type=checkbox]");
  const isChecked = box ? box.hasAttribute("checked") : { true: true, false: false }[item.getAttribute("aria-checked")];
  return isChecked === undefined ? "" : isChecked ? "[x] " : "[ ] ";
}

function quote(node, context) {
  const words = joined(blocksIn(node, altered(node, context)));
  return words ? [other(words.replace(/^(?=.)/gm, "> ").replace(/^$/gm, ">"))] : [];
}

function code(node) {
  for (const lineBreak of node.querySelectorAll("br")) {
    lineBreak.replaceWith("\n");
  }
  const lines = [...node.querySelectorAll("code")];
  const text = (lines.length ? lines : [node]).map((each) => each.textContent).join("\n");
  const shown = text.replace(/\u00a0/g, " ").replace(/^\n+/, "").trimEnd();
  const holders = [lines[0], node, node.parentElement, node.parentElement?.parentElement];
  const named = holders.map((each) => each?.className ?? "").join(" ");
  const language = named.match(LANGUAGE)?.[1] ?? "";
  const fence = "`".repeat(Math.max(3, ...[...shown.matchAll(/`+/g)].map((signs) => signs[0].length + 1)));
  return shown ? [other(`${fence}${language}\n${shown}\n${fence}`)] : [];
}

function definitions(node, context) {
  const entries = [...node.querySelectorAll(":scope > dt, :scope > dd, :scope > div > dt, :scope > div > dd")];
  const words = entries.map((entry, at) => {
    if (entry.localName === "dt") {
      const lead = at && entries[at - 1].localName === "dd" ? "\n" : "";
      return lead + asParagraph(lineIn(entry, context, { isBold: true, lineBreak: " " }));
    }
    return `: ${indented(joined(blocksIn(entry, altered(entry, context))), 4)}`;
  });
  return words.length ? [other(words.join("\n"))] : [];
}

function figure(node, context) {
  const picture = node.querySelector("img"), caption = node.querySelector("figcaption");
  const words = caption ? lineIn(caption, context, { lineBreak: " " }) : "";
  const shown = picture && !node.querySelector("table, pre, blockquote") ? image(picture, words) : "";
  return shown.startsWith("![") ? [other(shown)] : blocksIn(node, context);
}

function details(node, context) {
  const summary = node.querySelector(":scope > summary");
  const title = summary ? lineIn(summary, context, { isBold: true, lineBreak: " " }).replace(/"/g, "″") : "…";
  summary?.remove();
  const words = joined(blocksIn(node, context));
  const sign = node.hasAttribute("open") ? "???+" : "???";
  if (!words) {
    return summary ? [{ words: title, kind: "paragraph" }] : [];
  }
  return [other(`${sign} "${title}"\n    ${indented(words, 4)}`)];
}

function table(node, context) {
  const cells = cellsOf(node);
  if (!cells) {
    return blocksIn(node, context);
  }
  const cell = (element, isBold) =>
    element ? lineIn(element, altered(element, context), { isBold, lineBreak: "<br>", always: "|" }) : "";
  const rows = cells.map((row, number) => row.map((element) => cell(element, number === 0)));
  const caption = node.caption ? lineIn(node.caption, context, { lineBreak: " " }) : "";
  return [other(tableOf(rows, alignmentsOf(cells), caption))];
}
