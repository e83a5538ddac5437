"""This page in every language: the switch of the header, and the links in the head that search engines read."""

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from articles import languages
from articles.addresses import path_in
from blog.alternates import with_default

register = template.Library()


@register.inclusion_tag("_language_switch.html", takes_context=True)
def language_switch(context: template.Context, is_error: bool = False) -> dict:
    """List each other language with its name for itself and this page's address there.

    A page that is not translated like its path says where it stands in `alternates`: a path for each code, or None
    where it cannot be read. An error page leads to the home page.
    """
    addresses = _translated_paths(None) if is_error else page_addresses(context)
    others = [code for code in languages.codes() if code != languages.active()]
    return {"languages": [{"code": code, "name": languages.name(code), "url": addresses[code]} for code in others]}


@register.simple_tag(takes_context=True)
def alternate_links(context: template.Context) -> SafeString:
    """Link this page in each language where it can be read, its own included, by absolute addresses.

    A page that only one language has names none. `x_default` is the path for all other readers, where a page has one
    of its own for them.
    """
    article = context.get("article")
    original = article.source_language if article else settings.LANGUAGE_CODE
    paths = with_default(page_addresses(context), original)
    if paths and context.get("x_default"):
        paths["x-default"] = context["x_default"]
    links = [(code, settings.SITE_URL, path) for code, path in paths.items()]
    return format_html_join("\n  ", '<link rel="alternate" hreflang="{}" href="{}{}">', links)


def page_addresses(context: template.Context) -> dict[str, str | None]:
    """Return the path of the page that is shown, in each language; None where it cannot be read."""
    return context.get("alternates") or _translated_paths(context.get("request"))


def _translated_paths(request: HttpRequest | None) -> dict[str, str]:
    return {code: _translated_path(request, code) for code in languages.codes()}


def _translated_path(request: HttpRequest | None, code: str) -> str:
    if request is not None and request.resolver_match is not None:
        path = translate_url(request.path, code)
        if path != request.path or code == languages.active():
            return path
    return path_in(code, "blog:home")
