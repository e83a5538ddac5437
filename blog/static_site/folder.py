"""The folder of a copy: which files an earlier run wrote there, and how new ones take their places.

What the runs know of it lies in a folder of its own inside. A run that is killed leaves whole files only, and the next
one knows them: each name is noted before its file is written.
"""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from .compression import ENDS, compressed
from .problems import ExportError

OWN = ".export_site"
FORMAT = 1


class Entry(NamedTuple):
    """A file: the digest of its content, and size and time of it and of its compressed forms, by their ends."""

    digest: str
    forms: dict[str, list[int]]


class Folder:
    """A folder that belongs to `export_site`."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.own = self.path / OWN
        # What the last whole run wrote, and what a run after it noted that came to no end.
        self.known: dict[str, Entry] = {}
        self.left: set[str] = set()
        self.state: dict = {}
        self._checked: set[str] = set()

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Take the folder for one run, and read what is known of it; raise ExportError where it is not ours."""
        if not self.own.is_dir():
            if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
                raise ExportError(f"{self.path} is not empty, and export_site did not write it.")
            self.own.mkdir(parents=True)
        with (self.own / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise ExportError(f"Another run is writing to {self.path}.") from None
            self._read()
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary.mkdir()
            try:
                yield
            finally:
                shutil.rmtree(self._temporary, ignore_errors=True)

    def _read(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.left = set(self._journal.read_text().splitlines())
        try:
            read = json.loads((self.own / "manifest.json").read_text())
            if read["format"] == FORMAT:
                self.state = read["state"]
            self.known = {name: Entry(*entry) for name, entry in read["files"].items()}
        except FileNotFoundError:
            pass
        except (ValueError, KeyError, TypeError):
            raise ExportError(f"{self.own / 'manifest.json'} cannot be read; empty the folder.") from None

    @property
    def _journal(self) -> Path:
        return self.own / "journal"

    @property
    def _temporary(self) -> Path:
        return self.own / "new"

    @cached_property
    def _notes(self) -> int:
        """The journal, open in each process: what is added to its end in one piece stays in one piece."""
        return os.open(self._journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def stands(self, name: str) -> Entry | None:
        """Return what is known of a file, where it is as it was written."""
        entry = self.known.get(name)
        if entry is None:
            return None
        try:
            for end, facts in entry.forms.items():
                if _facts(f"{self.path}/{name}{end}") != facts:
                    return None
        except OSError:
            return None
        return entry

    def put(self, name: str, content: bytes, content_type: str) -> tuple[Entry, bool]:
        """Write a file unless it has this content already; return what is known of it, and whether it was written."""
        digest = blake2b(content, digest_size=16).hexdigest()
        if (entry := self.stands(name)) and entry.digest == digest:
            return entry, False
        path = f"{self.path}/{name}"
        self._check(name)
        os.write(self._notes, f"{name}\n".encode())
        self.left.add(name)
        forms = {"": content} | compressed(content, content_type)
        for end in ENDS:
            if end not in forms and os.path.lexists(f"{path}{end}"):
                Path(f"{path}{end}").unlink()
        written_at: int | None = None
        entry = Entry(digest, {})
        for end, form in forms.items():
            entry.forms[end] = self._replace(f"{path}{end}", form, written_at)
            # A server tells the date of what it sends, in whichever form: all have one.
            written_at = written_at or entry.forms[end][1]
        return entry, True

    def _check(self, name: str) -> None:
        around = os.path.dirname(name)  # noqa: PTH120, as in _facts
        if around not in self._checked:
            self._check_folder(self.path / around)
            self._checked.add(around)
        path = f"{self.path}/{name}"
        if name not in self.known and name not in self.left and os.path.lexists(path):
            raise ExportError(f"{path} is in the way, and export_site did not write it.")

    def _check_folder(self, path: Path) -> None:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ExportError(f"{path} cannot be made: {error.strerror}.") from None
        if not path.resolve().is_relative_to(self.path):
            raise ExportError(f"{path} leads out of the folder.")

    def _replace(self, path: str, content: bytes, written_at: int | None) -> list[int]:
        """Write a file beside its place and move it there, so that nobody ever finds half of one."""
        new = f"{self._temporary}/{os.getpid()}"
        with open(new, "wb") as file:
            file.write(content)
        if written_at:
            os.utime(new, ns=(written_at, written_at))
        try:
            os.replace(new, path)  # noqa: PTH105, as in _facts
        except OSError as error:
            raise ExportError(f"{path} cannot be written: {error.strerror}.") from None
        return _facts(path)

    def remove_all_but(self, names: Iterable[str]) -> int:
        """Remove the files of earlier runs that are no longer part of the copy; return how many."""
        gone = (self.known.keys() | self.left) - set(names)
        for name in gone:
            path = self.path / name
            if not path.parent.resolve().is_relative_to(self.path):
                # Somebody put a link in the place of a folder.
                continue
            for end in ("", *ENDS):
                Path(f"{path}{end}").unlink(missing_ok=True)
            for folder in path.parents:
                if folder == self.path:
                    break
                try:
                    folder.rmdir()
                except OSError:
                    break
        return len(gone)

    def keep(self, state: dict, files: dict[str, Entry]) -> None:
        """Note a run that came to its end: of which state of the site it is, and what it wrote."""
        text = json.dumps({"format": FORMAT, "state": state, "files": files}, separators=(",", ":"))
        self._replace(str(self.own / "manifest.json"), text.encode(), None)
        self._journal.unlink(missing_ok=True)

    def keep_redirects(self, lines: Iterable[str]) -> None:
        """Write the file of redirects for nginx."""
        self._replace(str(self.own / "redirects.map"), "".join(lines).encode(), None)


def _facts(path: str) -> list[int]:
    status = os.stat(path)  # noqa: PTH116, a Path for each of many thousand files takes longer than the question
    return [status.st_size, status.st_mtime_ns]
