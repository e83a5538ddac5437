"""An original and its translation as units, each a passage in both: what translation programs work on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from articles.blocks import blocks as cut
from articles.text import ArticleText

from .pairing import pairs
from .source import BODY, SUMMARY, TITLE, SourceBlock
from .staleness import Comparison, Kind


class State(StrEnum):
    ANSWERED = "answered"
    CHANGED = "changed"
    OPEN = "open"
    MOVED = "moved"
    LEFT_OUT = "left out"
    REMOVED = "removed"


@dataclass(frozen=True)
class Unit:
    """Some blocks of the source, by their places in it, and what stands for them in the translation.

    `passages` are places among the blocks of the translation's body. `answered` is what was answered instead of the
    source's words, "" where nothing was; without places the unit is what is gone from the source.
    """

    field: str
    places: tuple[int, ...]
    source: str
    answered: str
    passages: tuple[int, ...]
    translation: str
    state: State
    is_copied: bool = False


def units(answered: list[SourceBlock], source: list[SourceBlock], text: ArticleText) -> list[Unit]:
    """Return the units of a translation in the order of the source; what is gone from that comes last."""
    found = [*_of_head(answered, source, text), *_Body(answered, source, text.body).units()]
    return sorted(found, key=lambda unit: (not unit.places, unit.places))


def _of_head(answered: list[SourceBlock], source: list[SourceBlock], text: ArticleText) -> Iterator[Unit]:
    comparison = Comparison(answered, source)
    for place, block in enumerate(source):
        if block.field in (TITLE, SUMMARY):
            old = comparison.partners.get(place)
            before = None if old is None else answered[old]
            translation = getattr(text, block.field)
            state = State.OPEN
            if before and before.is_left_out:
                state = State.LEFT_OUT
            elif before and translation:
                state = State.ANSWERED if before.normal == block.normal else State.CHANGED
            elif translation:
                state = State.CHANGED
            was = before.text if before and before.normal != block.normal else ""
            yield Unit(block.field, (place,), block.text, was, (), translation, state)


class _Body:
    """The blocks of two bodies in groups that stand for one another.

    The translation is paired with what it answers, among which new blocks of the source stand where they belong.
    """

    def __init__(self, answered: list[SourceBlock], source: list[SourceBlock], body: str) -> None:
        self.source, self.raw = source, cut(body)
        self.comparison = Comparison(answered, source)
        new = [change for change in self.comparison.all_changes if change.kind == Kind.ADDED]
        self.reference = self.comparison.confirmed({change.key for change in new})
        self.sources = dict(self._places({change.new for change in new}))
        self.is_new = {at for at, place in self.sources.items() if place not in self.comparison.partners}
        self.groups: list[tuple[list[int], list[int]]] = []

    def _places(self, new: set[int]) -> Iterator[tuple[int, int]]:
        """Yield the place in the source of each block of the reference that has one."""
        partners = {id(self.comparison.answered[old]): place for place, old in self.comparison.partners.items()}
        kept = {id(block) for block in self.comparison.answered}
        waiting = defaultdict(list)
        for place in sorted(new, reverse=True):
            waiting[self.source[place].field, self.source[place].text].append(place)
        for at, block in enumerate(self.reference):
            if id(block) in partners:
                yield at, partners[id(block)]
            elif id(block) not in kept:
                yield at, waiting[block.field, block.text].pop()

    def units(self) -> Iterator[Unit]:
        wanted = [at for at, block in enumerate(self.reference) if block.field == BODY]
        left_out = [at for at in wanted if self.reference[at].is_left_out]
        self._group([at for at in wanted if at not in set(left_out)])
        for olds, passages in [*self.groups, *(([old], []) for old in left_out if old in self.sources)]:
            if unit := self._unit(olds, passages):
                yield unit

    def _group(self, olds: list[int]) -> None:
        passages = [at for at, block in enumerate(self.raw) if block.strip()]
        blocks = [SourceBlock(BODY, self.raw[at].strip("\n")) for at in passages]
        at_old = at_passage = 0
        for i, j in [*pairs([self.reference[old] for old in olds], blocks), (len(olds), len(blocks))]:
            self._between(olds[at_old:i], passages[at_passage:j])
            if i < len(olds):
                self.groups.append(([olds[i]], [passages[j]]))
            at_old, at_passage = i + 1, j + 1

    def _between(self, olds: list[int], passages: list[int]) -> None:
        """Group what has no partner: with one another, else with what stands above."""
        if olds and passages:
            self.groups.append((olds, passages))
        elif passages:
            above = next((group for group in reversed(self.groups) if group[1]), None)
            if above:
                above[1].extend(passages)
        else:
            for old in olds:
                above = self.groups[-1] if self.groups else None
                if above and above[1] and old not in self.is_new and self._is_like(above[0][-1], old):
                    above[0].append(old)
                else:
                    self.groups.append(([old], []))

    def _is_like(self, one: int, other: int) -> bool:
        return self.reference[one].kind == self.reference[other].kind and one not in self.is_new

    def _unit(self, olds: list[int], passages: list[int]) -> Unit | None:
        places = sorted(self.sources[old] for old in olds if old in self.sources)
        before = [self.reference[old] for old in olds if old not in self.is_new]
        state = self._state(olds, passages)
        if state == State.REMOVED and not passages:
            return None
        now = [self.source[place] for place in places]
        shown = now or before
        is_other = [block.normal for block in before] != [block.normal for block in now]
        translation = "".join(self.raw[passages[0] : passages[-1] + 1]).strip("\n") if passages else ""
        return Unit(
            BODY,
            tuple(places),
            _joined(shown),
            _joined(before) if before and places and is_other else "",
            tuple(range(passages[0], passages[-1] + 1)) if passages else (),
            translation,
            state,
            all(_is_copied(block) for block in shown),
        )

    def _state(self, olds: list[int], passages: list[int]) -> State:
        here = [old for old in olds if old in self.sources]
        if not here:
            return State.REMOVED
        if any(self.reference[old].is_left_out for old in olds):
            return State.LEFT_OUT
        if not passages:
            return State.OPEN
        is_same = all(self.reference[old].normal == self.source[self.sources[old]].normal for old in here)
        if len(here) < len(olds) or not is_same or self.is_new & set(here):
            return State.CHANGED
        is_settled = all(self.sources[old] in self.comparison.settled for old in here)
        return State.ANSWERED if is_settled else State.MOVED


def _is_copied(block: SourceBlock) -> bool:
    """Return whether a translation holds a block as it is, but for words within it: code, HTML, a rule."""
    return block.is_code or block.kind == "html" or not any(sign.isalpha() for sign in block.text)


def _joined(blocks: Iterable[SourceBlock]) -> str:
    return "\n\n".join(block.text for block in blocks)


@dataclass(frozen=True)
class Written:
    """What somebody wrote for some blocks of a source, in the place of some passages of a translation's body."""

    places: tuple[int, ...]
    passages: tuple[int, ...]
    words: str


