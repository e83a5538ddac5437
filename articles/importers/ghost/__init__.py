"""Ghost: its JSON export of any version, with languages by internal tags, and the images that lie beside it."""

from pathlib import Path

from articles.files.problems import ImportProblems, Problem
from articles.importers.post import Note, Post

from .export import is_export, loaded
from .posts import Reading


def recognises(path: Path) -> bool:
    return _file(path) is not None


def _file(path: Path) -> Path | None:
    candidates = sorted(path.glob("*.json")) if path.is_dir() else [path] if path.suffix == ".json" else []
    return next((each for each in candidates if each.is_file() and is_export(each)), None)


def read(path: Path, language: str) -> tuple[list[Post], list[Note]]:
    """Return the posts of an export, and notes; `language` is that of a text that has no tag for its own."""
    file = _file(path) or (path if path.is_file() else None)
    if file is None:
        raise ImportProblems([Problem(path, 1, "no export of Ghost: there is no such JSON file in it")])
    return Reading(loaded(file), path if path.is_dir() else path.parent, language).posts()
