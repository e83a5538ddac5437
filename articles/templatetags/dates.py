"""Dates as each language writes them."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext

from articles import languages
from articles.archive import Period

register = template.Library()


@register.filter
def long_date(value: date | datetime) -> str:
    """Return a date in full words, in the active language and the site's time zone.

    The catalogue holds the format, in Django's notation, and a second one for the first of a month: French writes
    "1er mars" but "2 mars" (Lexique des règles typographiques en usage à l'Imprimerie nationale, "Date").
    """
    if isinstance(value, datetime):
        value = (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return _in_words(value, languages.active())


# A list has many dates, and a reader sees the same ones on many pages.
@lru_cache(maxsize=4096)
def _in_words(day: date, language: str) -> str:
    if day.day == 1:
        return date_format(day, pgettext("date on the first day of a month", "F j, Y"))
    return date_format(day, pgettext("date", "F j, Y"))


@register.filter
def iso_date(value: datetime) -> str:
    """Return a moment as machines read it (ISO 8601), in the site's time zone."""
    return timezone.localtime(value).isoformat()


@register.filter
def period_name(period: Period) -> str:
    """Return a year, or a month with its year, in the active language."""
    if period.month is None:
        return str(period.year)
    return date_format(period.first_day, pgettext("month and year", "F Y"))
