"""Rendering in a process of its own, since only a process can really be stopped, whatever a text makes it do."""

import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from weakref import WeakSet

from .limits import BodyRefused, Reason, check
from .rendering import Rendered
from .words import words_in

# Seconds by the clock: for a text, on which the process works for less by itself, and for the process to start.
TIME_LIMIT = 10.0
START_LIMIT = 30.0

PROJECT = Path(__file__).resolve().parents[2]

# Gives what was rendered ahead of need, None for any other text: see ahead.py.
rendered_ahead: ContextVar[Callable[[str, str], Rendered | None]] = ContextVar(
    "rendered_ahead", default=lambda body, language: None
)


@lru_cache(maxsize=4)
def render(body: str, language: str) -> Rendered:
    """Render a body written in `language`, a code of `LANGUAGES`; raise BodyRefused, after two seconds of work at most.

    The last few are kept: a form renders to find faults, and saving asks for the same again.
    """
    # What was rendered ahead was checked there.
    return rendered_ahead.get()(body, language) or _checked(body, language)


def _checked(body: str, language: str) -> Rendered:
    check(body)
    return _process.render(body, language)


class RendererProcess:
    """The process, started when it is first needed and again after it ended. Threads take turns."""

    def __init__(self, niceness: int = 0) -> None:
        # By how much it lets other processes go first (setpriority(2)), beyond what this one does.
        self.niceness = niceness
        self.turn = threading.Lock()
        self.process: subprocess.Popen | None = None
        _processes.add(self)

    def render(self, body: str, language: str) -> Rendered:
        request = json.dumps({"body": body, "language": language, "words": words_in(language)})
        with self.turn:
            answer = self.answer(request.encode() + b"\n")
        if "refused" in answer:
            raise BodyRefused(Reason(answer["refused"]), answer["line"])
        return Rendered(**answer["rendered"])

    def answer(self, request: bytes) -> dict:
        """Ask, and once more where the process was ended from outside: that is no fault of the text."""
        for _ in range(2):
            try:
                self.start()
                return self.ask(request)
            except OSError:
                self.stop()
            except BaseException:
                # As by Ctrl-C in a shell. The answer still comes, and the next text must not take it for its own.
                self.stop()
                raise
        return {"refused": Reason.FAILED, "line": 0}

    def start(self) -> None:
        if self.process and self.process.poll() is None:
            return
        self.stop()
        command = [sys.executable, "-m", __package__]
        # Without buffers, a fork has no rest of a request that it could send once more.
        self.process = subprocess.Popen(  # noqa: S603, nothing of a request is in the command
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        if self.niceness:
            own = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, self.process.pid, own + self.niceness)
        self.line(START_LIMIT)

    def ask(self, request: bytes) -> dict:
        while request:
            request = request[self.process.stdin.write(request) :]
        try:
            return json.loads(self.line(TIME_LIMIT))
        except TimeoutError:
            self.stop()
            return {"refused": Reason.SLOW, "line": 0}

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
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
        self.process = None

    def forget(self) -> None:
        """Let go of what a fork has from its parent: a turn that may never end, and a process that is not its own."""
        self.turn = threading.Lock()
        if self.process:
            self.process.stdin.close()
            self.process.stdout.close()
            # Nobody is to wait for it here.
            self.process.returncode = 0
        self.process = None


_processes: WeakSet[RendererProcess] = WeakSet()
_process = RendererProcess()


def _forget_all() -> None:
    for process in _processes:
        process.forget()


os.register_at_fork(after_in_child=_forget_all)
