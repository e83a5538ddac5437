"""A body that is being rewritten, and the line of its source that each of its lines comes from."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from re import Match, Pattern, finditer

from articles.files.prose import prose as uncached

# From where in the body, up to where, and what comes there instead.
Change = tuple[int, int, str]


@dataclass(frozen=True)
class Text:
    """`lines` has a number for each line of the body, or none where all of it comes from one place."""

    body: str
    lines: list[int]

    def number_at(self, offset: int) -> int:
        """Return the line of the body itself, counted from 1, that a place in it stands on."""
        return bisect_left(self._line_ends, offset) + 1

    @cached_property
    def _line_ends(self) -> list[int]:
        return [end.start() for end in finditer("\n", self.body)]

    def line_at(self, offset: int) -> int:
        """Return the line of the source that a place in the body comes from; 0 where that is not known."""
        return self.lines[self.number_at(offset) - 1] if self.lines else 0

    def changed(self, changes: Iterable[Change]) -> "Text":
        """Return the text with what is between some places replaced; the changes do not overlap."""
        parts, lines, at, number = [], [], 0, 0
        for start, end, words in sorted(changes):
            parts += [self.body[at:start], words]
            before, inside = self.body.count("\n", at, start), self.body.count("\n", start, end)
            lines += self.lines[number : number + before]
            number += before
            lines += self.lines[number : number + 1] * words.count("\n")
            number += inside
            at = end
        parts.append(self.body[at:])
        lines += self.lines[number:]
        return Text("".join(parts), lines)

    def replaced(self, pattern: Pattern, words: Callable[[Match, int], str | None]) -> "Text":
        """Return the text with what `words` gives for a match and its line in the match's place, in code as well.

        None leaves the match as it is.
        """
        found = ((match, words(match, self.number_at(match.start()))) for match in pattern.finditer(self.body))
        return self.changed((match.start(), match.end(), instead) for match, instead in found if instead is not None)


# One step after another asks for the same body.
prose = lru_cache(maxsize=8)(uncached)
