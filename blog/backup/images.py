"""The stored files of images: which of them a site's rows name, read into an archive and put back in place."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.apps.registry import Apps

from articles.image_store import ORIGINALS, media_root
from articles.images.names import extensions, file_name

CHUNK = 1024 * 1024


def named_files(apps: Apps) -> dict[str, str]:
    """Return the names below MEDIA_ROOT of all files that the rows of images name, each with the image's digest."""
    rows = apps.get_model("articles", "Image").objects.order_by("pk")
    return {
        file_name(digest, width, extension): digest
        for digest, widths, *kind in rows.values_list("digest", "widths", "format", "is_animated")
        for width in widths
        for extension in extensions(*kind)
    }


def originals(digests: set[str]) -> set[str]:
    """Return the names of the uploaded bytes. Images that were stored before these were kept have none."""
    return {f"{ORIGINALS}/{digest}" for digest in digests}


def path_of(name: str) -> Path:
    return media_root() / name


def chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
