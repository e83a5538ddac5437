"""The sentences that the project's code says of itself, in the reader's language."""

import gettext
import re
from functools import cache

from django import template
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles import languages
from articles.markdown import typeset

register = template.Library()


@register.filter
def translated(sentence: str) -> SafeString:
    """Return a sentence of the code in the active language, well set; what stands between backticks as code."""
    language = languages.active()
    # gettext answers "" with the head of the catalogue.
    text = escape(typeset(sentence and _catalogue(language).gettext(sentence), language))
    return mark_safe(re.sub("`([^`]+)`", r"<code>\1</code>", text))  # noqa: S308, escaped


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("structure", settings.LOCALE_PATHS[0], [language], fallback=True)
