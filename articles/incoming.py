"""What leads readers to an article: texts that link to it, articles that show it as a companion."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Model, Prefetch, QuerySet

from . import languages
from .links import SCHEME, articles_named
from .models import Article, Companion, Illustrated, Revision

# A link names an article by its key, or by a language and a slug.
Name = str | tuple[str, str]

# What a text with a link to an article holds: the signs of keys and of slugs are the same.
WORD = re.compile(rf"(?:{SCHEME}|/)[a-z0-9-]+")
# The database looks through all texts once for each word; more are found sooner by reading all texts.
FEW_WORDS = 8


@dataclass
class Incoming:
    """Something that leads to an article: from its texts in some languages, or as one that it is a companion of."""

    thing: Model
    languages: list[str] = field(default_factory=list)
    has_as_companion: bool = False


def links_to(article: Article) -> list[Incoming]:
    """Return what leads to an article now, but for itself and for what is deleted, in one query for each kind.

    A text links to it by its key, or by its path in some language, present or former.
    """
    return links_to_each([article])[article]


def links_to_each(articles: list[Article]) -> dict[Article, list[Incoming]]:
    """Return what leads to each of several articles; many take little longer than one."""
    targets: dict[Name, list[Article]] = defaultdict(list)
    for article in articles:
        for name in (article.key, *_places(article)):
            targets[name].append(article)
    found: dict[Article, dict[Model, Incoming]] = {article: {} for article in articles}
    for thing, language, named in _naming(targets.keys()):
        for article in {article for name in named for article in targets.get(name, ()) if article != thing}:
            found[article].setdefault(thing, Incoming(thing)).languages.append(language)
    by_key = {article.pk: article for article in articles}
    for link in _companion_links(articles):
        found[by_key[link.companion_id]].setdefault(link.article, Incoming(link.article)).has_as_companion = True
    return {article: list(by_thing.values()) for article, by_thing in found.items()}


def _places(article: Article) -> set[tuple[str, str]]:
    """Return each language with each slug at which the article is, or could be read once."""
    present = {(code, getattr(article, languages.column("slug", code))) for code in languages.codes()}
    once = Revision.objects.once_live().filter(article=article).order_by().values_list("language", "slug").distinct()
    return {(code, slug) for code, slug in {*present, *once} if slug}


def _companion_links(articles: list[Article]) -> Iterable[Companion]:
    long = [f"article__{languages.column(name, code)}" for name in ("body", "summary") for code in languages.codes()]
    links = Companion.objects.filter(companion__in=articles, article__deleted_at=None).order_by("-article_id")
    return links.select_related("article").defer(*long)


def _naming(names: Iterable[Name]) -> Iterator[tuple[Model, str, set[Name]]]:
    """Yield what may link to one of several articles and is not deleted, with each language and what it names there."""
    # The end of a path is the same whole, from the root and from one article to the next.
    words = {f"{SCHEME}{name}" if isinstance(name, str) else f"/{name[1]}" for name in names}
    for kind in Illustrated.kinds():
        renderings = kind._meta.get_field("renderings").related_model.objects.defer("contents", "text")
        holding = _holding(kind, words).prefetch_related(Prefetch("renderings", renderings))
        for thing in holding.iterator(chunk_size=200):
            if getattr(thing, "deleted_at", None):
                continue
            html = {rendering.language: rendering.html for rendering in thing.renderings.all()}
            for code in languages.codes():
                # What is only mentioned, in code or in a longer word, is no link.
                if code in html:
                    yield thing, code, articles_named(html[code], thing.get_absolute_url(code) or "/")


def _holding(kind: type[Illustrated], words: set[str]) -> QuerySet:
    """Return those of a kind that hold one of several words, and perhaps others."""
    if len(words) <= FEW_WORDS:
        return kind.holding(sorted(words))
    bodies = [languages.column("body", code) for code in languages.codes()]
    rows = kind._default_manager.values_list("pk", *bodies).iterator()
    keys = [pk for pk, *texts in rows if any(not words.isdisjoint(WORD.findall(text or "")) for text in texts)]
    return kind._default_manager.filter(pk__in=keys).defer(*bodies)
