"""Articles as lists show them: narrow rows, each with its tags."""

from collections import defaultdict

from django.db.models import F, QuerySet

from .models import Article, Tag
from .prepared import prepared


def with_tags(articles: list[Article], language: str) -> list[Article]:
    """Return the rows of `for_listing`, each with its tags in the language as `shown_tags`; one query."""
    tags = defaultdict(list)
    for tag in _tags_of(language, articles=[article.pk for article in articles]) if articles else ():
        tags[tag.article].append(tag)
    for article in articles:
        article.shown_tags = tags[article.pk]
    return articles


@prepared
def _tags_of(language: str, *, articles: list) -> QuerySet:
    return Tag.objects.named(language).filter(articles__id__in=articles).annotate(article=F("articles__id"))
