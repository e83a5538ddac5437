"""Commands of `manage.py`, each in a process that a test can kill: they fork off one that has loaded Django already.

`python -m blog.tests.forking FOLDER` reads a command from each line of its input, a list in JSON, and writes the number
of the process that follows it, then how that one ended. FOLDER is the DATA_DIR.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


class Commands:
    """Follows commands on a site of its own: a folder and a database."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "blog.tests.forking", str(folder)],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": database_url, "SECRET_KEY": settings.SECRET_KEY},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def follow(self, command: list[str], kill_after: float | None = None) -> float:
        """Follow a command, kill it after some seconds; return how long it took. Without a kill, it must succeed."""
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        pid, started = int(self.process.stdout.readline()), time.monotonic()
        timer = threading.Timer(kill_after or 0, kill, (pid,))
        if kill_after is not None:
            timer.start()
        status = int(self.process.stdout.readline())
        timer.cancel()
        assert status == 0 or kill_after is not None, f"{command} ended with {status}"
        return time.monotonic() - started

    def close(self) -> None:
        self.process.communicate()


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def main() -> None:
    django.setup()
    settings.DATA_DIR = Path(sys.argv[1])
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            follow(json.loads(line))
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)


def follow(command: list[str]) -> None:
    """Follow a command and end the process."""
    sys.stdout = sys.stderr
    status = 1
    try:
        call_command(*command)
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    main()
