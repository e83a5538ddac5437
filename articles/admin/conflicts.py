"""The passages that two authors changed, each in another way, as the form of an article shows them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles import languages
from articles.differences import html_difference
from articles.edits import TextConflict
from articles.matching import Budget
from articles.merging import BOTH, MINE, THEIRS, Conflict
from articles.models import Article
from articles.text_fields import choice_field


def shown_conflict(language: str, conflict: TextConflict) -> dict:
    """Return what admin/articles/article/_conflict.html shows of one language."""
    budget = Budget()
    return {
        "code": language,
        "name": languages.name(language),
        "theirs": conflict.theirs,
        "is_own": conflict.theirs.created_by == conflict.mine.created_by,
        "places": [
            _place(language, place, number, budget) | {"chosen": conflict.choices.get(place.name, MINE)}
            for number, place in enumerate(conflict.places, start=1)
        ],
    }


def _place(language: str, place: Conflict, number: int, budget: Budget) -> dict:
    base, mine, theirs = (_words(text) for text in (place.base, place.mine, place.theirs))
    options = [(MINE, _("Keep yours")), (THEIRS, _("Take theirs"))]
    if place.field == "body":
        options.append((BOTH, _("Keep both, theirs first")))
    return {
        "number": number,
        "label": capfirst(Article._meta.get_field(place.field).verbose_name),
        "field": choice_field(language, place.name),
        "base": base.rstrip("\n"),
        "mine": html_difference(base, mine, budget),
        "theirs": html_difference(base, theirs, budget),
        "options": options,
    }


def _words(value: object) -> str:
    """Return a value of a field, or some blocks of a body, as text."""
    if isinstance(value, tuple):
        return "".join(value)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    return value or ""
