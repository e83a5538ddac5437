"""`kill -HUP` under load: the workers are replaced, and no visitor notices."""

import itertools
import random
import signal
import threading
import time

from bench.drills import Drill
from bench.drills.visitors import Visitor, quantile, together
from bench.serving import site
from bench.serving.programs import workers
from blog.tests.checkout import fresh_checkout

RESTARTS, SHORT_RESTARTS = 20, 3
# Seconds between two: some longer than what gunicorn gives a worker to end, some shorter.
PAUSES = (3.0, 6.0)


def run(is_short: bool) -> Drill:
    restarts = SHORT_RESTARTS if is_short else RESTARTS
    with fresh_checkout() as checkout:
        site.set_up(checkout, 200, 3)
        server = site.served(checkout)
        with server.running() as process:
            first, ended = workers(process), threading.Event()
            paths = [*site.ARTICLES, *site.LISTS[:5], "/en/feed.xml", "/en/?nothing=1"]
            visitors = [
                Visitor(server.port, lambda: random.choice(paths), ended, _check, 0.005, keeps_connection)  # noqa: S311
                for keeps_connection in (True, False)
                for _ in range(4)
            ]
            for visitor in visitors:
                visitor.start()
            for pause in itertools.islice(itertools.cycle(PAUSES), restarts):
                time.sleep(pause)
                process.send_signal(signal.SIGHUP)
            time.sleep(max(PAUSES))
            ended.set()
            for visitor in visitors:
                visitor.join()
            replaced = not set(first) & set(workers(process))
    notes = together(visitors)
    sentences = [
        f"{restarts} restarts by `kill -HUP` under 8 visitors, half of them with a new connection for each page.",
        f"{notes.statuses.total():,} pages, {len(notes.broken)} requests without an answer, {len(notes.wrong)} with a "
        f"wrong one; half of the answers within {quantile(notes.seconds, 0.5):.0f} ms, 99 of 100 within "
        f"{quantile(notes.seconds, 0.99):.0f} ms.",
        *(what for _port, what in notes.broken[:10]),
        *notes.wrong[:10],
    ]
    return Drill("restart", sentences, replaced and not notes.broken and not notes.wrong)


def _check(start: float, path: str, status: int, body: bytes) -> str:
    return "" if status == 200 else str(status)
