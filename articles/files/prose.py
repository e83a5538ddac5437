"""What of a Markdown body is prose: an example in code or in a comment names no image and links to nothing.

A body may be hostile. It is gone through once, and what has no end is not looked for again from each place on.
"""

import re
from bisect import bisect_left

OPENING = re.compile(r"^[ \t>]*+(?P<fence>`{3,}+|~{3,}+)[^\n]*+\n|(?P<ticks>`++)|(?P<comment><!--)", re.MULTILINE)
TICKS = re.compile(r"`++")
BLANK_LINE = re.compile(r"\n(?=[ \t]*+\n)")


def prose(body: str) -> str:
    """Return a body of the same length in which code and comments are blank."""
    reader, parts, at = _Reader(body), [], 0
    for opening in iter(lambda: OPENING.search(body, reader.at), None):
        end = reader.end_of(opening)
        reader.at = end or opening.end()
        if end:
            lines = body[opening.start() : end].split("\n")
            parts += [body[at : opening.start()], "\n".join(" " * len(line) for line in lines)]
            at = end
    return "".join([*parts, body[at:]])


class _Reader:
    def __init__(self, body: str) -> None:
        self.body, self.at = body, 0
        self.last_comment_end = body.rfind("-->")
        self.paragraph_end = -1
        # Where the runs of each number of ticks begin; filled when the first is met.
        self.runs: dict[int, list[int]] = {}

    def end_of(self, opening: re.Match) -> int | None:
        """Return where the code or the comment ends, None where it does not."""
        start = opening.end()
        if opening["fence"]:
            return self._fence_end(opening["fence"], start)
        if opening["ticks"]:
            return self._ticks_end(len(opening["ticks"]), start)
        return self.body.index("-->", start) + 3 if self.last_comment_end >= start else None

    def _fence_end(self, fence: str, start: int) -> int:
        closing = re.compile(rf"^[ \t>]*+{fence[0]}{{{len(fence)},}}+[`~]*+[ \t]*+$", re.MULTILINE)
        found = closing.search(self.body, start)
        return found.end() if found else len(self.body)

    def _ticks_end(self, count: int, start: int) -> int | None:
        if not self.runs:
            for run in TICKS.finditer(self.body):
                self.runs.setdefault(len(run[0]), []).append(run.start())
        if self.paragraph_end < start:
            blank = BLANK_LINE.search(self.body, start)
            self.paragraph_end = blank.start() if blank else len(self.body)
        runs = self.runs[count]
        place = bisect_left(runs, start)
        return runs[place] + count if place < len(runs) and runs[place] < self.paragraph_end else None
