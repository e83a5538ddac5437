"""The head of a page for machines: its address, its language, its picture, and what it is."""

import json
from collections.abc import Iterable

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from articles import languages
from blog import structured_data
from blog.social_images import address

from .language_switch import page_addresses

register = template.Library()

# So that no text can end the element that it stands in, as in Django's own json_script.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def canonical_address(context: template.Context) -> str:
    """Return the one absolute address of this page, whatever else its query string says; "" for an error page."""
    path = page_addresses(context).get(languages.active())
    return settings.SITE_URL + path if path else ""


@register.simple_tag
def open_graph_locale(language: str) -> str:
    """Return a language as https://ogp.me has it, with a territory; "" where the settings name none."""
    return settings.OPEN_GRAPH_LOCALES.get(language, "")


@register.simple_tag(takes_context=True)
def other_languages(context: template.Context) -> list[str]:
    """Return the other languages in which this page can be read."""
    return [code for code, path in page_addresses(context).items() if path and code != languages.active()]


@register.simple_tag(takes_context=True)
def social_image(context: template.Context) -> str:
    """Return the absolute address of the picture of the article that this page shows; "" on any other page."""
    article = context.get("article")
    if article is None:
        return ""
    return settings.SITE_URL + address(article, languages.active(), context["site"])


@register.simple_tag(takes_context=True)
def article_dates(context: template.Context) -> dict[str, str]:
    """Return when the article of this page was first published and last changed, in ISO 8601."""
    article, language = context["article"], languages.active()
    return {
        "published": article.first_published_in(language).isoformat(),
        "modified": article.changed_in(language).isoformat(),
    }


@register.simple_tag(takes_context=True)
def posting_data(context: template.Context) -> SafeString:
    """Return JSON-LD of the article that this page shows. It is data: no browser runs it."""
    names = ("article", "rendering", "authors", "tags", "part", "site")
    return _script(structured_data.posting(*(context[name] for name in names), page_addresses(context)))


@register.simple_tag(takes_context=True)
def blog_data(context: template.Context) -> SafeString:
    """Return JSON-LD of the publication."""
    return _script([structured_data.blog(context["site"])])


def _script(data: Iterable[dict]) -> SafeString:
    scripts = (json.dumps(each, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES) for each in data)
    return mark_safe("\n  ".join(f'<script type="application/ld+json">{text}</script>' for text in scripts))  # noqa: S308, escaped
