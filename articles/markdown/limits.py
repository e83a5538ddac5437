"""How much a body may ask of the renderer: caps on size and nesting, and the refusal that names the place."""

import re
from collections.abc import Iterator
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

# Characters of Markdown: about two and a half hours of reading.
MAX_LENGTH = 200_000

# Quotes in quotes and lists in lists. Nobody reads the tenth; the converter's stack ends far below them all.
MAX_DEPTH = 20
INDENTATION = 4

# Signs that open something, in one paragraph: what follows each is looked through for its end.
MAX_OPENERS = 3000

# Characters of HTML. References and abbreviations repeat in the page what the body holds once.
MAX_HTML = 5_000_000


class Reason(StrEnum):
    """Why a body cannot be rendered."""

    LONG = "long"
    DEEP = "deep"
    DENSE = "dense"
    LARGE = "large"
    SLOW = "slow"
    FAILED = "failed"


MESSAGES = {
    Reason.LONG: _("Write at most %(limit)s characters."),
    Reason.DEEP: _("Line %(line)s: quotes or lists are nested too deeply here; %(limit)s levels are the most."),
    Reason.DENSE: _("Line %(line)s: this paragraph has too many brackets, more than %(limit)s. Split it up."),
    Reason.LARGE: _(
        "This text becomes too large a page: do not repeat long addresses, abbreviations or titles as often as this."
    ),
    Reason.SLOW: _("Rendering this text takes too long. The difficulty begins in line %(line)s: simplify or split it."),
    Reason.FAILED: _("This text cannot be rendered. The difficulty begins in line %(line)s: simplify it."),
}
# Where the place is not known.
MESSAGES_WITHOUT_LINE = {
    Reason.DEEP: _("Quotes or lists are nested too deeply; %(limit)s levels are the most."),
    Reason.SLOW: _("Rendering this text takes too long: simplify or split it."),
    Reason.FAILED: _("This text cannot be rendered: simplify or split it."),
}
LIMITS = {Reason.LONG: MAX_LENGTH, Reason.DEEP: MAX_DEPTH, Reason.DENSE: MAX_OPENERS}


class BodyRefused(Exception):
    """A body that the renderer will not or cannot render; `line` counts from 1 and is 0 where it is not known."""

    def __init__(self, reason: Reason, line: int = 0) -> None:
        super().__init__(reason, line)
        self.reason, self.line = reason, line

    def __str__(self) -> str:
        """Return what an author needs to know, in the active language."""
        messages = MESSAGES if self.line else MESSAGES | MESSAGES_WITHOUT_LINE
        return messages[self.reason] % {"line": self.line, "limit": LIMITS.get(self.reason)}


FENCE = re.compile(r"[ >]*(`{3,}|~{3,})")
QUOTES = re.compile(r"(?: {0,3}(?:> {0,4})+)?")
ITEM = re.compile(r"[ \t]*(?=(?:[-*+]|\d{1,9}[.)])[ \t])")
# One of the signs that open a list or a quote, which may stand in a row; as a row alone they may be a rule.
SIGN = re.compile(r"(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))[ \t]*")
SIGNS = re.compile(rf"(?:{SIGN.pattern})*")
RULE = re.compile(r"[ \t]*([-*])(?:[ \t]*\1)*[ \t]*$")
OPENERS = re.compile(r"[\[<]")


def check(body: str) -> None:
    """Raise BodyRefused where a body (line feeds alone) passes a cap. It costs one pass over the lines."""
    if len(body) > MAX_LENGTH:
        raise BodyRefused(Reason.LONG)
    start, openers = 1, 0
    for number, line in _lines_outside_fences(body):
        if _depth(line) > MAX_DEPTH:
            raise BodyRefused(Reason.DEEP, number)
        if not line.strip():
            start, openers = number + 1, 0
        openers += len(OPENERS.findall(line))
        if openers > MAX_OPENERS:
            raise BodyRefused(Reason.DENSE, start)


def _depth(line: str) -> int:
    quotes = QUOTES.match(line)[0]
    item = ITEM.match(line, len(quotes))
    if item is None or RULE.match(line, len(quotes)):
        return quotes.count(">")
    # Two columns are the least that a level of a list takes.
    levels = len(item[0].expandtabs(INDENTATION)) // 2
    return quotes.count(">") + levels + len(SIGN.findall(SIGNS.match(line, item.end())[0]))


def _lines_outside_fences(body: str) -> Iterator[tuple[int, str]]:
    closing = ""
    for number, line in enumerate(body.split("\n"), start=1):
        fence = FENCE.match(line)
        if closing:
            closing = "" if fence and fence[1].startswith(closing) else closing
        elif fence:
            closing = fence[1]
        else:
            yield number, line
