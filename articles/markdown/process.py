"""Rendering in a process of its own, since only a process can really be stopped, whatever a text makes it do."""

import json
import os
import selectors
import subprocess
import sys
import threading
import time
from functools import lru_cache
from pathlib import Path

from .limits import BodyRefused, Reason, check
from .rendering import Rendered
from .words import words_in

# Seconds: for a text, a little more than the process gives itself, and for the process to start.
TIME_LIMIT = 2.0
START_LIMIT = 30.0

PROJECT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=4)
def render(body: str, language: str) -> Rendered:
    """Render a body written in `language`, a code of `LANGUAGES`, within two seconds; raise BodyRefused.

    The last few are kept: a form renders to find faults, and saving asks for the same again.
    """
    check(body)
    return _process.render(body, language)


class RendererProcess:
    """The process, started when it is first needed and again after it had to be ended. Threads take turns."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.process: subprocess.Popen | None = None
        # A fork has the descriptors of its parent's process, and must not talk into them.
        self.owner = 0

    def render(self, body: str, language: str) -> Rendered:
        request = json.dumps({"body": body, "language": language, "words": words_in(language)})
        with self.turn:
            try:
                self.start()
                answer = self.ask(request)
            except OSError:
                self.stop()
                raise BodyRefused(Reason.FAILED) from None
        if "refused" in answer:
            raise BodyRefused(Reason(answer["refused"]), answer["line"])
        return Rendered(**answer["rendered"])

    def start(self) -> None:
        if self.process and self.owner == os.getpid() and self.process.poll() is None:
            return
        command = [sys.executable, "-m", __package__]
        self.process = subprocess.Popen(  # noqa: S603, nothing of a request is in the command
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.owner = os.getpid()
        self.line(START_LIMIT)

    def ask(self, request: str) -> dict:
        self.process.stdin.write(request.encode() + b"\n")
        self.process.stdin.flush()
        try:
            return json.loads(self.line(TIME_LIMIT))
        except TimeoutError:
            self.stop()
            return {"refused": Reason.SLOW, "line": 1}

    def line(self, limit: float) -> bytes:
        """Return the next line of the process; raise TimeoutError after `limit` seconds, OSError at its end."""
        end, pieces = time.monotonic() + limit, []
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while not (pieces and pieces[-1].endswith(b"\n")):
                if not selector.select(max(0, end - time.monotonic())):
                    raise TimeoutError
                if not (piece := os.read(self.process.stdout.fileno(), 1024 * 1024)):
                    raise BrokenPipeError
                pieces.append(piece)
        return b"".join(pieces)

    def stop(self) -> None:
        if self.process and self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
        self.process = None


_process = RendererProcess()
