"""The links of the frame, which say where the reader is.

The header and the footer that hold them are the same on nearly all pages: they are made once.
"""

from functools import lru_cache
from typing import NamedTuple

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles import languages
from articles.addresses import path_in

register = template.Library()

# What the frame links to beside pages.
VIEWS = ("blog:home", "articles:archive", "blog:structure", "blog:search", "blog:style", "blog:feed")


class LinkedPage(NamedTuple):
    """All that the frame says of a page, under the page's own names."""

    title: str
    get_absolute_url: str


class Frame(NamedTuple):
    """All that the header and the footer are made of: where these are equal, they are the same HTML."""

    language: str
    name: str
    footer: str
    author: str
    # The pages that the header and the footer link to.
    above: tuple[LinkedPage, ...]
    below: tuple[LinkedPage, ...]
    # The path of the page that is shown, where the frame links to it.
    here: str | None


@register.simple_tag(takes_context=True)
def site_header(context: template.Context) -> SafeString:
    """Return the site's name and its main navigation."""
    return _kept("_header.html", _frame(context))


@register.simple_tag(takes_context=True)
def site_footer(context: template.Context) -> SafeString:
    return _kept("_footer.html", _frame(context))


@register.simple_tag(takes_context=True)
def navigation_link(context: template.Context, path: str, name: str) -> SafeString:
    """Return a link to a path, marked where it is the reader's own: https://www.w3.org/TR/wai-aria-1.2/#aria-current"""
    current = mark_safe(' aria-current="page"') if context["frame"].here == path else ""
    return format_html('<a href="{}"{}>{}</a>', path, current, name)


@register.simple_tag(takes_context=True)
def view_link(context: template.Context, view: str, name: str) -> SafeString:
    """Return the same link to a view that takes no arguments, in the active language."""
    return navigation_link(context, path_in(languages.active(), view), name)


def _frame(context: template.Context) -> Frame:
    language, site, pages = languages.active(), context["site"], context["linked_pages"]
    above, below = (
        tuple(LinkedPage(page.title, page.get_absolute_url()) for page in pages.get(place, ()))
        for place in ("header", "footer")
    )
    path = context["request"].path if "request" in context else None
    paths = {*(path_in(language, view) for view in VIEWS), *(page.get_absolute_url for page in (*above, *below))}
    here = path if path in paths else None
    return Frame(language, site.name, site.footer, site.author, above, below, here)


def _html(name: str, frame: Frame) -> SafeString:
    # It stands in a line of its own.
    return mark_safe(render_to_string(name, {"frame": frame}).rstrip("\n"))  # noqa: S308, a template made it


def _kept(name: str, frame: Frame) -> SafeString:
    # With DEBUG on, a template that changed shows at once.
    return _html(name, frame) if settings.DEBUG else _of_before(name, frame)


# A few kilobytes each, and one for each page that the frame links to.
_of_before = lru_cache(maxsize=256)(_html)
