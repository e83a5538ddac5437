"""An original and its translation side by side, row by row: what each passage is, what stands for it, what is to do."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from articles.blocks import blocks
from articles.text import ArticleText

from .pairing import pairs
from .passages import Place
from .source import BODY, SUMMARY, TITLE, SourceBlock
from .staleness import Change, Comparison, Kind

# A translation this short beside its original is perhaps the half of one that somebody cut in two.
SHORT = 0.7


@dataclass
class Row:
    """A passage of the original, of today or gone, and what stands for it; `original` is None where nothing does.

    `change` is what a translator has to look at, `place` where the words stand or would stand in the translation, and
    `home` before which of its blocks they stand in the order of the original.
    """

    original: SourceBlock | None
    new: int | None = None
    old: int | None = None
    change: Change | None = None
    left_out_key: str = ""
    place: Place | None = None
    home: int | None = None
    words: str = ""
    number: int = 0
    name: str = field(default="", repr=False)

    @property
    def is_open(self) -> bool:
        return self.change is not None

    @property
    def state(self) -> str:
        """A kind of change, "left_out", "alone" or "done"."""
        if self.change:
            return self.change.kind
        if self.left_out_key:
            return "left_out"
        return "done" if self.original else "alone"

    @property
    def key(self) -> str:
        return self.change.key if self.change else ""

    @property
    def is_gone(self) -> bool:
        return self.state == Kind.REMOVED

    @property
    def is_title(self) -> bool:
        return self.place.field == TITLE or (self.place.field == BODY and self.words_or_original.startswith("#"))

    @property
    def words_or_original(self) -> str:
        return self.original.text if self.original else self.words

    @property
    def is_elsewhere(self) -> bool:
        """True where the translation has the passage at another place than the original."""
        return bool(self.change and self.change.is_moved and self.words and self.place.field == BODY)


def side_by_side(comparison: Comparison, text: ArticleText) -> list[Row]:
    """Return a row for each passage of the original, in its order, with all that the translation says.

    What stands in the translation alone has a row of its own, behind the passage that it follows there.
    """
    rows = _rows(comparison)
    parts = blocks(text.body)
    own = [SourceBlock(BODY, part.strip("\n")) for part in parts]
    owners = _owners(rows, comparison, own)
    for row in rows:
        if row.original.field != BODY:
            row.place = Place(row.original.field)
    _place(rows, owners)
    rows = [*_head(rows, text), *_with_what_is_alone(rows, owners, len(own))]
    return [_finished(row, text, parts, number) for number, row in enumerate(_named(rows), start=1)]


def row_like(rows: list[Row], name: str) -> Row | None:
    """Return the row of the same passage among those of another time."""
    return next((row for row in rows if row.name == name), None)


def _rows(comparison: Comparison) -> list[Row]:
    """Return today's passages in order; what is gone stands where it stood."""
    changes = {(change.old, change.new): change for change in comparison.changes}
    keys = {id(block): key for key, block in comparison.left_out.items()}
    found = []
    for old, new in comparison.places:
        change = changes.get((old, new))
        before = None if old is None else comparison.answered[old]
        if new is not None:
            key = keys.get(id(before), "")
            found.append(Row(comparison.source[new], new=new, old=old, change=change, left_out_key=key))
        elif change:
            found.append(Row(before, old=old, change=change))
    return found


def _owners(rows: list[Row], comparison: Comparison, own: list[SourceBlock]) -> dict[int, Row]:
    """Return for each block of the translation's body the row that it stands for, if it does for any."""
    answering = sorted((row for row in rows if _is_answered(row)), key=lambda row: row.old)
    # The translation was written for these, in this order: moved or gone since, they still stand so.
    owners = {m: answering[n] for n, m in _paired([comparison.answered[row.old] for row in answering], own)}
    for run in _runs_without(owners, len(own)):
        first, last = (owners.get(at) for at in (run[0] - 1, run[-1] + 1))
        start = _index(rows, first) + 1 if first else 0
        end = _index(rows, last) if last else len(rows)
        taken = {id(row) for row in owners.values()}
        free = [row for row in rows[start:end] if row.original.field == BODY and id(row) not in taken]
        owners |= {run[m]: free[n] for n, m in _paired([row.original for row in free], [own[m] for m in run])}
    for run in _runs_without(owners, len(own)):
        _give_to_short_neighbours(run, owners, own)
    return owners


