"""Several querysets counted in one query, whatever each of them asks for."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

# PostgreSQL takes 1,664 columns, SQLite 2,000.
MAX_COLUMNS = 1000


def counts(querysets: Iterable[QuerySet]) -> list[int]:
    """Return the number of rows of each queryset, in order; a sliced one is counted no further than its slice."""
    parts = [_part(queryset) for queryset in querysets]
    numbers: list[int] = []
    for start in range(0, len(parts), MAX_COLUMNS):
        batch = parts[start : start + MAX_COLUMNS]
        columns = ", ".join(sql for sql, _ in batch)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns}", [value for _, values in batch for value in values])
            numbers += cursor.fetchone()
    return numbers


def _part(queryset: QuerySet) -> tuple[str, tuple]:
    sql, values = queryset.values("pk").query.sql_with_params()
    return f"(SELECT COUNT(*) FROM ({sql}) AS counted)", values  # noqa: S608, Django wrote it
