"""Titles, summaries and names set as their language sets type."""

from functools import lru_cache

from django import template

from articles import languages
from articles.markdown import typeset

register = template.Library()

_typeset = lru_cache(maxsize=2048)(typeset)


@register.filter(name="typeset")
def typeset_filter(text: str | None) -> str:
    """Return plain text with the typography of the active language."""
    return _typeset(str(text or ""), languages.active())
