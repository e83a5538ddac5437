"""Two writers' changes of one text brought together, field by field and, in the body, block by block."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from .blocks import blocks, joined
from .matching import Budget, opcodes
from .text import ArticleText

MINE, THEIRS, BOTH = "mine", "theirs", "both"


@dataclass(frozen=True)
class Hunk:
    """The blocks that a writer put in the place of `base[start:end]`; an insertion has an empty place."""

    start: int
    end: int
    blocks: tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """What both writers changed, each in another way: values of a field, or pieces of a body."""

    name: str
    field: str
    base: object
    mine: object
    theirs: object


@dataclass(frozen=True)
class TextMerge:
    """The changes of `mine` and of `theirs`, both made to `base`."""

    base: ArticleText
    mine: ArticleText
    theirs: ArticleText

    @cached_property
    def conflicts(self) -> list[Conflict]:
        found = [
            Conflict(field, field, *values)
            for field, values in self._values()
            if field != "body" and len(set(values)) == 3
        ]
        return found + [piece for piece in self._pieces if isinstance(piece, Conflict)]

    @property
    def has_conflicts(self) -> bool:
        return bool(self.conflicts)

    def text(self, choices: Mapping[str, str] | None = None) -> ArticleText:
        """Return the merged text.

        `choices` says, by the names of conflicts, whose words to take: "mine", which is the default, "theirs" or, in a
        body, "both".
        """
        choices = choices or {}
        fields = {
            field: _chosen(*values, choices.get(field, MINE)) for field, values in self._values() if field != "body"
        }
        return ArticleText(body=self._body(choices), **fields)

    def _values(self) -> Iterator[tuple[str, tuple]]:
        for field in ArticleText.FIELDS:
            yield field, tuple(getattr(text, field) for text in (self.base, self.mine, self.theirs))

    def _body(self, choices: Mapping[str, str]) -> str:
        base, mine, theirs = self.base.body, self.mine.body, self.theirs.body
        if base in (mine, theirs) or mine == theirs:
            return theirs if mine == base else mine
        parts = []
        for piece in self._pieces:
            if isinstance(piece, Conflict):
                choice = choices.get(piece.name, MINE)
                parts += piece.theirs if choice in (THEIRS, BOTH) else ()
                parts += piece.mine if choice in (MINE, BOTH) else ()
            else:
                parts.append(piece)
        end = mine[len(mine.rstrip("\n")) :]
        return joined(parts).rstrip("\n") + end

    @cached_property
    def _pieces(self) -> list[str | Conflict]:
        """Return the blocks of the merged body, with a Conflict, whose texts are tuples of blocks, where they part."""
        if self.base.body in (self.mine.body, self.theirs.body) or self.mine.body == self.theirs.body:
            return []
        return list(_merged(*(_whole_blocks(text.body) for text in (self.base, self.mine, self.theirs))))


def _chosen(base: object, mine: object, theirs: object, choice: str) -> object:
    if base in (mine, theirs):
        return theirs if mine == base else mine
    return theirs if choice == THEIRS else mine


def _whole_blocks(body: str) -> list[str]:
    """Return the blocks of a body; the last one looks like any other."""
    parts = blocks(body)
    return [*parts[:-1], joined(parts[-1:])] if parts else []


def _merged(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[str | Conflict]:
    sides = [(hunk, MINE) for hunk in _hunks(base, mine)] + [(hunk, THEIRS) for hunk in _hunks(base, theirs)]
    at = number = 0
    for start, end, hunks in _clusters(sides):
        yield from base[at:start]
        at = end
        versions = {
            side: _version(base, start, end, [hunk for hunk, owner in hunks if owner == side])
            for side in (MINE, THEIRS)
        }
        changed = {owner for _hunk, owner in hunks}
        if len(changed) == 1:
            yield from versions[changed.pop()]
        elif versions[MINE] == versions[THEIRS]:
            yield from versions[MINE]
        else:
            yield Conflict(f"body-{number}", "body", tuple(base[start:end]), versions[MINE], versions[THEIRS])
            number += 1
    yield from base[at:]


def _hunks(base: list[str], other: list[str]) -> Iterator[Hunk]:
    for tag, i, j, k, m in opcodes(base, other, Budget()):
        if tag == "replace" and j - i == m - k:
            # As many blocks as before: each stands for the one in its place.
            for offset in range(j - i):
                yield Hunk(i + offset, i + offset + 1, (other[k + offset],))
        elif tag != "equal":
            yield Hunk(i, j, tuple(other[k:m]))


def _clusters(sides: list[tuple[Hunk, str]]) -> Iterator[tuple[int, int, list[tuple[Hunk, str]]]]:
    """Yield the hunks of both writers in order; those that touch the same blocks, or the same gap, together."""
    cluster: list[tuple[Hunk, str]] = []
    start = end = 0
    for hunk, owner in sorted(sides, key=lambda pair: (pair[0].start, pair[0].end)):
        if cluster and (hunk.start < end or hunk.start == hunk.end == start == end):
            end = max(end, hunk.end)
        else:
            if cluster:
                yield start, end, cluster
            cluster, start, end = [], hunk.start, hunk.end
        cluster.append((hunk, owner))
    if cluster:
        yield start, end, cluster


def _version(base: list[str], start: int, end: int, hunks: list[Hunk]) -> tuple[str, ...]:
    """Return what one writer made of `base[start:end]`."""
    parts, at = [], start
    for hunk in hunks:
        parts += base[at : hunk.start]
        parts += hunk.blocks
        at = hunk.end
    return (*parts, *base[at:end])
