"""The numbers that a text writes out: twenty-five, quatre-vingt-dix, six hundred."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from .function_words import words

# From zero on, by one to twenty and by ten from there; those that French lacks are sums.
ENGLISH = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"""
FRENCH = """zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"""

NUMBER_WORDS = {
    "en": dict(zip(words(ENGLISH), chain(range(21), range(30, 100, 10)), strict=True))
    | {"hundred": 100, "thousand": 1000},
    "fr": dict(zip(words(FRENCH), range(17), strict=True))
    | {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
    | {"cent": 100, "cents": 100, "mille": 1000},
}

# What may stand between the words of one number.
WORD_AND_GAP = re.compile(r"([^\W\d]+)((?:[ \u00a0-]+(?:and|et)\b)?[ \u00a0-]+)?")


def written_out(text: str, language: str) -> Counter[str]:
    """Return the numbers below a million that stand in words; none of a language without rules."""
    known = NUMBER_WORDS.get(language, {})
    return Counter(str(value) for run in _runs(text, known) for value in _values(run))


def _runs(text: str, known: dict[str, int]) -> Iterator[list[int]]:
    """Yield the values of number words that stand together."""
    run: list[int] = []
    for match in WORD_AND_GAP.finditer(text):
        value = known.get(match[1].lower())
        if value is not None:
            run.append(value)
        if run and (value is None or not match[2]):
            yield run
            run = []
    if run:
        yield run


def _values(run: list[int]) -> Iterator[int]:
    """Yield the numbers that words give one after another: 4, 20, 10, 7 are 97; 2, 3 are two numbers."""
    thousands, value, last = 0, run[0], run[0]
    for word in run[1:]:
        if word == 1000 and value and not thousands:
            thousands, value = value * 1000, 0
        elif word == 100 and 0 < value < 10:
            value *= 100
        elif word == 20 and last == 4:
            value += 76
        elif 0 < word < last and last >= 10:
            value += word
        else:
            yield thousands + value
            thousands, value = 0, word
        last = word
    yield thousands + value
