"""Where the fragments of links lead: the ids that other systems give to headings, and those that they have here."""

import re
import unicodedata
from collections.abc import Iterator

from articles.importers.lines import prose
from articles.slugs import slugify

HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$|^(?![ \t>*+-])(.+)\n(?:=+|-+)[ \t]*$", re.MULTILINE)
OWN_ID = re.compile(r"\s*\{:?[^}]*?#([^\s}]+)[^}]*\}\s*$")
LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
MARKS = re.compile(r"[`*~]|<[^>]*>|(?<!\w)_|_(?!\w)")


def new_ids(body: str, language: str) -> dict[str, str]:
    """Return the id that each heading of a body has here, by the ids that other systems may have given it."""
    found: dict[str, str] = {}
    here: set[str] = set()
    there: dict[str, int] = {}
    for words, own in _headings(body):
        new = own or _unique(slugify(words, language) or "section", here)
        here.add(new)
        for old in {_of_github(words), _of_kramdown(words), _of_python(words)} if not own else {own}:
            number = there.get(old, 0)
            there[old] = number + 1
            names = [f"{old}-{number}", f"{old}_{number}"] if number else [old]
            for name in names:
                found.setdefault(name, new)
    return found


def _headings(body: str) -> Iterator[tuple[str, str]]:
    """Yield the plain words of each heading, and the id that the author gave it."""
    for match in HEADING.finditer(prose(body)):
        start, end = match.span(1) if match[1] else match.span(2)
        words = body[start:end]
        own = OWN_ID.search(words)
        words = words[: own.start()] if own else words
        yield MARKS.sub("", LINK.sub(r"\1", words)).strip(), own[1] if own else ""


def _unique(slug: str, taken: set[str]) -> str:
    """Return an id as python-markdown tells two of one name apart."""
    candidate, number = slug, 0
    while candidate in taken:
        number += 1
        candidate = f"{slug}_{number}"
    return candidate


def _of_github(words: str) -> str:
    """https://gohugo.io/configuration/markup/#parserautoheadingidtype"""
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")


def _of_kramdown(words: str) -> str:
    """https://kramdown.gettalong.org/converter/html.html#auto-ids"""
    return re.sub(r"[^a-zA-Z0-9 -]", "", re.sub(r"^[^a-zA-Z]+", "", words)).replace(" ", "-").lower()


def _of_python(words: str) -> str:
    ascii_words = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_words).strip().lower())
