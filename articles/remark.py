"""One sentence to an author about a text, and the author's own words in it."""

from dataclasses import dataclass

from django.utils.text import Truncator

# Characters of the author's own words in a sentence about them.
QUOTED = 60


@dataclass(frozen=True)
class Remark:
    """One sentence in the author's language. `code` says of what it is, the same each time: what was seen is known."""

    code: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def quoted(words: str) -> str:
    """Return words in one line, cut where they are many."""
    return Truncator(" ".join(words.split())).chars(QUOTED)
