"""Files of a folder that somebody else may have made: read where they are plain files, lie in it and are small enough.

A symbolic link could lead to what nobody meant to publish, a pipe would never end, and a file without an end would fill
the memory.
"""

import errno
import os
import stat
import unicodedata
from pathlib import Path

from .problems import ImportProblems, Problem

# A body has at most 200,000 characters; a file of tags or redirects may name thousands.
MAX_TEXT, MAX_YAML = 1_000_000, 5_000_000
LEADS_OUT = "a symbolic link that leads out of the folder is not followed"
CIRCLE = "a symbolic link that leads in a circle"


def read_bytes(path: Path, limit: int | None = None) -> bytes:
    """Return what a plain file holds, at most so many bytes; by default what a Markdown or a YAML file may have.

    Raise ImportProblems, also for a link that leads elsewhere.
    """
    refuse_link_out(path)
    return read_linked(path, limit or (MAX_YAML if path.suffix == ".yaml" else MAX_TEXT))


def read_linked(path: Path, limit: int) -> bytes:
    """Return the same, wherever a link leads that the caller has looked at; raise ImportProblems."""
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise _refused(path, "this is no plain file")
            # It may grow meanwhile.
            data = file.read(limit + 1) if status.st_size <= limit else b""
            if max(status.st_size, len(data)) > limit:
                raise _refused(path, f"this file is larger than {limit // 1_000_000} MB")
            return data
    except OSError as error:
        raise _unreadable(path, error) from None


def refuse_link_out(path: Path) -> None:
    """Raise ImportProblems where a symbolic link leads anywhere but to something beside it."""
    try:
        if path.is_symlink() and path.resolve().parent != path.parent.resolve():
            raise _refused(path, LEADS_OUT)
    except OSError as error:
        raise _unreadable(path, error) from None
    except RuntimeError:
        # Until Python 3.12; from 3.13 on it is told where the file is read.
        raise _refused(path, CIRCLE) from None


def is_folder(path: Path) -> bool:
    """Return whether a path leads to a folder; raise ImportProblems where nobody may know."""
    try:
        return path.is_dir()
    except OSError as error:
        raise _unreadable(path, error) from None


def listed(folder: Path) -> list[Path]:
    """Return what lies in a folder, in order.

    Raise ImportProblems where it cannot be read, and where names are one name on another system, which tells neither
    capital letters nor the two ways to write an accent apart.
    """
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise _unreadable(folder, error) from None
    seen: dict[str, Path] = {}
    problems = []
    for path in paths:
        first = seen.setdefault(unicodedata.normalize("NFC", path.name).casefold(), path)
        if first is not path:
            problems.append(Problem(path, 1, f"on other systems this is the same name as “{first.name}”"))
        if not path.name.isprintable():
            # Also one that is not UTF-8.
            problems.append(Problem(path, 1, "this name holds signs that no name should"))
    if problems:
        raise ImportProblems(problems)
    return paths


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)


def _refused(path: Path, reason: str) -> ImportProblems:
    return ImportProblems([Problem(path, 1, reason)])


def _unreadable(path: Path, error: OSError) -> ImportProblems:
    return _refused(path, CIRCLE if error.errno == errno.ELOOP else f"cannot be read: {error.strerror}")
