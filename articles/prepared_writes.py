"""Rows written by SQL that is written once, as `prepared` does for queries: Django writes it anew for each row."""

from collections.abc import Iterable
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.models import Field, Model
from django.db.models.signals import post_save

# The names of columns, as a model's fields call them.
Names = tuple[str, ...]


def save(row: Model, names: Iterable[str] = ()) -> None:
    """Save a row, new or not, as its own `save` would; of one that is there some fields alone, where they are named."""
    if row.pk is None:
        put(row)
        return
    fields, sql = _change(type(row), tuple(names))
    if not _answer(sql, [*_values(row, fields), row.pk]):
        raise DatabaseError(f"There is no such row: {row!r}.")
    _told(row, is_new=False)


def put(row: Model, *key: str) -> None:
    """Save a new row, or put it in the place of the one with the same `key`, whose primary key it then has.

    A key is made of the fields of a unique constraint.
    """
    fields, sql = _insertion(type(row), key)
    ((row.pk,),) = _answer(sql, _values(row, fields))
    _told(row, is_new=not key)


@lru_cache(maxsize=64)
def _insertion(model: type[Model], key: Names) -> tuple[list[Field], str]:
    fields = _fields(model)
    columns = [_quoted(field.column) for field in fields]
    places = ", ".join(["%s"] * len(columns))
    sql = f"INSERT INTO {_quoted(model._meta.db_table)} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
    if key:
        unique = ", ".join(_quoted(model._meta.get_field(name).column) for name in key)
        # https://sqlite.org/lang_upsert.html, and PostgreSQL has the same.
        sql += f" ON CONFLICT ({unique}) DO UPDATE SET " + ", ".join(f"{name} = EXCLUDED.{name}" for name in columns)
    return fields, sql + f" RETURNING {_quoted(model._meta.pk.column)}"


@lru_cache(maxsize=64)
def _change(model: type[Model], names: Names) -> tuple[list[Field], str]:
    fields, key = [model._meta.get_field(name) for name in names] or _fields(model), _quoted(model._meta.pk.column)
    columns = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    return fields, f"UPDATE {_quoted(model._meta.db_table)} SET {columns} WHERE {key} = %s RETURNING {key}"  # noqa: S608


def _fields(model: type[Model]) -> list[Field]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _values(row: Model, fields: list[Field]) -> list:
    return [field.get_db_prep_save(field.pre_save(row, row.pk is None), connection) for field in fields]


def _answer(sql: str, values: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _told(row: Model, is_new: bool) -> None:
    """Tell those who listen for the writes of a model, as its `save` does."""
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    post_save.send(
        sender=type(row), instance=row, created=is_new, update_fields=None, raw=False, using=DEFAULT_DB_ALIAS
    )
