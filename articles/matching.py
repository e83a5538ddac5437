"""How one list of words or blocks becomes another, within a bound on the work, whatever the lists hold."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import accumulate

# Looks at an item or at a pair of equal ones: the most for one change and for two texts, a fraction of a second. What
# would take more is one change.
MAX_STEPS, MAX_STEPS_IN_ALL = 1_000_000, 3_000_000


class Budget:
    """How much more may be compared."""

    def __init__(self) -> None:
        self.left = MAX_STEPS_IN_ALL

    def pays(self, steps: int) -> bool:
        """Return whether so many steps may be taken, and take them from what is left."""
        if steps > self.left:
            return False
        self.left -= steps
        return True


class TooDear(Exception):
    """Comparing two lists takes more than may be spent."""


class _Matcher(SequenceMatcher):
    """Counts its steps: each pair of runs that it finds has it go through the rest again."""

    def __init__(self, before: list[str], after: list[str], budget: Budget) -> None:
        super().__init__(str.isspace, before, after, autojunk=False)
        self.budget, self.left = budget, MAX_STEPS
        self.costs = list(accumulate((1 + len(self.b2j.get(item, ())) for item in before), initial=0))

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None):
        steps = self.costs[len(self.a) if ahi is None else ahi] - self.costs[alo]
        self.left -= steps
        if self.left < 0 or not self.budget.pays(steps):
            raise TooDear
        return super().find_longest_match(alo, ahi, blo, bhi)


def opcodes(before: list[str], after: list[str], budget: Budget) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield how one list becomes the other, as SequenceMatcher says it; in one change where that would be dear."""
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    i, j, k, m = start, len(before) - end, start, len(after) - end
    if start:
        yield "equal", 0, i, 0, k
    if i < j or k < m:
        for tag, *places in _changes(before[i:j], after[k:m], budget):
            yield tag, *(place + start for place in places)
    if end:
        yield "equal", j, len(before), m, len(after)


def _changes(before: list[str], after: list[str], budget: Budget) -> list[tuple[str, int, int, int, int]]:
    try:
        return _Matcher(before, after, budget).get_opcodes()
    except TooDear:
        return [("replace", 0, len(before), 0, len(after))]


def _common(before: list[str], after: list[str]) -> int:
    """Return how many items two lists begin with alike."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(before), len(after)))
