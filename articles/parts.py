"""Where an article stands in its series: which part it is, of how many, and the parts beside it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from . import languages
from .models import Article, Series
from .prepared import prepared


@dataclass(frozen=True)
class Part:
    """An article among the parts of its series that are live in one language; `number` counts from 1."""

    series: Series
    number: int
    count: int
    previous: Article | None
    next: Article | None


def part_of(article: Article, language: str) -> Part | None:
    """Return the place that an article has in a language, or will have with the date that it was given, in two queries.

    None where it is in no series, or in one that has no title in the language.
    """
    series = article.series_id and _series.first(language, pk=article.series_id)
    if not series or not series.slug_in(language):
        return None
    others = _other_parts(language, series=series.pk, article=article.pk, now=timezone.now())
    parts = sorted([*others, article], key=lambda part: _order(part, language))
    place = parts.index(article)
    around = [None, *parts, None]
    return Part(series, place + 1, len(parts), previous=around[place], next=around[place + 2])


@prepared
def _series(language: str, *, pk: int) -> QuerySet:
    return Series.objects.filter(pk=pk)


@prepared
def _other_parts(language: str, *, series: int, article: int, now: datetime) -> QuerySet:
    columns = [languages.column(field, language) for field in ("title", "slug", "published_at")]
    others = Article.objects.published(language, at=now).exclude(pk=article)
    return others.filter(series=series).only("part", *columns)


def _order(article: Article, language: str) -> tuple:
    """Return what `ArticleQuerySet.in_order_of_parts` sorts by."""
    date = getattr(article, languages.column("published_at", language))
    return article.part is None, article.part or 0, date, article.pk
