"""Clients who send half a request, drip one, or never take their answer: what the site bears without a proxy."""

import contextlib
import resource
import selectors
import socket
import threading
import time
from collections.abc import Callable

from bench.drills import Drill
from bench.drills.visitors import Notes, Visitor, quantile, together
from bench.serving import site
from bench.serving.programs import Server
from blog.tests.checkout import fresh_checkout
from config.connection import SILENCE_LIMIT

SECONDS, SHORT_SECONDS = 30, 12
# Of each kind: well below what two workers hold, 1,600.
CLIENTS, SHORT_CLIENTS = 300, 100
# More than two workers hold, all the time.
FLOOD = 2_500
VISITORS, PAUSE = 4, 0.02
# Milliseconds within which 99 of 100 visitors have their page while slow clients are there.
BOUND = 100.0

HALF_HEADERS = b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "
BODY = b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n"


class Crowd(threading.Thread):
    """Slow clients: each sends `beginning`, then a `drip` each second, and comes again when it is sent away."""

    def __init__(self, server: Server, number: int, beginning: bytes, drip: bytes = b"", reads: bool = True) -> None:
        super().__init__(daemon=True)
        self.server, self.number, self.beginning, self.drip, self.reads = server, number, beginning, drip, reads
        self.ended = threading.Event()
        self.selector = selectors.DefaultSelector()
        self.since: dict[socket.socket, float] = {}
        # Seconds after which clients were sent away, and how many could not come in at all.
        self.sent_away: list[float] = []
        self.refused = 0

    def run(self) -> None:
        due = time.monotonic()
        while not self.ended.is_set():
            for _ in range(min(self.number - len(self.since), 200)):
                self.come()
            for key, _ in self.selector.select(0.05):
                self.listen(key.fileobj)
            if self.drip and time.monotonic() >= due:
                due += 1
                for client in list(self.since):
                    self.send(client)
        for client in list(self.since):
            self.leave(client)

    def come(self) -> None:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(2)
        try:
            client.connect(("127.0.0.1", self.server.port))
            client.sendall(self.beginning)
        except OSError:
            self.refused += 1
            client.close()
            return
        client.setblocking(False)
        self.since[client] = time.monotonic()
        # Who never reads notices only what becomes of the connection.
        self.selector.register(client, selectors.EVENT_READ if self.reads else selectors.EVENT_WRITE)

    def listen(self, client: socket.socket) -> None:
        try:
            is_gone = not client.recv(4096) if self.reads else _has_failed(client)
        except OSError:
            is_gone = True
        if is_gone:
            self.sent_away.append(time.monotonic() - self.since[client])
            self.leave(client)
        elif not self.reads:
            time.sleep(0.0005)

    def send(self, client: socket.socket) -> None:
        # The next look at it says why.
        with contextlib.suppress(OSError):
            client.send(self.drip)

    def leave(self, client: socket.socket) -> None:
        del self.since[client]
        self.selector.unregister(client)
        client.close()


def _has_failed(client: socket.socket) -> bool:
    return bool(client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))


def run(is_short: bool) -> Drill:
    seconds, number = (SHORT_SECONDS, SHORT_CLIENTS) if is_short else (SECONDS, CLIENTS)
    # Each client is an open file.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))
    sentences, has_passed = [], True
    with fresh_checkout() as checkout:
        site.set_up(checkout, 200, 60)
        server = site.served(checkout)
        unread = f"GET {site.ARTICLES[0]} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode() * 40
        kinds: dict[str, Callable[[], list[Crowd]]] = {
            "nobody else": list,
            f"{number} clients with half a header": lambda: [Crowd(server, number, HALF_HEADERS)],
            f"{number} clients with a body of a byte a second": lambda: [Crowd(server, number, BODY, b"x")],
            f"{number} clients who read no answer": lambda: [Crowd(server, number, unread, reads=False)],
            f"{FLOOD:,} clients with half a header, more than two workers hold": lambda: [
                Crowd(server, FLOOD, HALF_HEADERS)
            ],
        }
        with server.running():
            for name, crowds in kinds.items():
                notes, crowd = _beside(server, crowds(), seconds)
                sentences.append(f"Beside {name}: {_told(notes, crowd)}.")
                is_flood = name.startswith(f"{FLOOD:,}")
                has_passed = has_passed and (is_flood or _is_served(notes))
    sentences.append(
        f"A client who is silent in the middle of a request is sent away after {SILENCE_LIMIT} seconds. Who holds more "
        "connections than two workers take, 1,600, keeps others out for as long: that is when a proxy in front is "
        "needed, which limits the connections of an address."
    )
    return Drill("slow_clients", sentences, has_passed)


def _beside(server: Server, crowds: list[Crowd], seconds: float) -> tuple[Notes, Crowd | None]:
    """Return what visitors get while a crowd is there."""
    for crowd in crowds:
        crowd.start()
    # Until all have come.
    time.sleep(2 if crowds else 0)
    ended = threading.Event()
    visitors = [
        Visitor(server.port, lambda: site.ARTICLES[1], ended, pause=PAUSE, keeps_connection=False)
        for _ in range(VISITORS)
    ]
    for visitor in visitors:
        visitor.start()
    time.sleep(seconds)
    ended.set()
    for thread in visitors:
        thread.join()
    for crowd in crowds:
        crowd.ended.set()
        crowd.join()
    return together(visitors), crowds[0] if crowds else None


def _is_served(notes: Notes) -> bool:
    return set(notes.statuses) == {200} and not notes.broken and quantile(notes.seconds, 0.99) <= BOUND


def _told(notes: Notes, crowd: Crowd | None) -> str:
    asked = notes.statuses.total() + len(notes.broken)
    told = (
        f"{notes.statuses[200]:,} of {asked:,} visitors had their page, half within "
        f"{quantile(notes.seconds, 0.5):.1f} ms, 99 of 100 within {quantile(notes.seconds, 0.99):.1f} ms"
    )
    if crowd and crowd.sent_away:
        told += f"; {len(crowd.sent_away):,} slow clients were sent away, half of them within "
        told += f"{quantile(crowd.sent_away, 0.5) / 1000:.0f} s"
    return told
