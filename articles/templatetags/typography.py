"""Titles, summaries and names set as their language sets type."""

from functools import lru_cache

from django import template
from django.utils.translation import get_language

from articles.markdown import typeset

register = template.Library()

_typeset = lru_cache(maxsize=2048)(typeset)


@register.filter(name="typeset")
def typeset_filter(text: str | None, language: str | None = None) -> str:
    """Return plain text with the typography of a language, the active one by default."""
    return _typeset(str(text or ""), language or get_language() or "")
