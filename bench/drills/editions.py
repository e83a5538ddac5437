"""What a page may be while an author saves: as it was before, but for the number in the title, and for times.

The number is of a save that had begun when the page came, and of none older than the last one that was over when the
page was asked for.
"""

import re
import threading
import time

from bench.drills.visitors import Visitor

FIRST = 100_000
# A search marks the word.
EDITION = re.compile(r"Edition(?:</mark>)? (1\d{5})")
# When a text was changed: in feeds, in the sitemap and in what search engines read.
TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.:+Z-]*|\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
# The title is also in the picture for social networks, whose address has a digest of it.
PLAIN_EDITION = re.compile(rb"(?<=Edition )1\d{5}|(?<=Edition</mark> )1\d{5}|(?<=\.)[0-9a-f]{16}(?=\.png)")


class Editions:
    """The numbers that an author gives to saves: when each began, and which were acknowledged when."""

    def __init__(self) -> None:
        self.last = FIRST
        self.acknowledged: set[int] = set()
        # Of acknowledged saves, by the time they were over.
        self.over: list[tuple[float, int]] = []
        self._lock = threading.Lock()

    def begin(self) -> int:
        with self._lock:
            self.last += 1
            return self.last

    def end(self, number: int) -> None:
        with self._lock:
            self.acknowledged.add(number)
            self.over.append((time.monotonic(), number))

    def oldest(self, moment: float) -> int:
        """Return the number of the last save that was over at a moment."""
        with self._lock:
            return next((number for end, number in reversed(self.over) if end <= moment), FIRST)

    @staticmethod
    def of(text: str) -> set[int]:
        """Return the numbers in a text."""
        return {int(number) for number in EDITION.findall(text)}


class Reference:
    """How pages looked before the load."""

    def __init__(self, port: int, paths: list[str], editions: Editions) -> None:
        self.editions = editions
        visitor = Visitor(port, str, threading.Event())
        self.pages = {path: self._plain(*visitor.answer(path)) for path in paths}
        visitor.leave()

    def fault(self, start: float, path: str, status: int, body: bytes) -> str:
        """Return what is wrong with a page that was asked for at `start`, or ""."""
        oldest, newest = self.editions.oldest(start), self.editions.last
        numbers = Editions.of(body.decode(errors="replace"))
        if odd := [number for number in numbers if not oldest <= number <= newest]:
            return f"shows save {odd[0] - FIRST}, not one from {oldest - FIRST} to {newest - FIRST}"
        status_before, body_before = self.pages[path]
        status, body = self._plain(status, body)
        if status != status_before:
            return f"status {status}, not {status_before}"
        return "" if body == body_before else difference(body, body_before)

    @staticmethod
    def _plain(status: int, body: bytes) -> tuple[int, bytes]:
        return status, TIME.sub(b"TIME", PLAIN_EDITION.sub(b"EDITION", body))


def difference(one: bytes, other: bytes) -> str:
    place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(place - 60, 0)
    return f"{one[start : place + 60]!r}, not {other[start : place + 60]!r}"
