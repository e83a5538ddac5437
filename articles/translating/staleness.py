"""What moved on in a source text since a translation answered it, block by block.

`answered` is the list of the source blocks that a translation answered last, in their order then; `source` is the list
of today's. Whatever is confirmed replaces its entry in the former by the one in the latter.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from articles.word_differences import ADDED, word_diff

from .alignment import in_order, partners_of
from .source import BODY, SourceBlock


class Kind(StrEnum):
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True)
class Change:
    """What became of one block: `before` is what was answered, None of an added one; `after` is today's.

    A changed block may have moved as well. `old` and `new` are the places of the two in their lists; `key` names the
    change among those of the same comparison, and any later one in which neither block changed again.
    """

    kind: Kind
    before: SourceBlock | None
    after: SourceBlock | None
    old: int | None
    new: int | None
    is_moved: bool
    key: str

    @property
    def block(self) -> SourceBlock:
        """Today's block, else the one that is gone."""
        return self.after or self.before

    @cached_property
    def words(self) -> int:
        """How many words there are to translate."""
        if self.kind == Kind.ADDED:
            return self.after.words
        if self.kind != Kind.CHANGED or self.after.is_code:
            return 0
        pieces = word_diff(self.before.normal, self.after.normal)
        return SourceBlock(BODY, " ".join(piece.text for piece in pieces if piece.kind == ADDED)).words


class Comparison:
    """The answered blocks beside those of today: `partners` gives each place in the source its place among the former.

    `settled` are the places in the source whose block stands where it stood, among its neighbours; the others moved.
    """

    def __init__(self, answered: list[SourceBlock], source: list[SourceBlock]) -> None:
        self.answered, self.source = answered, source
        self.partners = partners_of(answered, source)
        self.settled = in_order(self.partners)

    @cached_property
    def places(self) -> list[tuple[int | None, int | None]]:
        """Each block's place among the answered ones and in the source, in the order of the source.

        What is new has no place among the former. What is gone has none in the source, and stands where it stood.
        """
        kept, at = set(self.partners.values()), 0
        found: list[tuple[int | None, int | None]] = []
        for new in range(len(self.source)):
            old = self.partners.get(new)
            if old is not None and new in self.settled:
                found += [(place, None) for place in range(at, old) if place not in kept]
                at = old + 1
            found.append((old, new))
        return found + [(place, None) for place in range(at, len(self.answered)) if place not in kept]

    @cached_property
    def all_changes(self) -> list[Change]:
        """Every change, in the order of `places`."""
        found = []
        for old, new in self.places:
            before = None if old is None else self.answered[old]
            after = None if new is None else self.source[new]
            is_moved = bool(before and after) and new not in self.settled
            if kind := _kind(before, after, is_moved):
                found.append((kind, before, after, old, new, is_moved))
        return list(_with_keys(found))

    @cached_property
    def changes(self) -> list[Change]:
        """The changes that a translator has to look at: what was left out stays out, whatever becomes of it."""
        return [change for change in self.all_changes if not _is_left_out(change)]

    @cached_property
    def left_out(self) -> dict[str, SourceBlock]:
        """What the translation does without, by the keys that `reopened` takes."""
        return {key: self.answered[place] for key, place in self._places_left_out.items()}

    @cached_property
    def _places_left_out(self) -> dict[str, int]:
        numbers: Counter = Counter()
        found = {}
        for place, block in enumerate(self.answered):
            if block.is_left_out:
                numbers[block.digest] += 1
                found[f"{block.digest[:12]}-{numbers[block.digest]}"] = place
        return found

    @property
    def words(self) -> int:
        return sum(change.words for change in self.changes)

    def confirmed(self, keys: Collection[str], left_out: bool = False) -> list[SourceBlock]:
        """Return what is answered once the named changes are, `left_out` where the translation does without them."""
        chosen = [change for change in self.all_changes if change.key in keys]
        by_source = {change.new: change for change in chosen if change.new is not None}
        gone = {change.old for change in chosen if change.kind == Kind.REMOVED or change.is_moved}
        kept = [(old, block) for old, block in enumerate(self.answered) if old not in gone]
        after: dict[int | None, list[SourceBlock]] = defaultdict(list)
        in_place: dict[int, SourceBlock] = {}
        anchor = None
        for new in range(len(self.source)):
            change, old = by_source.get(new), self.partners.get(new)
            if change and (change.kind == Kind.ADDED or change.is_moved):
                after[anchor].append(_answered(change, left_out))
            elif old is not None and new in self.settled:
                anchor = old
                if change:
                    in_place[old] = _answered(change, left_out)
        result = after[None]
        for old, block in kept:
            result.append(in_place.get(old, block))
            result += after[old]
        return result

    def reopened(self, keys: Collection[str]) -> list[SourceBlock]:
        """Return what is answered once the named blocks are wanted after all."""
        wanted = {place for key, place in self._places_left_out.items() if key in keys}
        return [block for place, block in enumerate(self.answered) if place not in wanted]

    def settled_by_itself(self) -> list[SourceBlock]:
        """Return what is answered once all that was left out has followed its source."""
        return self.confirmed({change.key for change in self.all_changes if _is_left_out(change)})


