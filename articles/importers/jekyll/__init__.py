"""Sites of Jekyll: posts, drafts and pages, with polyglot's languages, permalinks, redirects, Liquid and kramdown.

Of front matter are carried: title, slug, permalink, redirect_from, date, published, description and excerpt, tags and
categories, author and authors, series, lang, and page_id, ref and their like, which make pairs. Whatever else stands
there is a note.
"""

from pathlib import Path

from articles.importers.post import Note, Post

from .config import config_file, read_configuration
from .reading import SiteReader


def recognises(path: Path) -> bool:
    """Return whether a folder holds a site of Jekyll."""
    if not path.is_dir():
        return False
    return config_file(path) is not None or (path / "_posts").is_dir()


def read(path: Path, language: str) -> tuple[list[Post], list[Note]]:
    """Return the texts of a site, and notes; `language` is that of a site that names none. Raise ImportProblems."""
    return SiteReader(read_configuration(path, language)).read()
