"""An archive that is read. Nothing in it is believed before it is checked, and nothing is written by its names."""

import hashlib
import json
import re
import shutil
import stat
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.conf import settings

from articles.images.names import FILE_NAME

from .making import FORMAT
from .new_archive import MANIFEST, MAX_LINE
from .refusal import BackupRefused
from .rows import Node

CHUNK = 1024 * 1024
MAX_MANIFEST = 128 * 1024 * 1024
# No table of texts packs so well; below the size, it does no harm.
MAX_RATIO, HARMLESS = 250, 256 * 1024 * 1024

# No folder above, no absolute path, no two names that a file system takes for one.
NAME = re.compile(rf"data/[a-z0-9_]+\.[a-z0-9_]+\.jsonl|media/(?:{FILE_NAME.pattern}|originals/[0-9a-f]{{64}})")
DIGEST = re.compile(r"[0-9a-f]{64}")

ENCRYPTED = 0x1
# All that reading a damaged file can end in.
DAMAGES = (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself."""

    made_at: datetime
    has_secrets: bool
    migrations: tuple[Node, ...]
    lost: set[str]
    files: dict[str, dict]


class Archive:
    """Raise BackupRefused, here and from each method, where the file is no archive or not whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists() and not path.is_file():
            # A device may have no end, a pipe is waited for.
            raise BackupRefused(f"{path} is no backup: it is no plain file.")
        try:
            self.zip = ZipFile(path)
        except FileNotFoundError:
            raise BackupRefused(f"There is no file {path}.") from None
        except DAMAGES:
            raise BackupRefused(f"{path} is no backup: it is no ZIP file, or its end is missing.") from None
        try:
            self.parts = self._parts()
            self.manifest = self._read_manifest()
            self._compare()
        except BaseException:
            self.zip.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *error: object) -> None:
        self.zip.close()

    def refusal(self, problem: str) -> BackupRefused:
        return BackupRefused(f"{self.path}: {problem}")

    def check(self) -> None:
        """Read everything once."""
        for name in self.manifest.files:
            for _chunk in self.chunks(name):
                pass

    def media(self) -> set[str]:
        """Return the names of the image files in it, as they are below MEDIA_ROOT."""
        return {name.removeprefix("media/") for name in self.manifest.files if name.startswith("media/")}

    def labels(self) -> set[str]:
        """Return the labels of the models whose rows it holds."""
        return {
            name.removeprefix("data/").removesuffix(".jsonl")
            for name in self.manifest.files
            if name.startswith("data/")
        }

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a part; what was yielded is right once the last one came without an error."""
        return self._pieces(name, lambda part: part.read(CHUNK))

    def rows(self, label: str) -> Iterator[dict]:
        """Yield the rows of a model, of which nothing is known but that they are JSON."""
        name, number = f"data/{label}.jsonl", 0
        for number, line in enumerate(self._pieces(name, lambda part: part.readline(MAX_LINE + 1)), 1):
            try:
                if len(line) > MAX_LINE:
                    raise ValueError("too long")
                yield json.loads(line, parse_constant=_refuse)
            except (ValueError, RecursionError):
                raise self.refusal(f"line {number} of {name} is no row.") from None
        if number != self.manifest.files[name]["rows"]:
            raise self.refusal(f"{name} has another number of rows than the manifest says.")

    def _pieces(self, name: str, read: Callable[[BufferedReader], bytes]) -> Iterator[bytes]:
        said, digest, size = self.manifest.files[name], hashlib.sha256(), 0
        try:
            with BufferedReader(self.zip.open(self.parts[name]), CHUNK) as part:
                while piece := read(part):
                    digest.update(piece)
                    size += len(piece)
                    yield piece
        except DAMAGES:
            raise self.refusal(f"{name} is damaged.") from None
        if (size, digest.hexdigest()) != (said["size"], said["sha256"]):
            raise self.refusal(f"{name} is not what the manifest says.")

    def _parts(self) -> dict[str, ZipInfo]:
        parts: dict[str, ZipInfo] = {}
        for info in self.zip.infolist():
            if problem := _fault(info):
                raise self.refusal(f"{ascii(info.orig_filename)[:120]} {problem}.")
            if info.filename in parts:
                raise self.refusal(f"{info.filename} stands in it twice.")
            parts[info.filename] = info
        # Parts that share their bytes would be more than the file can hold.
        if sum(info.compress_size for info in parts.values()) > self.path.stat().st_size:
            raise self.refusal("its parts are larger than itself.")
        needed, free = sum(info.file_size for info in parts.values()), shutil.disk_usage(settings.DATA_DIR).free
        if needed > free:
            raise self.refusal(f"it unpacks to {needed // 10**6} MB, and {free // 10**6} MB are free.")
        return parts

    def _read_manifest(self) -> Manifest:
        if MANIFEST not in self.parts:
            raise self.refusal(f"it is no backup of this software: it has no {MANIFEST}.")
        try:
            if self.parts[MANIFEST].file_size > MAX_MANIFEST:
                raise ValueError("too long")
            said = json.loads(self.zip.read(self.parts[MANIFEST]), parse_constant=_refuse)
            if said["format"] > FORMAT:
                raise self.refusal("it was made by a newer release, in another format.")
            return _manifest(said)
        except (*DAMAGES, LookupError, TypeError, AttributeError, RecursionError):
            raise self.refusal(f"its {MANIFEST} is damaged.") from None

    def _compare(self) -> None:
        """Hold the parts against the manifest, as far as that goes without reading them."""
        said = self.manifest.files
        if missing := sorted(said.keys() - self.parts.keys()):
            raise self.refusal(f"{missing[0]} is missing.")
        if unknown := sorted(self.parts.keys() - said.keys() - {MANIFEST}):
            raise self.refusal(f"{unknown[0]} is not in its manifest.")
        for name, about in said.items():
            if self.parts[name].file_size != about["size"]:
                raise self.refusal(f"{name} is not what the manifest says.")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _fault(info: ZipInfo) -> str:
    """Return why a part can be none of ours, "" where it can."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.orig_filename != MANIFEST and not NAME.fullmatch(info.orig_filename):
        return "is no name of a part"
    if kind not in (0, stat.S_IFREG):
        return "is no plain file"
    if info.flag_bits & ENCRYPTED or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return "is packed in a way that backups are not"
    # Images are packed in themselves.
    is_stored = info.compress_type == ZIP_STORED or info.filename.startswith("media/")
    if is_stored and info.compress_size != info.file_size:
        return "has two sizes"
    if info.file_size > HARMLESS and info.file_size > MAX_RATIO * info.compress_size:
        return "unpacks to far more than texts do"
    return ""


def _manifest(said: dict) -> Manifest:
    files, lost = said["files"], said["lost"]
    for name, about in files.items():
        numbers = [about["size"], *([about["rows"]] if name.startswith("data/") else [])]
        if not (NAME.fullmatch(name) and DIGEST.fullmatch(about["sha256"]) and all(type(n) is int for n in numbers)):
            raise ValueError(name)
        if name.startswith("media/originals/") and not name.endswith(about["sha256"]):
            raise ValueError(name)
    migrations = tuple(tuple(node.split(".", 1)) for node in said["migrations"])
    is_plain = type(said["has_secrets"]) is bool and all(map(FILE_NAME.fullmatch, lost))
    if not is_plain or not all(len(node) == 2 for node in migrations):
        raise ValueError("another form")
    return Manifest(datetime.fromisoformat(said["made_at"]), said["has_secrets"], migrations, set(lost), files)
