"""Which version of the site readers see: whether a page that was made a moment ago is still right."""

import logging
import math
import os
import time
from datetime import datetime
from io import FileIO
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from uuid import UUID
from zlib import crc32

from django import db
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from articles import languages
from articles.models import Article
from articles.prepared import prepared

from .models import LastChange

# Other bytes with each write. To look at them is a call to the system, which has them in memory. To map the file would
# save half a millionth of a second, and whoever cut it off would kill the process (SIGBUS).
STAMP_LENGTH = 8

logger = logging.getLogger(__name__)


def announce() -> None:
    """Tell the other processes of this machine that something was written."""
    with _stamp_file() as file:
        os.pwrite(file.fileno(), os.urandom(STAMP_LENGTH), 0)


class Stamp:
    """Bytes that each `announce` changes; none where the file cannot be had."""

    def __init__(self) -> None:
        try:
            self.file: FileIO | None = _stamp_file()
        except OSError:
            self.file = None

    def __del__(self) -> None:
        if self.file:
            self.file.close()

    def read(self) -> bytes:
        try:
            return os.pread(self.file.fileno(), STAMP_LENGTH, 0) if self.file else b""
        except OSError:
            return b""


def stamp_path() -> Path:
    """Return where the stamp is: another file for each database, whose writers have nothing to tell the others."""
    database = db.connection.settings_dict
    named = f"{database['HOST']} {database['NAME']}".encode()
    return settings.DATA_DIR / f"last_change.{crc32(named):08x}"


def _stamp_file() -> FileIO:
    return FileIO(os.open(stamp_path(), os.O_RDWR | os.O_CREAT, 0o600), "r+")


class Version(NamedTuple):
    """Two are equal where nothing was written in between and no scheduled text went live."""

    token: UUID | None
    next_live_at: datetime | None


def current_version() -> Version:
    """Ask the database. Two queries."""
    now = timezone.now()
    token = LastChange.objects.values_list("token", flat=True).first()
    columns = [languages.column("published_at", code) for code in languages.codes()]
    dates = (getattr(article, column) for article in _next(languages.active(), now=now) for column in columns)
    return Version(token, min((date for date in dates if date and date > now), default=None))


@prepared
def _next(language: str, *, now: datetime) -> QuerySet:
    """Return the next article to go live in each language."""
    return Article.objects.dates_of_any(
        Article.objects.scheduled(code, at=now).newest_first(code).reverse()[:1] for code in languages.codes()
    )


class KnownVersion:
    """The version as this process last heard of it.

    It is sure as long as no process of this machine announces a write, no scheduled text goes live, and it asked the
    database within the last `WINDOW` seconds: other machines that write to it are heard of in that time. Where the
    database does not answer, what was known stands.
    """

    WINDOW = 0.5

    def __init__(self) -> None:
        self.version: Version | None = None
        self._asking = Lock()
        self._has_failed = False
        self._stamp: Stamp | None = None
        self._seen = b""
        # When a scheduled text goes live, and when to ask again; on the clock of `time.monotonic`.
        self._ends_at = self._due_at = -math.inf

    def is_sure(self) -> bool:
        """Return whether the version holds. While a thread asks for other machines' sake, nobody else needs to."""
        now = time.monotonic()
        return (now < self._due_at or (now < self._ends_at and self._asking.locked())) and self._is_unannounced()

    def refresh(self) -> None:
        """Ask the database, unless another thread just did."""
        with self._asking:
            if time.monotonic() >= self._due_at or not self._is_unannounced():
                self._ask()

    def _is_unannounced(self) -> bool:
        return self._stamp is not None and self._stamp.read() == self._seen

    def _ask(self) -> None:
        # Of before the question: what is written while it is answered is asked for again.
        # The file may be another one by now.
        current = Stamp()
        seen, asked_at = current.read(), time.monotonic()
        ends_at = math.inf
        try:
            db.close_old_connections()
            version = current_version()
        except db.Error as error:
            if not self._has_failed:
                logger.error("The database does not answer; readers get the pages that are kept. %s", error)
            self._has_failed = True
        else:
            if self._has_failed:
                logger.error("The database answers again.")
            self._has_failed = False
            if version.next_live_at:
                ends_at = asked_at + (version.next_live_at - timezone.now()).total_seconds()
            # The same object as long as nothing changes.
            if version != self.version:
                self.version = version
        # Last: until here no thread may be sure.
        self._ends_at, self._due_at = ends_at, min(asked_at + self.WINDOW, ends_at)
        self._stamp, self._seen = current, seen
