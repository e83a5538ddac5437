"""What a text answers that comes back from elsewhere, joined with what was answered here in the meantime."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from .source import SourceBlock
from .staleness import Change, Comparison, Kind


@dataclass(frozen=True)
class BroughtBack:
    """Which blocks of an original, by their places in it, a text answers that was made from it.

    `original` is that of the time when the text was taken away. `left_out` says of some places whether the text does
    without them. `kept` are the digests of all blocks that are answered still, None where nothing says that others
    are gone; `is_in_order` is true where the text stands in the order of the original.
    """

    original: list[SourceBlock]
    places: Collection[int]
    left_out: dict[int, bool] = field(default_factory=dict)
    kept: Collection[str] | None = None
    is_in_order: bool = True

    def joined(self, answered: list[SourceBlock], source: list[SourceBlock]) -> list[SourceBlock]:
        """Return what is answered of the source as it is now; what was `answered` here since stays so.

        What moved on again since the text was taken away is open, against what the text answers.
        """
        then, now = Comparison(answered, self.original), Comparison(answered, source)
        since = Comparison(self.original, source)
        today = {old: new for new, old in since.partners.items()}
        is_open = {change.old for change in now.all_changes if change.old is not None}

        def is_wanted(change: Change) -> bool:
            if change.old is not None:
                return change.old in is_open
            return change.new in today and today[change.new] not in now.partners

        chosen = {change.key for change in then.all_changes if self._answers(change) and is_wanted(change)}
        reached = Comparison(then.confirmed(chosen), source)
        # What was taken for something else that was answered here since.
        again = {change.key for change in reached.all_changes if self._answers_today(change, since)}
        flags = {self.original[place].digest: is_left_out for place, is_left_out in self.left_out.items()}
        return [
            replace(block, is_left_out=flags.get(block.digest, block.is_left_out)) for block in reached.confirmed(again)
        ]

    def _answers_today(self, change: Change, since: Comparison) -> bool:
        """Return whether a change leads to a block that is answered and stands as it stood."""
        place = since.partners.get(change.new)
        if place is None or place not in self.places or self.original[place].normal != change.after.normal:
            return False
        return change.kind != Kind.MOVED or (self.is_in_order and change.new in since.settled)

    def _answers(self, change: Change) -> bool:
        if change.new is None:
            return self.kept is not None and change.before.digest not in self.kept
        return change.new in self.places and (self.is_in_order or change.kind != Kind.MOVED)


def all_of(original: list[SourceBlock]) -> BroughtBack:
    """Return that a text answers the whole original that it was made from."""
    return BroughtBack(original, range(len(original)), kept={block.digest for block in original})


def as_listed(answered: list[SourceBlock], original: list[SourceBlock]) -> BroughtBack:
    """Return that a text answers some blocks, each as the original says it or said it earlier."""
    comparison = Comparison(answered, original)
    is_open = {change.new for change in comparison.all_changes}
    places = [place for place in range(len(original)) if place not in is_open]
    left_out = {place: True for place in places if answered[comparison.partners[place]].is_left_out}
    return BroughtBack(original, places, left_out, {block.digest for block in answered})
