"""Two texts compared: what was taken out and what was put in, block by block and word by word."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .blocks import blocks
from .matching import Budget, opcodes

SAME, REMOVED, ADDED = "same", "removed", "added"

# One line feed, other white space, a word, any other character.
TOKEN = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
WORD = re.compile(r"\w+")

# How many of their words two blocks must share for one to be the other, changed.
ALIKE = 0.5
# How many blocks further on a changed one is looked for.
WINDOW = 8
# More blocks than that in one change are one block.
MANY_BLOCKS = 4000
# What it costs to look at one, in steps of a comparison.
LOOK = 50


@dataclass(frozen=True)
class Piece:
    """Some words that both texts have, or only the one before (REMOVED), or only the one after (ADDED)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Block:
    """A block of either text or of both, in pieces."""

    pieces: tuple[Piece, ...]

    @cached_property
    def is_changed(self) -> bool:
        return any(piece.kind != SAME for piece in self.pieces)


def block_diff(before: str, after: str, budget: Budget | None = None) -> list[Block]:
    """Return the blocks of two texts together, in order; those that changed word by word where they are alike."""
    old, new = blocks(before), blocks(after)
    # How many blank lines part two blocks matters where nothing else differs.
    keys = [[part.rstrip("\n") for part in parts] for parts in (old, new)]
    if keys[0] == keys[1]:
        keys = [old, new]
    budget = budget or Budget()
    found = []
    for tag, i, j, k, m in opcodes(*keys, budget):
        if tag == "equal":
            found += [Block((Piece(SAME, part),)) for part in new[k:m]]
        else:
            found += [Block(tuple(pieces)) for pieces in _changed(old[i:j], new[k:m], budget)]
    return found


def are_alike(before: str, after: str) -> bool:
    """Return whether two short texts are one that changed."""
    return _likeness(_words(before), _words(after)) >= ALIKE


def word_diff(before: str, after: str, budget: Budget | None = None) -> list[Piece]:
    """Return what became of the words of one text; neighbouring changes are one, the words taken out first."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    changes: list[tuple[str, str]] = []
    for tag, i, j, k, m in opcodes(old, new, budget or Budget()):
        texts = "".join(old[i:j]), "".join(new[k:m])
        changes.append(texts if tag != "equal" else (texts[0], texts[0]))
    return [piece for change in _readable(changes) for piece in replaced(*change)]


def _changed(old: list[str], new: list[str], budget: Budget) -> Iterator[list[Piece]]:
    """Yield the pieces of each block where `new` stands in the place of `old`."""
    if len(old) + len(new) > MANY_BLOCKS:
        old, new = (["".join(parts)] if parts else [] for parts in (old, new))
    old_words, new_words = ([_words(part) for part in parts] for parts in (old, new))
    at = 0
    for part, words in zip(old, old_words, strict=True):
        window = range(at, min(len(new), at + WINDOW)) if budget.pays(WINDOW * (LOOK + len(words))) else ()
        match = max(window, key=lambda n: _likeness(words, new_words[n]), default=None)
        if match is None or _likeness(words, new_words[match]) < ALIKE:
            yield list(replaced(part.rstrip("\n") or part, ""))
            continue
        yield from _added(new[at:match])
        yield word_diff(part, new[match], budget)
        at = match + 1
    yield from _added(new[at:])


def _added(parts: list[str]) -> Iterator[list[Piece]]:
    return (list(replaced("", part.rstrip("\n") or part)) for part in parts)


def _words(text: str) -> Counter:
    return Counter(WORD.findall(text))


def _likeness(old: Counter, new: Counter) -> float:
    """Return how large a part of their words two blocks share; what has no words at all is alike."""
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 1


def _readable(changes: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield changes, those that no word and no line end keeps apart as one."""
    run: list[tuple[str, str]] = []
    for change in changes:
        if _is_same(change) and (not run or WORD.search(change[0]) or "\n" in change[0]):
            yield from _together(run)
            yield change
            run = []
        else:
            run.append(change)
    yield from _together(run)


def _together(run: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield changes and what stands between them as one where words gave way to words."""
    last = run.pop() if run and _is_same(run[-1]) else None
    changed = [change for change in run if not _is_same(change)]
    if any(before.strip() for before, _after in changed) and any(after.strip() for _before, after in changed):
        yield "".join(before for before, _after in run), "".join(after for _before, after in run)
    else:
        yield from run
    if last:
        yield last


def _is_same(change: tuple[str, str]) -> bool:
    return change[0] == change[1]


def replaced(before: str, after: str) -> Iterator[Piece]:
    """Yield one text in the place of another, whole."""
    kinds = [(SAME, after)] if before == after else [(REMOVED, before), (ADDED, after)]
    yield from (Piece(kind, text) for kind, text in kinds if text)
