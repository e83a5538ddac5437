"""Links to this site's own pages, each named alike whatever the language of its address."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from articles import languages
from articles.links import LANGUAGE, SCHEME, article_place, own_path, page_at
from articles.models import Article, Revision

# What is said of an address within the text's own page.
WITHIN = "#"

# More links to pages of this site are too many to look all of them up.
MOST = 500


@dataclass(frozen=True)
class OwnLink:
    """Where an address of this site leads: `name` is the same for the page in every language.

    `language` is the one that the address is bound to, "" where the page finds that out by itself. `article` is the
    one whose page it is, where it is known.
    """

    name: str
    language: str = ""
    article: Article | None = None
    view: str = ""

    def address_in(self, language: str) -> str | None:
        """Return the address of the same page in a language; None where it has none now, or none that is known."""
        if self.article:
            return self.article.addresses()[language]
        try:
            with override(language):
                return reverse(self.view)
        except NoReverseMatch:
            return None


def own_links(article: Article, addresses: Iterable[tuple[str, str]]) -> dict[tuple[str, str], OwnLink]:
    """Return where the addresses of an article's texts lead that stay on this site, each with the text's language.

    It costs three queries at most, and knows the first few hundred.
    """
    paths = {pair: _path(article, *pair) for pair in list(dict.fromkeys(addresses))[:MOST]}
    places = {pair: article_place(path) for pair, path in paths.items() if path}
    known = _articles_at({place for place in places.values() if place})
    found = {}
    for address, language in paths:
        path, place = paths[address, language], places.get((address, language))
        if address.startswith("#"):
            found[address, language] = OwnLink(WITHIN)
        elif address.startswith(SCHEME):
            found[address, language] = OwnLink(address.partition("#")[0])
        elif place and place in known:
            found[address, language] = OwnLink(f"{SCHEME}{known[place].key}", place[0], known[place])
        elif path and not place:
            found[address, language] = _page(path)
    return found


def _path(article: Article, address: str, language: str) -> str | None:
    if address.startswith((SCHEME, "#")):
        return None
    return own_path(address, article.get_absolute_url(language) or f"/{language}/articles/x/")


def _page(path: str) -> OwnLink:
    match = page_at(path)
    if match is None:
        return OwnLink(path)
    # A slug is another word in each language.
    about = [str(value) for name, value in match.kwargs.items() if name != "slug"]
    return OwnLink(":".join([match.view_name, *about]), LANGUAGE.match(path)[1], view=match.view_name)


def _articles_at(places: set[tuple[str, str]]) -> dict[tuple[str, str], Article]:
    """Return the articles whose pages stand, or once stood, at slugs of languages."""
    if not places:
        return {}
    slugs = {code: {slug for language, slug in places if language == code} for code in languages.codes()}
    at_slugs = Q(*((languages.column("slug", code) + "__in", found) for code, found in slugs.items()), _connector=Q.OR)
    found = {
        (code, getattr(article, languages.column("slug", code))): article
        for article in Article.objects.filter(at_slugs).for_references()
        for code in languages.codes()
    }
    moved = {slug for _code, slug in places - found.keys()}
    return _articles_once_at(moved) | found if moved else found


def _articles_once_at(slugs: set[str]) -> dict[tuple[str, str], Article]:
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
