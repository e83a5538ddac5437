"""What an article's languages share, as plain values: an import compares them, and each revision keeps them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from . import languages
from .models import Article, Author, Companion, Series, Tag
from .prepared import prepared

FACTS = ("source_language", "source", "authors", "tags", "series", "part", "companions")


def fact(article: Article, name: str) -> Any:
    """Return one fact of an article: names of authors and keys of tags in alphabetical order, keys of companions in
    theirs, less the deleted ones, the key of the series or "".
    """
    if name == "authors":
        return sorted(_values_of(_authors, article))
    if name == "tags":
        return sorted(_values_of(_tags, article))
    if name == "series":
        return article.series.key if article.series else ""
    if name == "companions":
        return _values_of(_companions, article)
    return getattr(article, name)


def _values_of(query: prepared, article: Article) -> list[str]:
    return [value for (value,) in query.values(languages.active(), article=article.pk)]


@prepared
def _authors(language: str, *, article: int) -> QuerySet:
    return Author.objects.filter(articles=article).order_by().values_list("name")


@prepared
def _tags(language: str, *, article: int) -> QuerySet:
    return Tag.objects.filter(articles=article).order_by().values_list("key")


@prepared
def _companions(language: str, *, article: int) -> QuerySet:
    kept = Companion.objects.filter(article=article, companion__deleted_at=None)
    return kept.order_by("position", "pk").values_list("companion__key")


def facts(article: Article) -> dict[str, Any]:
    return {name: fact(article, name) for name in FACTS}


def in_words(*snapshots: Mapping[str, Any]) -> list[dict[str, list[str]]]:
    """Return each snapshot as people read it: lists of names and titles in the active language.

    What a key once named and is gone keeps its key.
    """
    keys = {name: {key for facts in snapshots for key in _values(facts.get(name))} for name in FACTS}
    titles = {
        "tags": _titles(Tag.objects.all(), keys["tags"]),
        "series": _titles(Series.objects.all(), keys["series"]),
        "companions": _titles(Article.objects.for_titles(), keys["companions"]),
        "source_language": {code: languages.name_in_sentence(code) for code in languages.codes()},
    }
    return [
        {name: [titles.get(name, {}).get(value, str(value)) for value in _values(facts.get(name))] for name in FACTS}
        for facts in snapshots
    ]


def _titles(things: QuerySet, keys: set[str]) -> dict[str, str]:
    return {thing.key: str(thing) for thing in things.filter(key__in=keys)} if keys else {}


def _values(value: Any) -> list:
    if isinstance(value, list):
        return value
    return [] if value in (None, "") else [value]
