"""Sites of Jekyll."""

from pathlib import Path

from articles.importers.post import Note, Post


def recognises(path: Path) -> bool:
    return False


def read(path: Path, language: str) -> tuple[list[Post], list[Note]]:
    raise NotImplementedError
