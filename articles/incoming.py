"""What leads readers to an article: texts that link to it, articles that show it as a companion."""

from dataclasses import dataclass, field

from django.db.models import Model, Prefetch

from . import languages
from .links import SCHEME, articles_named
from .models import Article, Illustrated, Revision


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
    names = {article.key, *_places(article)}
    found = [each for kind in Illustrated.kinds() for each in _linking(kind, names, article)]
    by_thing = {each.thing: each for each in found}
    long = [languages.column(name, code) for name in ("body", "summary") for code in languages.codes()]
    for showing in Article.objects.kept().filter(companion_links__companion=article).defer(*long):
        by_thing.setdefault(showing, Incoming(showing)).has_as_companion = True
    return list(by_thing.values())


def _places(article: Article) -> set[tuple[str, str]]:
    """Return each language with each slug at which the article is, or could be read once."""
    present = {(code, getattr(article, languages.column("slug", code))) for code in languages.codes()}
    once = Revision.objects.once_live().filter(article=article).order_by().values_list("language", "slug").distinct()
    return {(code, slug) for code, slug in {*present, *once} if slug}


def _linking(kind: type[Illustrated], names: set[str | tuple[str, str]], article: Article) -> list[Incoming]:
    # The end of a path is the same whole, from the root and from one article to the next.
    words = {f"{SCHEME}{name}" if isinstance(name, str) else f"/{name[1]}" for name in names}
    renderings = kind._meta.get_field("renderings").related_model.objects.defer("contents", "text")
    found = []
    for thing in kind.holding(sorted(words)).prefetch_related(Prefetch("renderings", renderings)):
        if thing == article or getattr(thing, "deleted_at", None):
            continue
        # What is only mentioned, in code or in a longer word, is no link.
        linking = {
            rendering.language
            for rendering in thing.renderings.all()
            if names & articles_named(rendering.html, thing.get_absolute_url(rendering.language) or "/")
        }
        if linking:
            found.append(Incoming(thing, [code for code in languages.codes() if code in linking]))
    return found
