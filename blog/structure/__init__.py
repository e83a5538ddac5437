"""What the structure page shows, read from the running code: tree, borders, a request's path, changes, applications."""

from functools import cache
from threading import Lock

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import override

from .applications import applications
from .borders import borders
from .changes import CHANGES
from .request_path import article_page, steps
from .source import PACKAGES
from .tree import files, folders

__all__ = ["content"]

# Python 3.11 counts how deep it is in what it parses for all threads together, and fails where two do so at once.
_turn = Lock()


@cache
def content(language: str) -> SafeString:
    """Return the page's content in a language, put together once in each process: its code does not change."""
    with _turn, override(language):
        return render_to_string(
            "blog/_structure.html",
            {
                "folders": folders(),
                "files": files(),
                "packages": PACKAGES,
                "borders": borders(),
                "article_page": article_page(),
                "steps": steps(),
                "changes": CHANGES,
                "applications": applications(),
            },
        )
