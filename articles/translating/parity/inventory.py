"""What a text holds that its translation holds too, read from its Markdown and its stored rendering in one pass."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from articles.markdown.safe_html import INLINE, VOID, Token, tokens
from articles.markdown.source import Fence, fences
from articles.text import ArticleText

from .function_words import words

HEADING = re.compile(r"h([2-6])")
NOTE = "fn:"

# What is the same in every language, and what may well be in another one than the text around it.
CODE = {"code", "kbd", "pre", "samp", "var"}
OTHERS_WORDS = {"a", "blockquote", "cite", "em", "i", "q"}
QUOTES = re.compile(r"“[^“”]*”|«[^«»]*»|\"[^\"]*\"")


@dataclass
class Passage:
    """The prose of one element: all of it but code, and what of it are the author's own words."""

    heading: int = 0
    all: str = ""
    own: str = ""

    @cached_property
    def words(self) -> list[str]:
        return words(QUOTES.sub(" ", self.own))


@dataclass(frozen=True)
class Link:
    """An address as it is written; `is_in` is the language that the author says the page behind it has."""

    address: str
    is_in: str = ""


@dataclass
class Inventory:
    """Everything is listed as often as it stands there, in order. Summary and title are part of the prose."""

    language: str
    fences: list[Fence] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    notes: int = 0
    links: list[Link] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)

    @classmethod
    def of(cls, text: ArticleText, html: str, language: str) -> "Inventory":
        found = cls(language, fences=list(fences(text.body)))
        found.passages += [Passage(all=text.title), Passage(all=text.summary, own=text.summary)]
        found.passages += (passage for passage in _read(html, found) if passage.all.strip())
        return found

    @property
    def headings(self) -> list[Passage]:
        return [passage for passage in self.passages if passage.heading]

    @property
    def prose(self) -> str:
        return "\n".join(passage.all for passage in self.passages)


def _read(html: str, found: Inventory) -> Iterator[Passage]:
    """Yield the passages of safe HTML, and note down what else it holds."""
    # Of each open element, whether its words are code, and whether they are others'.
    open_elements = [(False, False)]
    level, parts = 0, []
    for token in tokens(html):
        if not token.name:
            parts.append((token.text, *open_elements[-1]))
            continue
        if token.name == "br":
            parts.append((" ", False, False))
        elif token.name not in INLINE:
            yield _passage(level, parts)
            heading = HEADING.fullmatch(token.name)
            level, parts = int(heading[1]) if heading and not token.is_closing else 0, []
        if token.is_closing:
            open_elements.pop()
            continue
        if token.name not in VOID:
            open_elements.append(_kind(token, open_elements[-1], found.language))
        _note_down(token, found)
    yield _passage(level, parts)


def _passage(level: int, parts: list[tuple[str, bool, bool]]) -> Passage:
    prose = (" " if is_code else text for text, is_code, _is_others in parts)
    own = (" " if is_code or is_others else text for text, is_code, is_others in parts)
    return Passage(level, "".join(prose), "".join(own))


def _kind(token: Token, around: tuple[bool, bool], language: str) -> tuple[bool, bool]:
    is_code = token.name in CODE or token.is_sign or "filename" in token.classes
    is_others = token.name in OTHERS_WORDS or token.attributes.get("lang", language) != language
    return around[0] or is_code, around[1] or is_others


def _note_down(token: Token, found: Inventory) -> None:
    attributes = token.attributes
    if token.name == "img":
        found.images.append(attributes.get("src", ""))
    elif token.name == "a" and "href" in attributes and not token.is_sign:
        found.links.append(Link(attributes["href"], attributes.get("hreflang", "")))
    elif token.name == "li" and attributes.get("id", "").startswith(NOTE):
        found.notes += 1
