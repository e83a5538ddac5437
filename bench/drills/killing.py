"""Killed workers, and the connections that they held."""

import os
import re
import signal
from contextlib import suppress
from pathlib import Path

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
