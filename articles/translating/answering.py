"""What translators say of an original that moved on: that their text answers it, does without it, or not yet."""

from collections.abc import Collection

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction

from articles.models import Article
from articles.permissions import may_write
from articles.turns import take_turns

from .brought_back import BroughtBack
from .kept import answered_in_work, comparison, note_answered, refresh, source_of, standing, translation_in_work
from .source import SourceBlock


class MovedOn(Exception):
    """What somebody answered is not what the original says now, or was answered already."""


@transaction.atomic
def answer(
    article: Article,
    language: str,
    keys: Collection[str],
    *,
    by: AbstractBaseUser | None = None,
    is_left_out: bool = False,
    is_reopened: bool = False,
) -> None:
    """Note that the text in work answers some changes of the original, by the keys of `comparison`.

    `is_left_out` says that the translation does without these blocks, `is_reopened` that it does not any more; then
    the keys are those of `Comparison.left_out`.

    Raise PermissionDenied where `by` may not write the language, and MovedOn where a key names nothing, or where there
    is no key; then nothing is noted.
    """
    current = _current(article, language, by)
    found = comparison(current, language)
    known = found.left_out if is_reopened else {change.key for change in found.all_changes}
    if not keys or not set(keys) <= set(known):
        raise MovedOn
    note_answered(current, language, found.reopened(keys) if is_reopened else found.confirmed(keys, is_left_out), by)


@transaction.atomic
def answer_all(article: Article, language: str, *, by: AbstractBaseUser | None = None) -> None:
    """Note that the text in work answers the whole original as it stands.

    Raise PermissionDenied where `by` may not write the language.
    """
    current = _current(article, language, by)
    found = comparison(current, language)
    if found.changes:
        note_answered(current, language, found.confirmed({change.key for change in found.all_changes}), by)


@transaction.atomic
def bring_back(
    article: Article,
    language: str,
    brought: BroughtBack,
    *,
    by: AbstractBaseUser | None = None,
    before: list[SourceBlock] | None = None,
) -> None:
    """Note what a text answers that came back from elsewhere, beside what was answered here since.

    `before` is what was answered before the text was saved, where that save shall answer nothing by itself.

    Raise PermissionDenied where `by` may not write the language.
    """
    current = _current(article, language, by)
    answered = answered_in_work(current, language)
    blocks = brought.joined(answered if before is None else before, source_of(current))
    if blocks != answered:
        note_answered(current, language, blocks, by)


@transaction.atomic
def take_back(article: Article, language: str, *, by: AbstractBaseUser | None = None) -> None:
    """Undo the last answer in a language; nothing where there is none.

    Raise PermissionDenied where `by` may not write the language.
    """
    current = _current(article, language, by)
    row = translation_in_work(current, language)
    if row.blocks_before is not None:
        row.blocks, row.blocks_before = row.blocks_before, None
        refresh(row, source_of(current))


@transaction.atomic
def want(article: Article, language: str, is_wanted: bool, *, by: AbstractBaseUser | None = None) -> None:
    """Note whether anybody waits for the article in a language.

    Raise PermissionDenied where `by` may not write the language.
    """
    current = _current(article, language, by)
    row = standing(current, language)
    row.is_wanted = is_wanted
    row.save()


def _current(article: Article, language: str, by: AbstractBaseUser | None) -> Article:
    """Return the article as it stands, which nobody else changes until the end of the transaction."""
    take_turns()
    current = Article.objects.get(pk=article.pk)
    if language == current.source_language or (by is not None and not may_write(by, current, language)):
        raise PermissionDenied
    return current
