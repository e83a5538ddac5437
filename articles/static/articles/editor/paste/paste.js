// What is pasted from a word processor or a web page comes as Markdown. Undo takes it back in one step, and Ctrl+Shift+V
// pastes plain text, as everywhere.
import { htmlToMarkdown } from "./html_to_markdown.js";
import { insertBlock } from "../insertion.js";
import { replace } from "../text.js";
import { codeAt } from "../typing/lines.js";

// What is no part of a line.
const BLOCKS = /\n|^(?:#{2,} |- |\d+\. |> |!\[|---$)/;

// On the form: whoever listens at a text area comes first, and what is taken there is left alone.
export function pasteAsMarkdown(form) {
  form.addEventListener("paste", (event) => {
    const textarea = event.target;
    const takesWords = textarea.matches?.(".article-body-source:read-write");
    if (event.defaultPrevented || !takesWords) {
      return;
    }
    const html = event.clipboardData?.getData("text/html");
    if (!html || (event.clipboardData.files.length && !saysWords(event.clipboardData))) {
      return;
    }
    const { value, selectionStart: start, selectionEnd: end } = textarea;
    const words = codeAt(value, start) ? "" : htmlToMarkdown(html, (note) => value.includes(`[^${note}]`));
    if (words) {
      event.preventDefault();
      (BLOCKS.test(words) ? insertBlock : replace)(textarea, start, end, words);
    }
  });
}

// A picture that is copied comes with HTML around its address, and without a word; words of a word processor may come
// with a picture of them.
export const saysWords = (clipboard) => clipboard.getData("text/plain").trim() !== "";
