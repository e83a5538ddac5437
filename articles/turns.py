"""Writers take turns: one lock for all that must be unique or is compared before it is written."""

from django.db import connection

# Any number that nothing else on the same database locks.
WRITERS_LOCK = 727_001


def take_turns() -> None:
    """Let the second of two writers wait, until the end of the transaction, and then see what the first one saved.

    One lock for all texts: slugs and keys are unique across articles. SQLite's transactions take turns by themselves.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS_LOCK])
