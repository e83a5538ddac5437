"""The rows of several queries counted in one query, whatever each of them asks for."""

from collections.abc import Iterable

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
