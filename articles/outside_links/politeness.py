"""One request at a time for each host, and a pause between two."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds.
PAUSE = 1.0


class Politeness:
    """What all threads of one check know of the hosts that they ask."""

    def __init__(self) -> None:
        self.locks: dict[str, threading.Lock] = {}
        self.ended_at: dict[str, float] = {}

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until a host may be asked; the turn ends with the block."""
        # One step, also for two threads.
        with self.locks.setdefault(host, threading.Lock()):
            if host in self.ended_at:
                time.sleep(max(0.0, self.ended_at[host] + PAUSE - time.monotonic()))
            try:
                yield
            finally:
                self.ended_at[host] = time.monotonic()
