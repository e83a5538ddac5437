"""What a rule of typography is: it reads plain text and names the characters to replace."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

# (start, end, new): never empty, in order, without overlap.
Edit = tuple[int, int, str]
Find = Callable[[str], Iterable[Edit]]

NO_BREAK = "\u00a0"
NARROW = "\u202f"

# The inside of a character class: the spaces that a rule may replace. A line break that the author asked for is none.
SPACE = " \t\n\r\u00a0\u2009\u202f"

SPACES = rf"[{SPACE}]++"

# What rules see in place of code, an image, an address or words of another language; and of a line break.
OBJECT = "\ufffc"
LINE_BREAK = "\u2028"

DIGIT = r"\d"
_DIGITS = re.compile(DIGIT)


def spaces_after(before: str) -> str:
    """Return a pattern of spaces that follow what `before`, one character, stands for.

    It looks back from the first of them: looking for a sign is many times faster than looking back from everywhere.
    """
    return rf"[{SPACE}](?<={before}[{SPACE}])[{SPACE}]*+"


@dataclass(frozen=True)
class Rule:
    """What finds the edits, and the signs of which a text must hold one for that to be begun.

    DIGIT stands for the digits of all scripts.
    """

    find: Find
    signs: frozenset[str]


def signs_in(text: str) -> set[str]:
    """Return the signs that a text holds, DIGIT among them."""
    signs = set(text)
    if _DIGITS.search(text):
        signs.add(DIGIT)
    return signs


@dataclass(frozen=True)
class Typography:
    """The rules of one language in their order, and what is set as superscript where there is markup to do it."""

    rules: tuple[Rule, ...]
    superscript: re.Pattern | None = None


def replace(pattern: str, new: str, within: str = "", *, needs: Iterable[str], where: str = "") -> Rule:
    """Return the rule that puts `new` in place of what `pattern` finds: of its group, where it has one.

    `new` may name groups as in `re.sub`. `within` narrows the search to what another pattern finds. It is not begun
    where nothing stands of what it `needs`: signs, words, DIGIT; nor where `where` finds nothing, which begins with a
    sign and is therefore soon found or missed.
    """
    wanted, needs = re.compile(pattern), tuple(needs)
    words = [] if any(len(need) == 1 or need is DIGIT for need in needs) else needs
    area, hint = re.compile(within) if within else None, re.compile(where) if where else None
    names_groups = "\\" in new

    def find(text: str) -> Iterator[Edit]:
        if (words and not any(word in text for word in words)) or (hint and not hint.search(text)):
            return
        areas = (found.span() for found in area.finditer(text)) if area else [(0, len(text))]
        for start, end in areas:
            for found in wanted.finditer(text, start, end):
                yield *found.span(found.lastindex or 0), found.expand(new) if names_groups else new

    return Rule(find, frozenset(need if need is DIGIT else need[0] for need in needs))


ELLIPSIS = replace(r"(?<![.\d(\[{])\.{3}(?!\.)|(?<=[(\[{])\.{3}(?![.\w])|(?<=\d)\.{3}(?![.\d])", "…", needs=["..."])
