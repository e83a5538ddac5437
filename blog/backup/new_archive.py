"""An archive that is being written: part by part, never in memory as a whole, and under its name only once complete."""

import contextlib
import hashlib
import json
import os
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from .refusal import BackupRefused

# What a killed backup leaves behind.
UNFINISHED = ".new-backup-"
HOUR = 60 * 60

MANIFEST = "manifest.json"
# Far more than any row can hold; a reader of archives refuses longer ones.
MAX_LINE = 32 * 1024 * 1024


class NewArchive:
    """Writes to a file that is empty and open. It is an archive once `finish` was called."""

    def __init__(self, file: BinaryIO) -> None:
        self.zip = ZipFile(file, "w")
        # What the manifest says of each part.
        self.files: dict[str, dict] = {}

    def __enter__(self) -> "NewArchive":
        return self

    def __exit__(self, *error: object) -> None:
        # After an error it is of no use; left open, it would write to the closed file.
        with contextlib.suppress(OSError, ValueError):
            self.zip.close()

    def add(self, name: str, chunks: Iterable[bytes], is_packed: bool = False) -> dict:
        """Write a part, compressed or as it is, and return what the manifest says of it."""
        digest, size = hashlib.sha256(), 0
        with self.zip.open(_info(name, ZIP_DEFLATED if is_packed else ZIP_STORED), "w", force_zip64=True) as part:
            for chunk in chunks:
                part.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.files[name] = {"size": size, "sha256": digest.hexdigest()}
        return self.files[name]

    def add_rows(self, label: str, rows: Iterable[dict]) -> None:
        """Write the rows of a table."""
        count = 0

        def lines() -> Iterator[bytes]:
            nonlocal count
            for row in rows:
                count += 1
                yield _line(row, label)

        part = self.add(f"data/{label}.jsonl", lines(), is_packed=True)
        part["rows"] = count

    def finish(self, facts: dict) -> None:
        """Write the manifest, of all that was added and some facts more."""
        manifest = json.dumps(facts | {"files": self.files}, indent=1, sort_keys=True).encode()
        with self.zip.open(_info(MANIFEST, ZIP_DEFLATED), "w") as part:
            part.write(manifest)
        self.zip.close()


def _info(name: str, method: int) -> ZipInfo:
    # The earliest date that a ZIP file can hold: the same data gives the same bytes.
    info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = method
    info.external_attr = (stat.S_IFREG | 0o600) << 16
    return info


def _line(row: dict, label: str) -> bytes:
    # Sorted: PostgreSQL keeps no order of the keys in JSON.
    line = json.dumps(row, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    if len(line) > MAX_LINE:
        raise BackupRefused(f"A row of {label} has {len(line)} bytes, more than an archive takes.")
    return line


@contextlib.contextmanager
def file_in_place(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write that only its owner can read, and put it at `path` at the end; after an error, remove it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in path.parent.glob(f"{UNFINISHED}*"):
        with contextlib.suppress(FileNotFoundError):
            # Nobody writes to it any more: its process was killed.
            if left.stat().st_mtime < time.time() - HOUR:
                left.unlink()
    number, name = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
    try:
        with open(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            raise FileExistsError(17, "there is a file of this name", str(path))
        Path(name).rename(path)
        _sync_folder(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
