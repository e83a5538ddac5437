"""One article of a folder brought in, step by step, each of which tells its own faults."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from articles import languages
from articles.images.encoding import Encoded
from articles.models import Article, Image
from articles.permissions import may_publish, may_write_all, written_languages
from articles.translating import following
from articles.translating.kept import note_answered

from . import aliases, images
from .facts import save_facts
from .images import ImageReference
from .library import Library
from .native import ALIASES, ArticleFolder, LanguageFile
from .problems import NOT_ALLOWED
from .subjects import Outcome
from .texts import save_text
from .wishes import Wishes

Step = Callable[[], Iterable[Outcome]]
Prepared = dict[ImageReference, Image | Encoded]
DELETED = "left alone: the article was deleted on the site"


class ArticleImport:
    """An article as it stands on the site, and its folder. `is_new` says that this import made the article."""

    def __init__(self, article: Article, source: ArticleFolder, wishes: Wishes, *, is_new: bool) -> None:
        self.article, self.source, self.wishes, self.is_new = article, source, wishes, is_new

    def steps(self, prepared: Prepared, library: Library) -> Iterator[Step]:
        source = self.source
        if self.article.deleted_at:
            yield lambda: [(file.path, DELETED) for file in source.files]
            return
        imported = str(self.article.imported)
        # Before the texts, whose revisions keep what the languages share.
        yield partial(save_facts, self.article, source, self.wishes, is_new=self.is_new)
        for file in source.files:
            yield partial(save_text, self.article, file, self.wishes, is_new=self.is_new)
        yield self.follow
        for file in source.copies:
            yield partial(save_text, self.article, file, self.wishes, is_new=self.is_new)
        yield self.answer_copies
        for file in source.files:
            if file.aliases:
                yield partial(self.save_aliases, file)
        for reference in source.images.values():
            yield partial(self.save_image, reference, prepared, library)
        if not self.is_new:
            yield self.forget_images
        if str(self.article.imported) != imported:
            self.article.save(update_fields=["imported"])

    def follow(self) -> list[Outcome]:
        """Let a translation answer what the folder says of it, else the original that came with it."""
        original = self.article.source_language
        new = {file.language for file in self.source.files if file.is_new}
        for language in sorted(new - {original}):
            if language in self.source.answered:
                following.follow_import(self.article, language, self.source.answered[language])
            elif original in new:
                following.follow_import(self.article, language)
        return []

    def answer_copies(self) -> list[Outcome]:
        """Let a new working copy of a translation answer what the folder says of it."""
        for file in self.source.copies:
            blocks = self.source.copies_answered.get(file.language)
            if file.is_new and blocks is not None and file.language != self.article.source_language:
                note_answered(self.article, file.language, blocks, self.wishes.by)
        return []

    def save_aliases(self, file: LanguageFile) -> list[Outcome]:
        problem = file.problem(ALIASES, "")
        by, is_new = self.wishes.by, self.is_new
        return aliases.save(self.article, file.language, file.aliases, problem, by, is_new=is_new)

    def save_image(self, reference: ImageReference, prepared: Prepared, library: Library) -> list[Outcome]:
        by, article = self.wishes.by, self.article
        if by and not (by.has_perm("articles.add_image") and written_languages(by, article)):
            raise reference.problem(NOT_ALLOWED % by)
        if reference not in prepared:
            raise reference.problem("this came while the import was at work; begin again")
        row = library.new_row(prepared[reference].digest, reference.name)
        outcome = images.save(article, reference, prepared[reference], row)
        if by and outcome == "updated" and not all(may_publish(by, article, code) for code in languages.codes()):
            # Another picture under the same name is what readers see, in whatever language.
            raise reference.problem(NOT_ALLOWED % by)
        return [(reference.path, outcome)]

    def forget_images(self) -> list[Outcome]:
        if self.wishes.allow(may_write_all, self.article):
            images.forget_unnamed(self.article, self.source.images)
        return []
