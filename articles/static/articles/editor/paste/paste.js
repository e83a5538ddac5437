// What is pasted from a word processor or a web page comes as Markdown. Undo takes it back in one step, and Ctrl+Shift+V
// pastes plain text, as everywhere.
import { htmlToMarkdown } from "./html_to_markdown.js";
import { replace } from "../text.js";

// On the form: whoever listens at a text area comes first, and what is taken there is left alone.
export function pasteAsMarkdown(form) {
  form.addEventListener("paste", (event) => {
    const textarea = event.target;
    const takesWords = textarea.matches?.("textarea.article-body-source:enabled:not([readonly])");
    if (event.defaultPrevented || !takesWords) {
      return;
    }
    const html = event.clipboardData?.getData("text/html");
    if (!html || (event.clipboardData.files.length && !saysWords(event.clipboardData))) {
      return;
    }
    const { value, selectionStart: start, selectionEnd: end } = textarea;
    const words = isInFence(value.slice(0, start)) ? "" : htmlToMarkdown(html, (note) => value.includes(`[^${note}]`));
    if (words) {
      event.preventDefault();
      replace(textarea, start, end, apart(words, value.slice(0, start), value.slice(end)));
    }
  });
}

// A picture that is copied comes with HTML around its address, and without a word; words of a word processor may come
// with a picture of them.
export const saysWords = (clipboard) => clipboard.getData("text/plain").trim() !== "";

// Whether what follows a text stands in a block of code.
export function isInFence(before) {
  let open = "";
  // The last line is not whole yet, and may be the fence that is being written.
  for (const [, signs, rest] of before.matchAll(/^[ >]*(`{3,}|~{3,})(.*)\n/gm)) {
    if (!open && !(signs[0] === "`" && rest.includes("`"))) {
      open = signs;
    } else if (open && signs.startsWith(open) && !rest.trim()) {
      open = "";
    }
  }
  return open !== "";
}

// Words in a line go where the cursor is; blocks get a blank line on either side.
function apart(words, before, after) {
  if (!/\n|^(?:#{2,} |- |\d+\. |> |!\[|---$)/.test(words)) {
    return words;
  }
  const lead = before.trim() === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const trail = after.trim() === "" || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  return lead + words + trail;
}
