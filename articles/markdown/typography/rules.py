"""What a rule of typography is: it reads plain text and names the characters to replace."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

# (start, end, new): never empty, in order, without overlap.
Edit = tuple[int, int, str]
Rule = Callable[[str], Iterable[Edit]]

NO_BREAK = "\u00a0"
NARROW = "\u202f"

# The inside of a character class: the spaces that a rule may replace. A line break that the author asked for is none.
SPACE = " \t\n\r\u00a0\u2009\u202f"

# What rules see in place of code, an image, an address or words of another language; and of a line break.
OBJECT = "\ufffc"
LINE_BREAK = "\u2028"

DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Typography:
    """The rules of one language in their order, and what is set as superscript where there is markup to do it."""

    rules: tuple[Rule, ...]
    superscript: re.Pattern | None = None


def replace(pattern: str, new: str, within: str = "", needs: str = "") -> Rule:
    """Return the rule that puts `new` in place of what `pattern` finds: of its group, where it has one.

    `new` may name groups as in `re.sub`. `within` narrows the search to what another pattern finds. It is
    not begun where there is none of the signs that it `needs`; "0" stands for the digits of all scripts.
    """
    wanted = re.compile(pattern)
    area = re.compile(within) if within else None

    def rule(text: str) -> Iterator[Edit]:
        if needs and not _has(text, needs):
            return
        areas = (found.span() for found in area.finditer(text)) if area else [(0, len(text))]
        for start, end in areas:
            for found in wanted.finditer(text, start, end):
                yield *found.span(found.lastindex or 0), found.expand(new)

    return rule


@lru_cache(maxsize=64)
def _has(text: str, signs: str) -> bool:
    return any(sign in text if sign != "0" else DIGIT.search(text) is not None for sign in signs)


ELLIPSIS = replace(r"(?<![.\d(\[{])\.{3}(?!\.)|(?<=[(\[{])\.{3}(?![.\w])|(?<=\d)\.{3}(?![.\d])", "…", needs=".")
