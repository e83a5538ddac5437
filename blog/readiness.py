"""Whether this process can serve: its database answers, and has what this version of the code expects."""

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from threading import Lock

from django import db
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response
from django.views.decorators.http import require_safe

from .faults import WAIT, fault_of

# Its app and its name.
Migration = tuple[str, str]

logger = logging.getLogger(__name__)

# Seconds: whoever asks whether the site is ready waits no longer, and not at all for a database that hangs already.
PATIENCE = 2
# And for so long the answer holds: who asks without end makes no connection for each time.
LASTS = 1.0


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 where this process can serve, else 503 and why, in words that anybody may read."""
    why = READINESS.why_not()
    headers = {"Cache-Control": "no-store", "Content-Language": "en"} | ({"Retry-After": str(WAIT)} if why else {})
    response = HttpResponse(f"{why or 'ready'}\n", "text/plain; charset=utf-8", 503 if why else 200, headers=headers)
    # The log hears of it once, and not each time that somebody asks: Django tells nothing twice.
    log_response("Asked whether it is ready.", response=response, request=request, level="debug")
    return response


class Readiness:
    """Asks in a thread and with a connection of its own, once at a time, however many want to know."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="readiness")
        self.changing = Lock()
        self.asked: Future[str] | None = None
        # On the clock of `time.monotonic`.
        self.asked_at = 0.0
        self.told = ""

    def why_not(self) -> str:
        """Return why this process cannot serve, "" where it can."""
        # Before the clock runs: it is not the database that takes this long.
        expected = _expected()
        with self.changing:
            # One that hangs is not asked a second time.
            is_old = time.monotonic() - self.asked_at >= LASTS
            if self.asked is None or (is_old and self.asked.done()):
                self.asked, self.asked_at = self.thread.submit(_found, expected), time.monotonic()
            asked, end = self.asked, self.asked_at + PATIENCE
        try:
            why = asked.result(max(0, end - time.monotonic()))
        except FutureTimeoutError:
            why = f"The database has not answered for {PATIENCE} seconds."
        self._tell(why)
        return why

    def _tell(self, why: str) -> None:
        with self.changing:
            before, self.told = self.told, why
        if why and why != before:
            logger.error("Not ready: %s", why)
        elif before and not why:
            logger.warning("Ready again.")


def _found(expected: set[Migration]) -> str:
    try:
        applied = MigrationRecorder(db.connection).applied_migrations().keys()
    except db.Error as error:
        fault = fault_of(error)
        # The error itself can name hosts and accounts.
        return f"{fault.name if fault else 'The database fails'}."
    finally:
        # That a new one can be had is part of the answer; and one to a file would go on with a file that is gone.
        db.connection.close()
    missing = sorted(expected - applied)
    return _of_missing(missing) if missing else ""


def _of_missing(missing: list[Migration]) -> str:
    first, *rest = [".".join(name) for name in missing]
    more = f" and {len(rest)} more" if rest else ""
    return f"The database lacks the migration {first}{more}, which “manage.py migrate” applies."


@cache
def _expected() -> set[Migration]:
    """Return the migrations of this version by the names of their files: to load them all would take a second."""
    found = set()
    for label in apps.app_configs:
        package, _ = MigrationLoader.migrations_module(label)
        if package and find_spec(package):
            modules = iter_modules(import_module(package).__path__)
            found |= {(label, module.name) for module in modules if not module.name.startswith(("_", "~"))}
    return found


READINESS = Readiness()
