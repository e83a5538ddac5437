"""The sitemap: every page that a search engine may list, in each language, with the date of its last change.

https://www.sitemaps.org/protocol.html; the links between languages are those of
https://developers.google.com/search/docs/specialty/international/localized-versions.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from html import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import last_modified, require_safe

from articles import languages
from articles.addresses import path_in
from articles.archive import Period
from articles.listings import PAGE_SIZE
from articles.models import Article, Author, Series, Tag

from .alternates import with_default
from .changes import last_changed_at
from .models import Page

# Addresses in one file. The protocol allows 50,000; a fifth of them can be made while a robot waits.
LIMIT = 10_000

# The pages that are there in every language, beside the home page.
FIXED = ["articles:archive", "blog:search", "blog:structure", "blog:style"]

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"

# When each article of a list last changed, by language.
Dates = dict[str, list[datetime]]


@dataclass(frozen=True)
class Place:
    """A page in the languages in which it can be read, with the date of its last change in each, where known.

    `default` is the path for readers of any other language, where that is not the original's.
    """

    codes: list[str]
    path_in: Callable[[str], str]
    changed: dict[str, datetime] = field(default_factory=dict)
    original: str = settings.LANGUAGE_CODE
    default: str = ""

    @cached_property
    def paths(self) -> dict[str, str]:
        return {code: self.path_in(code) for code in self.codes}

    @cached_property
    def alternates(self) -> str:
        """The links to each language; none where there is no choice."""
        links = with_default(self.paths, self.original)
        if links and self.default:
            links["x-default"] = self.default
        return "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{_absolute(path)}"/>' for code, path in links.items()
        )


@require_safe
@last_modified(lambda request: last_changed_at())
def sitemap(request: HttpRequest) -> HttpResponse:
    """List every address or, where one file cannot hold them, the files that do."""
    addresses = _addresses()
    return _response(_index(len(addresses)) if len(addresses) > LIMIT else _urlset(addresses))


@require_safe
@last_modified(lambda request, number: last_changed_at())
def sitemap_part(request: HttpRequest, number: int) -> HttpResponse:
    """Give one of the files of a site that needs several, counted from 1."""
    addresses = _addresses()
    part = addresses[LIMIT * (number - 1) : LIMIT * number] if number else []
    if len(addresses) <= LIMIT or not part:
        raise Http404
    return _response(_urlset(part))


def _addresses() -> list[tuple[Place, str]]:
    """Return every page in each of its languages; the number of queries does not depend on how many there are."""
    return [(place, code) for place in _places() for code in place.codes]


def _places() -> Iterator[Place]:
    codes = languages.codes()
    articles = list(Article.objects.kept().for_sitemap())
    home, *others = _lists(articles)
    first, *rest = _pages(*home)
    yield replace(first, default=reverse("language_redirect"))
    yield from rest
    yield from (Place(codes, partial(path_in, name=name)) for name in FIXED)
    yield from (Place(page.live_languages(), page.get_absolute_url) for page in Page.objects.without_bodies())
    for path_of, dates in others:
        yield from _pages(path_of, dates)
    for article in articles:
        live = article.live_languages()
        changed = {code: article.changed_in(code) for code in live}
        yield Place(live, article.get_absolute_url, changed, article.source_language)


def _lists(articles: list[Article]) -> Iterator[tuple[Callable[[str], str], Dates]]:
    """Yield what gives the path of each list in a language, and what the list holds; the home page comes first."""
    home: Dates = {code: [] for code in languages.codes()}
    subjects: dict[tuple[type, int], Dates] = defaultdict(lambda: defaultdict(list))
    periods: dict[tuple[int, int | None], Dates] = defaultdict(lambda: defaultdict(list))
    subjects_of = _subjects_of(articles)
    for article in articles:
        for code in article.live_languages():
            day = timezone.localtime(getattr(article, languages.column("published_at", code)))
            lists = [home, periods[day.year, None], periods[day.year, day.month]]
            lists += [subjects[key] for key in subjects_of[article.pk]]
            changed = article.changed_in(code)
            for dates in lists:
                dates[code].append(changed)
    yield partial(path_in, name="blog:home"), home
    for model in (Tag, Series, Author):
        yield from ((each.get_absolute_url, subjects[model, each.pk]) for each in model.objects.all())
    yield from ((Period(*key).path_in, dates) for key, dates in periods.items())


def _subjects_of(articles: list[Article]) -> dict[int, list[tuple[type, int]]]:
    """Return the model and the primary key of what lists an article, by the article's primary key."""
    found = defaultdict(list)
    for relation in (Article.tags, Article.authors):
        ends = relation.field.m2m_column_name(), relation.field.m2m_reverse_name()
        for article, subject in relation.through.objects.values_list(*ends):
            found[article].append((relation.field.related_model, subject))
    for article in articles:
        if article.series_id:
            found[article.pk].append((Series, article.series_id))
    return found


def _pages(path_of: Callable[[str], str], dates: Dates) -> Iterator[Place]:
    """Yield the pages of a list; each is there in the languages in which the list is that long."""
    paths = {code: path for code in languages.codes() if code in dates and (path := path_of(code))}
    changed = {code: max(dates[code]) for code in paths if dates[code]}
    yield Place(list(paths), paths.__getitem__, changed)
    for start in range(PAGE_SIZE, max(map(len, dates.values()), default=0), PAGE_SIZE):
        number = start // PAGE_SIZE + 1
        page = {code: f"{path}?page={number}" for code, path in paths.items() if len(dates[code]) > start}
        yield Place(list(page), page.__getitem__, changed)


def _urlset(addresses: list[tuple[Place, str]]) -> str:
    entries = "\n".join(_entry(place, code) for place, code in addresses)
    return f'<urlset xmlns="{NAMESPACE}" xmlns:xhtml="{XHTML}">\n{entries}\n</urlset>\n'


def _entry(place: Place, language: str) -> str:
    changed = place.changed.get(language)
    date = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
    return f"<url><loc>{_absolute(place.paths[language])}</loc>{date}{place.alternates}</url>"


def _index(count: int) -> str:
    paths = (reverse("sitemap_part", kwargs={"number": 1 + start // LIMIT}) for start in range(0, count, LIMIT))
    files = "\n".join(f"<sitemap><loc>{_absolute(path)}</loc></sitemap>" for path in paths)
    return f'<sitemapindex xmlns="{NAMESPACE}">\n{files}\n</sitemapindex>\n'


def _absolute(path: str) -> str:
    return escape(settings.SITE_URL + path)


def _response(text: str) -> HttpResponse:
    return HttpResponse(
        f'<?xml version="1.0" encoding="utf-8"?>\n{text}',
        content_type="application/xml",
        # The same for every browser.
        headers={"Content-Language": ", ".join(languages.codes())},
    )
