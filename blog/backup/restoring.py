"""A site replaced by what an archive holds: wholly or not at all, wherever it is stopped."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import is_password_usable, make_password
from django.core.management.color import no_style
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Model

from accounts import log
from accounts.models import Event
from articles.image_store import ORIGINALS, WORKSPACE, media_root
from articles.models import LinkCheck, LinkFinding, Rendering, SearchEntry
from articles.search.rebuilding import index_renderings
from articles.turns import take_turns
from blog import changes

from . import images, second_factors
from .keeping import dated
from .making import back_up
from .refusal import BackupRefused
from .rows import Rows, applied_migrations, empty, kept_models, known_migrations, models_after
from .trying import Tried

# There on each site, whoever made it: no loss.
OF_EVERY_SITE = {"auth.group", "auth.group_permissions", "blog.site"}
TURNS = 60


@dataclass(frozen=True)
class Restored:
    """What became of a site."""

    # Where the replaced data are; None where there were none.
    replaced: Path | None
    # The accounts that nobody can log in to until they are given a password.
    without_password: list[str]


def is_empty() -> bool:
    """Return whether a restore would replace nothing; raise BackupRefused where the database is not ready for one."""
    if applied_migrations() != known_migrations():
        raise BackupRefused("The database is not of this release: call ./run manage migrate first.")
    models = kept_models(models_after(known_migrations()), has_secrets=True)
    return not any(model._base_manager.exists() for model in models if model._meta.label_lower not in OF_EVERY_SITE)


def restore(tried: Tried) -> Restored:
    """Put the archive in the place of the site. Raise OSError, BackupRefused or DatabaseError: then nothing changed.

    Readers are served meanwhile; writers wait, so that what they were told is saved is in what is kept aside.
    """
    apps, kept, is_at_the_end = models_after(known_migrations()), None, False
    with _staged(tried) as staged:
        try:
            with transaction.atomic():
                _hold_still(kept_models(apps, has_secrets=True))
                if not is_empty():
                    kept = back_up(dated(settings.DATA_DIR / "replaced"), has_secrets=True).path
                before = _stored_files(apps)
                _put_in_place(staged)
                without_password = _replace_rows(apps, tried)
                made_at = tried.archive.manifest.made_at.isoformat()
                log.record(Event.Kind.RESTORED, details={"made_at": made_at})
                changes.note()
                is_at_the_end = True
        except BaseException:
            # Where a commit breaks off, nobody knows whether it came about.
            if kept and not is_at_the_end:
                kept.unlink()
            raise
    # The site is restored, whatever becomes of them.
    with contextlib.suppress(OSError, DatabaseError):
        _remove_unnamed(before, apps)
    return Restored(kept, without_password)


def _hold_still(models: list[type[Model]]) -> None:
    """Let nobody write until the end of the transaction; on SQLite it is so from its beginning."""
    if connection.vendor != "postgresql":
        return
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    for _ in range(TURNS):
        with contextlib.suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:
            # A writer may hold one of these locks and wait for another one. So we give up first, before PostgreSQL ends
            # the one or the other of us, and try again.
            cursor.execute("SET LOCAL lock_timeout = 500")
            take_turns()
            cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute("SET LOCAL lock_timeout = 0")
            return
    raise BackupRefused("Somebody goes on writing to the site; try again.")


@contextlib.contextmanager
def _staged(tried: Tried) -> Iterator[Path]:
    """Give a folder of the image files that are not in their place yet, on the disk that they will be on."""
    media_root().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=media_root(), prefix=WORKSPACE) as name:
        folder = Path(name)
        (folder / ORIGINALS).mkdir()
        for file in sorted(tried.files):
            if not _is_there(file, tried.archive.manifest.files[f"media/{file}"]):
                with (folder / file).open("wb") as staged:
                    staged.writelines(tried.archive.chunks(f"media/{file}"))
                    staged.flush()
                    os.fsync(staged.fileno())
        yield folder


def _is_there(file: str, said: dict) -> bool:
    path = images.path_of(file)
    if not path.is_file() or path.stat().st_size != said["size"]:
        return False
    with path.open("rb") as stored:
        return hashlib.file_digest(stored, "sha256").hexdigest() == said["sha256"]


def _put_in_place(staged: Path) -> None:
    (media_root() / ORIGINALS).mkdir(exist_ok=True)
    for path in staged.rglob("*"):
        if path.is_file():
            path.replace(media_root() / path.relative_to(staged))


def _replace_rows(apps: Apps, tried: Tried) -> list[str]:
    """Put the rows of the archive in the place of all others; return the accounts without a password."""
    users, name = apps.get_model(settings.AUTH_USER_MODEL), get_user_model().USERNAME_FIELD
    passwords = dict(users.objects.values_list(name, "password"))
    factors = second_factors.SecondFactors(apps)
    everything = kept_models(apps, has_secrets=True)
    # What was found wrong with other texts; what other sites answered is true of them still.
    empty([*everything, SearchEntry, LinkFinding, LinkCheck])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_searchindex")
    rows, has_secrets = Rows(apps), tried.rows.manifest.has_secrets
    for model in kept_models(apps, has_secrets):
        found = tried.rows.rows(model._meta.label_lower)
        if model is users and not has_secrets:
            found = (row | {"password": passwords.get(row[name]) or make_password(None)} for row in found)
        rows.write(model, found)
    if not (has_secrets and second_factors.are_known_to(tried.archive.manifest.migrations)):
        factors.write()
    _go_on_counting(everything)
    connection.check_constraints()
    index_renderings(Rendering.objects.all())
    accounts = users.objects.filter(is_active=True).order_by(name).values_list(name, "password")
    return [account for account, password in accounts if not is_password_usable(password)]


def _go_on_counting(models: list[type[Model]]) -> None:
    """Let the next rows have numbers after the highest ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _stored_files(apps: Apps) -> set[str]:
    named = images.named_files(apps)
    return named.keys() | images.originals(set(named.values()))


def _remove_unnamed(before: set[str], apps: Apps) -> None:
    """Remove the files of images that the restore took away; where it is stopped here, no page asks for them."""
    with transaction.atomic():
        take_turns()
        for name in before - _stored_files(apps):
            images.path_of(name).unlink(missing_ok=True)
