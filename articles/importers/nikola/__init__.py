"""A blog of Nikola (https://getnikola.com/handbook.html): conf.py, posts and pages, each language in a file beside."""

from pathlib import Path

from articles.importers.front_matter import is_inside
from articles.importers.post import Note, Post

from .reading import SiteReader


def recognises(path: Path) -> bool:
    """Return whether a folder holds a blog of Nikola."""
    conf = path / "conf.py"
    if not is_inside(conf, path):
        return False
    with conf.open("rb") as stream:
        start = stream.read(200_000)
    return any(word in start for word in (b"NAVIGATION_LINKS", b"BLOG_TITLE"))


def read(path: Path, language: str) -> tuple[list[Post], list[Note]]:
    """Return the texts of a blog and what could not be carried; `language` is that of a text where nothing names one.

    Raise ImportProblems with all that is broken.
    """
    return SiteReader(path, language).read()
