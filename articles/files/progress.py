"""How far a long run is, told to whoever started it."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

Item = TypeVar("Item")


class Progress(Protocol):
    """Gives items back one by one, and may tell how many of them are done."""

    def __call__(self, what: str, items: Sequence[Item]) -> Iterable[Item]: ...


def silent(what: str, items: Sequence[Item]) -> Iterable[Item]:
    """Tell nobody."""
    return items
