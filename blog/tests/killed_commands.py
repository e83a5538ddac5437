"""Commands that a test kills at some moment, with a database of SQLite in a file of its own."""

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from unittest import TestCase

from django.conf import settings
from django.db import connection


class KilledCommands:
    """Follows commands of `manage.py` in a folder of its own: `site/` holds the database and the images.

    `chance` is the same in every run with the same SEED.
    """

    def __init__(self, test: TestCase) -> None:
        self.test = test
        self.folder = Path(tempfile.mkdtemp())
        test.addCleanup(shutil.rmtree, self.folder)
        self.seed = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
        self.chance = random.Random(self.seed)
        self.site = self.folder / "site"
        self.site.mkdir()
        self.database = self.site / "db.sqlite3"
        with (
            contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"])) as made,
            contextlib.closing(sqlite3.connect(self.database)) as copy,
        ):
            made.backup(copy)
        self.said = self.folder / "said.txt"
        self.server = self.started()

    def started(self) -> subprocess.Popen:
        variables = {"DATABASE_URL": f"sqlite:///{self.database}", "SECRET_KEY": settings.SECRET_KEY}
        server = subprocess.Popen(
            [sys.executable, "-m", "blog.tests.forking", str(self.site)],
            cwd=settings.BASE_DIR,
            env=os.environ | variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said.open("ab"),
            text=True,
        )
        self.test.addCleanup(server.communicate)
        return server

    def run(self, *command: str, kill_after: float | None = None) -> float:
        """Follow a command, kill it after some seconds; return how long it took. Without a kill, it must succeed."""
        self.server.stdin.write(json.dumps(command) + "\n")
        self.server.stdin.flush()
        pid, started = int(self.server.stdout.readline()), time.monotonic()
        timer = threading.Timer(kill_after or 0, os.kill, (pid, signal.SIGKILL))
        if kill_after is not None:
            timer.start()
        status = int(self.server.stdout.readline())
        timer.cancel()
        if status and kill_after is None:
            self.test.fail(f"{command} ended with {status}, seed {self.seed}: {self.said.read_text()[-3000:]}")
        return time.monotonic() - started

    def rows(self, sql: str) -> list[tuple]:
        """Return rows of the database, after a look at whether it is whole."""
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            self.test.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.test.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])
            return database.execute(sql).fetchall()
