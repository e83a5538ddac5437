"""The settings of Pelican and Nikola, which are Python programs: they are read and never run.

Plain values are understood, and what is put together from them: names set before, lists, mappings, sums of texts.
Whatever needs more than that (a call, a condition, an import) counts as not set, which is a note where it matters.
"""

import ast
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from articles.files.problems import ImportProblems, Problem

from .front_matter import read_text
from .post import Note

# Sums of names can double with each line.
MAX_LENGTH = 10_000
# A group that is repeated can take forever; so can many stars one after another.
RISKY = re.compile(r"\)[*+{]")
MOST_STARS = 4
LONGEST_PATH = 200


class NotPlain(Exception):
    """A value that only running the program would tell."""


@dataclass
class Settings:
    """What a file of settings says plainly; `unread` holds the file and line of each setting that says it otherwise."""

    path: Path
    values: dict[str, Any] = field(default_factory=dict)
    unread: dict[str, tuple[Path, int]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def get(self, name: str, default: Any = None, kinds: type | tuple[type, ...] = object) -> Any:
        """Return a setting of the kinds that are meant, else the default; a note says where it could not be read."""
        if name in self.unread:
            path, line = self.unread.pop(name)
            self.notes.append(Note(path, line, "not a plain value, so its default is taken: the setting", name))
        value = self.values.get(name, default)
        return value if isinstance(value, kinds) else default

    def text(self, name: str, default: str = "") -> str:
        return self.get(name, default, str)

    def pattern(self, name: str, default: str = "") -> str:
        """Return a setting that is a pattern; a note tells of one that is broken or could take for ever."""
        pattern = self.text(name, default)
        if pattern and not _is_tame(pattern):
            self.notes.append(Note(self.path, 1, "not used: the pattern of the setting", name))
            return ""
        return pattern


def read_settings(*paths: Path) -> Settings:
    """Return what files of settings say, a later file above an earlier one; a file that is not there says nothing."""
    settings = Settings(paths[0])
    for path in paths:
        if path.is_file():
            _read(path, settings)
    return settings


def _read(path: Path, settings: Settings) -> None:
    for statement in _parsed(path).body:
        if isinstance(statement, ast.Assign):
            targets, value = statement.targets, statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value:
            targets, value = [statement.target], statement.value
        else:
            # Such as what stands in a condition: which branch counts is not known.
            targets, value = [name for name in ast.walk(statement) if _is_set(name)], None
        for target in targets:
            if isinstance(target, ast.Name):
                _set(settings, path, target, value)


def _is_set(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _set(settings: Settings, path: Path, target: ast.Name, value: ast.expr | None) -> None:
    settings.unread.pop(target.id, None)
    try:
        settings.values[target.id] = _plain(value, settings.values)
    except (NotPlain, RecursionError):
        settings.values.pop(target.id, None)
        settings.unread[target.id] = path, target.lineno


def _parsed(path: Path) -> ast.Module:
    source = read_text(path)
    try:
        with warnings.catch_warnings():
            # A pattern such as "\d" in a text that is not raw.
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as error:
        raise ImportProblems([Problem(path, error.lineno or 1, f"broken Python: {error.msg}")]) from None
    except (ValueError, RecursionError, MemoryError):
        raise ImportProblems([Problem(path, 1, "broken Python: it cannot be read")]) from None


def _plain(node: ast.expr | None, names: dict[str, Any]) -> Any:
    """Return the value of an expression; raise NotPlain where it is more than a plain one."""
    match node:
        case ast.Constant():
            return node.value
        case ast.Name() if node.id in names:
            return names[node.id]
        case ast.List() | ast.Tuple() | ast.Set():
            return [_plain(entry, names) for entry in node.elts]
        case ast.Dict() if None not in node.keys:
            keys = [_plain(key, names) for key in node.keys]
            if all(isinstance(key, str | int) for key in keys):
                return dict(zip(keys, (_plain(value, names) for value in node.values), strict=True))
        case ast.BinOp(op=ast.Add()):
            return _sum([_plain(node.left, names), _plain(node.right, names)])
        case ast.JoinedStr():
            return _sum([_plain(part, names) for part in node.values])
        case ast.FormattedValue(format_spec=None, conversion=-1):
            return _plain(node.value, names)
    raise NotPlain


def _sum(parts: list[Any]) -> Any:
    is_text = all(isinstance(part, str) for part in parts)
    if (not is_text and not all(isinstance(part, list) for part in parts)) or sum(map(len, parts)) > MAX_LENGTH:
        raise NotPlain
    return "".join(parts) if is_text else [each for part in parts for each in part]


def told_by(pattern: str, path: str) -> dict[str, str]:
    """Return what the named groups of a setting's pattern find in a path, by their names in small letters."""
    found = re.match(pattern, path) if pattern and len(path) <= LONGEST_PATH else None
    return {name.lower(): value for name, value in (found.groupdict() if found else {}).items() if value is not None}


def _is_tame(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return not RISKY.search(pattern) and len(re.findall(r"[*+]|\{\d*,", pattern)) <= MOST_STARS
