"""One passage of a translation as its translator sends it: its words go into the text, and the original is answered."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles.edits import Edit
from articles.models import Article, Revision, content_of
from articles.saving import EditConflict
from articles.text import ArticleText
from articles.turns import take_turns

from . import answering, kept
from .passages import Place, with_passage_moved, with_words, words_at
from .side_by_side import Row, row_like, side_by_side


@dataclass(frozen=True)
class Saved:
    """What came of a passage: `revision` is None where the text said so before."""

    revision: Revision | None
    was_merged: bool
    has_moved_on: bool


@dataclass(frozen=True)
class PassageEdit:
    """What a translator does with one passage.

    `place` is where it stood in the text `base`, which was made beside the text `seen` of the original. `words` are
    None where they stay as they are; `to` is the block before which they shall stand instead. `key` and `left_out_key`
    name what is answered, as `Comparison` does. `name` is that of its row.
    """

    article: Article
    language: str
    base: Revision | None
    seen: Revision | None
    place: Place
    name: str = ""
    words: str | None = None
    to: int | None = None
    key: str = ""
    left_out_key: str = ""
    is_left_out: bool = False
    wants_copy: bool = True
    by: AbstractBaseUser | None = None

    @transaction.atomic
    def save(self) -> Saved:
        """Write the words, where they are others, and answer the original.

        What others wrote in other passages is kept. Raise EditConflict where they wrote in this one, ValidationError
        where the text breaks a rule, and PermissionDenied.
        """
        take_turns()
        edit = None
        if self._text(content_of(self.base), self.place) != content_of(self.base):
            edit = self._prepared(Article.objects.get(pk=self.article.pk))
        revision = edit and edit.save(self.article, source_revision=self.seen, answers_nothing=True)
        return Saved(revision, bool(edit and edit.was_merged), has_moved_on=not self._answer())

    def _text(self, text: ArticleText, place: Place) -> ArticleText:
        if self.to is not None:
            return with_passage_moved(text, place, self.to, self.words)
        return (
            text if self.words is None or self.words == words_at(text, place) else with_words(text, place, self.words)
        )

    def _prepared(self, article: Article) -> Edit:
        try:
            edit = self._edit(article, self.base, self.place)
            edit.prepare()
        except EditConflict:
            # Others may have written beside the passage and not in it: it is looked for in what they wrote.
            now = article.in_work(self.language)
            row = row_like(_rows(article, self.language, now), self.name)
            if row is None or self.to is not None or row.words != words_at(content_of(self.base), self.place):
                raise
            edit = self._edit(article, now, row.place)
            edit.prepare()
            edit.was_merged = True
        return edit

    def _edit(self, article: Article, base: Revision | None, place: Place) -> Edit:
        text = self._text(content_of(base), place)
        return Edit(article, self.language, base, text, wants_copy=self.wants_copy, by=self.by)

    def _answer(self) -> bool:
        """Note what is answered; return False where the original says something else by now."""
        try:
            if self.left_out_key:
                self._want_again()
            if self.key:
                answering.answer(self.article, self.language, [self.key], by=self.by, is_left_out=self.is_left_out)
        except answering.MovedOn:
            return False
        return True

    def _want_again(self) -> None:
        """Let the translation have a passage that it did without; with words of its own it answers it as well."""
        answering.answer(self.article, self.language, [self.left_out_key], by=self.by, is_reopened=True)
        row = row_like(_rows(self.article, self.language, self.article.in_work(self.language)), self.name)
        if self.words and row and row.change:
            answering.answer(self.article, self.language, [row.change.key], by=self.by)


def _rows(article: Article, language: str, text: Revision | None) -> list[Row]:
    """Return what stands side by side where `text` is the translation."""
    return side_by_side(kept.comparison(Article.objects.get(pk=article.pk), language), content_of(text))
