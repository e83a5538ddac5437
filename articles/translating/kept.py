"""What is kept of each translation of an article: which row is whose, and how far it is behind."""

from collections.abc import Iterator

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.utils import timezone

from articles import languages
from articles.models import Article, Translation
from articles.prepared import prepared

from .source import SourceBlock, source_block, source_blocks
from .staleness import Comparison


def comparison(article: Article, language: str) -> Comparison:
    """Return what moved on since the text that is in work in a language: its working copy's, else the one that stands.

    It is compared with the original as it stands, never with what somebody is still writing there.
    """
    return Comparison(answered_in_work(article, language), source_of(article))


def answered_in_work(article: Article, language: str) -> list[SourceBlock]:
    """Return the blocks of the original that the text in work answered last."""
    return answered_blocks(translation_in_work(article, language))


def pending_comparison(article: Article) -> Comparison | None:
    """Return what the original's working copy would change in what stands; None where there is no copy."""
    copy = article.working_copy(article.source_language)
    return copy and Comparison(source_of(article), source_blocks(copy.content))


def translation_in_work(article: Article, language: str) -> Translation:
    """Return the row of the text in work; one that is not saved where there is none."""
    *_standing, row = _rows(article, language)
    return row


def note_answered(article: Article, language: str, blocks: list[SourceBlock], by: AbstractBaseUser | None) -> None:
    """Keep what somebody says that the text in work answers; it can be taken back."""
    row = translation_in_work(article, language)
    copy = article.working_copies.filter(language=language).first()
    if copy and row.working_copy_id is None:
        # What stands answers no more than it did until the copy takes its place.
        row = Translation(article=article, language=language, working_copy=copy, blocks=row.blocks)
    before = row.blocks
    keep(row, blocks)
    row.blocks_before, row.answered_at, row.answered_by = before, timezone.now(), by
    refresh(row, source_of(article))


def source_of(article: Article) -> list[SourceBlock]:
    """Return the blocks of the original as it stands."""
    return source_blocks(article.text_in(article.source_language))


def rows_of(article: Article) -> Iterator[Translation]:
    """Yield the rows of every translation, a new one where there is none."""
    for language in languages.codes():
        if language != article.source_language:
            yield from _rows(article, language)


def standing(article: Article, language: str) -> Translation:
    """Return the row of the text that stands, one that is not saved where there is none."""
    return _rows(article, language)[0]


def _rows(article: Article, language: str) -> list[Translation]:
    """Return the row of the text that stands, one that is not saved where there is none, and the working copy's."""
    rows = _translations(language, article=article.pk)
    for row in rows:
        row.article = article
    standing = [row for row in rows if row.working_copy_id is None] or [Translation(article=article, language=language)]
    return standing + [row for row in rows if row.working_copy_id is not None]


@prepared
def _translations(language: str, *, article: int) -> QuerySet:
    return Translation.objects.filter(article=article, language=language).order_by("pk")


def answered_blocks(row: Translation) -> list[SourceBlock]:
    """Return the blocks that a row's text answered."""
    return [source_block(block["field"], block["text"], block.get("left_out", False)) for block in row.blocks]


def keep(row: Translation, blocks: list[SourceBlock]) -> None:
    """Put the blocks that a text answered into its row, not saved yet. No earlier answer can be taken back then."""
    if blocks != answered_blocks(row):
        row.blocks, row.blocks_before = _as_kept(blocks), None


def _as_kept(blocks: list[SourceBlock]) -> list[dict]:
    return [
        {"field": block.field, "text": block.text} | ({"left_out": True} if block.is_left_out else {})
        for block in blocks
    ]


def refresh(row: Translation, source: list[SourceBlock]) -> None:
    """Save a row with how far it is behind a source."""
    found = Comparison(answered_blocks(row), source)
    if found.left_out:
        row.blocks = _as_kept(found.settled_by_itself())
    row.blocks_behind, row.words_behind = len(found.changes), found.words
    row.save()
