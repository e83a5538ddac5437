"""A progress bar for commands that work on many things."""

from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

Thing = TypeVar("Thing")

WIDTH = 40


def with_progress(things: Iterable[Thing], total: int, terminal: TextIO) -> Iterator[Thing]:
    """Yield the things and draw, on a terminal only, how many of them are done."""
    is_shown = terminal.isatty() and total > 0
    for done, thing in enumerate(things):
        if is_shown:
            bar = "#" * (done * WIDTH // total)
            terminal.write(f"\r[{bar:<{WIDTH}}] {done}/{total}")
            terminal.flush()
        yield thing
    if is_shown:
        terminal.write("\r" + " " * (WIDTH + 24) + "\r")
