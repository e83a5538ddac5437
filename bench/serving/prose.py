"""The words of an article for the measurements: the same on every site that is compared. It needs no Django."""

import random
from itertools import accumulate
from typing import NamedTuple

# Of a hundred words each: the site makes a page of 15 KB of them.
PARAGRAPHS = 12

LETTERS = "aabcdeeefghiiklmnnoooprsstttuuvw"
_letters = random.Random(1)  # noqa: S311, words are no secret
VOCABULARY = ["".join(_letters.choices(LETTERS, k=_letters.randint(2, 9))) for _ in range(1000)]
# Some words are so frequent that the text compresses as an English one does.
FREQUENCIES = list(accumulate(rank**-1.2 for rank in range(1, len(VOCABULARY) + 1)))


class Section(NamedTuple):
    heading: str
    paragraphs: list[str]


def sections(number: int, paragraphs: int) -> list[Section]:
    """Return an article in sections of three paragraphs, without any markup; other numbers give other words."""
    source = random.Random(number)  # noqa: S311
    texts = [
        " ".join(source.choices(VOCABULARY, cum_weights=FREQUENCIES, k=100)).capitalize() + "."
        for _ in range(paragraphs)
    ]
    # One word that stands in every article, and one that stands in this one alone.
    texts[0] += f" A word and rare{number:0>6}."
    return [
        Section(f"Section {place // 3 + 1}: {source.choice(VOCABULARY)}", texts[place : place + 3])
        for place in range(0, paragraphs, 3)
    ]
