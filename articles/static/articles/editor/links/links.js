// Links: the dialog that asks for words and target, opened by the event "linkwanted" on a text area, and addresses pasted
// over words. The dialog and all that it says come from admin/articles/article/_link_dialog.html.
import { addressIn, isDoubtful, isPage, linkTo, unescaped } from "./addresses.js";
import { codeAt, lineEnd, lineStart } from "../typing/lines.js";
import { isInCode } from "../typing/inline_marks.js";
import { Targets } from "./targets.js";
import { change, replaced } from "../text.js";

const LINK = /(?<![!\\])\[((?:\\[^]|`[^`\n]*`|[^[\]\\`])*)\]\(([^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(\s+"[^"\n]*")?\)/g;

export function setUpLinks(textareas) {
  const dialog = document.getElementById("link_dialog"), form = dialog.querySelector("form");
  const { words, target, remove, cancel } = form.elements, targets = new Targets(dialog, target, insert);
  // The text area that the dialog was opened for, and what it changes there.
  let textarea = null, link = null;

  function open(wanting) {
    textarea = wanting;
    link = linkAt(textarea.value, textarea.selectionStart, textarea.selectionEnd);
    const { address } = link, isAddress = !address && addressIn(link.source) && !isDoubtful(link.source);
    words.value = isAddress ? "" : unescaped(link.source.replace(/\s+/g, " "));
    words.lang = textarea.lang;
    remove.hidden = !address;
    dialog.showModal();
    targets.begin(textarea.lang, isAddress ? link.source : address);
    (words.value ? target : words).focus();
  }

  function insert() {
    const address = targets.chosen();
    if (address) {
      // A link to an article takes its title where it has no words of its own; one to an address shows the address.
      const shown = words.value.trim() || (address.startsWith("article:") ? "" : target.value.trim());
      finish(linkTo(shown, address, link.title));
    }
  }

  function finish(put) {
    dialog.close();
    change(textarea, replaced(link.from, link.to, put));
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    insert();
  });
  remove.addEventListener("click", () => finish(link.source));
  cancel.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    targets.stop();
    textarea.focus();
  });
  for (const each of textareas) {
    each.addEventListener("linkwanted", () => open(each));
    each.addEventListener("paste", pasteAddress);
  }
}

// The link around a selection, or what a selection is to become: its ends, its words as they stand, its address.
function linkAt(text, start, end) {
  const from = lineStart(text, start), lines = text.slice(from, lineEnd(text, end));
  for (const { index, 0: whole, 1: source, 2: address, 3: title } of lines.matchAll(LINK)) {
    const [first, last] = [from + index, from + index + whole.length];
    if (start === end ? first < start && start < last : first <= start && end <= last) {
      return { from: first, to: last, source, address, title };
    }
  }
  const chosen = text.slice(start, end), source = chosen.trim();
  const first = start + (source ? chosen.indexOf(source) : 0);
  return { from: first, to: source ? first + source.length : end, source, address: "" };
}

// An address that is pasted over words links them; over an address or within code it takes their place, as always.
function pasteAddress(event) {
  const { value, selectionStart: start, selectionEnd: end } = event.target;
  const address = event.clipboardData.getData("text/plain").trim(), words = value.slice(start, end);
  if (event.defaultPrevented || !isPage(address) || !words.trim() || /\n\s*\n/.test(words) || addressIn(words.trim())) {
    return;
  }
  const around = linkAt(value, start, end);
  if (!around.address && !isInCode(value, start) && !isInCode(value, end) && !codeAt(value, start)) {
    event.preventDefault();
    change(event.target, replaced(around.from, around.to, linkTo(unescaped(around.source), address)));
  }
}
