"""Which block of a translation answers which of its original: by their kinds and lengths, since they share no words.

For display, and where nothing surer is known. After W. A. Gale and K. W. Church, "A Program for Aligning Sentences in
Bilingual Corpora", Computational Linguistics 19(1), 1993. The editor's panes/pairing.js does the same in the browser.
"""

from collections.abc import Iterator

from .source import SourceBlock

# How much it tells that two blocks are of one kind.
WEIGHTS = {"code": 4, "table": 4, "image": 4, "title": 9, "summary": 9, "quote": 2, "list": 2, "note": 2, "html": 2}
HEADING, TEXT = 6, 1

# Above so many comparisons the blocks are paired by their places alone: a fraction of a second.
MOST = 250_000


def pairs(some: list[SourceBlock], others: list[SourceBlock]) -> list[tuple[int, int]]:
    """Return the places of each pair of blocks, ascending in both; a block has one partner or none."""
    if len(some) * len(others) > MOST:
        ratio = len(others) / len(some)
        return [(place, min(len(others) - 1, int(place * ratio))) for place in range(len(some))]
    return list(_walk(_scores(some, others), len(some), len(others)))


def _scores(some: list[SourceBlock], others: list[SourceBlock]) -> list[list[float]]:
    """Return the best score of what begins at each two places."""
    best = [[0.0] * (len(others) + 1) for _ in range(len(some) + 1)]
    sizes = [(block.kind, len(block.text)) for block in others]
    for i in range(len(some) - 1, -1, -1):
        kind, length = some[i].kind, len(some[i].text)
        row, below = best[i], best[i + 1]
        for j in range(len(others) - 1, -1, -1):
            other, size = sizes[j]
            score = max(below[j], row[j + 1])
            if kind == other:
                both = WEIGHTS.get(kind, HEADING if kind[0] == "#" else TEXT) + min(length, size) / max(length, size, 1)
                score = max(score, both + below[j + 1])
            row[j] = score
    return best


def _walk(best: list[list[float]], rows: int, columns: int) -> Iterator[tuple[int, int]]:
    i = j = 0
    while i < rows and j < columns:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            yield i, j
            i, j = i + 1, j + 1
