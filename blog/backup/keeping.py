"""Backups in a folder, each named by its time, of which the newest few are kept."""

import re
from datetime import UTC, datetime
from pathlib import Path

# In the order of time when sorted, and a file name on every system.
NAME = "%Y-%m-%dT%H-%M-%S.%fZ.zip"
NAMED_BY_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{6}Z\.zip")


def dated(folder: Path) -> Path:
    """Return the path for a backup made now."""
    return folder / datetime.now(UTC).strftime(NAME)


def thin_out(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups that `dated` named, and nothing else; return what went."""
    named = sorted(path for path in folder.iterdir() if NAMED_BY_TIME.fullmatch(path.name) and path.is_file())
    too_many = named[: len(named) - keep] if len(named) > keep else []
    for path in too_many:
        path.unlink()
    return too_many
