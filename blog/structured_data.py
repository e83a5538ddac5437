"""What a page is, in the words of https://schema.org, for the JSON-LD in its head."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from articles import languages
from articles.addresses import path_in
from articles.markdown import typeset
from articles.models import Article, Author, Rendering, Tag
from articles.parts import Part
from articles.search_result import description

from .models import Site
from .social_images import address

Data = dict[str, Any]


def blog(site: Site) -> Data:
    """Describe the publication, as its home page stands for it."""
    more = {"description": _set(site.tagline), "publisher": _publisher(site)}
    return {"@context": "https://schema.org", **_blog(site), **more}


def posting(
    article: Article,
    rendering: Rendering,
    authors: list[Author],
    tags: list[Tag],
    part: Part | None,
    site: Site,
    paths: dict[str, str | None],
) -> list[Data]:
    """Describe an article in the active language: itself, and the way to it from the home page.

    `part` is its place in a series, if it is in one. `paths` says where it can be read in each language, None where
    it cannot.
    """
    language = languages.active()
    here = settings.SITE_URL + paths[language]
    data = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "@id": here,
        "url": here,
        "mainEntityOfPage": here,
        "headline": _set(article.title),
        "description": description(article.summary, rendering, language),
        "inLanguage": language,
        "datePublished": article.first_published_in(language).isoformat(),
        "dateModified": article.changed_in(language).isoformat(),
        "author": [_person(author) for author in authors] or _publisher(site),
        "publisher": _publisher(site),
        "image": settings.SITE_URL + address(article, language, site),
        "keywords": [_set(tag.name) for tag in tags],
        "timeRequired": f"PT{rendering.reading_minutes}M",
        "isPartOf": [_blog(site), _series(part)] if part else _blog(site),
        "position": part and part.number,
        "isBasedOn": article.source,
        **_translations(article, paths),
    }
    return [{key: value for key, value in data.items() if value}, _way(_set(article.title), here, part)]


def _translations(article: Article, paths: dict[str, str | None]) -> Data:
    """Return the live translations of an original, or the live original of a translation."""
    works = {
        code: {"@type": "BlogPosting", "@id": settings.SITE_URL + path, "inLanguage": code}
        for code, path in paths.items()
        if path
    }
    original = article.source_language
    if languages.active() == original:
        return {"workTranslation": [work for code, work in works.items() if code != original]}
    return {"translationOfWork": works.get(original)}


def _way(title: str, here: str, part: Part | None) -> Data:
    """Return the breadcrumbs: home, the series or else the archive, the article."""
    between = (_("Archive"), path_in(languages.active(), "articles:archive"))
    if part:
        between = (_set(part.series.heading), part.series.get_absolute_url())
    steps = [(_("Articles"), path_in(languages.active(), "blog:home")), between]
    addresses = [*((name, settings.SITE_URL + path) for name, path in steps), (title, here)]
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": address}
        for number, (name, address) in enumerate(addresses, start=1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def _blog(site: Site) -> Data:
    home = settings.SITE_URL + path_in(languages.active(), "blog:home")
    return {"@type": "Blog", "@id": home, "url": home, "name": _set(site.name), "inLanguage": languages.active()}


def _series(part: Part) -> Data:
    address = settings.SITE_URL + part.series.get_absolute_url()
    return {"@type": "CreativeWorkSeries", "@id": address, "name": _set(part.series.heading)}


def _person(author: Author) -> Data:
    path = author.get_absolute_url()
    return {"@type": "Person", "name": author.name, **({"url": settings.SITE_URL + path} if path else {})}


def _publisher(site: Site) -> Data:
    return {"@type": "Organization", "name": _set(site.author or site.name), "url": settings.SITE_URL + "/"}


def _set(words: str | None) -> str:
    """Return words with the typography of the active language."""
    return typeset(words or "", languages.active())
