"""The real server for tests: gunicorn with the project's own settings, on the database of the tests."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection

from blog.tests.ports import free_port

GTHREAD = ("--worker-class", "gthread", "config.wsgi")


@dataclass
class Server:
    """One running server: each of its lines so far, and how to ask it as the readers of SITE_URL do."""

    port: int
    process: subprocess.Popen
    lines: list[str] = field(default_factory=list)

    def get(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> http.client.HTTPResponse:
        """Ask on a connection of its own; the response has its body as `content`. Names of headers have _ for -."""
        visitor = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            visitor.request(method, path, body, {"Host": urlsplit(settings.SITE_URL).netloc} | named)
            response = visitor.getresponse()
            response.content = response.read()
            return response
        finally:
            visitor.close()

    @property
    def workers(self) -> list[int]:
        """The processes that serve."""
        # Listed with the thread that made them, which is gunicorn's only one.
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextlib.contextmanager
def serving(*arguments: str, workers: int = 2, folder: Path = settings.BASE_DIR, **variables: str) -> Iterator[Server]:
    """Start gunicorn, with more arguments or environment variables than the project's, and stop it at the end.

    It is the project's own code, unless a folder with another copy is named. The tests must have committed what it
    shall see: only a TransactionTestCase does.
    """
    port = free_port()
    environment = os.environ | {
        "PORT": str(port),
        "SITE_URL": settings.SITE_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": database_url(),
        "WEB_CONCURRENCY": str(workers),
        # All visitors of the tests have one address.
        "THROTTLING": "0",
        # Nobody looks on, but tests do; and how long something takes is up to what else the machine does.
        "LOG_FORMAT": "text",
        "SLOW_REQUEST_SECONDS": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", *arguments],
        cwd=folder,
        env=environment | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    server, is_ready = Server(port, process), threading.Event()

    def read() -> None:
        for line in process.stdout:
            server.lines.append(line.rstrip())
            if line.startswith("Serving"):
                is_ready.set()
        is_ready.set()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        if not is_ready.wait(timeout=60) or process.poll() is not None:
            raise AssertionError("\n".join(server.lines))
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join()
        process.stdout.close()


def database_url() -> str:
    """Return the address of the database that the tests use, as DATABASE_URL has it."""
    named = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{named['NAME']}"
    return f"postgresql://{named['USER']}@{quote(named['HOST'], safe='')}/{named['NAME']}"
