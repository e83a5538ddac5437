"""A body as it travels in a feed: plain HTML without what works on its page alone, every address absolute."""

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from urllib.parse import urljoin

from articles.markdown.safe_html import VOID, Token, tokens

ATTRIBUTES = {
    *("href", "hreflang", "src", "alt", "width", "height", "title", "lang", "dir", "id", "datetime"),
    *("start", "reversed", "type", "colspan", "rowspan", "scope"),
}

# Without an attribute these say nothing: the colours of code, the boxes around tables.
MUTE = {"div", "section", "span"}

# The choice between the files of an image is the page's own.
DROPPED = {"picture", "source"}


# The newest texts stand in several feeds, and most stay when one is added.
@lru_cache(maxsize=64)
def portable(html: str, page: str) -> str:
    """Return a resolved body for a feed; `page` is the absolute address of the article's page.

    Notes and sections keep their ids, and links to them lead to the page: a feed reader that shows notes in place finds
    them, and any other one opens the page there.
    """
    return "".join(_pieces(html, page))


def _pieces(html: str, page: str) -> Iterator[str]:
    ends: list[str] = []
    pieces = iter(tokens(html))
    for token in pieces:
        if not token.name:
            yield token.source
        elif token.is_closing:
            yield ends.pop()
        elif token.name == "a" and "heading-link" in token.classes:
            while not (token.name == "a" and token.is_closing):
                token = next(pieces)
        else:
            start, end = _element(token, page)
            yield start
            if token.name not in VOID and token.name != "source":
                ends.append(end)


# A block of code repeats a few tags a thousand times.
@lru_cache(maxsize=1024)
def _element(token: Token, page: str) -> tuple[str, str]:
    """Return what a feed has for the start and for the end of an element."""
    classes = token.classes
    if token.name == "span" and "task" in classes:
        return ("☑" if "task-done" in classes else "☐"), ""
    attributes = _attributes(token, page)
    first, *inner = _names(token, classes)
    if first in DROPPED or (first in MUTE and not attributes):
        return "", ""
    start = f"<{first}{attributes}>" + "".join(f"<{name}>" for name in inner)
    return start, "".join(f"</{name}>" for name in [*reversed(inner), first])


def _names(token: Token, classes: set[str]) -> tuple[str, ...]:
    """Return the elements that stand for one: call-outs and details are quotes below their titles, and open."""
    if token.name in VOID:
        return (token.name,)
    if token.name == "details" or "callout" in classes:
        return ("blockquote",)
    if token.name == "summary" or classes & {"callout-title", "filename"}:
        return "p", "strong"
    return (token.name,)


def _attributes(token: Token, page: str) -> str:
    if " " not in token.source:
        return ""
    kept = {name: value for name, value in token.attributes.items() if name in ATTRIBUTES}
    for name in kept.keys() & {"href", "src"}:
        kept[name] = _absolute(kept[name], page)
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items() if value is not None)


def _absolute(address: str, page: str) -> str | None:
    try:
        return urljoin(page, address)
    except ValueError:
        # Not an address at all, like http://[
        return None
