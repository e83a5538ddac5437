"""What a page is, in the words of https://schema.org, for the JSON-LD in its head."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from articles import languages
from articles.markdown import typeset
from articles.models import Article, Author, Rendering, Tag

from .models import Site
from .social_images import address

Data = dict[str, Any]


def blog(site: Site) -> Data:
    """Describe the publication, as its home page stands for it."""
    return (
        {"@context": "https://schema.org"} | _blog(site) | {"description": site.tagline, "publisher": _publisher(site)}
    )


def posting(
    article: Article, rendering: Rendering, tags: list[Tag], site: Site, paths: dict[str, str | None]
) -> list[Data]:
    """Describe an article in the active language: itself, and the way to it from the home page.

    `paths` says where it can be read in each language, None where it cannot.
    """
    language = languages.active()
    text, here = article.text_in(language), settings.SITE_URL + paths[language]
    data = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "@id": here,
        "url": here,
        "mainEntityOfPage": here,
        "headline": typeset(text.title, language),
        "description": typeset(text.summary, language) or rendering.excerpt,
        "inLanguage": language,
        "datePublished": article.first_published_in(language).isoformat(),
        "dateModified": article.changed_in(language).isoformat(),
        "author": [_person(author) for author in article.authors.all()] or _publisher(site),
        "publisher": _publisher(site),
        "image": settings.SITE_URL + address(article, language, site),
        "keywords": [tag.name for tag in tags],
        "timeRequired": f"PT{rendering.reading_minutes}M",
        "isPartOf": _blog(site),
        "isBasedOn": article.source,
        **_translations(article, paths),
    }
    return [{key: value for key, value in data.items() if value}, _way(typeset(text.title, language), here)]


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


def _way(title: str, here: str) -> Data:
    """Return the breadcrumbs: home, archive, article."""
    steps = [reverse("blog:home"), reverse("articles:archive")]
    names = [gettext("Articles"), gettext("Archive")]
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": settings.SITE_URL + path}
        for number, (name, path) in enumerate(zip(names, steps, strict=True), start=1)
    ]
    items.append({"@type": "ListItem", "position": len(items) + 1, "name": title, "item": here})
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def _blog(site: Site) -> Data:
    home = settings.SITE_URL + reverse("blog:home")
    return {"@type": "Blog", "@id": home, "url": home, "name": site.name, "inLanguage": languages.active()}


def _person(author: Author) -> Data:
    person = {"@type": "Person", "name": author.name}
    path = author.get_absolute_url()
    return person | ({"url": settings.SITE_URL + path} if path else {})


def _publisher(site: Site) -> Data:
    return {"@type": "Organization", "name": site.author or site.name, "url": settings.SITE_URL + "/"}
