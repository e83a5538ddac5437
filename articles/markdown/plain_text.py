"""The prose of an article as plain text: what is counted as words and what a search looks through."""

from html.parser import HTMLParser

# Elements whose end parts two words.
BLOCKS = {"p", "li", "dt", "dd", "tr", "td", "th", "blockquote", "figcaption", "summary", "br", "hr", "div"}
BLOCKS |= {"h2", "h3", "h4", "h5", "h6"}

# Links that are signs of the page, not words of the author.
SIGNS = {"heading-link", "footnote-ref", "footnote-backref"}


class ProseParser(HTMLParser):
    """Collect the text of safe, well-formed HTML; blocks of code and the page's own signs are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        # The element that is being left out, and how many of its kind are open.
        self.skipped, self.depth = "", 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if self.depth:
            self.depth += tag == self.skipped
        elif tag == "pre" or (tag == "a" and SIGNS & set((dict(attributes).get("class") or "").split())):
            self.skipped, self.depth = tag, 1

    def handle_endtag(self, tag: str) -> None:
        if self.depth:
            self.depth -= tag == self.skipped
        elif tag in BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.depth:
            self.pieces.append(data)


def plain_text(html: str) -> str:
    """Return the prose of safe HTML, a line for each block."""
    parser = ProseParser()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.pieces).split("\n"))
    return "\n".join(filter(None, lines))
