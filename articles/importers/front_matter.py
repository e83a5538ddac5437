"""Front matter and configurations of other systems: YAML, TOML and JSON, each entry with the line that it stands on."""

import json
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import yaml

from articles.files.front_matter import composed, decoded
from articles.files.plain_files import read_linked
from articles.files.problems import ImportProblems, Problem

from . import dates
from .post import Note

# Of one text with its front matter, or one configuration. An article may have 200,000 characters.
MAX_BYTES = 5_000_000

YAML = re.compile(r"---[ \t]*\n(.*?\n|)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
TOML = re.compile(r"\+\+\+[ \t]*\n(.*?\n|)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
TRUE = {"true", "yes", "on", "1"}


@dataclass(frozen=True)
class Entry:
    """One value: a text as it is written, a list of such, or a mapping of them; a number or a truth is a text too."""

    path: Path
    line: int
    key: str
    value: Any

    def problem(self, reason: str) -> ImportProblems:
        return ImportProblems([Problem(self.path, self.line, reason)])

    def text(self) -> str:
        if isinstance(self.value, str):
            return self.value.strip()
        raise self.problem(f"“{self.key}” is no plain text")

    def texts(self) -> list[str]:
        """Return a list of texts; a single one is a list of one. Empty ones are none."""
        values = self.value if isinstance(self.value, list) else [self.value]
        if not all(isinstance(value, str) for value in values):
            raise self.problem(f"“{self.key}” is no list of plain texts")
        return [value.strip() for value in values if value.strip()]

    def is_true(self) -> bool:
        return self.text().lower() in TRUE

    def moment(self, zone: tzinfo | None = None) -> datetime | None:
        try:
            return dates.moment(self.text(), zone)
        except ValueError:
            raise self.problem(f"invalid date “{self.text()}” in “{self.key}”") from None


@dataclass
class Document:
    """A file taken apart; `first_line` is that on which the body begins. A file without front matter has no entries."""

    path: Path
    entries: dict[str, Entry] = field(default_factory=dict)
    body: str = ""
    first_line: int = 1
    notes: list[Note] = field(default_factory=list)
    has_front_matter: bool = False


def read_text(path: Path) -> str:
    """Return the text of a file; raise ImportProblems where it is too large, not UTF-8 or holds a null character."""
    text = decoded(path, read_linked(path, MAX_BYTES))
    if (at := text.find("\x00")) >= 0:
        raise ImportProblems([Problem(path, text.count("\n", 0, at) + 1, "null characters are not allowed")])
    return text


def read_document(path: Path) -> Document:
    """Return a text with its front matter in whichever of the three notations it begins with."""
    return parse_document(path, read_text(path))


def parse_document(path: Path, text: str) -> Document:
    document, end = Document(path), 0
    if match := YAML.match(text):
        document.entries, document.notes = parse_yaml(path, match[1], 2)
        end = match.end()
    elif match := TOML.match(text):
        document.entries, end = parse_toml(path, match[1], 2), match.end()
    elif text.startswith(("+++\n", "---\n")):
        raise ImportProblems([Problem(path, 1, f"the front matter has no end, a second line “{text[:3]}”")])
    elif re.match(r"\{\s*(?:\"|\})", text):
        document.entries, end = _json_at_start(path, text)
    document.has_front_matter = bool(end)
    rest = text[end:]
    body = rest.lstrip("\n")
    document.first_line = text.count("\n", 0, len(text) - len(body)) + 1
    document.body = body.rstrip() + "\n" if body.strip() else ""
    return document


def read_config(path: Path) -> dict[str, Entry]:
    """Return the entries of a configuration in the notation that its file's name says."""
    text = read_text(path)
    if path.suffix == ".toml":
        return parse_toml(path, text)
    if path.suffix == ".json":
        return _json_at_start(path, text.lstrip() or "{}")[0]
    return parse_yaml(path, text.removeprefix("---\n"), 1 + text.startswith("---\n"))[0]


def parse_yaml(path: Path, source: str, first_line: int = 1) -> tuple[dict[str, Entry], list[Note]]:
    """Return the entries of a YAML mapping; of a key that stands twice the last one counts, and a note says so."""
    node = composed(path, source, first_line)
    if node is None:
        return {}, []
    if not isinstance(node, yaml.MappingNode):
        raise ImportProblems([Problem(path, first_line, "write “key: value” lines here")])
    entries, notes = {}, []
    for key_node, value in node.value:
        line = first_line + key_node.start_mark.line
        if not isinstance(key_node, yaml.ScalarNode):
            raise ImportProblems([Problem(path, line, "this key is no plain text")])
        key = _plain_node(key_node)
        if key in entries:
            notes.append(Note(path, line, "stands twice, the last one counts: the key", f"“{key}”"))
        try:
            entries[key] = Entry(path, line, key, _plain_node(value))
        except RecursionError:
            raise ImportProblems([Problem(path, line, "broken YAML: nested too deeply")]) from None
    return entries, notes


def _plain_node(node: yaml.Node) -> Any:
    """Return what a node says, with every scalar as it is written: no is a word here, not False."""
    if isinstance(node, yaml.SequenceNode):
        return [_plain_node(each) for each in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(_plain_node(key)): _plain_node(value) for key, value in node.value}
    return "" if node.tag == "tag:yaml.org,2002:null" else node.value


def parse_toml(path: Path, source: str, first_line: int = 1) -> dict[str, Entry]:
    try:
        found = _plain(tomllib.loads(source))
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = first_line + (int(at[1]) - 1 if at else source.rstrip("\n").count("\n"))
        raise ImportProblems([Problem(path, line, f"broken TOML: {error}")]) from None
    except RecursionError:
        raise ImportProblems([Problem(path, first_line, "broken TOML: nested too deeply")]) from None
    lines = _key_lines(source, r"^[ \t]*(?:\[+[ \t]*)?[\"']?({})[\"']?[ \t]*(?:=|\.|\])")
    return {key: Entry(path, first_line + lines(key), key, value) for key, value in found.items()}


def _json_at_start(path: Path, text: str) -> tuple[dict[str, Entry], int]:
    """Return the entries of the JSON object that a text begins with, and where it ends."""
    try:
        found, end = json.JSONDecoder().raw_decode(text)
        found = _plain(found)
    except json.JSONDecodeError as error:
        raise ImportProblems([Problem(path, error.lineno, f"broken JSON: {error.msg}")]) from None
    except (RecursionError, ValueError):
        raise ImportProblems([Problem(path, 1, "broken JSON: nested too deeply, or a number too long")]) from None
    if not isinstance(found, dict):
        raise ImportProblems([Problem(path, 1, "write an object of keys and values here")])
    lines = _key_lines(text[:end], r"[\"]({})[\"]\s*:")
    return {key: Entry(path, 1 + lines(key), key, value) for key, value in found.items()}, end


def _key_lines(source: str, pattern: str) -> Any:
    """Return a function that says how many lines above a key there are; 0 where the key is not found."""

    def line(key: str) -> int:
        match = re.search(pattern.format(re.escape(key)), source, re.MULTILINE)
        return source.count("\n", 0, match.start(1)) if match else 0

    return line


def _plain(value: Any) -> Any:
    """Return a value of TOML or JSON with every scalar as a text."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def files_below(folder: Path, root: Path, suffixes: set[str], notes: list[Note]) -> Iterator[Path]:
    """Yield the files with some endings in a folder and below, in order; what a link leads elsewhere to is a note.

    A link to a folder is not followed at all: it could lead in a circle.
    """
    if not folder.resolve().is_relative_to(root.resolve()):
        notes.append(Note(folder, 1, "not read: a folder outside of the site"))
        return
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        linked = [here / name for name in folders if (here / name).is_symlink()]
        notes += [Note(path, 1, "not read: a link to a folder") for path in linked]
        for path in (here / name for name in sorted(names) if Path(name).suffix.lower() in suffixes):
            if is_inside(path, root):
                yield path
            else:
                notes.append(Note(path, 1, "not read: a link that leads out of the folder, or to no file"))


def is_inside(path: Path, root: Path) -> bool:
    """Return whether a path is a file within the root, with every link followed."""
    try:
        real = path.resolve()
        return real.is_relative_to(root.resolve()) and real.is_file()
    except (OSError, ValueError, RuntimeError):
        # A null character, a name too long, a circle of links.
        return False
