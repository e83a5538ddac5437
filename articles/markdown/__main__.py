"""The renderer's process: reads requests from its standard input, a line of JSON each, and answers each by a line.

It works on one text at a time and for a bounded time and memory; `process.py` starts it and ends it.
"""

import json
import resource
import signal
import sys
from dataclasses import asdict

from .limits import Reason
from .rendering import Pipeline

# Seconds for one text. The parent waits a little longer, and then ends this process.
TIME_LIMIT = 1.6

MEMORY_LIMIT = 1024 * 1024 * 1024


class TooSlow(BaseException):
    """Not an Exception: no handler on the way may take it for a fault of its own."""


class Renderer:
    def __init__(self) -> None:
        self.pipelines: dict[str, Pipeline] = {}
        self.at = ""

    def note(self, text: str) -> None:
        self.at = text

    def answer(self, request: dict) -> dict:
        body, language = request["body"], request["language"]
        self.at = ""
        signal.setitimer(signal.ITIMER_REAL, TIME_LIMIT)
        try:
            if language not in self.pipelines:
                self.pipelines[language] = Pipeline(language, request["words"], self.note)
            return {"rendered": asdict(self.pipelines[language].rendered(body))}
        except RecursionError:
            return self.refusal(Reason.DEEP, body)
        except TooSlow:
            return self.refusal(Reason.SLOW, body)
        except Exception as error:
            print(f"Rendering failed: {error!r}", file=sys.stderr)
            return self.refusal(Reason.FAILED, body)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def refusal(self, reason: Reason, body: str) -> dict:
        # Whatever state the converter was left in, the next text must not see it.
        self.pipelines.clear()
        return {"refused": reason, "line": self.line(body)}

    def line(self, body: str) -> int:
        """Return the line of the body that the piece of text in hand begins on, as far as it can be found again."""
        words = self.at.strip().split("\n")[0][:60]
        place = body.find(words) if words else -1
        return body.count("\n", 0, place) + 1 if place > 0 else 1


def stop_work(*_: object) -> None:
    raise TooSlow


def main() -> None:
    # Ctrl-C in a terminal is meant for the parent; this process ends when its input does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Python's own regular expressions look for signals while they match.
    signal.signal(signal.SIGALRM, stop_work)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    renderer = Renderer()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(renderer.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
