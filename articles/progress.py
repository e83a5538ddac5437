"""How far a long run is, told to whoever started it."""

import time
from collections.abc import Iterable, Iterator
from typing import Any, Protocol, TextIO

# Seconds between two looks; what takes less is never told.
EVERY = 0.2
# Back to the start of the line, and all of it away.
CLEAR = "\r\x1b[K"


class Progress(Protocol):
    """Gives items back one by one, and may tell how many of them are done; without a total, they have a length."""

    def __call__(self, what: str, items: Iterable[Any], total: int | None = None) -> Iterable[Any]: ...


def silent(what: str, items: Iterable[Any], total: int | None = None) -> Iterable[Any]:
    """Tell nobody."""
    return items


def on(stream: TextIO) -> Progress:
    """Return a progress that keeps one line of a terminal up to date, and tells nothing where it is none.

    The stream is that of the process: Django's wrapper would end each line.
    """

    def tell(what: str, items: Iterable[Any], total: int | None = None) -> Iterator[Any]:
        total = len(items) if total is None else total
        next_at = time.monotonic() + EVERY
        try:
            for done, item in enumerate(items):
                if time.monotonic() >= next_at:
                    stream.write(f"{CLEAR}{what}: {done} of {total} ({100 * done // total} %)")
                    stream.flush()
                    next_at = time.monotonic() + EVERY
                yield item
        finally:
            stream.write(CLEAR)
            stream.flush()

    return tell if stream.isatty() else silent
