"""WordPress: its export, with the language pairs of Polylang and WPML, and the uploads that lie beside it."""

from pathlib import Path

from articles.files.problems import ImportProblems, Problem
from articles.importers.post import Note, Post

from .reading import Reading
from .wxr import is_wxr


def recognises(path: Path) -> bool:
    return bool(_files(path))


def _files(path: Path) -> list[Path]:
    """Return the files of an export: large ones come in parts."""
    candidates = sorted(path.glob("*.xml")) if path.is_dir() else [path]
    return [each for each in candidates if each.is_file() and is_wxr(each)]


def read(path: Path, language: str) -> tuple[list[Post], list[Note]]:
    """Return the posts of an export, and notes; `language` is that of a text whose site names none."""
    files = _files(path) or ([path] if path.is_file() else [])
    if not files:
        raise ImportProblems([Problem(path, 1, "no export of WordPress: there is no such XML file in it")])
    reading = Reading(path if path.is_dir() else path.parent, language)
    for file in files:
        reading.take(file)
    return reading.posts()
