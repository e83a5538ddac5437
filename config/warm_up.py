"""Loads what each worker would load with its first pages, so that gunicorn does it once, before it makes them.

The workers share it in memory, and their first pages come sooner.
"""

from contextlib import suppress

from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.urls import resolve, reverse
from django.utils.translation import override

# Of readers' pages.
TEMPLATES = ("templates", "articles/templates", "blog/templates")


def warm_up() -> None:
    """Load views, addresses, catalogues and templates. No database is asked: it may come later than the site."""
    for code, _name in settings.LANGUAGES:
        with override(code):
            resolve(reverse("blog:home"))
    for folder in TEMPLATES:
        root = settings.BASE_DIR / folder
        for path in [*root.glob("*.html"), *root.glob(f"{root.parent.name}/*.html")]:
            # One that cannot be read takes no page but its own from readers.
            with suppress(TemplateSyntaxError):
                get_template(str(path.relative_to(root)))
