"""What the page wants otherwise than the converter gives it: elements renamed, wrapped and labelled in the tree."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

import markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FN_BACKLINK_TEXT
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import STX, AtomicString

from .sanitising import ID
from .words import Words

TASK = re.compile(r"\[([ xX])\]\s+")

# The five kinds of GitHub, and what other systems call them.
KINDS = {kind: kind for kind in ("note", "tip", "important", "warning", "caution")}
KINDS |= {"info": "note", "hint": "tip", "success": "tip", "attention": "warning", "danger": "caution"}
KINDS |= {"error": "caution", "failure": "caution", "bug": "caution"}

HEADINGS = {f"h{level}": level for level in range(1, 7)}

ALIGNMENTS = {"left", "center", "right"}


def children(root: Element, *tags: str) -> Iterator[tuple[Element, Element]]:
    """Yield each element of some tags below the root, with its parent, from a list that may be changed meanwhile."""
    yield from [(parent, child) for parent in root.iter() for child in parent if child.tag in tags]


def classes(element: Element) -> list[str]:
    return (element.get("class") or "").split()


def replace(parent: Element, old: Element, new: Element) -> None:
    """Put an element, which may hold the old one, in the old one's place."""
    index = list(parent).index(old)
    new.tail, old.tail = old.tail, None
    parent[index] = new


class WordedTreeprocessor(Treeprocessor):
    """One that puts words of the pipeline into a text, in the language of the text."""

    def __init__(self, md: markdown.Markdown, words: Words) -> None:
        super().__init__(md)
        self.words = words


class TaskItems(WordedTreeprocessor):
    """`- [ ]` and `- [x]`: a sign with a name, since a form field would only look as if it could be ticked."""

    def run(self, root: Element) -> None:
        for parent, item in children(root, "li"):
            holder = item if (item.text or "").strip() else next(iter(item), item)
            match = TASK.match(holder.text or "") if holder.tag in {"li", "p"} else None
            if match is None:
                continue
            state = "open" if match[1] == " " else "done"
            sign = Element("span", {"class": f"task task-{state}", "role": "img", "aria-label": self.words[state]})
            sign.tail, holder.text = f" {holder.text[match.end() :]}", None
            holder.insert(0, sign)
            item.set("class", "task-list-item")
            if parent.tag in {"ul", "ol"}:
                parent.set("class", "task-list")


class TableCaptions(WordedTreeprocessor):
    """A paragraph `Table: words`, or `: words`, right below a table is its caption, as Pandoc has it.

    The text's own language may name the table: `Tableau : mots`.
    """

    def __init__(self, md: markdown.Markdown, words: Words) -> None:
        super().__init__(md, words)
        self.sign = re.compile(rf"(?:Table|{re.escape(words['table'])})\s*:\s*")

    def run(self, root: Element) -> None:
        for parent, table in children(root, "table"):
            below = list(parent)[list(parent).index(table) + 1 :]
            if below and (words := self.taken_from(parent, below[0])):
                caption = Element("caption")
                caption.text = words
                table.insert(0, caption)

    def taken_from(self, parent: Element, below: Element) -> str:
        """Return the words of a caption and take them away from where they stand; "" where there are none."""
        if below.tag == "p" and (match := self.sign.match(below.text or "")):
            parent.remove(below)
            return below.text[match.end() :]
        # To the converter, `: words` defines a term that nobody named.
        if below.tag == "dl" and [child.tag for child in below][:1] == ["dd"] and not len(below[0]):
            words = below[0].text or ""
            below.remove(below[0])
            if not len(below):
                parent.remove(below)
            return words
        return ""


class HeadingLevels(Treeprocessor):
    """Number the levels of headings from 2 on, without a gap: the page's own h1 is the article's title.

    Which heading stands below which is the author's; a text may begin with `#`, or go from `##` to `####`.
    """

    def run(self, root: Element) -> None:
        above: list[tuple[int, int]] = []
        for heading in root.iter():
            if heading.tag not in HEADINGS:
                continue
            written = HEADINGS[heading.tag]
            while above and above[-1][0] >= written:
                above.pop()
            level = min(above[-1][1] + 1, 6) if above else 2
            above.append((written, level))
            heading.tag = f"h{level}"


class EmptyNotes(WordedTreeprocessor):
    """Give a note without words the link back, which python-markdown leaves out and then looks for."""

    def run(self, root: Element) -> None:
        for number, item in enumerate(root.iterfind(".//div[@class='footnote']/ol/li"), start=1):
            if len(item):
                continue
            address = "#fnref:" + item.get("id", "").removeprefix("fn:")
            attributes = {"class": "footnote-backref", "href": address, "title": self.words["backlink"].format(number)}
            SubElement(SubElement(item, "p"), "a", attributes).text = FN_BACKLINK_TEXT


