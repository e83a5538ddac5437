"""The author's side: articles in all languages on one form, tags, series, authors and the library of images."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from . import article, library, redirects, subjects  # noqa: F401, each registers what it shows

admin.site.index_title = gettext_lazy("Desk")
