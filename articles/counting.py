"""The rows of several queries counted in one query, whatever each of them asks for."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

# PostgreSQL takes 1,664 columns, SQLite 2,000.
MAX_COLUMNS = 1000


def counts(statements: Iterable[tuple[str, list]]) -> list[int]:
    """Return the number of rows of each statement, given as SQL and its parameters, in order."""
    parts = list(statements)
    numbers: list[int] = []
    for start in range(0, len(parts), MAX_COLUMNS):
        batch = parts[start : start + MAX_COLUMNS]
        columns = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS counted)" for sql, _ in batch)  # noqa: S608, Django's own
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns}", [value for _, values in batch for value in values])
            numbers += cursor.fetchone()
    return numbers


def counts_within(sql: str, parameters: list, bounds: Iterable[tuple[datetime, datetime]]) -> list[int]:
    """Return the number of rows of a statement, which names `bounds.first` and `bounds.last`, for each of some bounds.

    A database plans it once, where it would plan each statement of `counts` by itself.
    """
    rows = [(place, *map(connection.ops.adapt_datetimefield_value, pair)) for place, pair in enumerate(bounds)]
    numbers: list[int] = []
    for start in range(0, len(rows), MAX_COLUMNS):
        batch = rows[start : start + MAX_COLUMNS]
        values = ", ".join(["(%s, %s, %s)"] * len(batch))
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH bounds (place, first, last) AS (VALUES {values}) "  # noqa: S608, Django's own
                f"SELECT (SELECT COUNT(*) FROM ({sql}) AS counted) FROM bounds ORDER BY place",
                [*(value for row in batch for value in row), *parameters],
            )
            numbers += [number for (number,) in cursor.fetchall()]
    return numbers
