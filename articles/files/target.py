"""The folder that an export writes: only files that differ, each whole or not at all, and nobody else's."""

import contextlib
import fcntl
import filecmp
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from articles import languages
from articles.models import key_validator

from .plain_files import read_bytes
from .problems import ImportProblems

TEMPORARY = ".export.tmp"
# What else a native folder may hold.
KNOWN = {"tags.yaml", "series.yaml", "authors.yaml", "site.yaml", "redirects.yaml", "_images", "_pages"}


class ExportRefused(Exception):
    """A folder that cannot be written; the sentence says why."""


class Target:
    """An open folder. `written` names what the export has put there or found there as it is to be."""

    def __init__(self, root: Path, say: Callable[[str, str], None]) -> None:
        self.root, self.say = root, say
        self.written: set[str] = set()
        self.changes = 0

    @contextlib.contextmanager
    def opened(self) -> Iterator["Target"]:
        """Make the folder, or take it where it is one of this kind; no other export writes it meanwhile.

        Raise ExportRefused.
        """
        if self.root.exists() and not self.root.is_dir():
            raise ExportRefused(f"{self.root} is no folder.")
        self.root.mkdir(parents=True, exist_ok=True)
        if not looks_native(self.root):
            raise ExportRefused(
                f"{self.root} is not empty and holds no articles. Name a new folder, or one that was exported before."
            )
        lock = os.open(self.root, os.O_RDONLY)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ExportRefused(f"Another export is writing to {self.root}.") from None
            try:
                yield self
            finally:
                (self.root / TEMPORARY).unlink(missing_ok=True)
        finally:
            os.close(lock)

    def write(self, name: str, content: str | Path, may_replace: Callable[[Path], bool] | None = None) -> None:
        """Let a file hold a text, or what another file holds; one that does already is not touched.

        Another one is replaced where `may_replace` allows it, else left as it is, and named.
        """
        path, kind = self._path(name), "written"
        self.written.add(name)
        if os.path.lexists(path):
            if _holds(path, content):
                return
            if may_replace and not may_replace(path):
                self.leave(name, "edited here, and not imported; delete it to have the site’s text here")
                return
            kind = "updated"
        temporary = self.root / TEMPORARY
        # Not what somebody may have put there, such as a link that leads elsewhere.
        temporary.unlink(missing_ok=True)
        with temporary.open("xb") as file:
            if isinstance(content, Path):
                with content.open("rb") as source:
                    shutil.copyfileobj(source, file)
            else:
                file.write(content.encode())
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(path)
        self._tell(name, kind)

    def read(self, name: str) -> str:
        """Return the text of a file that an earlier export wrote, "" where there is none."""
        path = self._path(name)
        try:
            return read_bytes(path).decode() if path.is_file() else ""
        except (UnicodeDecodeError, ImportProblems):
            return ""

    def with_others(self, name: str, entries: Mapping[str, Any]) -> dict[str, Any]:
        """Return the entries of a YAML file beside those that an export of something else put into it, by their keys.

        Raise ExportRefused where there is a file that cannot be read.
        """
        path = self._path(name)
        try:
            there = yaml.safe_load(read_bytes(path).decode()) or {} if path.is_file() else {}
            return dict(sorted({**there, **entries}.items()))
        except (yaml.YAMLError, TypeError, RecursionError, UnicodeDecodeError, ImportProblems):
            raise ExportRefused(f"{self.root / name} cannot be read; mend it, or export everything.") from None

    def remove(self, name: str) -> None:
        self._path(name).unlink()
        self._tell(name, "removed")

    def leave(self, name: str, reason: str) -> None:
        self.say(name, f"left as it is: {reason}")

    def folders(self) -> list[str]:
        """Return the names of what may be folders of articles."""
        return sorted(
            path.name for path in self.root.iterdir() if key_validator.regex.match(path.name) and is_own(path)
        )

    def unwritten(self, folder: str) -> list[str]:
        """Return the files of a folder that this export has not written; no dot files."""
        place = self.root / folder
        names = sorted(f"{folder}/{path.name}" for path in place.iterdir()) if is_own(place) else []
        return [name for name in names if name not in self.written and not name.startswith(f"{folder}/.")]

    def forget(self, folder: str) -> None:
        """Remove a folder with nothing in it."""
        with contextlib.suppress(OSError):
            (self.root / folder).rmdir()

    def _path(self, name: str) -> Path:
        path = self.root / name
        for folder in path.parents:
            if folder == self.root:
                return path
            if folder.is_symlink():
                raise ExportRefused(f"{folder} is a link; an export writes within its own folder alone.")
        raise ExportRefused(f"{path} lies outside of {self.root}.")

    def _tell(self, name: str, outcome: str) -> None:
        self.changes += 1
        self.say(name, outcome)


def is_own(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def looks_native(root: Path) -> bool:
    """Return whether a folder is empty, dot files aside, or holds something of the native format."""
    names = [path.name for path in root.iterdir() if not path.name.startswith(".")]
    texts = [f"index.{code}.md" for code in languages.codes()]
    return not names or any(name in KNOWN or any((root / name / text).exists() for text in texts) for name in names)


def _holds(path: Path, content: str | Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    if isinstance(content, Path):
        return filecmp.cmp(path, content, shallow=False)
    data = content.encode()
    return path.stat().st_size == len(data) and path.read_bytes() == data
