"""Where an article stands in its series: which part it is, of how many, and the parts beside it."""

from dataclasses import dataclass

from . import languages
from .models import Article, Series


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
    series = article.series
    if series is None or not series.slug_in(language):
        return None
    columns = [languages.column(field, language) for field in ("title", "slug", "published_at")]
    others = Article.objects.published(language).filter(series=series).exclude(pk=article.pk).only("part", *columns)
    parts = sorted([*others, article], key=lambda part: _order(part, language))
    place = parts.index(article)
    around = [None, *parts, None]
    return Part(series, place + 1, len(parts), previous=around[place], next=around[place + 2])


def _order(article: Article, language: str) -> tuple:
    """Return what `ArticleQuerySet.in_order_of_parts` sorts by."""
    date = getattr(article, languages.column("published_at", language))
    return article.part is None, article.part or 0, date, article.pk
