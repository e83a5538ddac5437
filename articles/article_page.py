"""What the page of an article shows: the text, who wrote it, what belongs to it, and where it leads on."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from . import languages, references
from .models import Article, Author, Rendering, Tag
from .parts import part_of
from .prepared import prepared
from .search_result import description
from .teasers import with_tags


def page_of(article: Article, rendering: Rendering | None = None) -> dict:
    """Return what the page of an article shows in the active language.

    The article may hold a text that is not saved, with a rendering of its body, and a date to come.
    """
    language, now = languages.active(), timezone.now()
    rendering = rendering or _rendering.first(language, article=article.pk)
    place = {"article": article.pk, "date": article.published_at}
    return {
        "article": article,
        "updated_at": article.updated_in(language),
        "authors": _authors(language, article=article.pk),
        "rendering": rendering,
        "description": description(article.summary, rendering, language),
        "body": references.resolved([rendering])[0],
        "tags": _tags(language, article=article.pk),
        "part": part_of(article, language),
        "companions": with_tags(_companions(language, article=article.pk, now=now), language),
        "newer": _newer.first(language, now=now, **place),
        # The nearest end alone: SQLite would walk there from the other one.
        "older": _older.first(language, until=min(article.published_at, now), **place),
        # Where this article is in every language; None where it cannot be read.
        "addresses": article.addresses(),
    }


@prepared
def _rendering(language: str, *, article: int) -> QuerySet:
    return Rendering.objects.filter(article=article, language=language)


@prepared
def _authors(language: str, *, article: int) -> QuerySet:
    return Author.objects.filter(articles=article)


@prepared
def _tags(language: str, *, article: int) -> QuerySet:
    return Tag.objects.named(language).filter(articles=article)


@prepared
def _companions(language: str, *, article: int, now: datetime) -> QuerySet:
    return Article.objects.published(language, at=now).exclude(pk=article).companions_of(article).for_listing(language)


@prepared
def _newer(language: str, *, article: int, date: datetime, now: datetime) -> QuerySet:
    others = Article.objects.published(language, at=now).exclude(pk=article)
    return others.newer_than(date, article, language).for_links(language)[:1]


@prepared
def _older(language: str, *, article: int, date: datetime, until: datetime) -> QuerySet:
    others = Article.objects.published(language, at=until).exclude(pk=article)
    return others.older_than(date, article, language).for_links(language)[:1]
