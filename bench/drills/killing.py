"""Killed workers with their connections, and visitors who tell on which connection a request broke."""

import http.client
import os
import re
import signal
from contextlib import suppress
from pathlib import Path

from bench.drills.visitors import BROKEN, PATIENCE, Visitor

SOCKET = re.compile(r"socket:\[(\d+)\]")


class Killed:
    """The workers killed so far: how many, and the ports of the visitors whose connections they held."""

    def __init__(self) -> None:
        self.number = 0
        self.ports: set[int] = set()

    def kill(self, worker: int) -> None:
        # So that it accepts nobody between the look and the end.
        os.kill(worker, signal.SIGSTOP)
        self.ports |= ports_of_visitors(worker)
        os.kill(worker, signal.SIGKILL)
        self.number += 1


def ports_of_visitors(worker: int) -> set[int]:
    """Return the other end's port of each connection that a process holds, by its sockets in the table of them all
    (https://man7.org/linux/man-pages/man5/proc_net.5.html)."""
    held = set()
    for link in Path(f"/proc/{worker}/fd").iterdir():
        with suppress(OSError):
            held.update(SOCKET.findall(str(link.readlink())))
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {int(row[2].rpartition(":")[2], 16) for row in rows if row[9] in held}


def connected(port: int) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.connect()
    return connection


class Reader(Visitor):
    """A visitor who never asks twice, and notes what broke with the port that it was asked from."""

    def __init__(self, *arguments) -> None:
        super().__init__(*arguments)
        self.broken: list[tuple[int, str]] = []

    def ask(self, path: str) -> tuple[int, bytes]:
        port = 0
        try:
            if self.connection is None:
                self.connection = connected(self.port)
            port = self.connection.sock.getsockname()[1]
            return self.answer(path)
        except BROKEN as error:
            self.broken.append((port, f"{path}: {error!r}"))
            self.leave()
            raise
