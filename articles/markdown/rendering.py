"""A body of Markdown rendered: the steps of the pipeline, in order."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from .converter import make_converter
from .limits import MAX_HTML, BodyRefused, Reason
from .plain_text import plain_text
from .sanitising import CONTROLS, legible, sanitise
from .typography import typeset, typeset_html
from .words import Words

# Raise it with every change of what the pipeline gives: it tells which stored renderings are of today's making.
RENDER_VERSION = 3

# The line that ends the summary of an article without one, as WordPress and Hugo have it.
MORE = re.compile(r"<!--\s*more\s*-->", re.IGNORECASE)


@dataclass(frozen=True)
class Rendered:
    """What the pipeline makes of one body.

    `html` is safe to put on a page once `articles.references` has resolved what it names. `contents` is the tree of
    headings, each a dict of `id`, `name` (plain text), `level` (2 to 6) and `children`. `text` is the prose, without
    code, for counting and searching; `excerpt` is the prose before `<!-- more -->`, "" where there is no such line.
    """

    html: str
    contents: list[dict]
    text: str
    excerpt: str


class Pipeline:
    """Renders one text after another in one language; it is not for two threads at a time."""

    def __init__(self, language: str, words: Words, at: Callable[[str], None]) -> None:
        self.language, self.at = language, at
        self.converter = make_converter(language, words, at)

    def rendered(self, body: str) -> Rendered:
        """Render a body; raise RecursionError where it is nested too deeply, BodyRefused where it grows too large."""
        converted = self.converter.reset().convert(CONTROLS.sub("", body))
        # From here on the work is on the whole.
        self.at("")
        if len(converted) > MAX_HTML:
            raise BodyRefused(Reason.LARGE)
        more = MORE.search(converted)
        html = sanitise(converted)
        return Rendered(
            html=typeset_html(html, self.language),
            contents=[self.entry(token) for token in self.converter.toc_tokens],
            text=plain_text(html),
            excerpt=self.prose(converted[: more.start()]) if more else "",
        )

    def prose(self, converted: str) -> str:
        return plain_text(typeset_html(sanitise(converted), self.language))

    def entry(self, token: dict) -> dict:
        return {
            "id": token["id"],
            "name": typeset(legible(unescape(token["name"])), self.language),
            "level": token["level"],
            "children": [self.entry(child) for child in token["children"]],
        }
