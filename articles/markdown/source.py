"""What an author wrote that the HTML no longer says: levels of headings, languages of blocks of code."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# What a line of a quote or of a list item begins with.
INSIDE = r"(?:[ \t>]|[-*+] |\d{1,9}[.)] )*"
FENCE = re.compile(rf"{INSIDE}(?P<marks>`{{3,}}|~{{3,}})(?P<info>[^`]*)$")
HEADING = re.compile(rf"{INSIDE}(?P<signs>#{{1,6}})[ \t]+\S")
HTML_HEADING = re.compile(r"[ \t]*<h(?P<level>[1-6])\b", re.IGNORECASE)
UNDERLINE = re.compile(r"(?P<sign>=|-)(?P=sign)*[ \t]*$")
# `python`, `python {1,3}`, `{.python title="x"}`, but not `title="x"`.
LANGUAGE = re.compile(r"\s*(?:\{[^}]*\.[\w#+-]|[\w.#+-]+(?![\w.#+=-]))")


class Fence(NamedTuple):
    """A block of code between marks: whether it names its language, and its first line with any words.

    `info` is what stands after the marks, `code` all between them.
    """

    has_language: bool
    first_line: str
    info: str = ""
    code: str = ""


def fences(body: str) -> Iterator[Fence]:
    for info, lines in _parts(body):
        if info is not None:
            words = (line.lstrip("> \t").strip() for line in lines)
            first_line = next(filter(None, words), "")
            yield Fence(bool(LANGUAGE.match(info)), first_line, info.strip(), "\n".join(lines))


def heading_levels(body: str) -> list[int]:
    """Return the level of each heading as it is written, 1 for `#`, whatever the page makes of it."""
    return [level for info, lines in _parts(body) if info is None for level in _levels(lines)]


def _levels(lines: list[str]) -> Iterator[int]:
    for above, line in zip(["", *lines], lines, strict=False):
        if heading := HEADING.match(line):
            yield len(heading["signs"])
        elif heading := HTML_HEADING.match(line):
            yield int(heading["level"])
        elif above.strip() and above[0] not in " \t>|-*+#" and (underline := UNDERLINE.match(line)):
            yield 1 if underline["sign"] == "=" else 2


def _parts(body: str) -> Iterator[tuple[str | None, list[str]]]:
    """Yield the lines of each fence with the words after its marks, and those between fences with None."""
    marks, info, lines = "", None, []
    for line in body.split("\n"):
        fence = FENCE.match(line)
        if marks and fence and fence["marks"].startswith(marks) and not fence["info"].strip():
            yield info, lines
            marks, info, lines = "", None, []
        elif fence and not marks:
            yield None, lines
            marks, info, lines = fence["marks"], fence["info"], []
        else:
            lines.append(line)
    yield info, lines
