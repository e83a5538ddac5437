"""What a save does to the translations of an article: in its transaction, after the text is written."""

from functools import partial

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles import languages
from articles.models import Article, Revision, Translation, content_of
from articles.text import ArticleText
from articles.turns import take_turns

from .kept import (
    comparison,
    follow,
    keep,
    loaded,
    note_answered,
    refresh,
    rows_of,
    source_of,
    standing,
    translation_in_work,
)
from .source import source_blocks
from .staleness import compared, followed, reached, returned
from .swapping import swapped


def left_behind(article: Article, language: str, text: ArticleText) -> int:
    """Return how many blocks of the original a text would leave open as the first that readers see of a language."""
    found = comparison(article, language)
    return len(compared(reached(found.answered, found.source, source_blocks(text)), found.source))


def follow_source(article: Article, before: ArticleText, is_minor: bool = False) -> None:
    """Compare all translations with an original that was just saved.

    They follow a minor edit by themselves. An original that had no words `before` is written beside what is there.
    """
    source = source_of(article)
    for row in rows_of(article):
        if not before.title and article.text_in(row.language).title:
            keep(row, source)
        elif is_minor:
            follow(row, partial(followed, before=source_blocks(before), after=source))
        refresh(row, source)


def follow_translation(
    article: Article, language: str, before: ArticleText, seen: Revision | None, answers_nothing: bool = False
) -> None:
    """Note what a translation answers that was just saved, made from the original that its writer had `seen`.

    Up to its first publication it answers what it has reached; of what was published before, a save tells nothing. Nor
    does it where it `answers_nothing`: passage by passage, each is answered by itself.
    """
    row = standing(article, language)
    first = getattr(article, languages.column("first_published_at", language))
    if not (before.published_at or first or answers_nothing):
        source = source_blocks(content_of(seen)) if seen else source_of(article)
        follow(row, partial(reached, source=source, written=source_blocks(article.text_in(language))))
    refresh(row, source_of(article))


def return_to(article: Article, language: str, revision: Revision, by: AbstractBaseUser | None = None) -> None:
    """Note that the text in work is again what a revision was: what it answers is as old as that."""
    if language == article.source_language or revision.source_revision is None:
        return
    current = Article.objects.get(pk=article.pk)
    then = source_blocks(revision.source_revision.content)
    answered = loaded(translation_in_work(current, language))
    blocks = returned(answered, source_of(current), then)
    if blocks != answered:
        note_answered(current, language, blocks, by)


def adopt_copy(article: Article, language: str) -> None:
    """Let the text that stands answer what its working copy answered, which just took its place."""
    copy = Translation.objects.filter(article=article, language=language).exclude(working_copy=None).first()
    if copy:
        row = standing(article, language)
        for field in ("blocks", "blocks_before", "answered_at", "answered_by"):
            setattr(row, field, getattr(copy, field))
        copy.delete()
        refresh(row, source_of(article))


def swap(article: Article, former: str) -> None:
    """Follow a change of the original language from the `former` one.

    What was the original answers the new one, but for what the new one had not answered itself: on that the two still
    differ.
    """
    source, row = source_of(article), standing(article, former)
    if text := article.text_in(former) if article.text_in(former).title else None:
        answered = source
        then = article.revisions.saved(article.source_language).filter(shared__source_language=article.source_language)
        if row.blocks and (last := then.first()):
            # It was a translation before: what it answered, and what was written in answer to it since.
            answered = followed(loaded(row), source_blocks(last.content), source)
        behind = standing(article, article.source_language)
        keep(row, swapped(answered, source, source_blocks(text), loaded(behind)))
        # Whatever was answered last, it was before the swap.
        row.blocks_before = None
        refresh(row, source)
    for each in rows_of(article):
        refresh(each, source)


def fill_in() -> int:
    """Make the rows of articles that have none, from a time before they were kept; return how many articles."""
    articles = Article.objects.filter(translations=None).exclude(revisions=None)
    for article in articles:
        with transaction.atomic():
            take_turns()
            for row in rows_of(article):
                if revision := article.latest_revision(row.language):
                    seen = revision.source_revision or article.latest_revision(article.source_language)
                    keep(row, source_blocks(content_of(seen)))
                refresh(row, source_of(article))
    return len(articles)
