"""The two sides of the leaf that the pages are set on."""

from django import template

from articles import languages

register = template.Library()


@register.simple_tag
def side() -> str:
    """Return the side of the active language: odd pages of a book are rectos, even pages versos."""
    return ("recto", "verso")[languages.codes().index(languages.active()) % 2]
