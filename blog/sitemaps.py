"""The sitemap: every page that a search engine may list, in each language, with the date of its last change.

https://www.sitemaps.org/protocol.html; the links between languages are those of
https://developers.google.com/search/docs/specialty/international/localized-versions.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from articles import languages
from articles.archive import Period
from articles.listings import PAGE_SIZE
from articles.models import Article, Slugged

from .models import Page

# Addresses in one file. The protocol allows 50,000; a fifth of them can be made while a robot waits.
LIMIT = 10_000

# The pages that are there in every language, beside the home page.
FIXED = ["articles:archive", "blog:structure", "blog:style"]

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"

# When each article of a list last changed, by language.
Dates = dict[str, list[datetime]]


@dataclass(frozen=True)
class Place:
    """A page: its path in each language where it can be read, and there the date of its last change, where known.

    `default` is the path for readers of any other language.
    """

    paths: dict[str, str]
    changed: dict[str, datetime]
    default: str

    @property
    def alternates(self) -> dict[str, str]:
        """The paths to choose from; none where there is no choice."""
        return self.paths | {"x-default": self.default} if len(self.paths) > 1 else {}


def sitemap(request: HttpRequest) -> HttpResponse:
    """List every address or, where one file cannot hold them, the files that do."""
    addresses = _addresses()
    return _response(_index(len(addresses)) if len(addresses) > LIMIT else _urlset(addresses))


def sitemap_part(request: HttpRequest, number: int) -> HttpResponse:
    """Give one of the files of a site that needs several, counted from 1."""
    addresses = _addresses()
    part = addresses[LIMIT * (number - 1) : LIMIT * number] if number else []
    if len(addresses) <= LIMIT or not part:
        raise Http404
    return _response(_urlset(part))


def x_default(paths: dict[str, str], original: str = settings.LANGUAGE_CODE) -> str:
    """Return the path for readers of no language of the site: the original's where there is one, else the first."""
    return paths.get(original) or next(iter(paths.values()), "")


def _addresses() -> list[tuple[Place, str]]:
    """Return every page in each of its languages; the number of queries does not depend on how many there are."""
    return [(place, code) for place in _places() for code in place.paths]


def _places() -> Iterator[Place]:
    for name in FIXED:
        yield _place({code: _path(name, code) for code in languages.codes()})
    for paths in _pages_of_the_blog().values():
        yield _place(paths)
    articles = list(Article.objects.kept().for_sitemap())
    home, *others = _lists(articles)
    first, *rest = _pages(*home)
    yield replace(first, default=reverse("language_redirect"))
    yield from rest
    for path_in, dates in others:
        yield from _pages(path_in, dates)
    for article in articles:
        paths = {code: path for code, path in article.addresses().items() if path}
        yield _place(paths, {code: article.changed_in(code) for code in paths}, article.source_language)


def _place(
    paths: dict[str, str], changed: dict[str, datetime] | None = None, original: str = settings.LANGUAGE_CODE
) -> Place:
    return Place(paths, changed or {}, x_default(paths, original))


def _path(name: str, language: str) -> str:
    with override(language):
        return reverse(name)


def _pages_of_the_blog() -> dict[Page, dict[str, str]]:
    pages = defaultdict(dict)
    for code in languages.codes():
        for page in Page.objects.live(code):
            pages[page][code] = page.get_absolute_url(code)
    return pages


def _lists(articles: list[Article]) -> Iterator[tuple[Callable[[str], str], Dates]]:
    """Yield what gives the path of each list in a language, and what the list holds."""
    home: Dates = {code: [] for code in languages.codes()}
    subjects: dict[Slugged, Dates] = defaultdict(lambda: defaultdict(list))
    periods: dict[tuple[int, int | None], Dates] = defaultdict(lambda: defaultdict(list))
    for article in articles:
        for code in article.live_languages():
            day = timezone.localtime(getattr(article, languages.column("published_at", code)))
            lists = [home, periods[day.year, None], periods[day.year, day.month]]
            lists += [subjects[subject] for subject in _subjects(article)]
            for dates in lists:
                dates[code].append(article.changed_in(code))
    yield lambda code: _path("blog:home", code), home
    for subject, dates in subjects.items():
        yield subject.get_absolute_url, dates
    for (year, month), dates in periods.items():
        yield Period(year, month).path_in, dates


def _subjects(article: Article) -> list[Slugged]:
    series = [article.series] if article.series else []
    return [*article.tags.all(), *article.authors.all(), *series]


def _pages(path_in: Callable[[str], str], dates: Dates) -> Iterator[Place]:
    """Yield the pages of a list; each is there in the languages in which the list is that long."""
    paths = {code: path for code in languages.codes() if code in dates and (path := path_in(code))}
    changed = {code: max(dates[code]) for code in paths if dates[code]}
    yield _place(paths, changed)
    for start in range(PAGE_SIZE, max(map(len, dates.values())), PAGE_SIZE):
        number = start // PAGE_SIZE + 1
        yield _place({code: f"{paths[code]}?page={number}" for code in paths if len(dates[code]) > start}, changed)


def _urlset(addresses: list[tuple[Place, str]]) -> Element:
    root = Element("urlset", {"xmlns": NAMESPACE, "xmlns:xhtml": XHTML})
    for place, language in addresses:
        url = SubElement(root, "url")
        SubElement(url, "loc").text = settings.SITE_URL + place.paths[language]
        if language in place.changed:
            SubElement(url, "lastmod").text = place.changed[language].isoformat(timespec="seconds")
        for code, path in place.alternates.items():
            SubElement(url, "xhtml:link", {"rel": "alternate", "hreflang": code, "href": settings.SITE_URL + path})
    return root


def _index(count: int) -> Element:
    root = Element("sitemapindex", {"xmlns": NAMESPACE})
    for number in range(1, -(-count // LIMIT) + 1):
        path = reverse("sitemap_part", kwargs={"number": number})
        SubElement(SubElement(root, "sitemap"), "loc").text = settings.SITE_URL + path
    return root


def _response(root: Element) -> HttpResponse:
    text = '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, "unicode")
    # The same for every browser.
    return HttpResponse(
        text, content_type="application/xml", headers={"Content-Language": ", ".join(languages.codes())}
    )
