"""What each translation of an article answers: kept with every save, and answered by a translator."""

from collections.abc import Collection, Iterator

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from articles import languages
from articles.models import Article, Revision, Translation, content_of
from articles.permissions import may_write
from articles.text import ArticleText
from articles.turns import take_turns

from .brought_back import BroughtBack
from .source import SourceBlock, answered_blocks, source_blocks
from .staleness import Comparison, compared, followed, reached, returned
from .swapping import swapped


def comparison(article: Article, language: str) -> Comparison:
    """Return what moved on since the text that is in work in a language: its working copy's, else the one that stands.

    It is compared with the original as it stands, never with what somebody is still writing there.
    """
    return Comparison(_loaded(translation_in_work(article, language)), _source(article))


def standing_comparison(article: Article, language: str) -> Comparison:
    """Return what moved on since the text that stands in a language."""
    return Comparison(_loaded(_standing(article, language)), _source(article))


def pending_comparison(article: Article) -> Comparison | None:
    """Return what the original's working copy would change in what stands; None where there is no copy."""
    copy = article.working_copy(article.source_language)
    return copy and Comparison(_source(article), source_blocks(copy.content))


def left_behind(article: Article, language: str, text: ArticleText) -> int:
    """Return how many blocks of the original a text would leave open as the first that readers see of a language."""
    found = comparison(article, language)
    body = [block for block in source_blocks(text) if block.field == "body"]
    return len(compared(reached(found.answered, found.source, len(body)), found.source))


