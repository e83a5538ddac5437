"""Faults that are really made beneath a running server, each for as long as a block lasts."""

import contextlib
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from articles.turns import WRITERS_LOCK

MEGABYTE = 1024 * 1024
SIZE = 8 * MEGABYTE


class Disk:
    """A small disk with `var/` of a server and its temporary files.

    Where nothing can be mounted, it is a folder, and what needs a disk is made in another way or left out: `why` says
    so, and the test that asks prints it.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="disk-"))
        done = _mount("-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(self.folder))
        self.why = done and f"no disk of its own, since {done}"
        for name in ("media", "tmp"):
            (self.folder / name).mkdir()

    def remove(self) -> None:
        subprocess.run(["umount", "--lazy", self.folder], check=False, capture_output=True)
        subprocess.run(["rm", "-rf", self.folder], check=True)

    @contextlib.contextmanager
    def full(self, processes: list[int]) -> Iterator[None]:
        """Leave no room. On a folder, the processes may write to no file from its first byte on (EFBIG)."""
        if self.why:
            print(f"The disk is not full but forbidden: {self.why}.", file=sys.stderr)
            before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in processes}
            for pid, (_soft, hard) in before.items():
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
            try:
                yield
            finally:
                for pid, limits in before.items():
                    resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
            return
        ballast = self.folder / "ballast"
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        try:
            yield
        finally:
            ballast.unlink()

    @property
    def why_not_read_only(self) -> str:
        """Where nothing can be mounted, modes do it, unless they do not count for who may do everything."""
        if not self.why:
            return ""
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            Path(name).chmod(0o555)
            return self.why if os.access(name, os.W_OK) else ""

    @contextlib.contextmanager
    def read_only(self) -> Iterator[None]:
        """Let nothing be opened to write. What is open stays so, as on a disk that a system gives up."""
        if self.why:
            modes = {path: path.stat().st_mode for path in (self.folder, *self.folder.rglob("*"))}
            for path, mode in modes.items():
                path.chmod(mode & 0o555)
            try:
                yield
            finally:
                for path, mode in modes.items():
                    path.chmod(mode)
            return
        for options in (["--bind", self.folder], ["-o", "remount,bind,ro"]):
            if told := _mount(*map(str, options), str(self.folder)):
                raise OSError(told)
        try:
            yield
        finally:
            subprocess.run(["umount", "--lazy", self.folder], check=True)


def _mount(*arguments: str) -> str:
    """Mount something; return why it cannot be, "" where it is."""
    try:
        return subprocess.run(["mount", *arguments], check=False, capture_output=True, text=True).stderr.strip()
    except OSError as error:
        return str(error)


@contextlib.contextmanager
def writers_locked(database: Path | None) -> Iterator[None]:
    """Be somebody who writes texts and logins without an end; `database` is the file where it is SQLite."""
    if database:
        other = sqlite3.connect(database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        other = connection.copy()
        other.set_autocommit(False)
        cursor = other.cursor()
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS_LOCK])
        cursor.execute("LOCK TABLE auth_user, articles_unsavedtext IN EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


@contextlib.contextmanager
def database_read_only() -> Iterator[None]:
    """Let PostgreSQL take no write, as a standby does."""
    named = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{named}" SET default_transaction_read_only = on')
        _end_connections(cursor)
        try:
            yield
        finally:
            cursor.execute("SET default_transaction_read_only = off")
            cursor.execute(f'ALTER DATABASE "{named}" RESET default_transaction_read_only')
            _end_connections(cursor)


def _end_connections(cursor) -> None:
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def end_who_waits_for_a_turn() -> None:
    """End the connection to PostgreSQL of a writer who waits for another one, once there is one."""
    with connection.cursor() as cursor:
        for _ in range(400):
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event = 'advisory'"
            )
            if cursor.fetchall():
                return
            time.sleep(0.01)


def copy_database(file: Path) -> None:
    """Put what is committed in the database of the tests into a file, also under a server that has it open."""
    with (
        contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"])) as made,
        contextlib.closing(sqlite3.connect(file)) as copy,
    ):
        made.backup(copy)


def kill_renderers(workers: list[int]) -> int:
    """End the processes that render texts for some workers; return how many there were."""
    killed = 0
    for worker in workers:
        for task in Path(f"/proc/{worker}/task").iterdir():
            for child in (task / "children").read_text().split():
                os.kill(int(child), 9)
                killed += 1
    return killed
