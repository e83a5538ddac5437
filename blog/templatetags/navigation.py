"""The links of the frame, which say where the reader is."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles import languages
from articles.addresses import path_in

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation_link(context: template.Context, path: str, name: str) -> SafeString:
    """Return a link to a path, marked where it is the reader's own: https://www.w3.org/TR/wai-aria-1.2/#aria-current"""
    is_here = "request" in context and context["request"].path == path
    current = mark_safe(' aria-current="page"') if is_here else ""
    return format_html('<a href="{}"{}>{}</a>', path, current, name)


@register.simple_tag(takes_context=True)
def view_link(context: template.Context, view: str, name: str) -> SafeString:
    """Return the same link to a view that takes no arguments, in the active language."""
    return navigation_link(context, path_in(languages.active(), view), name)
