"""What a text answers when it becomes a translation of what was its translation."""

from collections.abc import Iterator

from .pairing import pairs
from .source import SourceBlock
from .staleness import Comparison


def swapped(
    answered: list[SourceBlock], source: list[SourceBlock], former: list[SourceBlock], behind: list[SourceBlock]
) -> list[SourceBlock]:
    """Return what the `former` original answers of the `source`, which was a translation that had answered `behind`.

    That is what it `answered` otherwise, but for the blocks on which the two still differ. Which these are is read from
    the pairs of blocks: nothing surer is known of a text that was an original. Where the one had answered all of the
    other, the two agree, whatever was open when they were swapped before.
    """
    if not Comparison(behind, former).changes:
        before = Comparison(answered, source)
        return before.confirmed({change.key for change in before.changes})
    differing = set(_differing(source, former, behind))
    comparison = Comparison(answered, source)
    open_again = {
        comparison.partners[place]
        for place in differing & comparison.partners.keys()
        if answered[comparison.partners[place]].normal == source[place].normal
    }
    return [block for place, block in enumerate(answered) if place not in open_again]


def _differing(source: list[SourceBlock], former: list[SourceBlock], behind: list[SourceBlock]) -> Iterator[int]:
    """Yield the places of the source that had not followed the former original."""
    beside, earlier = dict(pairs(former, source)), dict(pairs(behind, source))
    for change in Comparison(behind, former).changes:
        place = beside.get(change.new) if change.old is None else earlier.get(change.old)
        if place is not None:
            yield place
