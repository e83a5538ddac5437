"""A body of Markdown rendered: the steps of the pipeline, in order."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from .converter import make_converter
from .limits import MAX_HTML, BodyRefused, Reason
from .plain_text import plain_text, plain_text_of
from .safe_html import tokens
from .sanitising import CONTROLS, sanitise
from .typography import typeset_html, typeset_tokens
from .words import Words

# Raise it with every change of what the pipeline gives: it tells which stored renderings are of today's making.
RENDER_VERSION = 2

# The line that ends the summary of an article without one, as WordPress and Hugo have it.
MORE = re.compile(r"<!--\s*more\s*-->", re.IGNORECASE)

# In safe HTML.
HEADING = re.compile(r'<h[2-6][^<>]* id="([^"]+)"[^<>]*>(.*?)</h[2-6]>', re.DOTALL)


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
        safe = sanitise(converted)
        # Taken apart once for both.
        parts = list(tokens(safe, into_code=False))
        html = typeset_tokens(parts, self.language)
        names = {heading[1]: plain_text(heading[2]) for heading in HEADING.finditer(html)}
        return Rendered(
            html=html,
            contents=_entries(self.converter.toc_tokens, names),
            # As the author typed it: narrow spaces and curly marks are no part of a word.
            text=plain_text_of(parts),
            excerpt=self.prose(converted[: more.start()]) if more else "",
        )

    def prose(self, converted: str) -> str:
        return plain_text(typeset_html(sanitise(converted), self.language))


def _entries(tokens: list[dict], names: dict[str, str]) -> list[dict]:
    """Return the headings that the sanitiser has left their anchors, named as they are set."""
    return [
        {
            "id": token["id"],
            "name": names[token["id"]],
            "level": token["level"],
            "children": _entries(token["children"], names),
        }
        for token in tokens
        if token["id"] in names
    ]
