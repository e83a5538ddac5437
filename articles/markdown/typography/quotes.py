"""Straight quotation marks and apostrophes made typographic: which mark opens, closes or stands for a letter."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import Enum
from unicodedata import combining

from .rules import OBJECT, Edit, Rule

MARK = re.compile("[\"'«»“”‘’]")
# The marks that each closing one may close.
PARTNERS = {"»": "«", "”": "“", "’": "‘'", '"': '"', "'": "'‘"}
PAIRS = {"«": "«»", "“": "“”", "‘": "‘’"}
OPENING = "([{<¿¡"
CLOSING = ")]}»”"
JOINING = "-–—/"
SIGNS = ";:!?%"
PUNCTUATION = ".,!?…"

# For each straight mark the pairs to choose from: the first one that no pair around it uses.
Choices = Mapping[str, tuple[str, ...]]


class Role(Enum):
    OPENS = 1
    CLOSES = 2
    APOSTROPHE = 3
    NONE = 4


def quotes(choices: Choices) -> Rule:
    """Return the rule that sets straight marks in pairs, pairs inside pairs as `choices` has them.

    A straight double mark without a partner stays, for it may be a sign of inches; but one that begins the text opens,
    as it does where a quotation runs over several paragraphs. A single one without a partner is an apostrophe if it
    touches a letter, and looks like one after the punctuation that it closes. A pair with nothing in it stays: it can
    only be a matter of code.
    """

    def find(text: str) -> list[Edit]:
        reading = Reading(text)
        new = dict.fromkeys(reading.apostrophes(), "’")
        for start, end, pair in _dressed(text, sorted(reading.pairs), choices):
            if end - start > 1:
                new[start], new[end] = pair
        if text.startswith('"') and 0 not in new and reading.roles.get(0) is Role.OPENS:
            new[0] = choices['"'][0][0]
        return [(at, at + 1, sign) for at, sign in sorted(new.items()) if text[at] != sign]

    return Rule(find, frozenset("\"'"))


class Reading:
    """The marks of a text with the role of each, and the pairs that they make."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.roles: dict[int, Role] = {}
        self.pairs: list[tuple[int, int]] = []
        # The opening marks that wait for a partner, and how many there are of each.
        self.waiting: list[int] = []
        self.count: Counter[str] = Counter()
        for mark in MARK.finditer(text):
            self.read(mark.start())

    def read(self, at: int) -> None:
        role = self.roles[at] = self.role(at)
        sign = self.text[at]
        if role is Role.OPENS and sign != "’":
            self.waiting.append(at)
            self.count[sign] += 1
        elif role is Role.CLOSES:
            self.close(at)

    def close(self, at: int) -> None:
        partners = PARTNERS[self.text[at]]
        # A single mark may be an apostrophe: it closes nothing across another pair.
        is_single = self.text[at] in "'’"
        if not any(map(self.count.get, partners)) or (is_single and self.text[self.waiting[-1]] not in partners):
            return
        while True:
            start = self.waiting.pop()
            self.count[self.text[start]] -= 1
            if self.text[start] in partners:
                self.pairs.append((start, at))
                return

    def role(self, at: int) -> Role:
        before, sign, after = self.sign(at - 1), self.text[at], self.sign(at + 1)
        if sign in "«“‘":
            return Role.OPENS
        if sign in "»”":
            return Role.CLOSES
        if sign in "'’" and _joins_letters(before, after):
            return Role.APOSTROPHE
        if not after or after.isspace() or after in CLOSING:
            return Role.CLOSES if before.strip() else Role.NONE
        if not before.strip() or before in OPENING:
            return Role.OPENS
        return self.role_amid(at, before, after)

    def role_amid(self, at: int, before: str, after: str) -> Role:
        """Return the role of a mark that touches something on both sides."""
        if self.roles.get(at - 1) is Role.OPENS:
            return Role.CLOSES if after in SIGNS and before != "«" else Role.OPENS
        follows_joint = before in JOINING or self.roles.get(at - 1) is Role.APOSTROPHE
        follows_elision = before in "'’" and _is_letter(self.sign(at - 2))
        if (follows_joint or follows_elision) and (after.isalnum() or after in OBJECT + "\"'"):
            return Role.OPENS
        return Role.CLOSES

    def apostrophes(self) -> Iterator[int]:
        """Yield the places of the straight single marks that stand for letters."""
        paired = {at for pair in self.pairs for at in pair}
        for at, role in self.roles.items():
            if self.text[at] != "'" or at in paired or role is Role.NONE:
                continue
            neighbour = self.sign(at + 1 if role is Role.OPENS else at - 1)
            is_end = role is Role.CLOSES and neighbour in PUNCTUATION
            if role is Role.APOSTROPHE or is_end or _is_letter(neighbour):
                yield at

    def sign(self, at: int) -> str:
        """Return the character at a place, or nothing beyond the ends of the text."""
        return self.text[at] if 0 <= at < len(self.text) else ""


def _is_letter(sign: str) -> bool:
    """True also for an object: code and names have apostrophes as other words do."""
    return bool(sign) and (sign.isalpha() or sign == OBJECT or bool(combining(sign)))


def _joins_letters(before: str, after: str) -> bool:
    return (_is_letter(before) and (after.isdigit() or _is_letter(after))) or (before.isdigit() and after.isalpha())


def _dressed(text: str, pairs: list[tuple[int, int]], choices: Choices) -> Iterator[tuple[int, int, str]]:
    """Yield each pair of marks with the signs that it gets, from the outside in; what is not straight stays."""
    around: list[tuple[int, str]] = []
    in_use: Counter[str] = Counter()
    for start, end in pairs:
        while around and around[-1][0] < start:
            in_use[around.pop()[1]] -= 1
        parent = around[-1][1] if around else ""
        signs = PAIRS.get(text[start]) or _first_free(choices[text[start]], in_use, parent)
        yield start, end, signs
        around.append((end, signs))
        in_use[signs] += 1


def _first_free(signs: tuple[str, ...], in_use: Counter[str], parent: str) -> str:
    free = [pair for pair in signs if not in_use[pair]] or [pair for pair in signs if pair != parent]
    return (free or signs)[0]