def translation_in_work(article: Article, language: str) -> Translation:
    """Return the row of the text in work; one that is not saved where there is none."""
    rows = list(Translation.objects.filter(article=article, language=language).order_by("-working_copy"))
    rows.sort(key=lambda row: row.working_copy_id is None)
    return rows[0] if rows else Translation(article=article, language=language)


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

    Raise PermissionDenied where `by` may not write the language, and MovedOn where a key names nothing; then nothing is
    noted.
    """
    take_turns()
    current = Article.objects.get(pk=article.pk)
    _check(current, language, by)
    found = comparison(current, language)
    known = found.left_out if is_reopened else {change.key for change in found.all_changes}
    if not set(keys) <= set(known):
        raise MovedOn
    _note(current, language, found.reopened(keys) if is_reopened else found.confirmed(keys, is_left_out), by)


@transaction.atomic
def answer_all(article: Article, language: str, *, by: AbstractBaseUser | None = None) -> None:
    """Note that the text in work answers the whole original as it stands.

    Raise PermissionDenied where `by` may not write the language.
    """
    take_turns()
    current = Article.objects.get(pk=article.pk)
    _check(current, language, by)
    found = comparison(current, language)
    if found.changes:
        _note(current, language, found.confirmed({change.key for change in found.all_changes}), by)


@transaction.atomic
def keep_answered(
    article: Article, language: str, blocks: list[SourceBlock], *, by: AbstractBaseUser | None = None
) -> None:
    """Note that the text in work answers these blocks of the original, and no others.

    Raise PermissionDenied where `by` may not write the language.
    """
    take_turns()
    current = Article.objects.get(pk=article.pk)
    _check(current, language, by)
    if blocks != _loaded(translation_in_work(current, language)):
        _note(current, language, blocks, by)


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
    take_turns()
    current = Article.objects.get(pk=article.pk)
    answered = _loaded(translation_in_work(current, language)) if before is None else before
    keep_answered(current, language, brought.joined(answered, _source(current)), by=by)


@transaction.atomic
def take_back(article: Article, language: str, *, by: AbstractBaseUser | None = None) -> None:
    """Undo the last answer in a language; nothing where there is none.

    Raise PermissionDenied where `by` may not write the language.
    """
    take_turns()
    current = Article.objects.get(pk=article.pk)
    _check(current, language, by)
    row = translation_in_work(current, language)
    if row.blocks_before is not None:
        row.blocks, row.blocks_before = row.blocks_before, None
        _refresh(row, _source(current))


@transaction.atomic
def want(article: Article, language: str, is_wanted: bool, *, by: AbstractBaseUser | None = None) -> None:
    """Note whether anybody waits for the article in a language.

    Raise PermissionDenied where `by` may not write the language.
    """
    take_turns()
    current = Article.objects.get(pk=article.pk)
    _check(current, language, by)
    row = _standing(current, language)
    row.is_wanted = is_wanted
    row.save()


def _check(article: Article, language: str, by: AbstractBaseUser | None) -> None:
    if language == article.source_language or (by is not None and not may_write(by, article, language)):
        raise PermissionDenied


def _note(article: Article, language: str, blocks: list[SourceBlock], by: AbstractBaseUser | None) -> None:
    row = translation_in_work(article, language)
    copy = article.working_copies.filter(language=language).first()
    if copy and row.working_copy_id is None:
        # What stands answers no more than it did until the copy takes its place.
        row = Translation(article=article, language=language, working_copy=copy, blocks=row.blocks)
    row.blocks_before, row.answered_at, row.answered_by = row.blocks, timezone.now(), by
    _keep(row, blocks)
    _refresh(row, _source(article))


# What saving calls: in the transaction of the save, after the text is written.


def follow_source(article: Article, before: ArticleText, is_minor: bool = False) -> None:
    """Compare all translations with an original that was just saved.

    They follow a minor edit by themselves. An original that had no words `before` is written beside what is there.
    """
    source = _source(article)
    for row in _rows(article):
        if not before.title and article.text_in(row.language).title:
            _keep(row, source)
        elif is_minor:
            _keep(row, followed(_loaded(row), source_blocks(before), source))
        _refresh(row, source)


def follow_translation(
    article: Article, language: str, before: ArticleText, seen: Revision | None, answers_nothing: bool = False
) -> None:
    """Note what a translation answers that was just saved, made from the original that its writer had `seen`.

    A draft answers what it has reached, a first publication all; of what was published before, a save tells nothing.
    Nor does it where it `answers_nothing`: passage by passage, each is answered by itself.
    """
    text = article.text_in(language)
    row = _standing(article, language)
    first = getattr(article, languages.column("first_published_at", language))
    if not (before.published_at or first or answers_nothing):
        body = [block for block in source_blocks(text) if block.field == "body"]
        places = None if text.published_at else len(body)
        source = source_blocks(content_of(seen)) if seen else _source(article)
        _keep(row, reached(_loaded(row), source, places))
    _refresh(row, _source(article))


def return_to(article: Article, language: str, revision: Revision, by: AbstractBaseUser | None = None) -> None:
    """Note that the text in work is again what a revision was: what it answers is as old as that."""
    if language == article.source_language or revision.source_revision is None:
        return
    current = Article.objects.get(pk=article.pk)
    then = source_blocks(revision.source_revision.content)
    answered = _loaded(translation_in_work(current, language))
    blocks = returned(answered, _source(current), then)
    if blocks != answered:
        _note(current, language, blocks, by)


def adopt_copy(article: Article, language: str) -> None:
    """Let the text that stands answer what its working copy answered, which just took its place."""
    copy = Translation.objects.filter(article=article, language=language).exclude(working_copy=None).first()
    if copy:
        row = _standing(article, language)
        for field in ("blocks", "blocks_before", "answered_at", "answered_by"):
            setattr(row, field, getattr(copy, field))
        copy.delete()
        _refresh(row, _source(article))


def swap(article: Article, former: str) -> None:
    """Follow a change of the original language from the `former` one.

    What was the original answers the new one, but for what the new one had not answered itself: on that the two still
    differ.
    """
    source, row = _source(article), _standing(article, former)
    if text := article.text_in(former) if article.text_in(former).title else None:
        answered = source
        then = article.revisions.saved(article.source_language).filter(shared__source_language=article.source_language)
        if row.blocks and (last := then.first()):
            # It was a translation before: what it answered, and what was written in answer to it since.
            answered = followed(_loaded(row), source_blocks(last.content), source)
        behind = _standing(article, article.source_language)
        _keep(row, swapped(answered, source, source_blocks(text), _loaded(behind)))
        _refresh(row, source)
    for each in _rows(article):
        _refresh(each, source)


def fill_in() -> int:
    """Make the rows of articles that have none, from a time before they were kept; return how many articles."""
    articles = Article.objects.filter(translations=None).exclude(revisions=None)
    for article in articles:
        with transaction.atomic():
            take_turns()
            for row in _rows(article):
                if revision := article.latest_revision(row.language):
                    seen = revision.source_revision or article.latest_revision(article.source_language)
                    _keep(row, source_blocks(content_of(seen)))
                _refresh(row, _source(article))
    return len(articles)


def _source(article: Article) -> list[SourceBlock]:
    return source_blocks(article.text_in(article.source_language))


def _rows(article: Article) -> Iterator[Translation]:
    """Yield the rows of every translation, a new one where there is none."""
    for language in languages.codes():
        if language != article.source_language:
            yield _standing(article, language)
            yield from Translation.objects.filter(article=article, language=language).exclude(working_copy=None)


def _standing(article: Article, language: str) -> Translation:
    row = Translation.objects.filter(article=article, language=language, working_copy=None).first()
    return row or Translation(article=article, language=language)


def _loaded(row: Translation) -> list[SourceBlock]:
    return answered_blocks(row.blocks)


def _keep(row: Translation, blocks: list[SourceBlock]) -> None:
    row.blocks = [
        {"field": block.field, "text": block.text} | ({"left_out": True} if block.is_left_out else {})
        for block in blocks
    ]


def _refresh(row: Translation, source: list[SourceBlock]) -> None:
    """Save a row with how far it is behind a source."""
    found = Comparison(_loaded(row), source)
    _keep(row, found.settled_by_itself())
    row.blocks_behind, row.words_behind = len(found.changes), found.words
    row.save()
