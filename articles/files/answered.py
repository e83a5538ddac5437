"""The original as a translation answered it, as a Markdown file: beside the original, it shows what moved on.

Its front matter holds title and summary as they were answered, `left_out`, the numbers of the passages of the body (or
the words title and summary) that the translation does without, and `list`, by which a file that was edited is known.
Where its passages would not come apart as they were, `lines` says how many lines each has.
"""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from articles.blocks import blocks as cut
from articles.text import ArticleText
from articles.translating.source import BODY, SUMMARY, TITLE, SourceBlock, source_blocks

from .front_matter import Value, parse_markdown
from .problems import ImportProblems, Problem
from .writing import markdown_file

KEYS = (TITLE, SUMMARY, "left_out", "lines", "list")


def name_of(language: str) -> str:
    return f"answered.{language}.md"


def answered_file(answered: list[SourceBlock], source: ArticleText) -> str:
    """Return the file of what a translation answered; what stands in the source as it was stands here as there."""
    head = {block.field: block.text for block in answered if block.field != BODY}
    texts = [block.text for block in answered if block.field == BODY]
    body = _body(texts, source.body)
    lines = []
    if [block.text for block in source_blocks(ArticleText(body=body))] != texts:
        body, lines = "".join(f"{text}\n\n" for text in texts), [text.count("\n") + 1 for text in texts]
    about = {"left_out": _left_out(answered), "lines": lines, "list": _digest(answered)}
    return markdown_file({field: head.get(field) for field in (TITLE, SUMMARY)} | about, body)


def _body(texts: list[str], source: str) -> str:
    raw = {block.strip("\n"): block for block in cut(source)}
    parts = [raw.get(text, f"{text}\n\n") for text in texts]
    # What was last, or first, need not be so here.
    parts = [part if part.endswith("\n\n") else part.rstrip("\n") + "\n\n" for part in parts[:-1]] + parts[-1:]
    return "".join([part if place == 0 else part.lstrip("\n") for place, part in enumerate(parts)])


def _left_out(answered: list[SourceBlock]) -> list[str | int]:
    head = [block.field for block in answered if block.field != BODY and block.is_left_out]
    body = [block for block in answered if block.field == BODY]
    return head + [number for number, block in enumerate(body, start=1) if block.is_left_out]


def _digest(answered: list[SourceBlock]) -> str:
    said = "\0".join(f"{block.field} {block.is_left_out} {block.text}" for block in answered)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def read_answered(path: Path, text: str) -> tuple[list[SourceBlock], bool]:
    """Return the blocks that such a file names, and whether they were edited since it was written.

    Raise ImportProblems.
    """
    entries, body, _first_line = parse_markdown(path, text)
    for key, value in entries.items():
        if key not in KEYS:
            reason = _("unknown key “%(key)s”") % {"key": key}
            raise ImportProblems([Problem(path, value.key_line, reason)])
    head = ArticleText(**{field: entries[field].text() for field in (TITLE, SUMMARY) if field in entries})
    found = source_blocks(head)
    if "lines" in entries:
        found += [SourceBlock(BODY, block) for block in _by_lines(entries["lines"], body)]
    else:
        found += source_blocks(ArticleText(body=body))
    if "left_out" in entries:
        found = _without(found, entries["left_out"])
    return found, "list" not in entries or entries["list"].text() != _digest(found)


def _by_lines(value: Value, body: str) -> list[str]:
    lines, found, at = body.split("\n"), [], 0
    for count in value.texts():
        number = int(count) if count.isascii() and count.isdigit() and len(count) < 7 else 0
        if not 0 < number <= len(lines) - at:
            raise value.problem(_("these are not the lengths of the passages below; take “lines” away"))
        found.append("\n".join(lines[at : at + number]))
        at += number + 1
    return found


def _without(found: list[SourceBlock], value: Value) -> list[SourceBlock]:
    """Return the blocks, those marked that the front matter leaves out."""
    start = sum(block.field != BODY for block in found)
    names: dict[str, int] = {block.field: place for place, block in enumerate(found[:start])}
    names |= {str(number): start + number - 1 for number in range(1, len(found) - start + 1)}
    places: set[Any] = set()
    for name in value.texts():
        if name not in names:
            unknown = _("there is no passage “%(name)s” below; write numbers, counted from 1")
            raise value.problem(unknown % {"name": name})
        places.add(names[name])
    return [replace(block, is_left_out=place in places) for place, block in enumerate(found)]
