"""The renderer's process: reads requests from its standard input, a line of JSON each, and answers each by a line.

It works on one text at a time and for a bounded time and memory; `process.py` starts it and ends it.
"""

import contextlib
import json
import resource
import signal
import sys
from dataclasses import asdict

from .limits import MAX_LENGTH, BodyRefused, Reason
from .rendering import Pipeline, Rendered
from .words import Words

# Seconds of the processor for one text: what else the machine does makes no text too dear. The parent waits longer, by
# the clock, and then ends this process.
TIME_LIMIT = 1.6

MEMORY_LIMIT = 1024 * 1024 * 1024


class TooSlow(BaseException):
    """Not an Exception: no handler on the way may take it for a fault of its own."""


class Renderer:
    def __init__(self) -> None:
        self.pipelines: dict[str, Pipeline] = {}
        self.at = ""
        self.is_late = False

    def note(self, text: str) -> None:
        self.at = text

    def answer(self, request: dict) -> dict:
        self.at, self.is_late = "", False
        try:
            rendered = self.rendered(**request)
        except BodyRefused as refusal:
            reason = refusal.reason
        except RecursionError:
            reason = Reason.DEEP
        except MemoryError:
            reason = Reason.LARGE
        except TooSlow:
            reason = Reason.SLOW
        except Exception as error:
            print(f"Rendering failed: {error!r}", file=sys.stderr)
            reason = Reason.FAILED
        else:
            return {"rendered": asdict(rendered)}
        # Whatever state the converter was left in, the next text must not see it.
        self.pipelines.clear()
        return {"refused": reason, "line": self.line(request["body"])}

    def rendered(self, body: str, language: str, words: Words) -> Rendered:
        signal.setitimer(signal.ITIMER_PROF, TIME_LIMIT)
        try:
            if language not in self.pipelines:
                self.pipelines[language] = Pipeline(language, words, self.note)
            rendered = self.pipelines[language].rendered(body)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if self.is_late:
            raise TooSlow
        return rendered

    def stop_work(self, *_: object) -> None:
        # An exception that reaches code called back from C may be lost there.
        self.is_late = True
        raise TooSlow

    def line(self, body: str) -> int:
        """Return the line that the piece of text in hand begins on, 0 where it cannot be found again."""
        piece = self.at[:MAX_LENGTH].strip()
        for words in (piece, piece.split("\n")[0], piece.split("\n")[0][:60]):
            if words and (place := body.find(words)) >= 0:
                return body.count("\n", 0, place) + 1
        return 0


def main() -> None:
    # Ctrl-C in a terminal is meant for the parent; this process ends when its input does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Python's own regular expressions look for signals while they match.
    renderer = Renderer()
    signal.signal(signal.SIGPROF, renderer.stop_work)
    # A system that knows no such limit, or has set a lower one, keeps its own.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(renderer.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
