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
    """What a visitor got. Broken is what had no whole answer: the port it was sent from, and how it broke."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    broken: list[tuple[int, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def connected(port: int) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.connect()
    return connection


class Visitor(threading.Thread):
    """Asks for what `choose` names until `ended`; a page about every `pause` seconds, and none twice.

    A browser would ask once more on a new connection, and nobody would see that the first request was lost.
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
        start, port = time.monotonic(), 0
        try:
            if self.connection is None:
                self.connection = connected(self.port)
            port = self.connection.sock.getsockname()[1]
            status, body = self.answer(path)
        except BROKEN as error:
            self.notes.broken.append((port, f"{path}: {error!r}"))
            self.leave()
            return
        self.notes.seconds.append(time.monotonic() - start)
        self.notes.statuses[status] += 1
        if fault := self.check(start, path, status, body):
            self.notes.wrong.append(f"{path}: {fault}")

    def answer(self, path: str) -> tuple[int, bytes]:
        if self.connection is None:
            self.connection = connected(self.port)
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
        all_notes.wrong += notes.wrong
    return all_notes


def quantile(seconds: list[float], part: float) -> float:
    """Return the time within which a part of the answers came, in milliseconds."""
    ordered = sorted(seconds)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] * 1000 if ordered else 0.0
