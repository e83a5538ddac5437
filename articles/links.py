"""Links of a body by the addresses of this site's pages: which article each means, and which lead nowhere."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import override

from . import languages
from .markdown.safe_html import tokens
from .models import Article, Revision

# What an address of this kind begins with names an article by its key.
SCHEME = "article:"

IDS = re.compile(r' id="([^"]*)"')
LANGUAGE = re.compile(rf"/({'|'.join(map(re.escape, languages.codes()))})/")

# Where a browser goes by itself, and the ids of the page around the text.
OWN_FRAGMENTS = re.compile(r"$|top$|page_", re.IGNORECASE)


def addresses(html: str) -> list[str]:
    """Return the address of each link in safe HTML, once, but for the signs that the page itself sets."""
    links = (token for token in tokens(html) if token.name == "a" and not (token.is_closing or token.is_sign))
    return list(dict.fromkeys(link.attributes["href"] for link in links if "href" in link.attributes))


def images(html: str) -> list[str]:
    """Return what each image in safe HTML names, as it stands there, once."""
    sources = (token.attributes.get("src", "") for token in tokens(html) if token.name == "img")
    return list(dict.fromkeys(filter(None, sources)))


def own_path(address: str, base: str = "/") -> str | None:
    """Return the path that an address of this site leads to from a page; None for other sites and other schemes."""
    try:
        whole = urlsplit(urljoin(settings.SITE_URL + base, address))
    except ValueError:
        # Such as half an IPv6 address.
        return None
    site = urlsplit(settings.SITE_URL)
    return unquote(whole.path) if whole.netloc == site.netloc and whole.scheme in ("http", "https") else None


def article_place(path: str) -> tuple[str, str] | None:
    """Return the language and the slug that the path of an article's page names, None for any other path."""
    match = page_at(path)
    if match and match.view_name in ("articles:article_detail", "articles:article_markdown"):
        return LANGUAGE.match(path)[1], match.kwargs["slug"]
    return None


def page_at(path: str) -> ResolverMatch | None:
    """Return the view of a path below a language, with or without its last slash; None where there is none."""
    language = LANGUAGE.match(path)
    if language is None:
        return None
    with override(language[1]):
        for candidate in (path, f"{path}/"):
            try:
                match = resolve(candidate)
            except Resolver404:
                continue
            # Every page below a language belongs to an application.
            if match.namespaces:
                return match
    return None


def articles_named(html: str, base: str) -> set[str | tuple[str, str]]:
    """Return what the links of a body on a page name: keys of articles, and languages with slugs."""
    named: set[str | tuple[str, str]] = set()
    for address in addresses(html):
        if address.startswith(SCHEME):
            named.add(address.removeprefix(SCHEME).partition("#")[0])
        elif (path := own_path(address, base)) and not path.endswith(".md") and (place := article_place(path)):
            named.add(place)
    return named


def leads_to_live(language: str, slug: str) -> bool:
    """Return whether readers who follow the address of an article find it, there or where it is now."""
    if Article.objects.published(language).filter(**{languages.column("slug", language): slug}).exists():
        return True
    once = Article.objects.filter(revisions__in=Revision.objects.once_live_at(slug, language))
    return any(article.live_languages() for article in once.for_references())


def lost_fragments(html: str) -> Iterator[str]:
    """Yield each link within a body to a place that it does not have."""
    ids = set(IDS.findall(html))
    for address in addresses(html):
        if address.startswith("#"):
            fragment = unquote(address[1:])
            if not (OWN_FRAGMENTS.match(fragment) or fragment in ids or address[1:] in ids):
                yield address


def lost_paths(html: str, article: Article, language: str) -> Iterator[tuple[str, bool]]:
    """Yield each link by a path to nothing at all, and those to an article that is not live, with True.

    A link to the article itself is right once it is published.
    """
    own = article.get_absolute_url(language) if article.pk else ""
    for address in addresses(html):
        path = None if address.startswith(("#", "?")) else own_path(address, own or f"/{language}/articles/x/")
        if path is None or path == own:
            continue
        place = article_place(path)
        if place and not leads_to_live(*place):
            yield address, True
        elif not place and LANGUAGE.match(path) and page_at(path) is None:
            yield address, False
