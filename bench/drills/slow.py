"""Visitors who send or take a byte now and then: how long each kind can stay, and what readers notice meanwhile."""

import contextlib
import random
import resource
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import mean

from bench.drills import Drill
from bench.drills.killing import ports_of_visitors
from bench.drills.visitors import Visitor, quantile, together
from bench.serving import site
from bench.serving.memory import megabytes
from bench.serving.programs import Server, workers
from blog.tests.checkout import fresh_checkout
from config.connection import SILENCE_LIMIT
from config.gunicorn import worker_connections
from config.request import PATIENCE, TIME_LIMIT

# Both together leave room for readers, even where one worker has them all.
NUMBER, SHORT_NUMBER = 600, 60
READERS = 4
# What a busy machine adds to a limit, in seconds.
MARGIN = 5
SHORT_LIMIT = 2 * SILENCE_LIMIT + MARGIN

HALF = b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "
# With the host that readers name: a stored page, so that the answer costs the site nothing but to keep it.
WHOLE = b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n"
BODY = b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n"


@dataclass(frozen=True)
class Kind:
    """What such a visitor sends at first and each second, takes each second, and for how long they can stay."""

    name: str
    first: bytes
    drip: bytes = b""
    taken: int = 0
    limit: float | None = None


KINDS = [
    Kind("say nothing", b"", limit=SILENCE_LIMIT),
    Kind("send half of the headers", HALF, limit=SILENCE_LIMIT),
    Kind("send headers, a byte a second", HALF, b"x", limit=SILENCE_LIMIT),
    Kind("get a page, then send headers, a byte a second", WHOLE + HALF, b"x", limit=SILENCE_LIMIT),
    Kind("send half of a body", BODY + b"x", limit=SILENCE_LIMIT + PATIENCE),
    Kind("send a body, a byte a second", BODY, b"x", taken=1, limit=TIME_LIMIT + PATIENCE),
    # The system asks at growing intervals whether they take something by now.
    Kind("ask for 200 pages and take nothing", WHOLE * 200, limit=2 * SILENCE_LIMIT),
    Kind("ask for 200 pages and take a byte a second", WHOLE * 200, taken=1),
]


def run(is_short: bool) -> Drill:
    number = SHORT_NUMBER if is_short else NUMBER
    raise_limit_of_files()
    with fresh_checkout() as checkout:
        site.set_up(checkout, 200, 3)
        server = site.served(checkout)
        with server.running() as process:
            sentences, has_passed = [f"Nobody slow: {readers_of(server, 5)[0]}."], True
            for kind in KINDS:
                said, is_borne = borne(server, process, kind, number, is_short)
                sentences.append(said)
                has_passed = has_passed and is_borne
                print(f"- {said}", flush=True)
            sentences.append(crowd(server, process))
            said, is_whole = readers_of(server, 5)
    sentences.append(f"When they have gone: {said}.")
    return Drill("slow", sentences, has_passed and is_whole)


def raise_limit_of_files() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextlib.contextmanager
def reading(server: Server) -> Iterator[list[Visitor]]:
    """Let some readers read, each page on a connection of its own: who has one keeps it."""
    ended = threading.Event()
    paths = [*site.ARTICLES, "/en/", "/en/feed.xml", "/en/?unknown=1"]
    readers = [
        Visitor(server.port, lambda: random.choice(paths), ended, _status, 0.02, False)  # noqa: S311
        for _ in range(READERS)
    ]
    for reader in readers:
        reader.start()
    yield readers
    ended.set()
    for reader in readers:
        reader.join()


def _status(start: float, path: str, status: int, body: bytes) -> str:
    return "" if status == 200 else str(status)


def experience(readers: list[Visitor]) -> tuple[str, bool]:
    """Return what readers noticed, and whether each had all pages."""
    notes = together(readers)
    said = (
        f"{notes.statuses.total():,} pages for readers, half within {quantile(notes.seconds, 0.5):.0f} ms, "
        f"99 of 100 within {quantile(notes.seconds, 0.99):.0f} ms, {len(notes.broken) + len(notes.wrong)} failed"
    )
    return said, not notes.broken and not notes.wrong


def readers_of(server: Server, seconds: float) -> tuple[str, bool]:
    with reading(server) as readers:
        time.sleep(seconds)
    return experience(readers)


def borne(server: Server, process: subprocess.Popen, kind: Kind, number: int, is_short: bool) -> tuple[str, bool]:
    """Be so many visitors of a kind until all are sent away; return what was seen and whether it is as it should be."""
    patience = (kind.limit or SILENCE_LIMIT * 6) + MARGIN
    if is_short:
        patience = min(patience, SHORT_LIMIT)
    before = memory(process)
    with Slow(server, kind, number) as slow, reading(server) as readers:
        start = now = time.monotonic()
        most, left = before, number
        while left and now < start + patience:
            time.sleep(1)
            slow.go_on()
            now, most, left = time.monotonic(), max(most, memory(process)), slow.left(process)
    said, is_whole = experience(readers)
    stay = f"{left} are there after {now - start:.0f} s" if left else f"gone after {now - start:.0f} s"
    is_bounded = not left or kind.limit is None or (is_short and kind.limit + MARGIN > patience)
    return f"{number} who {kind.name}: {stay}; {most - before:+.1f} MB for a worker; {said}.", is_whole and is_bounded


class Slow:
    """Slow visitors of one kind."""

    def __init__(self, server: Server, kind: Kind, number: int) -> None:
        self.kind = kind
        self.sockets = [socket.socket() for _ in range(number)]
        for each in self.sockets:
            if kind.first.startswith(WHOLE):
                # The system would take some pages for who takes none.
                each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            each.connect(("127.0.0.1", server.port))
            each.setblocking(False)
        self.ports = {each.getsockname()[1] for each in self.sockets}
        first = kind.first.replace(b"PORT", str(server.port).encode())
        self.each(lambda each: each.send(first))

    def __enter__(self) -> "Slow":
        return self

    def __exit__(self, *exception: object) -> None:
        for each in self.sockets:
            each.close()

    def each(self, action: Callable[[socket.socket], object]) -> None:
        for each in self.sockets:
            # Gone, or busy.
            with contextlib.suppress(OSError):
                action(each)

    def go_on(self) -> None:
        if self.kind.drip:
            self.each(lambda each: each.send(self.kind.drip))
        if self.kind.taken:
            self.each(lambda each: each.recv(self.kind.taken))

    def left(self, process: subprocess.Popen) -> int:
        """Return how many of them the workers still hold."""
        return len(self.ports & set().union(*(ports_of_visitors(pid) for pid in workers(process))))


def memory(process: subprocess.Popen) -> float:
    return mean(megabytes(pid, "Pss") for pid in workers(process))


def crowd(server: Server, process: subprocess.Popen) -> str:
    """Take all places: what one who means harm can do where nothing stands in front."""
    number = worker_connections * len(workers(process)) + 400
    with Slow(server, Kind("", HALF), number) as slow:
        held = slow.left(process)
        with reading(server) as readers:
            time.sleep(SILENCE_LIMIT / 2)
    return (
        f"{number:,} at once who send half of the headers, more than the {worker_connections} places of each worker, "
        f"{held:,} of whom have one: {experience(readers)[0]}. They could come again each {SILENCE_LIMIT} seconds; "
        "against that, only a proxy in front helps, which counts the connections of each address."
    )
