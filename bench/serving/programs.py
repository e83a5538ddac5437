"""Servers in the background: started, waited for until they answer, and stopped whatever happens."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.environments import INHERITED

PATIENCE = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Server:
    """A program that answers at a port of 127.0.0.1; `folder` is where it runs, `path` a page that it has."""

    command: list[str]
    folder: Path
    path: str
    variables: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    def url(self, path: str = "") -> str:
        return f"http://127.0.0.1:{self.port}{path or self.path}"

    @property
    def shown(self) -> str:
        """The command and what it is told, without the paths of this machine."""
        told = [f"{name}={value}" for name, value in self.variables.items() if not {"/", " "} & set(value)]
        words = [Path(word).name if word.startswith("/") else word for word in self.command]
        return " ".join([*told, *words])

    @contextlib.contextmanager
    def running(self) -> Iterator[subprocess.Popen]:
        """Give the process once it has answered; end it and its workers afterwards."""
        words = [word.replace("PORT", str(self.port)) for word in self.command]
        log = self.folder / f"server-{self.port}.log"
        with log.open("w") as output:
            process = subprocess.Popen(  # noqa: S603, our own commands
                words,
                cwd=self.folder,
                env=INHERITED | self.variables | {"PORT": str(self.port)},
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C ends the measurement, which ends the servers.
                start_new_session=True,
            )
        try:
            self._wait(process, log)
            yield process
        finally:
            stop(process)

    def _wait(self, process: subprocess.Popen, log: Path) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(OSError):
                if self._has_page():
                    return
            time.sleep(0.005)
        raise SystemExit(f"{' '.join(self.command)} does not answer at {self.url()}:\n{log.read_text()[-2000:]}")

    def _has_page(self) -> bool:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request("GET", self.path)
            response = connection.getresponse()
            response.read()
        return response.status == 200


def stop(process: subprocess.Popen) -> None:
    # To gunicorn and nginx, this is to end at once.
    process.send_signal(signal.SIGINT)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def workers(process: subprocess.Popen) -> list[int]:
    """Return the ids of the processes that a server has started."""
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
