"""Titles, summaries and names set as their language sets type."""

from django import template

from articles import languages
from articles.markdown import typeset

register = template.Library()


@register.filter(name="typeset")
def typeset_filter(text: str | None) -> str:
    """Return plain text with the typography of the active language."""
    return typeset(str(text or ""), languages.active())