class Attributes(Treeprocessor):
    """Drop attributes without a value, which attribute lists allow and what comes later does not expect.

    Nor may a heading have an id that sanitising would take from it: the contents would lead nowhere. Where the library
    left its placeholder of an inline element in a value, the element's text stands instead.
    """

    def run(self, root: Element) -> None:
        ids: set[str] = set()
        inline = InlineProcessor("", self.md)
        for element in root.iter():
            name = element.get("id", "")
            if name in ids or not ID.fullmatch(name):
                element.attrib.pop("id", None)
            ids.add(name)
            for name, value in element.attrib.items():
                if STX in (value or ""):
                    element.set(name, self.md.treeprocessors["unescape"].unescape(inline.unescape(value)))
            for name in [name for name, value in element.attrib.items() if not value and name != "alt"]:
                del element.attrib[name]


class Figures(Treeprocessor):
    """An image that is a paragraph of its own and has a title: a figure, with the title as its caption."""

    def run(self, root: Element) -> None:
        for parent, paragraph in children(root, "p"):
            if len(paragraph) != 1 or (paragraph.text or "").strip() or (paragraph[0].tail or "").strip():
                continue
            image = paragraph[0] if paragraph[0].tag == "img" else paragraph[0].find("img")
            if image is None or len(paragraph[0]) > 1 or not image.get("title"):
                continue
            figure = Element("figure")
            figure.append(paragraph[0])
            paragraph[0].tail = None
            caption = SubElement(figure, "figcaption")
            # A title is plain text to the converter; a caption may hold emphasis, code and links.
            caption.text = image.attrib.pop("title")
            self.md.treeprocessors["inline"].run(figure)
            replace(parent, paragraph, figure)


class Tables(WordedTreeprocessor):
    """Alignment by classes, and a box in which a wide table scrolls, by keyboard as well (WCAG 2.1.1)."""

    def run(self, root: Element) -> None:
        for parent, table in children(root, "table"):
            for cell in [*table.iter("th"), *table.iter("td")]:
                alignment = cell.attrib.pop("align", None)
                if alignment in ALIGNMENTS:
                    cell.set("class", f"align-{alignment}")
            caption = table.find("caption")
            label = "".join(caption.itertext()) if caption is not None else self.words["table"]
            box = Element("div", {"class": "table-box", "role": "group", "aria-label": label, "tabindex": "0"})
            replace(parent, table, box)
            box.append(table)


class Callouts(WordedTreeprocessor):
    """Call-outs of all notations alike, with a title in the language of the text where the author gives none."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            written = [name for name in classes(element) if name != "admonition"]
            if element.tag == "div" and "admonition" in classes(element):
                element.set("role", "note")
            elif not (element.tag == "details" and written):
                continue
            word = written[0].lower() if written else "note"
            kind = KINDS.get(word, "note")
            element.set("class", f"callout callout-{kind}")
            title = element.find("*")
            if title is None or title.tag not in {"p", "summary"}:
                continue
            if title.tag == "p" and "admonition-title" in classes(title):
                title.set("class", "callout-title")
            if not len(title) and (title.text or "").strip().lower() == word:
                title.text = AtomicString(self.words[kind])


class Footnotes(WordedTreeprocessor):
    """The notes as a section with a name, and what links there and back told apart (DPUB-ARIA 1.1)."""

    def run(self, root: Element) -> None:
        for div in root.iter("div"):
            if classes(div) == ["footnote"]:
                div.tag = "section"
                div.attrib |= {"class": "footnotes", "role": "doc-endnotes", "aria-label": self.words["notes"]}
        for link in root.iter("a"):
            if classes(link) == ["footnote-ref"]:
                link.set("role", "doc-noteref")
            elif classes(link) == ["footnote-backref"]:
                link.attrib |= {"role": "doc-backlink", "aria-label": link.get("title", "")}


class ContentsMarker(Treeprocessor):
    """`[TOC]` on a line of its own, which other systems ask for: the page shows the contents by itself."""

    def run(self, root: Element) -> None:
        for parent, paragraph in children(root, "p"):
            if not len(paragraph) and (paragraph.text or "").strip() == "[TOC]":
                parent.remove(paragraph)


class ElementsExtension(Extension):
    """Register all these around python-markdown's own.

    They are footnote 50, inline 20, footnote-reorder 19, prettify 10, attr_list 8, abbr 7, toc 5.
    """

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.words = words

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802, the library's name
        for processor, name, priority in (
            (EmptyNotes(md, self.words), "empty_notes", 49),
            (ContentsMarker(md), "contents_marker", 28),
            (TaskItems(md, self.words), "task_items", 27),
            (TableCaptions(md, self.words), "table_captions", 26),
            (HeadingLevels(md), "heading_levels", 15),
            (Attributes(md), "attributes", 7.9),
            (Figures(md), "figures", 7.8),
            (Tables(md, self.words), "tables", 7.7),
            (Callouts(md, self.words), "callouts", 7.6),
            (Footnotes(md, self.words), "footnotes_section", 7.5),
        ):
            md.treeprocessors.register(processor, name, priority)
