"""Who asked how often within a window of time: counted in the memory of the process, or in Redis for all processes."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

logger = logging.getLogger(__name__)


class Count(NamedTuple):
    """How often somebody asked in the window that is open, this time included, and the seconds until its end."""

    number: int
    seconds_left: float


class MemoryCounters:
    """Counters of this process, for all its threads. A window is measured on a clock that nobody can set."""

    # Each takes about 300 bytes. Who has more addresses than this gets past it; nobody else is stopped instead.
    MAX = 20_000

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.changing = threading.Lock()
        # How often, and the end of the window; the window that was opened first comes first.
        self.counters: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def count(self, key: str, seconds: int) -> Count:
        """Count one more of a key, whose window of so many seconds opens with the first."""
        now = self.clock()
        with self.changing:
            number, end = self.counters.get(key, (0, now))
            if now >= end:
                number, end = 0, now + seconds
                self.counters.pop(key, None)
                self._make_room(now)
            self.counters[key] = (number + 1, end)
        return Count(number + 1, end - now)

    def _make_room(self, now: float) -> None:
        # Two at a time are enough: no more than one is added.
        for _ in range(2):
            first = next(iter(self.counters), None)
            if first is not None and (len(self.counters) >= self.MAX or now >= self.counters[first][1]):
                del self.counters[first]


# Counted and given its end in one step: a counter without an end would refuse somebody for good. So would one whose end
# has moved away, where the clock of the server was set back.
SCRIPT = """
local number, left = redis.call('INCR', KEYS[1]), redis.call('PTTL', KEYS[1])
local window = tonumber(ARGV[1])
if left < 0 or left > window then
  redis.call('SET', KEYS[1], 1, 'PX', window)
  number, left = 1, window
end
return {number, left}
"""


class RedisCounters:
    """Counters that all processes and machines share. Where Redis does not answer, each counts in its own memory."""

    # Seconds: a reader waits no longer for a counter, and it is asked again only so much later; longer where not even
    # the name of its machine is found, for which the system waits as it likes.
    TIMEOUT, PAUSE, LONGEST_TRY = 0.25, 5, 60

    def __init__(self, url: str, prefix: str) -> None:
        # It takes ten megabytes, which a site without it need not spend.
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        self.redis = Redis.from_url(
            url,
            socket_timeout=self.TIMEOUT,
            socket_connect_timeout=self.TIMEOUT,
            retry=Retry(NoBackoff(), 0),
        )
        self.prefix = prefix
        self.memory = MemoryCounters()
        self.changing = threading.Lock()
        self.is_there, self.next_try = True, 0.0

    def count(self, key: str, seconds: int) -> Count:
        """Count one more of a key, whose window of so many seconds opens with the first."""
        if self._may_ask():
            try:
                number, left = self.redis.eval(SCRIPT, 1, f"{self.prefix}:{key}", seconds * 1000)
            except Exception as error:
                # Whatever it is, no reader is to see it.
                self._note(False, error)
            else:
                self._note(True)
                return Count(number, left / 1000)
        return self.memory.count(key, seconds)

    def _may_ask(self) -> bool:
        """Return whether Redis is there, or it is this thread's turn to find out."""
        if self.is_there:
            return True
        with self.changing:
            now = time.monotonic()
            if now < self.next_try:
                return False
            self.next_try = now + self.LONGEST_TRY
        return True

    def _note(self, is_there: bool, error: Exception | None = None) -> None:
        if is_there and self.is_there:
            return
        with self.changing:
            has_changed, self.is_there = is_there != self.is_there, is_there
            self.next_try = time.monotonic() + self.PAUSE
        if has_changed and is_there:
            logger.warning("Redis answers again, and counts for all processes.")
        elif has_changed:
            told = " ".join(str(error).split())
            logger.error("Redis does not answer; each process counts for itself: %s: %s", type(error).__name__, told)
