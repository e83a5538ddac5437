"""What Python-Markdown reads and this site writes otherwise; Pelican and Nikola both use it.

Blocks of code that name their language in their first line, `:::python` or `#!python`
(https://python-markdown.github.io/extensions/code_hilite/), become fences.
"""

import re

from articles.markdown import render
from articles.markdown.plain_text import plain_text
from articles.markdown.source import FENCE

NAMED = re.compile(
    r"(?P<indent> {4,})(?:(?P<colons>:{3,})|(?P<shebang>#!))(?P<path>/[\w/.-]*?)?(?P<language>[\w#.+-]+)"
    r"(?:[ \t]+hl_(?:lines|LINES)=(?P<quote>[\"'])(?P<marked>[\d \t-]*)(?P=quote))?[ \t]*$"
)
MARKS = re.compile(r"[*_`\[<&]")


def with_fences(body: str, lines: list[int]) -> tuple[str, list[int]]:
    """Return a body whose named blocks of code are fences, and the line of the source for each of its lines."""
    written: list[tuple[str, int]] = []
    source = list(zip(body.split("\n"), lines, strict=True))
    position, marks = 0, ""
    while position < len(source):
        text, line = source[position]
        fence = FENCE.match(text)
        if fence and not marks and fence["marks"]:
            marks = fence["marks"]
        elif fence and fence["marks"].startswith(marks) and not fence["info"].strip():
            marks = ""
        named = None if marks or not _is_apart(source, position) else NAMED.match(text.expandtabs(4))
        if named is None:
            written.append((text, line))
            position += 1
        else:
            end = _end(source, position, len(named["indent"]))
            written += _fence(named, source[position:end])
            position = end
    return "\n".join(text for text, _ in written), [line for _, line in written]


def as_plain_text(words: str, language: str) -> str:
    """Return a summary without the marks of Markdown, which a summary of this site does not have."""
    return " ".join(plain_text(render(words, language).html).split()) if MARKS.search(words) else words


def _is_apart(source: list[tuple[str, int]], position: int) -> bool:
    """Return whether a block can begin here: an indented line after words goes on with their paragraph."""
    return position == 0 or not source[position - 1][0].strip()


def _end(source: list[tuple[str, int]], start: int, indent: int) -> int:
    """Return where an indented block ends, the blank lines after it left out."""
    end = position = start + 1
    while position < len(source):
        text = source[position][0].expandtabs(4)
        if text.strip() and not text.startswith(" " * indent):
            break
        position += 1
        if text.strip():
            end = position
    return end


def _fence(named: re.Match, block: list[tuple[str, int]]) -> list[tuple[str, int]]:
    margin = named["indent"][4:]
    # A path makes it a line of the program, which is shown: #!/usr/bin/python
    code = block if named["path"] else block[1:]
    texts = [(text.expandtabs(4)[len(named["indent"]) :], line) for text, line in code]
    longest = max((len(run) for text, _ in texts for run in re.findall(r"`{3,}", text)), default=2)
    marks = "`" * (longest + 1)
    marked = f' hl_lines="{named["marked"]}"' if named["marked"] else ""
    first, last = block[0][1], block[-1][1]
    inside = [(f"{margin}{text}" if text else "", line) for text, line in texts]
    return [(f"{margin}{marks}{named['language']}{marked}", first), *inside, (f"{margin}{marks}", last)]
