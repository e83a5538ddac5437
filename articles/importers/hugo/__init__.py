"""Sites of Hugo: their texts in each language, with page bundles, permalinks, aliases, taxonomies and short codes.

Of front matter are carried: title, slug, url, date and its like, draft, description, summary, tags, categories and
other taxonomies, series and series_order, author and authors, aliases, translationKey. Whatever else stands there is
a note.
"""

from pathlib import Path

from articles.importers.front_matter import is_inside
from articles.importers.post import Note, Post

from .config import config_files, read_configuration
from .reading import SiteReader


def recognises(path: Path) -> bool:
    """Return whether a folder holds a site of Hugo."""
    if not path.is_dir():
        return False
    names = {file.name for file in config_files(path)}
    has_content = any((path / name).is_dir() for name in ("content", "archetypes", "layouts"))
    has_jekyll = is_inside(path / "_config.yml", path)
    return any(name.startswith("hugo.") for name in names) or bool(names and has_content and not has_jekyll)


def read(path: Path, language: str) -> tuple[list[Post], list[Note]]:
    """Return the texts of a site, and notes; `language` is that of a site that names none. Raise ImportProblems."""
    return SiteReader(read_configuration(path, language)).read()
