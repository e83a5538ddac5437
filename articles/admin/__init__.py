"""The author's side: articles in all languages on one form, tags, series, authors and the library of images."""

from . import article, library, subjects  # noqa: F401, each registers what it shows
