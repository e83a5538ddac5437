"""Other systems, which the site is compared with: each in an environment of its own, outside the project."""

import os
import subprocess
import sys
from pathlib import Path

# Nothing of the caller's own settings reaches a program that is measured.
INHERITED = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}


def environment(requirements: list[str]) -> Path:
    """Return the folder of the programs of some packages, made if it is missing or of other versions."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "recto-verso-bench" / "-".join(requirements).replace("==", "-")
    done = folder / "done"
    if not done.exists():
        print(f"Installing {', '.join(requirements)} in {folder}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)  # noqa: S603
        subprocess.run([folder / "bin" / "pip", "install", "-qq", *requirements], check=True)  # noqa: S603
        done.touch()
    return folder / "bin"
