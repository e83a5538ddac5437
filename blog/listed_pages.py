"""Every page that a search engine may list: in which languages it is there, and when it last changed in each.

All that a site has comes in parts, and each part of a large site in files, so that a file costs what it holds and to
know which files there are costs next to nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial

from django.conf import settings
from django.db.models import Count, DateTimeField, Max, Model, QuerySet
from django.db.models.functions import Coalesce, Greatest, TruncMonth
from django.urls import reverse
from django.utils import timezone

from articles import languages
from articles.addresses import path_in
from articles.archive import Period, years_between
from articles.counting import counts
from articles.listings import PAGE_SIZE
from articles.models import Article, Author, Series, Slugged, Tag
from articles.prepared import prepared

from .models import Page

# A site of more articles has several files, each with so many of them.
ARTICLES = 1000
# Tags, series or authors whose pages share a file.
SUBJECTS = 10
# Pages of a list that are listed. With these numbers no file comes near the protocol's limit of 50,000 addresses.
PAGES = 1000

# The pages that are there in every language, beside the home page.
FIXED = ["articles:archive", "blog:search", "blog:structure", "blog:style"]


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


@dataclass
class Held:
    """What a list holds: how many articles in each language, and when the last of them changed there."""

    numbers: dict[str, int] = field(default_factory=dict)
    changed: dict[str, datetime] = field(default_factory=dict)

    def add(self, code: str, number: int, changed: datetime | None) -> None:
        if number:
            self.numbers[code] = self.numbers.get(code, 0) + number
            self.changed[code] = max(self.changed.get(code, changed), changed)


def is_large() -> bool:
    """Return whether the site has too many articles for one file."""
    return Article.objects.kept().order_by("pk")[ARTICLES : ARTICLES + 1].exists()


def _pages(number: int | None = None) -> Iterator[Place]:
    """The publication's own pages, and those of the home page's list; one file has them all."""
    if number not in (None, 1):
        return
    codes = languages.codes()
    home = Held()
    for code in codes:
        live = Article.objects.published(code).order_by()
        home.add(code, **live.aggregate(number=Count("pk"), changed=Max(_changed(code))))
    first, *rest = _pages_of(partial(path_in, name="blog:home"), home, codes)
    yield replace(first, default=reverse("language_redirect"))
    yield from rest
    yield from (Place(codes, partial(path_in, name=name)) for name in FIXED)
    yield from (Place(page.live_languages(), page.get_absolute_url) for page in Page.objects.without_bodies())


def _subjects(kind: type[Slugged], number: int | None = None) -> Iterator[Place]:
    """The pages of tags, series or authors."""
    subjects = _in_file(kind.objects.all(), number, SUBJECTS)
    held: dict[int, Held] = defaultdict(Held)
    name = kind._meta.get_field("articles").field.name
    for code in languages.codes():
        listed = Article.objects.published(code).order_by().filter(**{f"{name}__in": subjects.order_by()})
        for row in listed.values(name).annotate(number=Count("pk"), changed=Max(_changed(code))):
            held[row.pop(name)].add(code, **row)
    yield from (place for each in subjects for place in _pages_of(each.get_absolute_url, held[each.pk]))


def _periods(year: int | None = None) -> Iterator[Place]:
    """The pages of years and their months; the file of a year bears its number."""
    held: dict[Period, Held] = defaultdict(Held)
    for code in languages.codes():
        column = languages.column("published_at", code)
        articles = Article.objects.published(code)
        if year is not None:
            period = Period.of(str(year))
            articles = period.articles_in(code) if period else articles.none()
        months = articles.order_by().annotate(month=TruncMonth(column)).values("month")
        for row in months.annotate(number=Count("pk"), changed=Max(_changed(code))):
            month = row.pop("month")
            for period in (Period(month.year), Period(month.year, month.month)):
                held[period].add(code, **row)
    for period in sorted(held, key=lambda each: (-each.year, -(each.month or 13))):
        yield from _pages_of(period.path_in, held[period])


def _articles(number: int | None = None) -> Iterator[Place]:
    for article in _in_file(Article.objects.kept().for_sitemap(), number, ARTICLES):
        live = article.live_languages()
        changed = {code: article.changed_in(code) for code in live}
        yield Place(live, article.get_absolute_url, changed, article.source_language)


# By the name in the addresses of their files, which are counted from 1; all of a kind without a number.
PARTS: dict[str, Callable[..., Iterator[Place]]] = {
    "pages": _pages,
    "tags": partial(_subjects, Tag),
    "series": partial(_subjects, Series),
    "authors": partial(_subjects, Author),
    "years": _periods,
    "articles": _articles,
}


def _in_file(queryset: QuerySet, number: int | None, size: int) -> QuerySet:
    """Return the rows of a file: a range of primary keys, which the database finds without a look at the others."""
    return queryset if number is None else queryset.filter(pk__gt=size * (number - 1), pk__lte=size * number)


def _changed(language: str) -> Coalesce:
    """Return, for a database, what `Article.changed_in` says."""
    dates = ("first_published_at", "published_at", "updated_at")
    first, published, updated = (languages.column(date, language) for date in dates)
    since = Coalesce(first, published, output_field=DateTimeField())
    # SQLite's GREATEST knows none where one is missing.
    return Coalesce(Greatest(since, updated, output_field=DateTimeField()), since)


def _pages_of(path_of: Callable[[str], str], held: Held, codes: Iterable[str] = ()) -> Iterator[Place]:
    """Yield the pages of a list; each is there in the languages in which the list is that long.

    The first one is there in `codes` as well, whatever the list holds.
    """
    there = [code for code in languages.codes() if code in codes or code in held.numbers]
    paths = {code: path for code in there if (path := path_of(code))}
    yield Place(list(paths), paths.__getitem__, held.changed)
    longest = min(max(held.numbers.values(), default=0), PAGES * PAGE_SIZE)
    for start in range(PAGE_SIZE, longest, PAGE_SIZE):
        number = start // PAGE_SIZE + 1
        page = {code: f"{path}?page={number}" for code, path in paths.items() if held.numbers.get(code, 0) > start}
        yield Place(list(page), page.__getitem__, held.changed)


def files() -> Iterator[tuple[str, int]]:
    """Yield the part and the number of each file that holds anything."""
    yield "pages", 1
    for part, kind in (("tags", Tag), ("series", Series), ("authors", Author)):
        yield from ((part, number) for number in _filled(kind, SUBJECTS))
    years = {year for code in languages.codes() for year in _years_in(code)}
    yield from (("years", year) for year in sorted(years, reverse=True))
    yield from (("articles", number) for number in _filled(Article, ARTICLES))


def _years_in(language: str) -> list[int]:
    years = years_between(language)
    numbers = counts(_one_within.statement(language, **year.bounds) for year in years)
    return [year.year for year, number in zip(years, numbers, strict=True) if number]


@prepared
def _one_within(language: str, *, first: datetime, last: datetime) -> QuerySet:
    return Article.objects.dated_within(first, last, language).order_by().only("pk")[:1]


def _filled(kind: type[Model], size: int) -> list[int]:
    """Return the numbers of the files that hold anything in any language."""
    last = kind._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
    numbers = list(range(1, -(-last // size) + 1))
    found = {number for code in languages.codes() for number in _filled_in(code, kind, size, numbers)}
    return sorted(found)


def _filled_in(language: str, kind: type[Model], size: int, numbers: list[int]) -> list[int]:
    now = timezone.now()

    @prepared
    def one_of(language: str, *, after: int, last: int) -> QuerySet:
        of_kind = kind.objects.published if kind is Article else kind.objects.with_articles
        return of_kind(language, at=now).filter(pk__gt=after, pk__lte=last).order_by().only("pk")[:1]

    asked = (one_of.statement(language, after=size * (number - 1), last=size * number) for number in numbers)
    return [number for number, count in zip(numbers, counts(asked), strict=True) if count]
