"""Markdown inside HTML as CommonMark and GitHub have it: after a blank line (CommonMark 4.6, the sixth kind of block).

Python-Markdown wants the attribute `markdown` for it, which this adds.
"""

import re
from collections.abc import Iterator

from markdown.preprocessors import Preprocessor

OPENING = re.compile(
    r" {0,3}<(details|div|section|article|aside|figure|blockquote)(?=[\s>])(?![^>]*\smarkdown\b)", re.IGNORECASE
)


class MarkdownInside(Preprocessor):
    """To run when fences are out of the way, and before the library's own reading of HTML."""

    def run(self, lines: list[str]) -> list[str]:
        return list(_marked(lines))


def _marked(lines: list[str]) -> Iterator[str]:
    for at, line in enumerate(lines):
        opening = OPENING.match(line)
        if opening and _holds_blank_line(lines, at, f"</{opening[1].lower()}"):
            line = f'{line[: opening.end()]} markdown="1"{line[opening.end() :]}'
        yield line


def _holds_blank_line(lines: list[str], at: int, closing: str) -> bool:
    for line in lines[at:]:
        if not line.strip():
            return True
        if closing in line.lower():
            return False
    return False
