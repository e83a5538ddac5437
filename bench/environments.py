"""Other systems, which the site is compared with: each in an environment of its own, outside the project."""

import os
import subprocess
import sys
from pathlib import Path

# Nothing of the caller's own settings reaches a program that is measured.
INHERITED = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}


def environment(requirements: list[str]) -> Path:
    """Return the folder of the programs of some packages, made if it is missing or of other versions."""
    folder = cache() / "-".join(requirements).replace("==", "-")
    done = folder / "done"
    if not done.exists():
        print(f"Installing {', '.join(requirements)} in {folder}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)  # noqa: S603
        subprocess.run([folder / "bin" / "pip", "install", "-qq", *requirements], check=True)  # noqa: S603
        done.touch()
    return folder / "bin"


def npm_package(name: str, version: str) -> Path:
    """Return the folder of a package of npm, installed if it is missing; nothing of it is run for that."""
    around = cache() / f"{name.rpartition('/')[2]}-{version}"
    folder = around / "node_modules" / name
    done = around / "done"
    if not done.exists():
        print(f"Installing {name} in {around}", flush=True)
        around.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--ignore-scripts", "--prefix", around, f"{name}@{version}"]
        subprocess.run(command, check=True)  # noqa: S603
        done.touch()
    return folder


def cache() -> Path:
    """Return where all of it is kept, outside the project."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "recto-verso-bench"
