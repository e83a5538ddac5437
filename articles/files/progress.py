"""How far a long run is, told to whoever started it."""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol, TextIO

# Seconds between two looks; what takes less is never told.
EVERY = 0.2
# Back to the start of the line, and all of it away.
CLEAR = "\r\x1b[K"


class Progress(Protocol):
    """Gives items back one by one, and may tell how many of them are done."""

    def __call__(self, what: str, items: Sequence[Any]) -> Iterable[Any]: ...


def silent(what: str, items: Sequence[Any]) -> Iterable[Any]:
    """Tell nobody."""
    return items


def on(stream: TextIO) -> Progress:
    """Return a progress that keeps one line of a terminal up to date, and tells nothing where it is none."""

    def tell(what: str, items: Sequence[Any]) -> Iterator[Any]:
        next_at = time.monotonic() + EVERY
        try:
            for done, item in enumerate(items):
                if time.monotonic() >= next_at:
                    stream.write(f"{CLEAR}{what}: {done} of {len(items)} ({100 * done // len(items)} %)")
                    stream.flush()
                    next_at = time.monotonic() + EVERY
                yield item
        finally:
            stream.write(CLEAR)
            stream.flush()

    return tell if stream.isatty() else silent
