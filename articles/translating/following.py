"""What a save does to the translations of an article: in its transaction, after the text is written."""

from django.db import transaction

from articles import languages
from articles.models import Article, Revision, Translation, content_of
from articles.text import ArticleText
from articles.turns import take_turns

from .kept import (
    answered_blocks,
    answered_in_work,
    keep,
    note_answered,
    refresh,
    rows_of,
    source_of,
    standing,
    translation_in_work,
)
from .source import SourceBlock, source_blocks
from .staleness import Comparison, compared, followed, reached, returned
from .swapping import swapped


def left_behind(article: Article, language: str, text: ArticleText, original: ArticleText | None = None) -> int:
    """Return how many blocks of the original a text would leave open as the first that readers see of a language.

    That is the one that stands, unless another one is saved with the text.
    """
    source = source_blocks(original) if original else source_of(article)
    answered = answered_in_work(article, language)
    return len(compared(_reached(answered, source, article.text_in(language), text), source))


def _reached(
    answered: list[SourceBlock], source: list[SourceBlock], before: ArticleText, text: ArticleText
) -> list[SourceBlock]:
    """Return what a draft answers once its text is another one; who moves a date has translated nothing."""
    return answered if text.reads_like(before) else reached(answered, source, source_blocks(text))


def follow(article: Article, saved: Revision, before: ArticleText, answers_nothing: bool = False) -> None:
    """Note what a text changes that just took the place of the one `before`.

    Up to its first publication a translation answers what it has reached, of the original that it was made from; of
    what was published before, a save tells nothing. Nor does it where it `answers_nothing`: passage by passage, each is
    answered by itself.
    """
    if saved.language == article.source_language:
        _follow_source(article, before, saved.is_minor)
        return
    row = standing(article, saved.language)
    first = getattr(article, languages.column("first_published_at", saved.language))
    if not (before.published_at or first or answers_nothing):
        source = source_blocks(saved.source_revision.content) if saved.source_revision else source_of(article)
        keep(row, _reached(answered_blocks(row), source, before, saved.content))
    refresh(row, source_of(article))


def _follow_source(article: Article, before: ArticleText, is_minor: bool) -> None:
    """Compare all translations with an original that was just saved.

    They follow a minor edit by themselves. An original that had no words `before` is written beside what is there.
    """
    source = source_of(article)
    for row in rows_of(article):
        if not before.title and article.text_in(row.language).title:
            keep(row, source)
        elif is_minor:
            keep(row, followed(answered_blocks(row), source_blocks(before), source))
        refresh(row, source)


def return_to(revision: Revision, restored: Revision) -> None:
    """Note that a translation is again what a revision was, now as `restored`: what it answers is as old as that."""
    current, language = Article.objects.get(pk=restored.article_id), restored.language
    if language == current.source_language or revision.source_revision is None:
        return
    row = translation_in_work(current, language) if restored.is_working_copy else standing(current, language)
    answered, then = answered_blocks(row), source_blocks(revision.source_revision.content)
    blocks = returned(answered, source_of(current), then)
    if blocks == answered:
        return
    if restored.is_working_copy:
        note_answered(current, language, blocks, restored.created_by)
    else:
        keep(row, blocks)
        refresh(row, source_of(current))


def follow_import(article: Article, language: str, answered: list[SourceBlock] | None = None) -> None:
    """Note what a translation answers that was just imported: what its folder says, else the original beside it.

    The article holds both as they stand.
    """
    row, source = standing(article, language), source_of(article)
    if answered is None:
        found = Comparison(answered_blocks(row), source)
        answered = found.confirmed({change.key for change in found.all_changes})
    if row.pk and answered == answered_blocks(row):
        # It was compared with this original when the later one of the two was saved.
        return
    keep(row, answered)
    refresh(row, source)


def adopt_copy(article: Article, language: str) -> None:
    """Let the text that stands answer what its working copy answered, which just took its place."""
    copy = Translation.objects.filter(article=article, language=language).exclude(working_copy=None).first()
    if copy:
        row = standing(article, language)
        for field in ("blocks", "blocks_before", "answered_at", "answered_by"):
            setattr(row, field, getattr(copy, field))
        copy.delete()
        refresh(row, source_of(Article.as_it_stands(article.pk)))


def swap(article: Article, former: str) -> None:
    """Follow a change of the original language from the `former` one.

    What was the original answers the new one, but for what the new one had not answered itself: on that the two still
    differ.
    """
    # As it stands by now: a form may have loaded it before others saved.
    article = Article.as_it_stands(article.pk)
    if former == article.source_language:
        return
    source, row = source_of(article), standing(article, former)
    text = article.text_in(former)
    if text.title:
        answered = source
        then = article.revisions.saved(article.source_language).filter(shared__source_language=article.source_language)
        if row.blocks and (last := then.first()):
            # It was a translation before: what it answered, and what was written in answer to it since.
            answered = followed(answered_blocks(row), source_blocks(last.content), source)
        behind = standing(article, article.source_language)
        keep(row, swapped(answered, source, source_blocks(text), answered_blocks(behind)))
        refresh(row, source)
    for each in rows_of(article):
        refresh(each, source)


def fill_in() -> int:
    """Make the rows of articles that have none, from a time before they were kept; return how many articles."""
    found = Article.objects.filter(translations=None).exclude(revisions=None).values_list("pk", flat=True)
    for pk in (pks := list(found)):
        with transaction.atomic():
            take_turns()
            article = Article.objects.get(pk=pk)
            for row in rows_of(article):
                if revision := article.latest_revision(row.language):
                    seen = revision.source_revision or article.latest_revision(article.source_language)
                    keep(row, source_blocks(content_of(seen)))
                refresh(row, source_of(article))
    return len(pks)
