"""The project as somebody else gets it: a copy of the files under version control, in a folder of its own."""

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def files_under_version_control() -> list[str]:
    """Return the paths that a clone would hold, with what is new and not yet committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True).stdout
    return [path for path in listed.splitlines() if (settings.BASE_DIR / path).exists()]


@contextlib.contextmanager
def fresh_checkout() -> Iterator[Path]:
    """Give a copy of the project with this one's environment, and remove it afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "site"
        for path in files_under_version_control():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(settings.BASE_DIR / path, folder / path)
        (folder / ".venv").symlink_to(settings.BASE_DIR / ".venv")
        yield folder
