"""The translation desk: each article in each language that it is translated into, and how much there is to do."""

from collections.abc import Callable
from functools import reduce
from operator import or_

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Case, Count, Exists, F, IntegerChoices, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles import languages
from articles.models import Article, Translation
from articles.permissions import written


class State(IntegerChoices):
    """How an article in another language stands to its original, worst first."""

    MISSING = 1, pgettext_lazy("translation", "missing")
    DRAFT = 2, _("draft")
    BEHIND = 3, _("behind")
    CURRENT = 4, _("up to date")
    UNWANTED = 5, _("no translation needed")
    # Nobody waits for what may still change.
    EARLY = 6, _("original still a draft")

    @property
    def word(self) -> str:
        """The state as addresses and style sheets name it."""
        return self.name.lower()


TO_DO = [State.MISSING, State.DRAFT, State.BEHIND]
# What no list shows of a row.
LONG = ["blocks", "blocks_before"]


def translations() -> QuerySet[Translation]:
    """Return a row for each language that an article is translated into, or could be; none of deleted articles.

    Each has its `state`, one of `State`, and what is left to do in the text in work: `passages_left`, `words_left`.
    Where a working copy answers more than the text that stands, these are less than `blocks_behind` and
    `words_behind`, and `has_own_answers` says so.
    """
    rows = Translation.objects.filter(working_copy=None, article__deleted_at=None)
    copies = Translation.objects.filter(article=OuterRef("article"), language=OuterRef("language"))
    copies = copies.filter(working_copy__isnull=False)
    return (
        rows.exclude(language=F("article__source_language"))
        .annotate(
            has_own_answers=Exists(copies),
            passages_left=Coalesce(Subquery(copies.values("blocks_behind")[:1]), F("blocks_behind")),
            words_left=Coalesce(Subquery(copies.values("words_behind")[:1]), F("words_behind")),
        )
        .annotate(state=_state())
        .defer(*LONG)
    )


def worst_first(rows: QuerySet[Translation]) -> QuerySet[Translation]:
    """Return rows in the order of their states, those with most words to do first."""
    return rows.order_by("state", "-words_left", "-passages_left", "-article_id", "language")


def writable(rows: QuerySet[Translation], user: AbstractBaseUser) -> QuerySet[Translation]:
    """Return the rows of the languages that somebody may write."""
    return rows.filter(
        reduce(or_, (Q(language=code, article__in=_written(user, code)) for code in languages.codes())),
    )


def titled(rows: QuerySet[Translation], words: str) -> QuerySet[Translation]:
    """Return the rows of the articles with some words in a title, in any language."""
    titles = (languages.column("title", code) for code in languages.codes())
    return rows.filter(reduce(or_, (Q(**{f"article__{title}__icontains": words}) for title in titles)))


def totals(rows: QuerySet[Translation]) -> dict[State, dict[str, int]]:
    """Return how many `rows` there are in each state, and how many `words` to do, in one query."""
    counted = rows.order_by().values("state").annotate(rows=Count("pk"), words=Sum("words_left"))
    found = {each["state"]: {"rows": each["rows"], "words": each["words"]} for each in counted}
    return {state: found.get(state, {"rows": 0, "words": 0}) for state in State}


def unwanted(language: str) -> QuerySet[Translation]:
    """Return the rows of the articles that nobody waits for in a language."""
    rows = Translation.objects.filter(language=language, is_wanted=False, working_copy=None)
    return rows.exclude(article__source_language=language)


def _written(user: AbstractBaseUser, language: str) -> QuerySet[Article]:
    return Article.objects.filter(written(user, language)).values("pk")


def _state() -> Case:
    """Return the expression of a row's state: the first that is true of it.

    None of the conditions is the opposite of another one: a column of a language without a text can be null.
    """
    original_dated = _in_each("article__source_language", _is_dated)
    return Case(
        When(is_wanted=False, then=Value(State.UNWANTED)),
        When(
            original_dated & _in_each("language", _is_dated) & (Q(blocks_behind__gt=0) | Q(passages_left__gt=0)),
            then=Value(State.BEHIND),
        ),
        When(original_dated & _in_each("language", _is_dated), then=Value(State.CURRENT)),
        When(original_dated & _in_each("language", _has_title), then=Value(State.DRAFT)),
        When(original_dated, then=Value(State.MISSING)),
        default=Value(State.EARLY),
    )


def _in_each(field: str, condition: Callable[[str], Q]) -> Q:
    """Return the condition that the text in the language that a field names meets another condition."""
    return reduce(or_, (Q(**{field: code}) & condition(code) for code in languages.codes()))


def _is_dated(language: str) -> Q:
    return Q(**{f"article__{languages.column('published_at', language)}__isnull": False})


def _has_title(language: str) -> Q:
    return Q(**{f"article__{languages.column('title', language)}__gt": ""})
