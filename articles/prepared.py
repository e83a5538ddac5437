"""Queries whose SQL is written once: to write it takes Django ten times as long as the database takes to answer it."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, update_wrapper

from django.db import connection
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import RawQuerySet
from django.utils.translation import override

# A value, or several of them.
Names = tuple[tuple[str, int | None], ...]


class Place(Expression):
    """Stands in a queryset for a value that each use of its SQL gives."""

    def __init__(self, name: str, number: int | None = None) -> None:
        super().__init__()
        self.name, self.number = name, number

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        return "%s", [self]


class prepared:  # noqa: N801, a decorator
    """Makes a function that returns a queryset one that returns its rows.

    The function is called once for a language, with that language active and with a place, or a list of places, for
    each keyword argument. What else it looks at, above all the time, would stay as it was then: that is refused.
    """

    def __init__(self, queryset_of: Callable[..., QuerySet]) -> None:
        update_wrapper(self, queryset_of)
        self.queryset_of = queryset_of
        self.written = lru_cache(maxsize=256)(self._write)

    def __call__(self, language: str, **values) -> list[Model]:
        """Return instances of the queryset's model, with its annotations, but without what it would prefetch."""
        model, _, _ = self.written(language, _names(values))
        sql, parameters = self.statement(language, **values)
        return list(RawQuerySet(sql, model=model, params=parameters))

    def first(self, language: str, **values) -> Model | None:
        """Return the first row of a queryset that has one at most, None where it has none."""
        return next(iter(self(language, **values)), None)

    def values(self, language: str, **values) -> list[tuple]:
        """Return the rows of a queryset of values, as the database gives them."""
        with connection.cursor() as cursor:
            cursor.execute(*self.statement(language, **values))
            return cursor.fetchall()

    def statement(self, language: str, **values) -> tuple[str, list]:
        """Return the SQL, and its parameters as the database takes them."""
        _, sql, parameters = self.written(language, _names(values))
        return sql, [_value(part, values) if isinstance(part, Place) else part for part in parameters]

    def _write(self, language: str, names: Names) -> tuple[type[Model], str, tuple]:
        places = {name: _places(name, length) for name, length in names}
        with override(language):
            first, second = (self.queryset_of(language, **places) for _ in range(2))
        sql, parameters = first.query.sql_with_params()
        if (sql, parameters) != second.query.sql_with_params():
            raise TypeError(f"{self.__qualname__} depends on more than its arguments.")
        return first.model, sql, parameters


def _names(values: dict) -> Names:
    return tuple((name, len(value) if isinstance(value, list) else None) for name, value in values.items())


def _places(name: str, length: int | None) -> Place | list[Place]:
    return Place(name) if length is None else [Place(name, number) for number in range(length)]


def _value(place: Place, values: dict) -> object:
    value = values[place.name]
    if place.number is not None:
        return value[place.number]
    # SQLite has no type for it.
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
