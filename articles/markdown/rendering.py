"""A body of Markdown rendered: safe HTML, its table of contents, and its prose as plain text."""

import threading
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from xml.etree.ElementTree import Element

import markdown
from django.utils.translation import gettext, override
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from articles.slugs import slugify

from .plain_text import plain_text
from .sanitising import sanitise

# Raise it with every change of what the pipeline gives: it tells which stored renderings are of today's making.
RENDER_VERSION = 1


@dataclass(frozen=True)
class Rendered:
    """What the pipeline makes of one body.

    `html` is safe to put on a page. `contents` is the tree of headings, each a dict of `id`, `name` (plain text),
    `level` (2 to 6) and `children`. `text` is the prose, without code, for counting and searching.
    """

    html: str
    contents: list[dict]
    text: str


class NestedTooDeeply(Exception):
    """A body whose lists or quotes lie deeper in each other than the converter can follow."""


class HeadingLevels(Treeprocessor):
    """Move all headings one level down where one is an h1: the page's own h1 is the article's title."""

    def run(self, root: Element) -> None:
        if root.find(".//h1") is None:
            return
        for level in range(5, 0, -1):
            for heading in root.iter(f"h{level}"):
                heading.tag = f"h{level + 1}"


class HeadingLevelsExtension(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802, the library's name
        # After inline patterns (20), before the table of contents (5) reads the levels.
        md.treeprocessors.register(HeadingLevels(md), "heading_levels", 15)


def _converter(language: str) -> markdown.Markdown:
    with override(language):
        link_title = gettext("Link to this section")
        backlink_title = gettext("Back to the text of note {}")
    return markdown.Markdown(
        output_format="html",
        extensions=[
            *("fenced_code", "codehilite", "footnotes", "sane_lists", "tables", "toc"),
            HeadingLevelsExtension(),
        ],
        extension_configs={
            "codehilite": {"css_class": "highlight", "guess_lang": False},
            "footnotes": {"BACKLINK_TITLE": backlink_title},
            "tables": {"use_align_attribute": True},
            "toc": {
                "permalink": "#",
                "permalink_class": "heading-link",
                "permalink_title": link_title,
                "slugify": lambda text, separator: slugify(text, language) or "section",
            },
        },
    )


# Building a converter costs more than one text; none may be shared by two threads at a time.
_of_thread = threading.local()


@lru_cache(maxsize=4)
def render(body: str, language: str) -> Rendered:
    """Render a body written in `language`, a code of `LANGUAGES`; raise NestedTooDeeply.

    The last few are kept: a form renders to find faults, and saving asks for the same again.
    """
    converters = _of_thread.__dict__.setdefault("converters", {})
    if language not in converters:
        converters[language] = _converter(language)
    converter = converters[language].reset()
    try:
        html = sanitise(converter.convert(body))
    except RecursionError:
        raise NestedTooDeeply from None
    return Rendered(html, [_entry(token) for token in converter.toc_tokens], plain_text(html))


def _entry(token: dict) -> dict:
    return {
        "id": token["id"],
        "name": unescape(token["name"]),
        "level": token["level"],
        "children": [_entry(child) for child in token["children"]],
    }
