"""A few text files and pictures in a zip, packed, and the texts unpacked, within bounds; no disk is written to."""

import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from .problems import FileRefused

# Of a text alone, and of all texts in a zip.
MAX_BYTES, MAX_ENTRIES = 4_000_000, 100
# Of a zip with its pictures, and of these.
MAX_PARCEL, MAX_PICTURES = 20_000_000, 15_000_000
PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# What systems put into a zip by themselves.
BY_THE_WAY = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


def packed(files: Mapping[str, str], pictures: Mapping[str, Path] | None = None) -> bytes:
    """Return a zip of texts and pictures by their paths; the same ones give the same bytes."""
    parcel = BytesIO()
    with zipfile.ZipFile(parcel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode())
        for name, path in (pictures or {}).items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return parcel.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the files of a zip by their paths, without pictures, which nobody translates; raise FileRefused."""
    if len(data) > MAX_PARCEL:
        raise too_large(MAX_PARCEL)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_ENTRIES:
                raise FileRefused(
                    _("This zip holds %(number)d files, far more than a translation has.") % {"number": len(entries)}
                )
            return dict(_contents(archive, entries))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise FileRefused(
            _("This zip is damaged, or of a kind that is not read. Pack it again, without a password.")
        ) from None


def _contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    left = MAX_BYTES
    names = set()
    for entry in entries:
        parts = PurePosixPath(entry.filename).parts
        if any(part in BY_THE_WAY for part in parts):
            continue
        _check(entry, parts)
        if entry.filename in names:
            raise FileRefused(_("“%(name)s” stands twice in this zip.") % {"name": entry.filename[:100]})
        names.add(entry.filename)
        if entry.filename.lower().endswith(PICTURES):
            continue
        with archive.open(entry) as file:
            # Whatever the zip says of the size.
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise too_large()
        yield entry.filename, content


def _check(entry: zipfile.ZipInfo, parts: tuple[str, ...]) -> None:
    name = {"name": entry.filename[:100]}
    is_absolute = not parts or entry.filename.startswith("/") or ":" in parts[0]
    if is_absolute or "\\" in entry.filename or ".." in parts:
        raise FileRefused(_("“%(name)s” in this zip leads out of its folder.") % name)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise FileRefused(_("“%(name)s” in this zip is a link, no file.") % name)
    if entry.compress_type not in METHODS or entry.flag_bits & 0x1:
        raise FileRefused(_("This zip is damaged, or of a kind that is not read. Pack it again, without a password."))


def too_large(bound: int = MAX_BYTES) -> FileRefused:
    return FileRefused(
        _("This is larger than a translation can be: at most %(number)d MB.") % {"number": bound // 1_000_000}
    )
