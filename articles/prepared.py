"""Queries whose SQL is written once: to write it takes Django ten times as long as the database takes to answer it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache, update_wrapper
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler
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


class Statement(NamedTuple):
    """A query as the database takes it, and what Django's own `ModelIterable` knows of its rows."""

    sql: str
    parameters: tuple
    model: type[Model] | None
    # Where the model's fields stand in a row, and how an instance calls them; what stands beside them.
    fields: slice
    names: list[str]
    annotations: list[tuple[str, int]]
    # By places in a row what makes a value of Python's of it; there are few.
    converters: list[tuple[int, list[Callable], Expression]]

    def instance(self, row: Iterable) -> Model:
        row = list(row)
        for place, converters, expression in self.converters:
            for convert in converters:
                row[place] = convert(row[place], expression, connection)
        instance = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.fields])
        for name, place in self.annotations:
            setattr(instance, name, row[place])
        return instance


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
        statement = self.written(language, _names(values))
        return [statement.instance(row) for row in self.values(language, **values)]

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
        written = self.written(language, _names(values))
        return written.sql, [_value(part, values) if isinstance(part, Place) else part for part in written.parameters]

    def _write(self, language: str, names: Names) -> Statement:
        places = {name: _places(name, length) for name, length in names}
        with override(language):
            first, second = (self.queryset_of(language, **places) for _ in range(2))
        compiler = first.query.get_compiler(DEFAULT_DB_ALIAS)
        written = compiler.as_sql()
        if written != second.query.sql_with_params():
            raise TypeError(f"{self.__qualname__} depends on more than its arguments.")
        return _statement(compiler, *written)


def _statement(compiler: SQLCompiler, sql: str, parameters: tuple) -> Statement:
    select = [expression for expression, *_ in compiler.select]
    # There is no model where the rows are values.
    model, places = (compiler.klass_info or {}).get("model"), (compiler.klass_info or {}).get("select_fields", [])
    fields = slice(places[0], places[-1] + 1) if places else slice(0)
    converters = compiler.get_converters(select)
    return Statement(
        sql=sql,
        parameters=parameters,
        model=model,
        fields=fields,
        names=[column.target.attname for column in select[fields]] if model else [],
        annotations=list(compiler.annotation_col_map.items()),
        converters=[(place, *found) for place, found in converters.items()],
    )


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
