"""The prose of an article as plain text: what is counted as words and what a search looks through."""

from collections.abc import Iterable, Iterator

from .safe_html import INLINE, VOID, Token, tokens


def plain_text(html: str) -> str:
    """Return the prose of safe HTML, a line for each block; blocks of code and the page's own signs are left out."""
    return plain_text_of(tokens(html, into_code=False))


def plain_text_of(parts: Iterable[Token]) -> str:
    """Return the same of HTML that is taken apart already."""
    lines = (" ".join(line.split()) for line in "".join(_prose(parts)).split("\n"))
    return "\n".join(filter(None, lines))


def _prose(parts: Iterable[Token]) -> Iterator[str]:
    # The element that is being left out, and how many of its kind are open.
    skipped, depth = "", 0
    for token in parts:
        if depth:
            depth += (token.name == skipped) * (-1 if token.is_closing else 1)
        elif not token.name:
            yield token.text
        elif token.name not in INLINE and (token.is_closing or token.name in VOID):
            yield "\n"
        elif _is_left_out(token):
            skipped, depth = token.name, 1


def _is_left_out(token: Token) -> bool:
    return not token.is_closing and (token.name == "pre" or token.is_sign)
