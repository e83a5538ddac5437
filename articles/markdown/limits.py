"""How much a body may ask of the renderer: caps on size and nesting, and the refusal that names the place."""

import re
from collections.abc import Iterator
from enum import StrEnum

from django.utils.formats import number_format
from django.utils.translation import gettext
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
    Reason.DEEP: _("Quotes or lists are nested too deeply. %(limit)s levels are the most."),
    Reason.DENSE: _("This paragraph has too many brackets, more than %(limit)s. Split it up."),
    Reason.LARGE: _("The page becomes too large. Do not repeat long addresses, abbreviations or titles so often."),
    Reason.SLOW: _("Rendering takes too long. Simplify or split the text."),
    Reason.FAILED: _("Rendering is impossible. Simplify or split the text."),
}
LIMITS = {Reason.LONG: MAX_LENGTH, Reason.DEEP: MAX_DEPTH, Reason.DENSE: MAX_OPENERS}


class BodyRefused(Exception):
    """A body that the renderer will not or cannot render; `line` counts from 1 and is 0 where it is not known."""

    def __init__(self, reason: Reason, line: int = 0) -> None:
        super().__init__(reason, line)
        self.reason, self.line = reason, line

    @property
    def explanation(self) -> str:
        """What an author needs to know, in the active language, but for the line."""
        limit = number_format(LIMITS.get(self.reason, 0), force_grouping=True)
        return MESSAGES[self.reason] % {"limit": limit}

    def __str__(self) -> str:
        if not self.line:
            return self.explanation
        return gettext("Line %(line)s: %(explanation)s") % {"line": self.line, "explanation": self.explanation}


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
