"""A body of Markdown rendered: the steps of the pipeline, in order."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from .converter import make_converter
from .plain_text import plain_text
from .sanitising import sanitise
from .typography import typeset, typeset_html
from .words import Words

# Raise it with every change of what the pipeline gives: it tells which stored renderings are of today's making.
RENDER_VERSION = 2

# The line that ends the summary of an article without one, as WordPress and Hugo have it.
MORE = re.compile(r"<!--\s*more\s*-->", re.IGNORECASE)

# What HTML allows in no text: https://infra.spec.whatwg.org/#c0-control and the non-characters.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


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
        self.language = language
        self.converter = make_converter(language, words, at)

    def rendered(self, body: str) -> Rendered:
        """Render a body; raise RecursionError where it is nested too deeply."""
        converted = self.converter.reset().convert(CONTROLS.sub("", body))
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
            "name": typeset(unescape(token["name"]), self.language),
            "level": token["level"],
            "children": [self.entry(child) for child in token["children"]],
        }
