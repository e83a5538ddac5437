"""The lines of a search result."""

from django import template

from articles import languages
from articles.search_result import TITLE_LENGTH, cut, page_title

register = template.Library()


@register.simple_tag
def in_language(thing: object, field: str, language: str) -> str:
    """Return a translated field in a language, whichever is the active one; "" where there is none."""
    return getattr(thing, languages.column(field, language), None) or ""


@register.simple_tag
def title_line(title: str, site_name: str, language: str) -> str:
    """Return what the page of an article calls itself, as long as the line of a result."""
    return cut(page_title(title, site_name, language), TITLE_LENGTH)