def _is_answered(row: Row) -> bool:
    return row.old is not None and row.original.field == BODY and not row.left_out_key


def _paired(some: list[SourceBlock], others: list[SourceBlock]) -> list[tuple[int, int]]:
    if [block.kind for block in some] == [block.kind for block in others]:
        return [(place, place) for place in range(len(some))]
    return pairs(some, others)


def _runs_without(owners: dict[int, Row], count: int) -> list[list[int]]:
    """Return the blocks that stand for no row, those beside each other together."""
    runs: list[list[int]] = []
    for at in range(count):
        if at in owners:
            continue
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _give_to_short_neighbours(run: list[int], owners: dict[int, Row], own: list[SourceBlock]) -> None:
    """Give paragraphs to a paragraph beside them that is too short for its original: it was cut in two."""
    for at, beside in ((run[0], run[0] - 1), (run[-1], run[-1] + 1)):
        row = owners.get(beside)
        if row is None or at in owners or {own[at].kind, own[beside].kind, row.original.kind} != {"text"}:
            continue
        if len(own[beside].text) < SHORT * len(row.original.text):
            owners[at] = row


def _index(rows: list[Row], row: Row) -> int:
    return next(place for place, each in enumerate(rows) if each is row)


def _place(rows: list[Row], owners: dict[int, Row]) -> None:
    """Say where each row stands in the translation: what has no words there yet, behind what precedes it."""
    spans: dict[int, tuple[int, int]] = {}
    for at, row in sorted(owners.items()):
        spans[id(row)] = (min(at, spans.get(id(row), (at, at))[0]), at + 1)
    last = 0
    for row in rows:
        if row.original.field != BODY:
            continue
        row.home = last
        row.place = Place(BODY, *spans.get(id(row), (last, last)))
        if id(row) in spans and not (row.change and row.change.is_moved):
            last = row.place.end


def _head(rows: list[Row], text: ArticleText) -> list[Row]:
    """Return the rows of title and summary, also of a summary that the original has not."""
    head = [row for row in rows if row.original.field != BODY]
    known = {row.original.field for row in head}
    missing = [name for name in (TITLE, SUMMARY) if name not in known and getattr(text, name)]
    return head + [Row(None, place=Place(name)) for name in missing]


def _with_what_is_alone(rows: list[Row], owners: dict[int, Row], count: int) -> list[Row]:
    alone: dict[int | None, list[Row]] = {}
    for run in _runs_without(owners, count):
        before = owners.get(run[0] - 1)
        alone[before and id(before)] = [Row(None, place=Place(BODY, at, at + 1), home=at) for at in run]
    found = alone.get(None, [])
    for row in rows:
        if row.original.field == BODY:
            found += [row, *alone.get(id(row), [])]
    return found


def _named(rows: list[Row]) -> Iterator[Row]:
    numbers: dict[str, int] = {}
    for row in rows:
        name = row.original.digest[:12] if row.original else f"alone-{row.place.field}"
        name = f"gone-{name}" if row.original and row.new is None else name
        numbers[name] = numbers.get(name, 0) + 1
        yield replace(row, name=f"{name}-{numbers[name]}")


def _finished(row: Row, text: ArticleText, parts: list[str], number: int) -> Row:
    place = row.place
    is_body = place.field == BODY
    words = "".join(parts[place.start : place.end]).strip("\n") if is_body else getattr(text, place.field)
    return replace(row, words=words, number=number)
