"""A folder of articles brought into the database, all or nothing, through the one saving method.

First the whole folder is looked through, so that all that is wrong in it is told before anything is written. Then each
article is read again and saved: there may be thousands, and no more than a few are in memory at a time. What is found
on the site already is compared three ways: see `three_way.py`. What the site says of a tag, a series or an author is
kept.
"""

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet

from accounts import log
from accounts.models import Event
from articles import image_store, languages
from articles.markdown import rendering_ahead
from articles.models import Article
from articles.permissions import may_add
from articles.prepared import prepared
from articles.progress import Progress, silent
from articles.turns import take_turns

from . import images, library, subjects
from .article_import import ArticleImport, Prepared
from .folder import ContentFolder, FoundArticle, read_folder
from .library import Library
from .native import ArticleFolder
from .parts import Part
from .problems import Faults, Problem, require
from .subjects import Outcome
from .three_way import CREATED, UPDATED, Side
from .wishes import Wishes


def import_folder(
    folder: Path,
    by: AbstractBaseUser | None = None,
    *,
    parts: Sequence[Part] = (),
    prefer: Side | None = None,
    is_dry: bool = False,
    progress: Progress = silent,
    name: str = "",
) -> list[Outcome]:
    """Import a folder in the native format; return what became of each file, in order.

    What is written is written by somebody, within their permissions, or by the site itself. `parts` bring in what the
    folder holds beside articles. `prefer` says which side wins where both have changed. `is_dry` says what would
    happen, and writes nothing. `name` is what the log calls the folder, by default its own.

    Raise ImportProblems with every fault and every conflict; then the database and the stored images are as before.
    """
    work = _Import(Wishes(by, prefer, is_dry), progress)
    content = work.read(folder, parts)
    with _workspace(is_dry) as workspace:
        # Before the transaction, in which other writers wait.
        prepared = work.prepare_images(content, workspace)
        with transaction.atomic():
            take_turns()
            outcomes = work.save(content, prepared, parts)
            _log(name or folder.resolve().name, outcomes, by)
            transaction.set_rollback(is_dry)
    return outcomes


def _log(name: str, outcomes: list[Outcome], by: AbstractBaseUser | None) -> None:
    """Log the import as one event, however many texts it published."""
    if count := sum(outcome.startswith((CREATED, UPDATED)) for _path, outcome in outcomes):
        log.record(Event.Kind.IMPORTED, by, name, details={"count": count})


def _workspace(is_dry: bool) -> contextlib.AbstractContextManager:
    return tempfile.TemporaryDirectory() if is_dry else image_store.workspace()


class _Import(Faults):
    """One import: a fault keeps no later step from telling its own, and all of them end it."""

    def __init__(self, wishes: Wishes, progress: Progress) -> None:
        super().__init__()
        self.wishes, self.progress = wishes, progress
        self.library = Library()

    def read(self, folder: Path, parts: Sequence[Part]) -> ContentFolder:
        content = self.attempt(read_folder, folder, self.progress)
        self.library = self.attempt(library.read, folder, default=self.library)
        for part in parts:
            self.attempt(part.read, folder)
        self.refuse_any()
        return content

    def prepare_images(self, content: ContentFolder, workspace: Path) -> Prepared:
        references = [reference for found in content.articles for reference in found.images]
        prepared = {
            reference: self.attempt(images.prepare, reference, Path(workspace), self.wishes.is_dry)
            for reference in (self.progress("Images", references) if references else [])
        }
        digests = self.library.digests()
        for digest in self.progress("Library", digests) if digests else []:
            self.attempt(self.library.prepare, digest, Path(workspace), self.wishes.is_dry)
        self.refuse_any()
        return prepared

    def save(self, content: ContentFolder, prepared: Prepared, parts: Sequence[Part]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for entry in content.subjects:
            outcomes += self.taken(subjects.save, entry, self.wishes.by)
        outcomes += self.taken(self.library.save, self.wishes.by)
        outcomes += self.save_parts(part for part in parts if part.is_first)
        outcomes += self.save_articles(content, prepared)
        outcomes += self.save_parts(part for part in parts if not part.is_first)
        self.refuse_any()
        return outcomes

    def taken(self, step: Callable[..., Iterable[Outcome]], *arguments: Any) -> list[Outcome]:
        """Return all outcomes of a step; none where it fails."""
        return self.attempt(lambda: list(step(*arguments) or []), default=[])

    def save_parts(self, parts: Iterable[Part]) -> list[Outcome]:
        return [each for part in parts for each in self.taken(part.save, self.wishes.by, self.wishes.is_dry)]

    def save_articles(self, content: ContentFolder, prepared: Prepared) -> list[Outcome]:
        # Companions may come later in the folder than the article that names them.
        new = self.make_articles(content)
        outcomes: list[Outcome] = []
        again = self.again(self.progress("Saving", content.articles), new)
        with rendering_ahead(again, _texts_to_render) as articles:
            for article in articles:
                for step in article.steps(prepared, self.library):
                    outcomes += self.taken(step)
        return outcomes

    def make_articles(self, content: ContentFolder) -> set[str]:
        """Make the articles that the site does not have, without a text yet; return their keys."""
        there = set(Article.objects.values_list("key", flat=True))
        new = [found for found in content.articles if found.key not in there]
        for found in new:
            self.attempt(require, self.wishes.allow(may_add), Problem(found.first, 1, ""), self.wishes.by)
        # Nobody need be told: each of them is saved once more with its texts.
        Article.objects.bulk_create((self.new_article(found) for found in new), batch_size=500)
        return {found.key for found in new}

    def new_article(self, found: FoundArticle) -> Article:
        default = settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in found.languages else found.languages[0]
        return Article(key=found.key, source_language=found.source_language or default, created_by=self.wishes.by)

    def again(self, found: Iterable[FoundArticle], new: set[str]) -> Iterator[ArticleImport]:
        """Yield each article once more, with its text."""
        for each in found:
            source: ArticleFolder | None = self.attempt(each.again)
            article = _articles.first(languages.active(), key=each.key)
            if source:
                yield ArticleImport(article, source, self.wishes, is_new=each.key in new)


def _texts_to_render(article: ArticleImport) -> list[tuple[str, str]]:
    """Return the bodies that are another one on the site."""
    stand = article.article
    files = [] if stand.deleted_at else article.source.files
    return [(file.text.body, file.language) for file in files if file.text.body != stand.text_in(file.language).body]


@prepared
def _articles(language: str, *, key: str) -> QuerySet:
    return Article.objects.filter(key=key).order_by()
