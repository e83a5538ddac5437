"""What every page of the frame may show: the site's own texts, asked for only where a template names them."""

from functools import partial

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles import languages
from articles.prepared import prepared

from .models import Page, Site
from .remembering import remembered


def site(request: HttpRequest) -> dict[str, SimpleLazyObject]:
    """Give `site`, the one Site, and `linked_pages`, the pages that every page links to: `header` and `footer`.

    The admin's frame asks for `this_site`: its login page has Django's own `site`, which knows the host alone.
    """
    language = languages.active()
    current = SimpleLazyObject(partial(remembered, request, "site", language, Site.current))
    return {
        "site": current,
        "this_site": current,
        "linked_pages": SimpleLazyObject(partial(remembered, request, "linked pages", language, _by_navigation)),
    }


def _by_navigation() -> dict[str, list[Page]]:
    pages: dict[str, list[Page]] = {}
    for page in _linked(languages.active()):
        pages.setdefault(page.navigation, []).append(page)
    return pages


@prepared
def _linked(language: str) -> QuerySet:
    return Page.objects.linked(language)
