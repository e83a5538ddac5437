"""An original and its translation as units, each a passage in both: what translation programs work on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from articles.blocks import blocks as cut
from articles.text import ArticleText

from .marks import begins_as_copy
from .passages import Place
from .side_by_side import Row, side_by_side
from .source import BODY, SourceBlock
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
    parts = cut(text.body)
    found = [_unit(group, parts) for group in _groups(side_by_side(Comparison(answered, source), text))]
    return sorted(found, key=lambda unit: (not unit.places, unit.places))


def _groups(rows: list[Row]) -> Iterator[list[Row]]:
    """Yield the rows of each unit: one passage of the original, or several that one of the translation stands for.

    What is gone and has no words left is in none, nor is what the translation says before anything of the original.
    """
    group: list[Row] = []
    for row in rows:
        if group and _goes_on(group, row):
            group.append(row)
            continue
        if group:
            yield group
        group = [row] if row.original and (row.new is not None or row.words) else []
    if group:
        yield group


def _goes_on(group: list[Row], row: Row) -> bool:
    last = [each for each in group if each.original][-1]
    if {row.place.field, last.place.field} != {BODY} or not any(each.words for each in group):
        return False
    if row.original is None:
        return row.place.start == max(each.place.end for each in group)
    # It was answered, and has no words of its own: they are those above.
    are_answered = {row.state, last.state} <= {"done", Kind.CHANGED}
    return are_answered and not row.words and row.original.kind == last.original.kind


def _unit(group: list[Row], parts: list[str]) -> Unit:
    rows, written = [row for row in group if row.original], [row.place for row in group if row.words]
    place = rows[0].place
    if written and place.field == BODY:
        place = Place(BODY, min(each.start for each in written), max(each.end for each in written))
    is_changed = any(row.state == Kind.CHANGED for row in rows)
    return Unit(
        place.field,
        tuple(row.new for row in rows if row.new is not None),
        _joined(row.original for row in rows),
        _joined(row.change.before if row.change else row.original for row in rows) if is_changed else "",
        tuple(range(place.start, place.end)),
        "".join(parts[place.start : place.end]).strip("\n") if place.field == BODY else rows[0].words,
        _state({row.state for row in rows}, has_words=bool(written)),
        all(begins_as_copy(row.original) for row in rows),
    )


def _state(states: set[str], has_words: bool) -> State:
    if states == {"left_out"}:
        return State.LEFT_OUT
    if states == {Kind.REMOVED}:
        return State.REMOVED
    if not has_words:
        return State.OPEN
    if states == {Kind.MOVED}:
        return State.MOVED
    return State.ANSWERED if states == {"done"} else State.CHANGED


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
