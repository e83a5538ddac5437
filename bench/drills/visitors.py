"""Visitors: threads that ask a server again and again, and note what they get."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

# A reader waits no longer.
PATIENCE = 30
BROKEN = (OSError, http.client.HTTPException)

# Told of each whole answer: when it was asked for, its path, status and body. Returns what is wrong with it, or "".
Check = Callable[[float, str, int, bytes], str]


@dataclass
class Notes:
    """What a visitor got. A broken request is one without a whole answer: when it began, when it ended, and how."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    broken: list[tuple[float, float, str]] = field(default_factory=list)
    repeated: int = 0
    wrong: list[str] = field(default_factory=list)


class Visitor(threading.Thread):
    """Asks for what `choose` names until `ended`; a page about every `pause` seconds.

    One that keeps its connection does as browsers do: what was asked on a connection that the server closed meanwhile
    is asked once more on a new one (RFC 9110, section 9.2.2).
    """

    def __init__(
        self,
        port: int,
        choose: Callable[[], str],
        ended: threading.Event,
        check: Check = lambda *answer: "",
        pause: float = 0.0,
        keeps_connection: bool = True,
    ) -> None:
        super().__init__(daemon=True)
        self.port, self.choose, self.check = port, choose, check
        self.ended, self.pause, self.keeps_connection = ended, pause, keeps_connection
        self.notes = Notes()
        self.connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        while not self.ended.wait(self.pause):
            self.visit(self.choose())
        self.leave()

    def visit(self, path: str) -> None:
        start = time.monotonic()
        try:
            status, body = self.ask(path)
        except BROKEN as error:
            self.notes.broken.append((start, time.monotonic(), f"{path}: {error!r}"))
            return
        self.notes.seconds.append(time.monotonic() - start)
        self.notes.statuses[status] += 1
        if fault := self.check(start, path, status, body):
            self.notes.wrong.append(f"{path}: {fault}")

    def ask(self, path: str) -> tuple[int, bytes]:
        is_new = self.connection is None
        try:
            return self.answer(path)
        except BROKEN:
            self.leave()
            if is_new:
                raise
        self.notes.repeated += 1
        try:
            return self.answer(path)
        except BROKEN:
            self.leave()
            raise

    def answer(self, path: str) -> tuple[int, bytes]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        body = response.read()
        if response.will_close or not self.keeps_connection:
            self.leave()
        return response.status, body

    def leave(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


def together(visitors: list[Visitor]) -> Notes:
    """Return the notes of several as one."""
    all_notes = Notes()
    for visitor in visitors:
        notes = visitor.notes
        all_notes.statuses.update(notes.statuses)
        all_notes.seconds += notes.seconds
        all_notes.broken += notes.broken
        all_notes.repeated += notes.repeated
        all_notes.wrong += notes.wrong
    return all_notes


def quantile(seconds: list[float], part: float) -> float:
    """Return the time within which a part of the answers came, in milliseconds."""
    ordered = sorted(seconds)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] * 1000 if ordered else 0.0
