// What programs write into HTML in ways of their own, made ordinary: the lists, headings and notes of word processors.
// `data-style` is what was the style attribute.

// Nothing in these is a word of the author.
const DROPPED = [
  "script, style, template, noscript, iframe, object, svg, math, button, select, textarea, title, audio, video, canvas",
  "[hidden], [aria-hidden=true]:not(img), .mw-editsection, sup.reference, .MsoCommentReference, .msoDel",
  "[data-style*='mso-element:comment'], [data-style*='mso-hide:all'], [data-style*='display:none']",
  "[data-style*='display: none'], del[cite^='mailto'], .linenos",
].join(", ");

// Where a reference leads, and where its note leads back to: in Word, Google Docs, LibreOffice, and pages of Markdown.
const NOTE = /#(?:(?:_ftn|_edn|ftnt|user-content-fn-|fn:?)(?!_?ref)([\w-]+)|sd(?:foot|end)note(\d+)sym)$/;
const NOTE_BACK = /#(?:(?:_ftn|_edn|ftnt_|user-content-fn|fn)ref(?:\d*:|-)?([\w-]+)|sd(?:foot|end)note(\d+)anc)$/;
const nameIn = (link, pattern) => link.getAttribute("href").match(pattern)?.slice(1).find(Boolean);
const NOTES = "[data-style*='mso-element:footnote'], [data-style*='mso-element:endnote'], [id^=sdfoot], [id^=sdend]";
const LISTED = /mso-list:\s*l\d+\s+level(\d+)/i;

// Tidies the elements below `root` and returns the footnotes that they hold, by name; these are in the tree no more.
export function tidied(root) {
  for (const mark of root.querySelectorAll("span[data-style*='mso-list:Ignore'], span[data-style*='mso-list: Ignore']")) {
    // The number or sign in front of an item, which Word writes as words.
    const paragraph = mark.closest("p, h1, h2, h3, h4, h5, h6, div");
    paragraph?.setAttribute("data-sign", mark.textContent.trim());
    mark.remove();
  }
  for (const element of root.querySelectorAll(DROPPED)) {
    element.remove();
  }
  for (const quotation of root.querySelectorAll("q")) {
    quotation.prepend("\"");
    quotation.append("\"");
  }
  nameHeadings(root);
  unwrapItems(root);
  for (const first of root.querySelectorAll("p[data-style*='mso-list']")) {
    if (first.isConnected && level(first)) {
      makeList(first);
    }
  }
  return takeNotes(root);
}

function nameHeadings(root) {
  const named = "p[class^=MsoHeading], p[class^=Heading], p[class^=heading], p.MsoTitle, p.Title, [role=heading]";
  for (const element of root.querySelectorAll(named)) {
    const written = element.className.match(/^(?:Mso)?Heading(\d)/i)?.[1] ?? element.getAttribute("aria-level");
    rename(element, `h${Math.min(Math.max(Number(written) || 1, 1), 6)}`);
  }
}

function rename(element, name) {
  const renamed = element.ownerDocument.createElement(name);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
}

// Word on the web puts each item into a list of its own, and says how deep it is.
function unwrapItems(root) {
  for (const item of root.querySelectorAll(".ListContainerWrapper li[data-aria-level]")) {
    const list = item.parentElement, paragraph = root.ownerDocument.createElement("p");
    paragraph.setAttribute("data-style", `mso-list:l0 level${item.dataset.ariaLevel} lfo1`);
    paragraph.setAttribute("data-sign", list.localName === "ol" ? `${list.getAttribute("start") ?? 1}.` : "-");
    paragraph.append(...item.childNodes);
    item.closest(".ListContainerWrapper").before(paragraph);
    item.remove();
  }
  root.querySelectorAll(".ListContainerWrapper").forEach((wrapper) => wrapper.remove());
}

const level = (paragraph) => Number(paragraph.dataset.style?.match(LISTED)?.[1] ?? 0);

// Puts a paragraph that Word calls an item, and those that follow it, into lists.
function makeList(first) {
  const open = [];
  let next = first;
  const place = first.ownerDocument.createComment("");
  first.before(place);
  while (next && (level(next) || (next.localName === "p" && /^MsoListParagraph/.test(next.className)))) {
    const paragraph = next, depth = level(next);
    next = paragraph.nextElementSibling;
    if (!depth) {
      // A paragraph more of the item above.
      open.at(-1).list.lastElementChild.append(paragraph);
      continue;
    }
    while (open.length && open.at(-1).depth > depth) {
      open.pop();
    }
    const number = paragraph.dataset.sign?.match(/^\(?(\d+|[a-z]{1,4})[.)]/i)?.[1];
    const name = number ? "ol" : "ul";
    if (open.at(-1)?.depth !== depth || open.at(-1).list.localName !== name) {
      const above = open.at(-1)?.depth === depth ? open.pop() && open.at(-1) : open.at(-1);
      const list = first.ownerDocument.createElement(name);
      if (Number(number) > 1) {
        list.setAttribute("start", number);
      }
      above ? above.list.lastElementChild.append(list) : place.before(list);
      open.push({ depth, list });
    }
    const item = first.ownerDocument.createElement("li");
    paragraph.removeAttribute("data-style");
    item.append(paragraph);
    open.at(-1).list.append(item);
  }
}

// Marks each reference to a note that is there as well, and takes the notes themselves out of the text. A note that
// nothing leads to stays where it is.
function takeNotes(root) {
  const notes = new Map(), links = [...root.querySelectorAll("a[href*='#']")];
  const named = new Set(links.map((link) => nameIn(link, NOTE)));
  for (const back of links) {
    const name = nameIn(back, NOTE_BACK);
    const note = name && (back.closest(NOTES) ?? back.closest("li") ?? back.closest("p, div"));
    if (note) {
      (back.closest("sup") ?? back).remove();
      if (named.has(name) && !notes.has(name)) {
        notes.set(name, note);
      }
    }
  }
  for (const link of links) {
    const name = nameIn(link, NOTE);
    if (name && link.isConnected) {
      const place = link.parentElement.localName === "sup" ? link.parentElement : link;
      const reference = root.ownerDocument.createElement("footnote-reference");
      reference.setAttribute("name", name);
      place.replaceWith(...(notes.has(name) ? [reference] : []));
    }
  }
  for (const note of notes.values()) {
    let holder = note.parentElement;
    note.remove();
    while (holder && holder !== root && !holder.textContent.trim()) {
      const empty = holder;
      holder = holder.parentElement;
      empty.remove();
    }
  }
  return notes;
}
