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
    budget, is_own = Budget(), conflict.theirs.created_by == conflict.mine.created_by
    return {
        "code": language,
        "name": languages.name(language),
        "theirs": conflict.theirs,
        "is_own": is_own,
        "places": [
            _place(language, place, number, budget)
            | {"chosen": conflict.choices.get(place.name, MINE), "options": _options(place, is_own)}
            for number, place in enumerate(conflict.places, start=1)
        ],
    }


def _place(language: str, place: Conflict, number: int, budget: Budget) -> dict:
    base, mine, theirs = (_words(text) for text in (place.base, place.mine, place.theirs))
    return {
        "number": number,
        "label": capfirst(Article._meta.get_field(place.field).verbose_name),
        "field": choice_field(language, place.name),
        "base": base.rstrip("\n"),
        "mine": html_difference(base, mine, budget),
        "theirs": html_difference(base, theirs, budget),
    }


def _options(place: Conflict, is_own: bool) -> list[tuple[str, str]]:
    """Return what can be chosen; where both texts are the same author's, neither is theirs."""
    if is_own:
        words = _("Keep this text"), _("Take the other text"), _("Keep both, the other text first")
    else:
        words = _("Keep yours"), _("Take theirs"), _("Keep both, theirs first")
    options = list(zip((MINE, THEIRS, BOTH), words, strict=True))
    return options if place.field == "body" else options[:2]


def _words(value: object) -> str:
    """Return a value of a field, or some blocks of a body, as text."""
    if isinstance(value, tuple):
        return "".join(value)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    return value or ""
