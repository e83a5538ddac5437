"""The sitemap: the pages that a search engine may list, in one file or, on a large site, in several and an index.

https://www.sitemaps.org/protocol.html; the links between languages are those of
https://developers.google.com/search/docs/specialty/international/localized-versions.
"""

from collections.abc import Iterable, Iterator
from html import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import last_modified, require_safe

from articles import languages

from .alternates import with_default
from .changes import last_changed_at
from .listed_pages import PARTS, Place, files, is_large

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


@require_safe
@last_modified(lambda request: last_changed_at())
def sitemap(request: HttpRequest) -> HttpResponse:
    """List every address or, on a large site, the files that do."""
    if is_large():
        return _response(_index())
    return _response(_urlset(place for places in PARTS.values() for place in places()))


@require_safe
@last_modified(lambda request, part, number: last_changed_at())
def sitemap_part(request: HttpRequest, part: str, number: int) -> HttpResponse:
    """Give one of the files of a large site."""
    places = list(PARTS[part](number)) if part in PARTS and number and is_large() else []
    if not any(place.codes for place in places):
        raise Http404
    return _response(_urlset(places))


def _urlset(places: Iterable[Place]) -> str:
    entries = "\n".join(entry for place in places for entry in _entries(place))
    return f'<urlset xmlns="{NAMESPACE}" xmlns:xhtml="{XHTML}">\n{entries}\n</urlset>\n'


def _entries(place: Place) -> Iterator[str]:
    """Yield an entry for each language of a page; all of them have the same links to all of them."""
    links = with_default(place.paths, place.original)
    if links and place.default:
        links["x-default"] = place.default
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{_absolute(path)}"/>' for code, path in links.items()
    )
    for code, path in place.paths.items():
        changed = place.changed.get(code)
        date = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
        yield f"<url><loc>{_absolute(path)}</loc>{date}{alternates}</url>"


def _index() -> str:
    paths = (reverse("sitemap_part", kwargs={"part": part, "number": number}) for part, number in files())
    entries = "\n".join(f"<sitemap><loc>{_absolute(path)}</loc></sitemap>" for path in paths)
    return f'<sitemapindex xmlns="{NAMESPACE}">\n{entries}\n</sitemapindex>\n'


def _absolute(path: str) -> str:
    return escape(settings.SITE_URL + path)


def _response(text: str) -> HttpResponse:
    return HttpResponse(
        f'<?xml version="1.0" encoding="utf-8"?>\n{text}',
        content_type="application/xml",
        # The same for every browser.
        headers={"Content-Language": ", ".join(languages.codes())},
    )
