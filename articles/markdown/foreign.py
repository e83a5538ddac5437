"""Marks of other systems that mean nothing here: readers would find them on the page as they were typed."""

import re
from collections.abc import Iterator

from .safe_html import INLINE, tokens

# What an author shows as code is meant to be seen.
CODE = {"pre", "code", "kbd", "samp", "var"}

# In the order in which an author is told.
MARKS = {
    # https://help.obsidian.md/syntax#Comments; not "5%%", and a line of its own begins or ends one of several lines.
    "comment": re.compile(r"(?<!\d)%%[^%]+%%|^\s*%%\s*$"),
    # https://help.obsidian.md/links, embedded ones too; not `[[ -f file ]]` of a shell.
    "wiki_link": re.compile(r"(?<![\w\])])!?\[\[(?!\s)[^\[\]]+\]\]"),
    # https://gohugo.io/content-management/shortcodes/, and the tags of Jekyll.
    "template_tag": re.compile(r"\{\{[<%].{1,300}?[%>]\}\}|\{%.{1,300}?%\}"),
    # https://codex.wordpress.org/Shortcode_API: an attribute, an end, or one of those that stand alone.
    "shortcode": re.compile(
        r"\[[a-z][a-z0-9_-]*(?:\s+[a-z_-]+=[^\s\[\]][^\[\]]*)\]|\[/[a-z][a-z0-9_-]+\]|\[(?:gallery|playlist|toc)\]"
    ),
}

# The sign and the first word, before typography has its say.
BEGINNING = re.compile(r"\W+\w*")


def foreign_marks(html: str, body: str) -> Iterator[tuple[str, str]]:
    """Yield each kind of mark that safe HTML shows, with the first of its kind.

    What its author escaped in the body is meant to be seen.
    """
    lines = list(prose_lines(html))
    for kind, pattern in MARKS.items():
        found = (match[0] for line in lines for match in pattern.finditer(line))
        if mark := next((mark for mark in found if BEGINNING.match(mark)[0].strip() in body), None):
            yield kind, mark.strip()


def prose_lines(html: str) -> Iterator[str]:
    """Yield the text of each block of safe HTML, code left out."""
    line, depth = "", 0
    for token in tokens(html):
        if token.name in CODE:
            depth += -1 if token.is_closing else 1
        elif not token.name and not depth:
            line += token.text
        elif token.name and token.name not in INLINE:
            yield line
            line = ""
    yield line
