"""A blog of another system as a folder of the native format, for as long as an import needs it."""

import contextlib
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.conf import settings

from articles.files.problems import ImportProblems, Problem

from .conversion import Conversion, write_native
from .destinations import PagePath
from .feeds import FeedPath

NATIVE = "native"
# In the order in which they are asked whether a folder or a file is theirs.
FORMATS = {
    "hugo": "Hugo",
    "jekyll": "Jekyll",
    "wordpress": "WordPress",
    "ghost": "Ghost",
    "pelican": "Pelican",
    "nikola": "Nikola",
}


def reader(name: str) -> ModuleType:
    return import_module(f"articles.importers.{name}")


def detect(path: Path) -> str:
    """Return the name of the format of a folder or an export; "native" where it is no other's."""
    return next((name for name in FORMATS if reader(name).recognises(path)), NATIVE)


@contextlib.contextmanager
def converted(
    path: Path, source: str, page_path: PagePath, keep: Path | None = None, feed_path: FeedPath | None = None
) -> Iterator[Conversion]:
    """Give the conversion of a blog, whose folder is gone afterwards, or stays where `keep` says.

    ImportProblems of what is done with the folder meanwhile name the author's own files.
    """
    posts, notes = reader(source).read(path, settings.LANGUAGE_CODE)
    with contextlib.ExitStack() as stack:
        folder = _kept(keep) if keep else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="import-")))
        conversion = write_native(posts, folder, page_path, feed_path)
        conversion.notes[:0] = notes
        try:
            yield conversion
        except ImportProblems as problems:
            raise conversion.explained(problems) from None


def _kept(folder: Path) -> Path:
    """Return a folder to write into; raise ImportProblems where it holds something already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ImportProblems([Problem(folder, 1, "this is no empty folder, which the converted blog could go into")])
    folder.mkdir(parents=True, exist_ok=True)
    return folder
