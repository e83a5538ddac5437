"""Which block of a translation answers which of its original: by their kinds and lengths, since they share no words.

For display, and where nothing surer is known. After W. A. Gale and K. W. Church, "A Program for Aligning Sentences in
Bilingual Corpora", Computational Linguistics 19(1), 1993. The editor's panes/pairing.js does the same in the browser.
"""

from collections.abc import Iterator

from .source import SourceBlock

# How much it tells that two blocks are of one kind.
WEIGHTS = {"code": 4, "table": 4, "image": 4, "title": 9, "summary": 9, "quote": 2, "list": 2, "note": 2, "html": 2}
HEADING, TEXT = 6, 1

# So many comparisons take a fraction of a second. Of longer texts, blocks are compared that stand about as far along.
MOST = 250_000


class Scores:
    """The best score of what begins at each two places, as far as the second is about as far along as the first."""

    def __init__(self, some: list[SourceBlock], others: list[SourceBlock]) -> None:
        self.height, self.width = len(some), len(others)
        self.window = self.width if self.height * self.width <= MOST else MOST // (2 * self.height)
        sizes = [(block.kind, len(block.text)) for block in others]
        self.rows: list[list[float]] = [[]] * (self.height + 1)
        for i in range(self.height - 1, -1, -1):
            self.rows[i] = self._row(i, some[i].kind, len(some[i].text), sizes)

    def __call__(self, i: int, j: int) -> float:
        place = j - self._start(i)
        return self.rows[i][place] if 0 <= place < len(self.rows[i]) else 0.0

    def _start(self, i: int) -> int:
        return max(0, i * self.width // self.height - self.window)

    def _row(self, i: int, kind: str, length: int, sizes: list[tuple[str, int]]) -> list[float]:
        start, end = self._start(i), min(self.width, i * self.width // self.height + self.window)
        below = [self(i + 1, j) for j in range(start, end + 1)]
        row = [0.0] * (end - start + 1)
        weight = WEIGHTS.get(kind, HEADING if kind[0] == "#" else TEXT)
        for at in range(end - start - 1, -1, -1):
            other, size = sizes[start + at]
            score = max(below[at], row[at + 1])
            if kind == other:
                both = weight + min(length, size) / max(length, size, 1)
                score = max(score, both + below[at + 1])
            row[at] = score
        return row


def pairs(some: list[SourceBlock], others: list[SourceBlock]) -> list[tuple[int, int]]:
    """Return the places of each pair of blocks, ascending in both; a block has one partner or none."""
    return list(_walk(Scores(some, others), len(some), len(others))) if some and others else []


def _walk(score: Scores, rows: int, columns: int) -> Iterator[tuple[int, int]]:
    i = j = 0
    while i < rows and j < columns:
        if score(i, j) == score(i + 1, j):
            i += 1
        elif score(i, j) == score(i, j + 1):
            j += 1
        else:
            yield i, j
            i, j = i + 1, j + 1
