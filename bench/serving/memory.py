"""What a server's workers hold, and how soon a new one answers."""

import re
import time
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from bench.serving.programs import Server, workers
from bench.serving.wrk import Request, ask


class Megabytes(NamedTuple):
    """The mean of a server's workers: PSS shares what they have in common, RSS counts it for each."""

    pss: float
    rss: float


def after(request: Request, number: int) -> Megabytes:
    """Return what a new server's workers hold after so many requests."""
    with request.server.running() as process:
        ask(request, number)
        return Megabytes(*(mean(megabytes(pid, name) for pid in workers(process)) for name in ("Pss", "Rss")))


def megabytes(pid: int, name: str) -> float:
    kilobytes = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)[1]
    return int(kilobytes) / 1024


def seconds_to_first_page(server: Server, times: int) -> list[float]:
    """Return how long a server takes from its start to its first page, several times."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        with server.running():
            taken.append(time.perf_counter() - start)
    return taken
