"""An article as lists show it. The same one stands on many of them: of its tags, its year, its month."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from articles import languages
from articles.models import Article

register = template.Library()


class ShownTag(NamedTuple):
    """All that a template says of a tag, under the tag's own names."""

    name: str
    get_absolute_url: str


class Teaser(NamedTuple):
    """All that a teaser is made of: where these are equal, it is the same HTML."""

    language: str
    heading: str
    number: int | None
    address: str
    title: str
    summary: str | None
    excerpt: str | None
    published_at: datetime
    reading_minutes: int | None
    tags: tuple[ShownTag, ...]


@register.simple_tag
def teaser(article: Article, heading: str, number: int | None = None) -> SafeString:
    """Return a row of `for_listing` with its tags below a heading like h2; a part of a series has its number."""
    shown = Teaser(
        languages.active(),
        heading,
        number,
        article.get_absolute_url(),
        article.title,
        article.summary,
        article.excerpt,
        article.published_at,
        article.reading_minutes,
        tuple(ShownTag(tag.name, tag.get_absolute_url()) for tag in article.shown_tags),
    )
    # With DEBUG on, a template that changed shows at once.
    return _html(shown) if settings.DEBUG else _kept(shown)


def _html(shown: Teaser) -> SafeString:
    return render_to_string("articles/_teaser.html", {"teaser": shown})


# About a kilobyte each.
_kept = lru_cache(maxsize=8192)(_html)
