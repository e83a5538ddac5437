"""HTML as a tree that keeps its lines: what browsers close by themselves is closed, whatever else stands there."""

import re
from html import unescape

from .nodes import Comment, Element, Text

# Deeper than any page is by itself.
MAX_DEPTH = 100
MAX_LENGTH = 4_000_000

VOID = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"),
}
# Nothing in them is markup.
RAW = {"script", "style", "iframe", "noscript", "textarea", "title", "xmp", "template"}

# Elements that end a paragraph (HTML, section 13.1.2.4).
BLOCKS = {
    *("address", "article", "aside", "blockquote", "center", "details", "dialog", "dd", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "li"),
    *(
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "ul",
        "caption",
        "tbody",
        "thead",
        "tfoot",
    ),
    *("td", "th", "tr"),
}
# Which open elements each start tag closes, and where the search for them ends.
CLOSES = {
    "li": ({"li"}, {"ul", "ol", "menu"}),
    **dict.fromkeys(("dt", "dd"), ({"dt", "dd"}, {"dl"})),
    **dict.fromkeys(("td", "th"), ({"td", "th"}, {"tr", "table"})),
    "tr": ({"tr", "td", "th"}, {"table"}),
    **dict.fromkeys(("tbody", "thead", "tfoot"), ({"tbody", "thead", "tfoot"}, {"table"})),
    "option": ({"option"}, {"select"}),
}
CELLS = {"td", "th", "caption", "table"}

# A quotation mark means something only after an equals sign. Possessive throughout: nothing is tried twice.
TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/<>]*+)((?:[^>=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|=)*+)>""")
PLAIN_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*+)([^>]*+)>")
ATTRIBUTE = re.compile(r"""([^\s"'>/=][^\s>/=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
# Beyond as many tags that end nowhere, quotation marks in tags mean nothing.
MAX_BROKEN_TAGS = 30


class HtmlRefused(Exception):
    """HTML that asks for too much work; `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line, reason)
        self.line, self.reason = line, reason


def parsed(html: str) -> Element:
    """Return the root of a piece of HTML; raise HtmlRefused where it is too long or nested too deeply."""
    if len(html) > MAX_LENGTH:
        raise HtmlRefused(1, f"more than {MAX_LENGTH} characters of HTML")
    return _Builder(html.replace("\r\n", "\n").replace("\r", "\n")).built()


class _Builder:
    """Reads one text from its beginning to its end; each character is looked at a fixed number of times."""

    def __init__(self, html: str) -> None:
        self.html, self.at, self.line, self.counted = html, 0, 1, 0
        self.root = Element("body", {}, 1)
        self.open = [self.root]
        self.broken = 0
        self.last = {end: html.rfind(end) for end in (">", "-->", "</")}
        self.missing: set[str] = set()

    def built(self) -> Element:
        while self.at < len(self.html):
            start = self.html.find("<", self.at)
            start = len(self.html) if start < 0 else start
            if start > self.at:
                self.add_text(unescape(self.html[self.at : start]))
                self.at = start
            elif not self.markup():
                self.add_text("<")
                self.at += 1
        return self.root

    def line_of(self, at: int) -> int:
        self.line += self.html.count("\n", self.counted, at)
        self.counted = at
        return self.line

    def add_text(self, words: str) -> None:
        children = self.open[-1].children
        if children and isinstance(children[-1], Text) and len(children[-1].words) < 5000:
            children[-1].words += words
        else:
            children.append(Text(words, self.line_of(self.at)))

    def markup(self) -> bool:
        """Read what begins with `<`; return False where it is a plain sign."""
        if self.last[">"] < self.at:
            return False
        if self.html.startswith(("<!", "<?"), self.at):
            self.comment()
            return True
        tag = TAG.match(self.html, self.at) if self.broken < MAX_BROKEN_TAGS else None
        if tag is None and (tag := PLAIN_TAG.match(self.html, self.at)):
            self.broken += 1
        if tag is None:
            return False
        line = self.line_of(self.at)
        self.at = tag.end()
        if tag[1]:
            self.end(tag[2].lower())
        else:
            self.start(tag[2].lower(), tag[3], line)
        return True

    def comment(self) -> None:
        is_comment = self.html.startswith("<!--", self.at) and self.last["-->"] >= self.at + 2
        end = self.html.index("-->" if is_comment else ">", self.at + 2)
        if is_comment:
            self.open[-1].children.append(Comment(self.html[self.at + 4 : end].strip(), self.line_of(self.at)))
        self.at = end + (3 if is_comment else 1)

    def start(self, name: str, attributes: str, line: int) -> None:
        self.close_for(name)
        values = {}
        for found in ATTRIBUTE.finditer(attributes):
            values.setdefault(found[1].lower(), unescape(found[2] or found[3] or found[4] or ""))
        element = Element(name, values, line, self.open[-1])
        self.open[-1].children.append(element)
        if name in VOID:
            return
        if name in RAW:
            self.raw(element)
            return
        if len(self.open) > MAX_DEPTH:
            raise HtmlRefused(line, f"more than {MAX_DEPTH} elements in each other")
        self.open.append(element)

    def raw(self, element: Element) -> None:
        closing = f"</{element.name}"
        found = (
            None
            if closing in self.missing
            else re.compile(re.escape(closing), re.IGNORECASE).search(self.html, self.at)
        )
        if found is None:
            # An element that never ends holds nothing: the rest is not lost.
            self.missing.add(closing)
            return
        element.children.append(Text(self.html[self.at : found.start()], self.line_of(self.at)))
        end = self.html.find(">", found.end())
        self.at = len(self.html) if end < 0 else end + 1

    def close_for(self, name: str) -> None:
        """Close what a start tag ends without saying so."""
        if name in CLOSES:
            self.close(*CLOSES[name])
        elif name in BLOCKS:
            self.close({"p"}, CELLS)

    def close(self, names: set[str], until: set[str]) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].name in until:
                return
            if self.open[depth].name in names:
                # The outermost of several, such as the row of a cell.
                while depth > 1 and self.open[depth - 1].name in names:
                    depth -= 1
                del self.open[depth:]
                return

    def end(self, name: str) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].name == name:
                del self.open[depth:]
                return
            # A stray end of bold words ends no item of a list; nor does a stray end of an item end a table.
            if self.open[depth].name in (CELLS if name in BLOCKS else BLOCKS) and name != "table":
                break
        if name == "br":
            self.start("br", "", self.line_of(self.at))
