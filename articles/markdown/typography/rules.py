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

DIGIT = r"\d"
_DIGITS = re.compile(DIGIT)


@dataclass(frozen=True)
class Typography:
    """The rules of one language in their order, and what is set as superscript where there is markup to do it."""

    rules: tuple[Rule, ...]
    superscript: re.Pattern | None = None


def replace(pattern: str, new: str, within: str = "", needs: Iterable[str] = ()) -> Rule:
    """Return the rule that puts `new` in place of what `pattern` finds: of its group, where it has one.

    `new` may name groups as in `re.sub`. `within` narrows the search to what another pattern finds. It is not begun
    where nothing stands of what it `needs`; DIGIT stands for the digits of all scripts.
    """
    wanted, signs = re.compile(pattern), tuple(needs)
    area = re.compile(within) if within else None
    names_groups = "\\" in new

    def rule(text: str) -> Iterator[Edit]:
        if signs and not _has_any(text, signs):
            return
        areas = (found.span() for found in area.finditer(text)) if area else [(0, len(text))]
        for start, end in areas:
            for found in wanted.finditer(text, start, end):
                yield *found.span(found.lastindex or 0), found.expand(new) if names_groups else new

    return rule


# The rules of one text need much the same.
@lru_cache(maxsize=64)
def _has_any(text: str, signs: tuple[str, ...]) -> bool:
    return any(_DIGITS.search(text) is not None if sign is DIGIT else sign in text for sign in signs)


ELLIPSIS = replace(r"(?<![.\d(\[{])\.{3}(?!\.)|(?<=[(\[{])\.{3}(?![.\w])|(?<=\d)\.{3}(?![.\d])", "…", needs=["..."])
