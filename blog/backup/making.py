"""A backup made while the site is written to: the rows of one moment, and every file that they name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.apps.registry import Apps
from django.conf import settings

from accounts.models import Event

from . import images
from .connections import snapshot
from .new_archive import NewArchive, file_in_place
from .rows import Node, Rows, applied_migrations, kept_models, models_after

# Raise it where older releases would misread an archive.
FORMAT = 1
# In the place of a password's hash that is left out.
NO_PASSWORD = "!"  # noqa: S105, what stands where a password is missing


@dataclass(frozen=True)
class Made:
    """What went into an archive."""

    path: Path
    rows: int
    images: int
    # Files that rows name and that are not there, as they were not before.
    lost: list[str]


def back_up(path: Path, has_secrets: bool = False) -> Made:
    """Write the whole site into a new file, which is there once it is complete and not before.

    `has_secrets` takes in the hashes of passwords, the addresses of previews, and those that people logged in from.
    Raise OSError, or BackupRefused.
    """
    with file_in_place(path) as file, NewArchive(file) as archive:
        lost = fill(archive, has_secrets)
    rows = sum(part.get("rows", 0) for part in archive.files.values())
    return Made(path, rows, sum(name.startswith("media/") for name in archive.files), lost)


def fill(archive: NewArchive, has_secrets: bool) -> list[str]:
    """Write all parts of an archive and finish it; return the names of files that rows name in vain.

    An image may be deleted while its files are read. Files come first, so that rows are read once all that they name
    is there; where one has gone, both are looked at anew.
    """
    lost: set[str] = set()
    while True:
        with snapshot():
            migrations = applied_migrations()
            apps = models_after(migrations)
            gone = add_images(archive, apps) - lost
            if not gone:
                add_tables(archive, apps, has_secrets)
                archive.finish(facts(migrations, has_secrets, lost))
                return sorted(lost)
        # What is named still was not deleted by an author: it is missing for good.
        lost |= gone & images.named_files(models_after(applied_migrations())).keys()


def add_images(archive: NewArchive, apps: Apps) -> set[str]:
    """Add the stored files that are not in the archive yet; return the names of those that are not there."""
    named, gone = images.named_files(apps), set()
    for name in (*named, *sorted(images.originals(set(named.values())))):
        if f"media/{name}" in archive.files:
            continue
        try:
            with images.path_of(name).open("rb") as file:
                archive.add(f"media/{name}", images.chunks(file))
        except FileNotFoundError:
            gone.add(name)
    return gone & named.keys()


def add_tables(archive: NewArchive, apps: Apps, has_secrets: bool) -> None:
    rows = Rows(apps)
    for model in kept_models(apps, has_secrets):
        label, found = model._meta.label_lower, rows.read(model)
        if label == settings.AUTH_USER_MODEL.lower() and not has_secrets:
            found = _without_passwords(found)
        if label == Event._meta.label_lower and not has_secrets:
            found = _without_addresses(found)
        archive.add_rows(label, found)


def _without_passwords(accounts: Iterator[dict]) -> Iterator[dict]:
    return (account | {"password": NO_PASSWORD} for account in accounts)


def _without_addresses(events: Iterator[dict]) -> Iterator[dict]:
    """Leave out where visitors came from: an archive may be kept for longer than the log keeps that."""
    return (event | {"address": None} for event in events)


def facts(migrations: tuple[Node, ...], has_secrets: bool, lost: set[str]) -> dict:
    """Return what a manifest says beside the parts."""
    return {
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "has_secrets": has_secrets,
        "migrations": [".".join(node) for node in migrations],
        "lost": sorted(lost),
    }
