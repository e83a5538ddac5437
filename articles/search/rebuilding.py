"""The index made again where no text has changed: after a change of tags, or of how words are folded."""

from django.db import transaction
from django.db.models import QuerySet

from articles.models import Rendering, SearchEntry
from articles.turns import take_turns

from .index import INDEX_VERSION, index


def entries_to_make(only_stale: bool = False) -> list[int]:
    """Return the primary key of each rendering; `only_stale` leaves out what is indexed by today's rules already."""
    made = set()
    if only_stale:
        made = set(SearchEntry.objects.filter(version=INDEX_VERSION).values_list("article", "language"))
    rendered = Rendering.objects.order_by("article", "language").values_list("pk", "article", "language")
    return [pk for pk, *text in rendered if tuple(text) not in made]


def index_articles(articles: QuerySet) -> None:
    """Index articles as they stand, in all their languages."""
    index_renderings(Rendering.objects.filter(article__in=articles))


@transaction.atomic
def index_renderings(renderings: QuerySet) -> None:
    take_turns()
    for rendering in renderings.select_related("article").defer("html").iterator():
        index(rendering.article, rendering)
