"""Where an article stands in its series: which part it is, of how many, and the parts beside it."""

from dataclasses import dataclass

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
    """Return the place of an article that is live in a language, in one query.

    None where it is in no series, or in one that has no title in the language.
    """
    series = article.series
    if series is None or not series.slug_in(language):
        return None
    parts = list(
        Article.objects.published(language).filter(series=series).in_order_of_parts(language).for_links(language)
    )
    if article not in parts:  # taken from the site a moment ago
        return None
    place = parts.index(article)
    around = [None, *parts, None]
    return Part(series, place + 1, len(parts), previous=around[place], next=around[place + 2])
