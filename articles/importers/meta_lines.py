"""The head of a text as Python-Markdown reads it: lines of `Key: value` up to the first blank one.

https://python-markdown.github.io/extensions/meta_data/. A value may go on over indented lines, and the head may stand
between lines of three hyphens. There it may be YAML as well, for which both Pelican and Nikola have readers.
"""

import re
from pathlib import Path

from articles.files.problems import ImportProblems

from .front_matter import Document, Entry, parse_yaml

LINE = re.compile(r" {0,3}(?P<key>[A-Za-z0-9_-]+):\s*(?P<value>.*)")
MORE = re.compile(r" {4,}(?P<value>.*)")
BEGINNING = re.compile(r"-{3}(\s.*)?$")
END = re.compile(r"(-{3}|\.{3})(\s.*)?$")
# What a value begins with where only YAML makes sense of it.
OF_YAML = re.compile(r"[\[{>|\"'&*!-]")


def listed(entry: Entry) -> list[str]:
    """Return what an entry lists, once each: a text is parted by semicolons where it has any, else by commas."""
    parts = entry.texts()
    if isinstance(entry.value, str):
        parts = re.split(r"[;\n]" if ";" in entry.value else r"[,\n]", entry.value)
    return list(dict.fromkeys(filter(None, (part.strip() for part in parts))))


def parse_meta(path: Path, text: str) -> Document:
    """Return a text taken apart, its keys in small letters; a value of several lines keeps them."""
    document = Document(path)
    document.entries, length = _by_lines(path, text)
    if BEGINNING.match(text.partition("\n")[0]) and (block := _between_hyphens(text)) is not None:
        head, end = block
        if length != end or any(OF_YAML.match(entry.value) for entry in document.entries.values()):
            try:
                entries, document.notes = parse_yaml(path, head, 2)
            except ImportProblems:
                # A title with a colon in it is no YAML, and none was meant.
                if length != end:
                    raise
            else:
                document.entries = {key.lower(): entry for key, entry in entries.items()}
                length = end
    lines = text.split("\n")[length:]
    blank = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    document.body, document.first_line = "\n".join(lines[blank:]), length + blank + 1
    document.has_front_matter = bool(document.entries)
    return document


def _by_lines(path: Path, text: str) -> tuple[dict[str, Entry], int]:
    """Return the entries and how many lines the head takes."""
    lines = text.split("\n")
    start = 1 if BEGINNING.match(lines[0]) else 0
    found: dict[str, tuple[int, list[str]]] = {}
    key, length = "", len(lines)
    for number, line in enumerate(lines[start:], start=start + 1):
        if not line.strip() or END.match(line):
            length = number
            break
        if named := LINE.match(line):
            key = named["key"].lower()
            found.setdefault(key, (number, []))[1].append(named["value"].strip())
        elif (more := MORE.match(line)) and key:
            found[key][1].append(more["value"].strip())
        else:
            length = number - 1
            break
    return {key: Entry(path, line, key, "\n".join(texts)) for key, (line, texts) in found.items()}, length


def _between_hyphens(text: str) -> tuple[str, int] | None:
    """Return what stands between the first line of hyphens and the next, and how many lines that takes."""
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines[1:], start=1) if END.match(line)), None)
    return None if end is None else ("\n".join(lines[1:end]), end + 1)
