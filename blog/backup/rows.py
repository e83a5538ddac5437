"""Rows of the database as plain values that all engines share.

They are read and written with the models as the migrations describe them: these have no `save` of their own, and there
are those of an earlier release as well.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import islice

from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Field, JSONField, Model

from articles.models import key_validator

from .refusal import BackupRefused

# Every other table is in the archive, also one that is added later.
LEFT_OUT = {
    "contenttypes.contenttype": "each database numbers them itself; rows call them by name",
    "auth.permission": "each database numbers them itself; rows call them by name",
    "sessions.session": "whoever has one is logged in",
    "articles.searchentry": "the search is indexed anew",
    "articles.linkcheck": "links are checked anew",
    "articles.linkfinding": "the same",
    "articles.outsideaddress": "the same",
    "blog.lastchange": "a restore is a change",
    "axes.accessattempt": "who has to wait before logging in again",
    "axes.accessattemptexpiration": "the same",
    "axes.accessfailurelog": "accounts.event says it",
    "axes.accesslog": "accounts.event says it",
}
# An archive without passwords has none of these either.
SECOND_FACTORS = {"otp_totp.totpdevice", "otp_static.staticdevice", "otp_static.statictoken"}
# In an archive with passwords alone: whoever has the address of a preview reads the article.
SECRET = {"articles.previewlink", *SECOND_FACTORS}

BATCH = 100

Node = tuple[str, str]


def applied_migrations() -> tuple[Node, ...]:
    """Return the migrations that the database has; raise BackupRefused where this release knows one of them not."""
    loader = MigrationLoader(connection)
    if unknown := sorted(set(loader.applied_migrations) - set(loader.graph.nodes)):
        raise BackupRefused(f"The database is of a newer release: it has the migration {'.'.join(unknown[0])}.")
    return tuple(sorted(loader.applied_migrations))


@cache
def known_migrations() -> tuple[Node, ...]:
    """Return the migrations of this release."""
    return tuple(sorted(MigrationLoader(None).graph.nodes))


@lru_cache(maxsize=2)
def models_after(migrations: tuple[Node, ...]) -> Apps:
    """Return the models as they are after some migrations."""
    apps = MigrationLoader(None).project_state(list(migrations)).apps
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
                # A row keeps its own time.
                field.auto_now = field.auto_now_add = False
    return apps


def kept_models(apps: Apps, has_secrets: bool) -> list[type[Model]]:
    """Return the models whose rows an archive holds, the tables of many-to-many fields among them."""
    left_out = LEFT_OUT.keys() | (set() if has_secrets else SECRET)
    models = (model for model in apps.get_models(include_auto_created=True) if model._meta.managed)
    models = (model for model in models if not model._meta.proxy and model._meta.label_lower not in left_out)
    return sorted(models, key=lambda model: model._meta.label_lower)


def empty(models: Iterable[type[Model]]) -> None:
    """Delete all rows. Constraints between them are looked at when the transaction ends."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608, our own tables


class Rows:
    """Reads and writes the rows of the default database, with models that fit to it."""

    def __init__(self, apps: Apps) -> None:
        self.kinds = apps.get_model("contenttypes", "ContentType")
        self.permissions = apps.get_model("auth", "Permission")
        kinds = {
            pk: f"{label}.{model}" for pk, label, model in self.kinds.objects.values_list("pk", "app_label", "model")
        }
        permissions = self.permissions.objects.values_list("pk", "content_type", "codename")
        words = {pk: f"{kinds[kind]}.{codename}" for pk, kind, codename in permissions}
        self.words = {self.kinds: kinds, self.permissions: words}
        self.numbers = {model: {word: pk for pk, word in words.items()} for model, words in self.words.items()}

    def read(self, model: type[Model]) -> Iterator[dict]:
        fields = model._meta.local_concrete_fields
        rows = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
        for row in rows.iterator(chunk_size=BATCH):
            yield {field.column: self._plain(field, value) for field, value in zip(fields, row, strict=True)}

    def write(self, model: type[Model], rows: Iterable[dict]) -> int:
        """Write rows and return how many; raise ValueError, TypeError or a DatabaseError for one that does not fit."""
        rows, count = iter(rows), 0
        while batch := [self._made(model, row) for row in islice(rows, BATCH)]:
            model._base_manager.bulk_create(batch)
            count += len(batch)
        return count

    def _made(self, model: type[Model], row: dict) -> Model:
        fields = model._meta.local_concrete_fields
        if not isinstance(row, dict) or row.keys() != {field.column for field in fields}:
            raise ValueError("other columns than the table's")
        return model(**{field.attname: self._value(field, row[field.column]) for field in fields})

    def _plain(self, field: Field, value: object) -> object:
        """Return a value as JSON can hold it."""
        if value is not None and field.related_model in self.words:
            return self.words[field.related_model][value]
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat()
        if isinstance(value, uuid.UUID):
            return str(value)
        if value is None or isinstance(field, JSONField) or isinstance(value, bool | int | str):
            return value
        raise TypeError(f"{field} holds a {type(value).__name__}, for which no form is decided")

    def _value(self, field: Field, plain: object) -> object:
        """Return what `_plain` was made of; raise an error where it was made of nothing."""
        if plain is None or isinstance(field, JSONField):
            return plain
        if field.related_model in self.words:
            return self._number(field.related_model, plain)
        value = field.to_python(plain)
        if type(again := self._plain(field, value)) is not type(plain) or again != plain:
            raise ValueError(f"{field.column} is {ascii(plain)[:60]}")
        if key_validator in field.validators:
            # Exports name files by it.
            key_validator(value)
        return value

    def _number(self, model: type[Model], word: str) -> int:
        """Return the number that a content type or a permission has here; one that is not known yet gets one."""
        if not isinstance(word, str):
            raise ValueError(f"{ascii(word)[:60]} is no name")
        if word not in self.numbers[model]:
            parent, name = word.rsplit(".", 1)
            if model is self.kinds:
                row = model.objects.create(app_label=parent, model=name)
            else:
                row = model.objects.create(content_type_id=self._number(self.kinds, parent), codename=name, name=name)
            self.numbers[model][word] = row.pk
        return self.numbers[model][word]
