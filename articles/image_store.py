"""Encoded images stored, and taken away again: files below MEDIA_ROOT and one row for each content.

The bytes as they were uploaded are kept as well, below a folder that no address leads to: an export gives them back.

Files come before their row and go after it, so that no row is without its files, wherever a process is killed. What
such an end leaves behind has names that no page asks for, and the next upload of the same content takes it over.
"""

import contextlib
import fcntl
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from .images.encoding import Encoded, digest_of, encode
from .images.names import DIGEST_LENGTH
from .models import Image
from .turns import take_turns

# The folder of the uploaded bytes, each file named by its SHA-256. A photo's may tell where it was taken.
ORIGINALS = "originals"
# No address leads to a name that begins so.
WORKSPACE = ".new-"
# Machines that share the folder see each other's files, and through a network not each other's locks.
OWN_WORKSPACE = f"{WORKSPACE}{socket.gethostname()}-"
# Seconds after which nobody can be at work in one of another machine.
LONGEST_WORK = 24 * 60 * 60


def media_root() -> Path:
    return Path(settings.MEDIA_ROOT)


@contextlib.contextmanager
def workspace() -> Iterator[Path]:
    """Give a folder on the disk of the stored files, for `prepare`; what is left in it at the end goes with it.

    Wrap it around the transaction: where that fails, what `save` stored out of the folder goes as well.
    """
    media_root().mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        with _held(media_root(), waits=True):
            _clear_away()
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=media_root(), prefix=OWN_WORKSPACE)))
            stack.enter_context(_held(folder))
        try:
            yield folder
        except BaseException:
            for encoded in folder.iterdir():
                discard(encoded.name)
            raise


def _clear_away() -> None:
    """Remove the workspaces of processes that were killed."""
    for left in media_root().glob(f"{WORKSPACE}*"):
        # What somebody still holds, or ends at this moment, is no concern of ours.
        with contextlib.suppress(OSError):
            if left.name.startswith(OWN_WORKSPACE) or time.time() > left.lstat().st_mtime + LONGEST_WORK:
                with _held(left):
                    shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def _held(folder: Path, *, waits: bool = False) -> Iterator[None]:
    """Hold a folder alone, for as long as this process lives at most; raise OSError where another one does."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | (0 if waits else os.O_NOFOLLOW))
    try:
        fcntl.flock(number, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(number)


def stored(digest: str) -> Image | None:
    """Return the image with this content, where its files are there as well."""
    image = Image.objects.filter(digest=digest).first()
    whole = image and all((media_root() / name).is_file() for name in image.stored_names())
    return image if whole else None


def original(image: Image) -> Path | None:
    """Return the file of the bytes as they were uploaded, None where they were stored before these were kept."""
    path = media_root() / ORIGINALS / image.digest
    return path if path.is_file() else None


def prepare(data: bytes, folder: Path) -> Image | Encoded:
    """Return the stored image with this content, or the content encoded into a workspace; raise ImageRefused.

    Encoding takes seconds: call it before a transaction makes other writers wait.
    """
    image = stored(digest_of(data))
    if image:
        if original(image) is None:
            _keep_original(_written(data, folder / image.digest))
        return image
    encoded = encode(data, folder)
    _written(data, encoded.folder / encoded.digest)
    return encoded


def _written(data: bytes, path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def _keep_original(path: Path) -> None:
    """Move the uploaded bytes, in a file named by their digest, to where they are kept."""
    (media_root() / ORIGINALS).mkdir(exist_ok=True)
    path.replace(media_root() / ORIGINALS / path.name)


@transaction.atomic
def save(image: Image, prepared: Image | Encoded) -> Image:
    """Store what `prepare` gave under a new row, which has a file name and perhaps key, alt and uploader.

    Return it, or the row that has this content already: that one's missing files are put back.
    """
    if isinstance(prepared, Image):
        return prepared
    take_turns()
    image = Image.objects.filter(digest=prepared.digest).first() or image
    for field in ("digest", "format", "width", "height", "widths", "is_animated"):
        setattr(image, field, getattr(prepared, field))
    for path in prepared.folder.iterdir():
        if path.name == prepared.digest:
            _keep_original(path)
        else:
            path.replace(media_root() / path.name)
    image.save()
    return image


def delete(image: Image) -> None:
    """Delete an image with its files; raise ProtectedError where a text shows it."""
    with transaction.atomic():
        take_turns()
        image.delete()
        transaction.on_commit(partial(discard, image.digest))


@transaction.atomic
def discard(digest: str) -> None:
    """Remove the files of a content that no row names, not even one that was saved a moment ago."""
    take_turns()
    start = digest[:DIGEST_LENGTH]
    if not Image.objects.filter(digest__startswith=start).exists():
        for path in (*media_root().glob(f"{start}-*"), *(media_root() / ORIGINALS).glob(f"{start}*")):
            path.unlink(missing_ok=True)