def written_into(body: str, pieces: Iterable[Written]) -> str:
    """Return a body with what was written in its place; all other bytes stay.

    What has no place yet comes below what stands for the passage above it in the source.
    """
    raw, last = cut(body), -1
    in_place: dict[int, Written] = {}
    below: dict[int, list[str]] = {}
    for piece in sorted(pieces, key=lambda piece: piece.places):
        if piece.passages:
            in_place[piece.passages[0]] = piece
            last = piece.passages[-1]
        elif piece.words.strip():
            below.setdefault(last, []).append(piece.words.strip("\n"))
    parts: list[str] = []
    _add_below(parts, below.get(-1, []))
    at = 0
    while at < len(raw):
        piece = in_place.get(at)
        end = piece.passages[-1] + 1 if piece else at + 1
        parts.append(_replaced("".join(raw[at:end]), piece.words) if piece else raw[at])
        for place in range(at, end):
            _add_below(parts, below.get(place, []))
        at = end
    whole = "".join(parts)
    is_longer = len(raw) - 1 in below
    return whole.rstrip("\n") + (body[len(body.rstrip("\n")) :] or "\n") if is_longer else whole


def _replaced(raw: str, words: str) -> str:
    words, old = words.strip("\n"), raw.strip("\n")
    return raw.replace(old, words, 1) if words and words != old else raw


def _add_below(parts: list[str], words: list[str]) -> None:
    if words and parts:
        parts[-1] = parts[-1].rstrip("\n") + "\n\n"
    parts += [f"{each}\n\n" for each in words]
