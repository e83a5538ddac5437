// HTML as word processors and web pages put it on the clipboard, turned into the Markdown of this site.
import { blocksIn, joined } from "./markdown_blocks.js";
import { ELEMENTS } from "./markdown_elements.js";
import { tidied } from "./pasted_html.js";

// Beyond these, the browser's own plain text is the better answer.
const MAX_CHARACTERS = 4_000_000, MAX_ELEMENTS = 90_000, MAX_DEPTH = 300;

// Returns the Markdown, without blank lines at its ends; "" where the plain text of the clipboard serves better: where
// the HTML says no more than it does, as that of a code editor, or asks for too much work. Names of footnotes for which
// `isTaken` is true are not given to others.
export function htmlToMarkdown(html, isTaken = () => false) {
  if (html.length > MAX_CHARACTERS || isTooDeep(html)) {
    return "";
  }
  const root = parsed(html);
  if (root.getElementsByTagName("*").length > MAX_ELEMENTS || isFromCodeEditor(root)) {
    return "";
  }
  const notes = tidied(root);
  // What the walk finds: `says` what plain text cannot, and the numbers of paragraphs that have an element of their own.
  const found = { says: false, paragraphs: 0 };
  const names = new Map([...notes.keys()].map((note) => [note, free(note, isTaken)]));
  // The title of the article is the heading of the first level.
  const lower = root.querySelector("h1") ? 1 : 0;
  const context = { elements: ELEMENTS, marks: [], depth: 0, levels: 0, found, names, lower };
  try {
    const blocks = blocksIn(root, context);
    for (const [note, element] of notes) {
      const words = joined(blocksIn(element, context)).replace(/\n(?=.)/g, "\n    ");
      blocks.push({ words: `[^${names.get(note)}]: ${words}`, kind: "other" });
    }
    return found.says || found.paragraphs > 1 ? joined(blocks) : "";
  } catch (error) {
    if (error instanceof RangeError) {
      // Nested too deeply.
      return "";
    }
    throw error;
  }
}

// The body of the HTML as a document apart, in which nothing runs or loads. Even there the page's policy forbids styles
// and handlers, and complains, so they bear other names.
function parsed(html) {
  const safe = html.replace(/<[a-z/][^<>]*>/gi, (tag) =>
    tag.replace(/^<(\/?)style\b/i, "<$1script").replace(/([\s"'/])(style|on[a-z]+)(?=\s*=)/gi, "$1data-$2"));
  return new DOMParser().parseFromString(safe, "text/html").body;
}

// Even the browser's own reading takes seconds where thousands of these are in each other.
function isTooDeep(html) {
  let depth = 0;
  for (const [, closing] of html.matchAll(/<(\/?)(?:div|ul|ol|table|blockquote|section|details|dl)\b/gi)) {
    depth = Math.max(0, depth + (closing ? -1 : 1));
    if (depth > MAX_DEPTH) {
      return true;
    }
  }
  return false;
}

// Code editors and terminals wrap all in one element that keeps each space.
function isFromCodeEditor(root) {
  const elements = [...root.children].filter((element) => !element.matches("script, meta, link, br"));
  const [first] = elements;
  if (elements.length !== 1 || (first.localName === "pre" && first.querySelector("code"))) {
    return false;
  }
  return first.localName === "pre" || /white-space:\s*pre\s*(;|$)/i.test(first.dataset.style ?? "");
}

function free(name, isTaken) {
  let number = 1, given = name;
  while (isTaken(given)) {
    given = `${name}-${++number}`;
  }
  return given;
}
