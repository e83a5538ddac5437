"""Which block of a source is which of an earlier one, whatever became of it: changed, moved, both."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from articles.matching import Budget, opcodes
from articles.word_differences import ALIKE

from .source import SourceBlock

# A gap of more pairs of blocks is looked at near its diagonal alone, so many blocks to each side.
MANY_PAIRS, WINDOW = 2500, 8


def partners_of(answered: list[SourceBlock], source: list[SourceBlock]) -> dict[int, int]:
    """Return for each block of the source that has one the block that it was, place by place."""
    # As of most translations, and of one that is begun.
    if answered == source or not answered:
        return {place: place for place in range(len(answered))}
    budget = Budget()
    partners = _equal_in_order(answered, source, budget)
    _pair_equal(answered, source, partners)
    gaps = list(_gaps(answered, source, partners))
    for olds, news in gaps:
        _pair_alike(answered, source, olds, news, partners, budget)
    # What was changed and moved, far away.
    taken = set(partners.values())
    olds = [old for gap in gaps for old in gap[0] if old not in taken]
    news = [new for gap in gaps for new in gap[1] if new not in partners]
    if len(gaps) > 1:
        _pair_alike(answered, source, olds, news, partners, budget)
    taken = set(partners.values())
    for olds, news in gaps:
        _pair_rewritten(answered, source, [old for old in olds if old not in taken], news, partners)
    return partners


def _equal_in_order(answered: list[SourceBlock], source: list[SourceBlock], budget: Budget) -> dict[int, int]:
    """Return the longest run of equal blocks that stand in the same order."""
    keys = [[block.digest for block in blocks] for blocks in (answered, source)]
    places = defaultdict(list)
    for old, key in enumerate(keys[0]):
        places[key].append(old)
    if not budget.pays(sum(len(places[key]) for key in keys[1] if key in places)):
        found = opcodes(*keys, budget)
        return {k + n: i + n for tag, i, j, k, _m in found if tag == "equal" for n in range(j - i)}
    return dict(_ascending([(new, old) for new, key in enumerate(keys[1]) for old in reversed(places[key])]))


def _ascending(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of pairs that ascends on both sides; the first sides ascend, of equals the second falls.

    J. W. Hunt and T. G. Szymanski, "A Fast Algorithm for Computing Longest Common Subsequences", CACM 20(5), 1977.
    """
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_new, old) in enumerate(pairs):
        at = bisect_left(ends, old)
        if at == len(ends):
            ends.append(old)
            last.append(number)
        else:
            ends[at], last[at] = old, number
        before.append(last[at - 1] if at else -1)
    run, number = [], last[-1] if last else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def in_order(partners: dict[int, int]) -> set[int]:
    """Return the places whose blocks stand in the order of their partners: the most that do."""
    return {new for new, _old in _ascending(sorted(partners.items()))}


def _pair_equal(answered: list[SourceBlock], source: list[SourceBlock], partners: dict[int, int]) -> None:
    """Pair what moved and is as it was."""
    taken, free = set(partners.values()), defaultdict(list)
    for old, block in enumerate(answered):
        if old not in taken:
            free[block.digest].append(old)
    for new, block in enumerate(source):
        if new not in partners and free[block.digest]:
            partners[new] = free[block.digest].pop(0)


def _gaps(
    answered: list[SourceBlock], source: list[SourceBlock], partners: dict[int, int]
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the blocks without a partner, old and new, between two that stand where they stood."""
    taken, start, at = set(partners.values()), 0, 0
    for new in [*sorted(in_order(partners)), len(source)]:
        old = partners.get(new, len(answered))
        olds = [place for place in range(start, old) if place not in taken]
        news = [place for place in range(at, new) if place not in partners]
        if olds or news:
            yield olds, news
        start, at = old + 1, new + 1


def _pair_alike(
    answered: list[SourceBlock],
    source: list[SourceBlock],
    olds: list[int],
    news: list[int],
    partners: dict[int, int],
    budget: Budget,
) -> None:
    """Pair the blocks that share at least half of their words, the most alike first; no old one has a partner yet."""
    is_large = len(olds) * len(news) > MANY_PAIRS
    found = []
    for row, old in enumerate(olds):
        near = range(max(0, row - WINDOW), min(len(news), row + WINDOW + 1)) if is_large else range(len(news))
        one = answered[old]
        if not budget.pays(len(near) * (10 + len(one.vocabulary))):
            break
        for column in near:
            other = source[news[column]]
            if one.field == other.field and (likeness := _likeness(one, other)) >= ALIKE:
                found.append((-likeness, abs(row - column), old, news[column]))
    taken = set()
    for _likeness_of_both, _distance, old, new in sorted(found):
        if old not in taken and new not in partners:
            partners[new] = old
            taken.add(old)


def _likeness(one: SourceBlock, other: SourceBlock) -> float:
    total = one.vocabulary.total() + other.vocabulary.total()
    return 2 * (one.vocabulary & other.vocabulary).total() / total if total else float(one.kind == other.kind)


def _pair_rewritten(
    answered: list[SourceBlock], source: list[SourceBlock], olds: list[int], news: list[int], partners: dict[int, int]
) -> None:
    """Pair what is left between two blocks that stayed, kind by kind in order: it was written anew."""
    waiting = defaultdict(list)
    for old in olds:
        waiting[_sort(answered[old])].append(old)
    for new in news:
        if new not in partners and waiting[_sort(source[new])]:
            partners[new] = waiting[_sort(source[new])].pop(0)


def _sort(block: SourceBlock) -> str:
    return "heading" if block.kind.startswith("#") else block.kind
