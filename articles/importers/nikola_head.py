"""The head of a text of Nikola: lines like `.. title: Hello`, in a comment of HTML or not, or YAML, or TOML.

https://getnikola.com/handbook.html#metadata-fields
"""

import re
from pathlib import Path

from .front_matter import Document, Entry, parse_document

LINE = re.compile(r"\s*\.\. (?P<key>[^:]*?):(?:\s+(?P<value>.*))?$")


def parse_head(path: Path, text: str) -> Document:
    """Return a text taken apart; one without a head is all body."""
    if text.startswith(("---\n", "+++\n")):
        return parse_document(path, text)
    document, lines = Document(path), text.split("\n")
    number = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    is_comment = number < len(lines) and lines[number].lstrip().startswith("<!--")
    for position in range(number, len(lines)):
        line = lines[position]
        is_last = is_comment and "-->" in line
        words = line.partition("-->")[0].replace("<!--", "", 1) if is_comment else line
        if found := LINE.match(words):
            key, value = found["key"].strip(), (found["value"] or "").strip()
            document.entries[key] = Entry(path, position + 1, key, value)
        elif not is_comment:
            number = position
            break
        if is_last:
            number = position + 1
            break
    if not document.entries:
        number = 0
    while document.entries and number < len(lines) and not lines[number].strip():
        number += 1
    document.body, document.first_line = "\n".join(lines[number:]), number + 1
    document.has_front_matter = bool(document.entries)
    return document


def title_at_start(file: Path) -> str:
    """Return the title of a text that is not converted, or its file's name; of a large file only the start is read."""
    with file.open("rb") as stream:
        start = stream.read(4000).decode("utf-8", "replace")
    found = re.search(r"^\s*\.\. title:\s*(\S.*?)\s*$", start, re.MULTILINE)
    return found[1] if found else file.name
