"""A folder of articles looked through before anything is written: all that is wrong in it is told at once.

Of each article little is kept, and none of its text: a folder may hold thousands. An import reads each one again when
its turn comes.
"""

from dataclasses import dataclass, field
from pathlib import Path

from articles.progress import Progress

from .images import ImageReference
from .native import ALIASES, ArticleFolder, LanguageFile, read_article
from .plain_files import is_folder, listed
from .problems import Faults, ImportProblems, Problem
from .subject_files import read_subjects
from .subjects import SubjectEntry


@dataclass(frozen=True)
class FoundArticle:
    """What an import has to know of an article before its turn comes.

    `first` is the path of one of its files, `source_language` what they say, or None.
    """

    path: Path
    digest: bytes
    first: Path
    languages: tuple[str, ...]
    source_language: str | None
    images: tuple[ImageReference, ...]

    @property
    def key(self) -> str:
        return self.path.name

    def again(self) -> ArticleFolder:
        """Return the whole article; raise ImportProblems where it is no longer the one that was found."""
        article = read_article(self.path)
        if article.digest != self.digest:
            raise ImportProblems([Problem(self.first, 1, "this was changed while the import was at work; begin again")])
        return article


@dataclass
class ContentFolder:
    """All that a folder holds: its articles in order of their keys, and what it says of tags, series and authors."""

    articles: list[FoundArticle] = field(default_factory=list)
    subjects: list[SubjectEntry] = field(default_factory=list)


def read_folder(folder: Path, progress: Progress) -> ContentFolder:
    """Look through a folder of articles; raise ImportProblems with all that is wrong in it."""
    if not is_folder(folder):
        raise ImportProblems([Problem(folder, 1, "no such folder")])
    reader = _Reader()
    reader.read(folder, progress)
    reader.refuse_any()
    return reader.content


class _Reader(Faults):
    def __init__(self) -> None:
        super().__init__()
        self.content = ContentFolder()
        self.slugs: dict[tuple[str, str], Path] = {}
        self.aliases: dict[str, Path] = {}

    def read(self, folder: Path, progress: Progress) -> None:
        self.content.subjects = self.attempt(read_subjects, folder, default=[])
        paths = self.attempt(listed, folder, default=[])
        seen = [path for path in paths if not path.name.startswith((".", "_"))]
        folders = [path for path in seen if self.attempt(is_folder, path, default=False)]
        for path in progress("Reading", folders):
            self.attempt(self.article, path)
        if paths and not folders and not any(path.suffix == ".yaml" or path.name.startswith("_") for path in paths):
            self.note(folder, "no article here; each one is a folder that holds index.en.md or its like")
        if not paths and not self.problems:
            self.note(folder, "there is nothing in this folder")

    def article(self, path: Path) -> None:
        article = read_article(path)
        for file in article.files:
            self.refuse_equal_slug(file)
            self.refuse_equal_aliases(file)
        self.content.articles.append(
            FoundArticle(
                path,
                article.digest,
                article.files[0].path,
                tuple(file.language for file in article.files),
                article.shared.get("source_language"),
                tuple(article.images.values()),
            )
        )

    def refuse_equal_slug(self, file: LanguageFile) -> None:
        if file.text.slug:
            first = self.slugs.setdefault((file.language, file.text.slug), file.path)
            if first is not file.path:
                self.problems.append(file.problem("slug", f"duplicate slug “{file.text.slug}”, also in {first}"))

    def refuse_equal_aliases(self, file: LanguageFile) -> None:
        for alias in file.aliases:
            first = self.aliases.setdefault(alias, file.path)
            if first is not file.path:
                self.problems.append(file.problem(ALIASES, f"“{alias}” is an old address of {first} as well"))