def compared(answered: list[SourceBlock], source: list[SourceBlock]) -> list[Change]:
    """Return what a translator has to look at."""
    return Comparison(answered, source).changes


def followed(answered: list[SourceBlock], before: list[SourceBlock], after: list[SourceBlock]) -> list[SourceBlock]:
    """Return what is answered once an edit of the source that needs no translating is: `before` became `after`.

    What was open before that edit stays open.
    """
    then, edit, now = Comparison(answered, before), Comparison(before, after), Comparison(answered, after)
    was_open = {change.old for change in then.all_changes if change.old is not None}
    return now.confirmed(
        {
            change.key
            for change in now.all_changes
            if (change.new not in edit.partners if change.old is None else change.old not in was_open)
        }
    )


def reached(answered: list[SourceBlock], source: list[SourceBlock], written: list[SourceBlock]) -> list[SourceBlock]:
    """Return what a translation answers that is being written: also what comes behind all that it answered already.

    That goes as far as the blocks of its body, `written`, are many. A title and a summary answer those of the source.
    """
    comparison = Comparison(answered, source)
    last = max((new for new in comparison.partners if source[new].field == BODY), default=-1)
    body = [new for new, block in enumerate(source) if block.field == BODY]
    places = sum(block.field == BODY for block in written)
    reach = {new for new in body[:places] if new > last}
    heads = {block.field for block in written} - {BODY}
    reach |= {new for new, block in enumerate(source) if block.field in heads}
    return comparison.confirmed(
        {change.key for change in comparison.all_changes if change.kind == Kind.ADDED and change.new in reach}
    )


def returned(answered: list[SourceBlock], source: list[SourceBlock], then: list[SourceBlock]) -> list[SourceBlock]:
    """Return what is answered once a translation is again what it was when the source was `then`.

    What it had answered since is open again; what was open stays so.
    """
    today = {block.digest for block in source}
    comparison = Comparison(answered, then)
    return comparison.confirmed(
        {
            change.key
            for change in comparison.all_changes
            if (change.before.digest in today if change.before else change.after.digest not in today)
        }
    )


def _kind(before: SourceBlock | None, after: SourceBlock | None, is_moved: bool) -> Kind | None:
    if before is None:
        return Kind.ADDED
    if after is None:
        return Kind.REMOVED
    if before.normal != after.normal:
        return Kind.CHANGED
    return Kind.MOVED if is_moved else None


def _is_left_out(change: Change) -> bool:
    return change.before is not None and change.before.is_left_out


def _answered(change: Change, left_out: bool) -> SourceBlock:
    is_left_out = left_out or _is_left_out(change)
    return change.after if change.after.is_left_out == is_left_out else replace(change.after, is_left_out=is_left_out)


def _with_keys(found: list[tuple]) -> Iterator[Change]:
    numbers: Counter = Counter()
    for kind, before, after, old, new, is_moved in found:
        name = "-".join([kind, *(block.digest[:12] if block else "" for block in (before, after))])
        numbers[name] += 1
        yield Change(kind, before, after, old, new, is_moved, f"{name}-{numbers[name]}")
