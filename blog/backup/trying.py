"""An archive tried out in a scratch database, whose constraints find what does not fit, before a site is touched."""

import contextlib
import fcntl
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from articles.images.names import FILE_NAME

from . import images
from .archive import Archive
from .connections import scratch_database
from .making import add_tables, facts
from .new_archive import NewArchive
from .refusal import BackupRefused
from .rows import Node, Rows, empty, kept_models, known_migrations, models_after

FOLDER = ".restore-"
DIGEST = re.compile(r"[0-9a-f]{64}")
# All that values of another form than the columns' can end in.
MISFITS = (DatabaseError, ValidationError, ValueError, TypeError, LookupError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Tried:
    """An archive that fits."""

    archive: Archive
    # Where its rows are as this release has them: in itself, or in what an older one became.
    rows: Archive
    # The image files of the archive that rows name.
    files: set[str]


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Refuse a second restore in the same folder; take away what a killed one left."""
    settings.DATA_DIR.mkdir(mode=0o700, exist_ok=True)
    with (settings.DATA_DIR / "restore.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused("Another restore is at work.") from None
        for left in settings.DATA_DIR.glob(f"{FOLDER}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextlib.contextmanager
def tried(path: Path) -> Iterator[Tried]:
    """Check an archive in every way; raise BackupRefused where it is damaged, newer, or none."""
    with Archive(path) as archive, contextlib.ExitStack() as stack:
        older = _is_older(archive)
        archive.check()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=FOLDER)))
        with scratch_database(folder / "scratch.sqlite3"):
            _make_tables(archive, older)
            _load(archive)
            if older:
                _bring_forward(archive, folder / "forward.zip")
            files = _image_files(archive)
        rows = stack.enter_context(Archive(folder / "forward.zip")) if older else archive
        yield Tried(archive, rows, files)


def _is_older(archive: Archive) -> bool:
    theirs, known = set(archive.manifest.migrations), set(known_migrations())
    if newer := sorted(theirs - known):
        raise archive.refusal(f"it was made by a newer release, which has the migration {'.'.join(newer[0])!a}.")
    return theirs != known


def _make_tables(archive: Archive, is_older: bool) -> None:
    migrations = archive.manifest.migrations
    try:
        if is_older:
            _migrate(migrations)
        else:
            with connection.schema_editor() as editor:
                for model in models_after(migrations).get_models():
                    editor.create_model(model)
        apps = models_after(migrations)
        labels = {model._meta.label_lower for model in kept_models(apps, archive.manifest.has_secrets)}
    except (*MISFITS, KeyError) as error:
        raise archive.refusal(f"its migrations do not go together: {_line(error)}") from None
    if other := sorted(labels ^ archive.labels()):
        raise archive.refusal(f"the rows of {other[0]} are {'missing' if other[0] in labels else 'of no table'}.")


def _migrate(migrations: tuple[Node, ...]) -> None:
    """Make the tables of an earlier release, without the rows that its migrations make."""
    executor = MigrationExecutor(connection)
    theirs, nodes = set(migrations), executor.loader.graph.node_map
    parents = {node: {parent.key for parent in nodes[node].parents} for node in theirs}
    if set().union(*parents.values()) - theirs:
        raise LookupError("some are missing")
    # Each brings those before it; asked for once more, one of them would undo the others.
    followed = {parent for node in theirs for parent in parents[node] if parent[0] == node[0]}
    executor.migrate(sorted(theirs - followed))
    with transaction.atomic():
        empty(kept_models(models_after(migrations), has_secrets=True))


def _load(archive: Archive) -> None:
    apps = models_after(archive.manifest.migrations)
    rows = Rows(apps)
    with transaction.atomic():
        for model in kept_models(apps, archive.manifest.has_secrets):
            label = model._meta.label_lower
            try:
                rows.write(model, archive.rows(label))
            except MISFITS as error:
                raise archive.refusal(f"a row of {label} does not fit: {_line(error)}") from None
        try:
            connection.check_constraints()
        except DatabaseError as error:
            raise archive.refusal(f"its rows do not go together: {_line(error)}") from None


def _bring_forward(archive: Archive, path: Path) -> None:
    """Migrate the rows to this release, and write them into an archive without images."""
    executor = MigrationExecutor(connection)
    try:
        executor.migrate(executor.loader.graph.leaf_nodes())
    except Exception as error:  # a migration may fail in any way
        raise archive.refusal(f"its rows cannot be brought to this release: {_line(error)}") from None
    has_secrets, migrations = archive.manifest.has_secrets, known_migrations()
    with path.open("wb") as file, NewArchive(file) as forward:
        add_tables(forward, models_after(migrations), has_secrets)
        forward.finish(facts(migrations, has_secrets, set()))


def _image_files(archive: Archive) -> set[str]:
    try:
        named = images.named_files(models_after(known_migrations()))
    except MISFITS:
        raise archive.refusal("a row of articles.image names no files.") from None
    for name, digest in named.items():
        if not (FILE_NAME.fullmatch(name) and DIGEST.fullmatch(digest)):
            raise archive.refusal("a row of articles.image names other files than images have.")
    if missing := sorted(named.keys() - archive.media() - archive.manifest.lost):
        raise archive.refusal(f"the image file {missing[0]} is missing.")
    return (named.keys() | images.originals(set(named.values()))) & archive.media()


def _line(error: Exception) -> str:
    text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
    return f"{text.splitlines()[0] if text else type(error).__name__}"[:300]
