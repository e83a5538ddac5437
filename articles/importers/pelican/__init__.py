"""A blog of Pelican (https://docs.getpelican.com/en/latest/content.html): pelicanconf.py and a folder of Markdown."""

from pathlib import Path

from articles.importers.front_matter import is_inside
from articles.importers.post import Note, Post

from .reading import SiteReader


def recognises(path: Path) -> bool:
    """Return whether a folder holds a blog of Pelican."""
    return is_inside(path / "pelicanconf.py", path)


def read(path: Path, language: str) -> tuple[list[Post], list[Note]]:
    """Return the texts of a blog and what could not be carried; `language` is that of a text where nothing names one.

    Raise ImportProblems with all that is broken.
    """
    return SiteReader(path, language).read()
