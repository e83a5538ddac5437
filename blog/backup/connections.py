"""Other connections in the place of the default one: a snapshot to read from, a scratch database to try rows in."""

import contextlib
import copy
from collections.abc import Iterator
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.utils import load_backend

ENGINE = "django.db.backends.sqlite3"


@contextlib.contextmanager
def as_default(settings: dict) -> Iterator[None]:
    """Let this thread use another database as the default one.

    An alias of its own would not do: a migration that names none would reach into the live database.
    """
    live = connections[DEFAULT_DB_ALIAS]
    other = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = other
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = live
        other.close()


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """Read the database as it is at one moment, while others write to it.

    Within a transaction that is the transaction's own view; on PostgreSQL its caller holds the tables still.
    """
    if connection.in_atomic_block:
        yield
        return
    settings = copy.deepcopy(connection.settings_dict)
    if connection.vendor == "sqlite":
        # A reader in SQLite's WAL neither waits for a writer nor keeps one waiting.
        settings["OPTIONS"]["transaction_mode"] = "DEFERRED"
    with as_default(settings), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextlib.contextmanager
def scratch_database(path: Path) -> Iterator[None]:
    """Use an SQLite file as the default database."""
    # What is lost with the machine was of no use.
    options = {"init_command": "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"}
    settings = copy.deepcopy(connection.settings_dict)
    settings |= {"ENGINE": ENGINE, "NAME": str(path), "OPTIONS": options, "CONN_MAX_AGE": 0}
    with as_default(settings):
        yield
