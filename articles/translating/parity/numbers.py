"""The numbers of a text, written alike whatever the language: 1,000.5 in English and 1 000,5 in French are 1000.5."""

import re
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

# A space of any width between two groups of three figures.
SPACE = "[ \u00a0\u2009\u202f]"

# What stands between two spaces; addresses among it hold figures that are no numbers of the author's.
PIECE = re.compile(r"\S+")
IN_ADDRESS = re.compile(r"://|@|^www\.")


class Figures(NamedTuple):
    """How a language writes a number in figures: groups of three, or any other; its decimal sign; times of day."""

    number: re.Pattern
    grouping: re.Pattern
    decimal: str
    time: re.Pattern
    hour: Callable[[re.Match], str]


def _of_twelve_hours(match: re.Match) -> str:
    hour = int(match["hour"]) % 12 + 12 * (match["half"] in "pP")
    return f"{hour}:{match['minutes'] or '00'} "


def _of_a_day(match: re.Match) -> str:
    return f"{match['hour']}:{match['minutes'] or '00'} "


FIGURES = {
    "en": Figures(
        re.compile(rf"(?<![\d.])\d{{1,3}}(?:(?:,|{SPACE})\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)*"),
        re.compile(rf",|{SPACE}"),
        ".",
        re.compile(rf"\b(?P<hour>\d{{1,2}})(?::(?P<minutes>\d\d))?{SPACE}?(?P<half>[ap])\.?m\b\.?", re.IGNORECASE),
        _of_twelve_hours,
    ),
    "fr": Figures(
        re.compile(rf"(?<![\d.,])\d{{1,3}}(?:{SPACE}\d{{3}})+(?!\d)(?:,\d+)?|\d+(?:\.\d+)+|\d+(?:,\d+)?"),
        re.compile(SPACE),
        ",",
        re.compile(rf"\b(?P<hour>\d{{1,2}}){SPACE}?h(?:{SPACE}?(?P<minutes>\d\d))?\b"),
        _of_a_day,
    ),
}

# A full hour has no minutes that another language would have to name.
FULL_HOUR = re.compile(r"(?<=\d):00\b(?!:)")

# Where a language writes Roman figures and others do not, like XXe siècle.
ROMAN = {"fr": re.compile(r"\b([IVX]{1,6})e\b")}
ROMAN_SIGNS = {"I": 1, "V": 5, "X": 10}


def numbers(text: str, language: str) -> list[str]:
    """Return the numbers that stand in figures, in order, without signs; a language without rules reads as English."""
    figures = FIGURES.get(language, FIGURES["en"])
    text = PIECE.sub(lambda piece: " " if IN_ADDRESS.search(piece[0]) else piece[0], text)
    text = FULL_HOUR.sub(" ", figures.time.sub(figures.hour, text))
    return [_normal(match[0], figures) for match in figures.number.finditer(text)]


def in_roman_figures(text: str, language: str) -> Counter[str]:
    """Return the numbers that a language writes in Roman figures where others do not."""
    found = ROMAN[language].finditer(text) if language in ROMAN else ()
    return Counter(str(_roman(match[1])) for match in found)


def _normal(number: str, figures: Figures) -> str:
    parts = figures.grouping.sub("", number).replace(figures.decimal, ".").split(".")
    return ".".join([parts[0].lstrip("0") or "0", *parts[1:]])


def _roman(signs: str) -> int:
    values = [ROMAN_SIGNS[sign] for sign in signs]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))
