"""Years and months: the articles of each, which of them have any, and where their pages are."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from . import languages
from .addresses import path_in
from .counting import counts_within
from .kept import kept
from .models import Article
from .prepared import prepared
from .querysets import ArticleQuerySet
from .validation import YEARS


@dataclass(frozen=True)
class Period:
    """A year, or a month of it, in the site's time zone; `count` is how many articles it holds, where it was asked."""

    year: int
    month: int | None = None
    count: int | None = None

    @classmethod
    def of(cls, year: str, month: str | None = None) -> "Period | None":
        """Return the period that an address names, like 2026 and 03; None for what is no date."""
        if not (len(year) == 4 and year.isascii() and year.isdigit() and int(year) in YEARS):
            return None
        if month is None:
            return cls(int(year))
        months = {f"{number:02}": number for number in range(1, 13)}
        return cls(int(year), months[month]) if month in months else None

    @property
    def first_day(self) -> date:
        return date(self.year, self.month or 1, 1)

    @property
    def after(self) -> "Period":
        """The period of the same length that follows."""
        if self.month is None:
            return Period(self.year + 1)
        return Period(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def whole_year(self) -> "Period":
        return Period(self.year)

    @property
    def start(self) -> datetime:
        return timezone.make_aware(datetime(self.year, self.month or 1, 1))

    @property
    def bounds(self) -> dict[str, datetime]:
        """The `first` moment of the period, and the `last` one that is not to come."""
        # One end alone: where "now" is a second one, SQLite may count as far as that and look at each row.
        return {"first": self.start, "last": min(self.after.start - timedelta.resolution, timezone.now())}

    def articles_in(self, language: str) -> ArticleQuerySet:
        """Return the articles live in a language that are dated in the period."""
        return Article.objects.dated_within(**self.bounds, language=language)

    def path_in(self, language: str) -> str:
        """Return the path of the page that lists the period in a language."""
        if self.month is None:
            return path_in(language, "articles:archive_year", year=self.year)
        return path_in(language, "articles:archive_month", year=self.year, month=f"{self.month:02}")

    def get_absolute_url(self) -> str:
        return self.path_in(languages.active())


@kept
def years_in(language: str) -> list[Period]:
    """Return the years in which something is live in a language, newest first, with their counts; three queries.

    The index counts ranges of dates: a database would have to cut each date to its year in the site's time zone.
    """
    return _counted(years_between(language), language)


def years_between(language: str) -> list[Period]:
    """Return the years from the newest article of a language to its oldest, also those of none; two queries."""
    column = languages.column("published_at", language)
    dates = Article.objects.published(language).newest_first(language).values_list(column, flat=True)
    newest = dates.first()
    if newest is None:
        return []
    first, last = (timezone.localtime(date).year for date in (dates.last(), newest))
    return [Period(year) for year in range(last, first - 1, -1)]


def months_of(year: Period, language: str) -> list[Period]:
    """Return the months of a year in which something is live in a language, in order, with their counts; one query."""
    return _counted([Period(year.year, month) for month in range(1, 13)], language)


@kept
def months_of_subject(subjects: str, pk: int, language: str) -> list[Period]:
    """Return the months of what one of the "tags" or "authors" lists in a language, as `years_in` does its years."""
    months = [Period(year.year, month) for year in years_between(language) for month in range(12, 0, -1)]
    return _counted(months, language, **{subjects: pk})


def place_of(number: int, periods: Iterable[Period]) -> tuple[Period, int] | None:
    """Return which of the periods holds the article of a number, counted from 0, and how many of its own come before.

    None where they do not hold so many.
    """
    for period in periods:
        if number < period.count:
            return period, number
        number -= period.count
    return None


def _counted(periods: list[Period], language: str, **subject: int) -> list[Period]:
    """Return the periods that hold something, with how much."""
    bounds = (tuple(period.bounds.values()) for period in periods)
    numbers = counts_within(*_within_bounds.statement(language, **subject), bounds)
    return [replace(period, count=number) for period, number in zip(periods, numbers, strict=True) if number]


@prepared
def _within_bounds(language: str, **subject: int) -> QuerySet:
    first, last = (RawSQL(f"bounds.{end}", []) for end in ("first", "last"))  # noqa: S611, no value
    articles = Article.objects.dated_within(first, last, language)
    for subjects, pk in subject.items():
        articles = articles.having(subjects, pk)
    return articles.order_by().only("pk")
