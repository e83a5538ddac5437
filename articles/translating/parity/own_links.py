"""Links to this site's own pages, each named alike whatever the language of its address."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.db.models import Model, Q, QuerySet
from django.urls import ResolverMatch, reverse
from django.utils.translation import override

from articles import languages
from articles.links import LANGUAGE, SCHEME, article_place, own_path, page_at
from articles.models import Article, Revision, Slugged

# What is said of an address within the text's own page.
WITHIN = "#"

# More links to pages of this site are too many to look all of them up.
MOST = 500

# A language and a slug there.
Place = tuple[str, str]


@dataclass(frozen=True)
class OwnLink:
    """Where an address of this site leads: `name` is the same for the page in every language.

    `language` is the one that the address is bound to, "" where the page finds that out by itself. `addresses` has the
    page's address in each language where readers find it now, as far as that is known.
    """

    name: str
    language: str = ""
    addresses: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def is_of_article(self) -> bool:
        return self.name.startswith(SCHEME)


def own_links(article: Article, addresses: Iterable[tuple[str, str]]) -> dict[tuple[str, str], OwnLink]:
    """Return where the addresses of an article's texts lead that stay on this site, each with the text's language.

    It costs three queries at most for articles and one for each sort of subject, and knows the first few hundred.
    """
    paths = {pair: _path(article, *pair) for pair in list(dict.fromkeys(addresses))[:MOST]}
    pages = _pages({path for path in paths.values() if path})
    found = {}
    for (address, language), path in paths.items():
        if address.startswith("#"):
            found[address, language] = OwnLink(WITHIN)
        elif address.startswith(SCHEME):
            found[address, language] = OwnLink(address.partition("#")[0])
        elif path:
            found[address, language] = pages[path]
    return found


def _path(article: Article, address: str, language: str) -> str | None:
    if address.startswith((SCHEME, "#")):
        return None
    return own_path(address, article.get_absolute_url(language) or f"/{language}/articles/x/")


def _pages(paths: set[str]) -> dict[str, OwnLink]:
    """Return what each path of this site leads to."""
    matches = {path: page_at(path) for path in paths}
    places = {path: place for path in paths if (place := article_place(path))}
    articles = _articles_at(set(places.values()))
    subjects = _subjects_at(match for path, match in matches.items() if match and path not in places)
    found = {}
    for path, match in matches.items():
        if place := places.get(path):
            article = articles.get(place)
            found[path] = OwnLink(f"{SCHEME}{article.key}", place[0], article.addresses()) if article else OwnLink(path)
        elif match is None:
            found[path] = OwnLink(path)
        else:
            language = LANGUAGE.match(path)[1]
            subject = subjects.get((_model(match), language, match.kwargs.get("slug")))
            found[path] = _of_subject(subject, language) if subject else _of_page(match, language)
    return found


def _of_subject(subject: Slugged, language: str) -> OwnLink:
    shown = [code for code in languages.codes() if getattr(subject, f"has_page_{code}")]
    name = f"{subject._meta.label_lower}:{subject.pk}"
    return OwnLink(name, language, {code: subject.get_absolute_url(code) for code in shown})


def _of_page(match: ResolverMatch, language: str) -> OwnLink:
    """Return a page by its view. A slug is another word in each language, so it names nothing."""
    about = [str(value) for name, value in match.kwargs.items() if name != "slug"]
    addresses = {}
    # What has a name of its own, or a year, may be missing in another language.
    for code in languages.codes() if not match.kwargs else ():
        with override(code):
            addresses[code] = reverse(match.view_name)
    return OwnLink(":".join([match.view_name, *about]), language, addresses)


def _model(match: ResolverMatch) -> type[Slugged] | None:
    """Return the sort of subject that a view shows; None where it shows none."""
    model = getattr(getattr(match.func, "view_class", None), "model", None)
    return model if model and issubclass(model, Slugged) and hasattr(model.objects, "with_languages") else None


def _subjects_at(matches: Iterable[ResolverMatch]) -> dict[tuple[type[Slugged], str, str], Slugged]:
    slugs = defaultdict(set)
    for match in matches:
        if model := _model(match):
            slugs[model].add(match.kwargs["slug"])
    return {
        (model, *place): subject
        for model, names in slugs.items()
        for place, subject in _by_place(
            model.objects.with_languages(), {(code, slug) for code in languages.codes() for slug in names}
        ).items()
    }


def _articles_at(places: set[Place]) -> dict[Place, Article]:
    """Return the articles whose pages stand, or once stood, at slugs of languages."""
    if not places:
        return {}
    found = _by_place(Article.objects.for_references(), places)
    moved = {slug for _code, slug in places - found.keys()}
    return _articles_once_at(moved) | found if moved else found


def _by_place(things: QuerySet, places: set[Place]) -> dict[Place, Model]:
    slugs = {code: {slug for language, slug in places if language == code} for code in languages.codes()}
    at_slugs = Q(*((languages.column("slug", code) + "__in", found) for code, found in slugs.items()), _connector=Q.OR)
    return {
        (code, getattr(thing, languages.column("slug", code))): thing
        for thing in things.filter(at_slugs)
        for code in languages.codes()
    }


def _articles_once_at(slugs: set[str]) -> dict[Place, Article]:
    once = Revision.objects.once_live().filter(slug__in=slugs).values_list("language", "slug", "article")
    owners = {(code, slug): pk for code, slug, pk in once}
    articles = Article.objects.for_references().in_bulk(set(owners.values()))
    return {place: articles[pk] for place, pk in owners.items()}


def neutral(address: str) -> str | None:
    """Return what an address of another site has in common with that of the same page in another language.

    None where nothing in it tells a language: en.wikipedia.org, /docs/fr/, ?lang=en.
    """
    try:
        host, path = urlsplit(address)[1:3]
    except ValueError:
        return None
    labels = [label for label in host.split(".") if label not in languages.codes()]
    if len(labels) < host.count(".") + 1:
        # The words of the path are translated too.
        return ".".join(labels)
    parts = [part for part in path.split("/") if part.lower()[:2] not in languages.codes() or len(part) not in (2, 5)]
    return host + "/".join(parts) if len(parts) <= path.count("/") else None
