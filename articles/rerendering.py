"""Bodies rendered again, as after a change of the pipeline: no text, date or revision is touched."""

from django.db import transaction

from . import languages
from .markdown import RENDER_VERSION, BodyRefused, render
from .models import Article, Rendering
from .saving import save_rendering
from .turns import take_turns


def renderings_to_make(only_stale: bool = False) -> list[tuple[int, str]]:
    """Return the primary key of each article with each language it is written in.

    `only_stale` leaves out what today's pipeline has rendered already.
    """
    made = set()
    if only_stale:
        made = set(Rendering.objects.filter(version=RENDER_VERSION).values_list("article", "language"))
    written = [
        (pk, language)
        for language in languages.codes()
        for pk in Article.objects.filter(**{f"{languages.column('title', language)}__gt": ""}).values_list(
            "pk", flat=True
        )
    ]
    return sorted(set(written) - made)


def render_again(pk: int, language: str) -> BodyRefused | None:
    """Render one language of an article again; return why where the body is refused and keeps the rendering it has."""
    column = languages.column("body", language)
    while True:
        body = Article.objects.values_list(column, flat=True).get(pk=pk)
        try:
            rendered = render(body, language)
        except BodyRefused as refusal:
            return refusal
        # Rendered before anybody has to wait for it; what was saved meanwhile is rendered once more.
        with transaction.atomic():
            take_turns()
            article = Article.objects.get(pk=pk)
            if getattr(article, column) == body:
                save_rendering(article, language, rendered)
                return None
