"""Everything that the site says, written into a folder in the native format: the same data, the same bytes.

A selection of articles writes what these need, and removes nothing. An export of the whole removes what an earlier one
wrote and what is gone now; a text that the site never had, and any other file, stays as it is and is named.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from django.db.models import Prefetch, QuerySet

from articles import languages
from articles.models import Article, Companion, Tag

from . import library, redirects, subjects
from .aliases import aliases_of
from .article_files import ArticleFiles
from .former_files import clear, is_known
from .target import ExportRefused, Target

# Articles in memory at a time.
CHUNK = 100


class WrittenPart(Protocol):
    """What a folder holds beside articles, written by whoever knows it."""

    def write(self, target: Target) -> None: ...


@dataclass(frozen=True)
class Selection:
    """What is exported: articles by key, tag, language and state; all of them where these are empty.

    Drafts are left out unless they are asked for, and deleted articles always.
    """

    articles: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    has_drafts: bool = False
    has_working_copies: bool = False

    @property
    def is_whole(self) -> bool:
        return not (self.articles or self.tags or self.languages or self.states)

    def texts(self) -> dict[str, set[int]]:
        """Return the primary keys of the articles whose text is exported in each language."""
        states = set(self.states) or {Article.State.LIVE, Article.State.SCHEDULED}
        states |= {Article.State.DRAFT} if self.has_drafts else set()
        return {
            code: {pk for state in states for pk in self._articles().in_state(state, code).values_list("pk", flat=True)}
            for code in languages.codes()
            if not self.languages or code in self.languages
        }

    def _articles(self) -> QuerySet[Article]:
        articles = Article.objects.kept().order_by()
        if self.articles:
            articles = articles.filter(key__in=self.articles)
        return articles.filter(tags__key__in=self.tags) if self.tags else articles

    def check(self) -> None:
        """Raise ExportRefused where it names what the site does not have."""
        articles = Article.objects.kept().filter(key__in=self.articles).values_list("key", flat=True)
        tags = Tag.objects.filter(key__in=self.tags).values_list("key", flat=True)
        for kind, asked, known in (
            ("article", self.articles, articles),
            ("tag", self.tags, tags),
            ("language", self.languages, languages.codes()),
        ):
            if unknown := asked - set(known):
                raise ExportRefused(f"The site has no {kind} {', '.join(f'“{key}”' for key in sorted(unknown))}.")


@dataclass
class Needed:
    """What the exported articles name: keys of subjects, by their kind, and of images in the library.

    `beside` holds the digest of each picture that lies beside a text, and the first file that it is.
    """

    subjects: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in subjects.KINDS})
    images: set[str] = field(default_factory=set)
    beside: dict[str, str] = field(default_factory=dict)

    def add(self, files: ArticleFiles) -> None:
        for name in subjects.KINDS:
            value = files.facts[name]
            self.subjects[name].update([value] if isinstance(value, str) else value)
        self.images |= files.named_images()
        for name, image in files.images().items():
            self.beside.setdefault(image.digest, f"{files.article.key}/{name}")


def export_folder(target: Target, selection: Selection, parts: Iterable[WrittenPart] = ()) -> int:
    """Write a folder; return how many articles it was given. Raise ExportRefused."""
    selection.check()
    with target.opened():
        needed, count, listed = Needed(), 0, library.listed_before(target)
        for files in _files_of(selection):
            _write_article(target, files)
            needed.add(files)
            count += 1
        # After the articles: what somebody adds meanwhile is there where it is named.
        subjects.write(target, None if selection.is_whole else needed.subjects)
        library.write(target, needed.beside, None if selection.is_whole else needed.images)
        if selection.is_whole:
            redirects.write(target)
            for part in parts:
                part.write(target)
            clear(target, listed)
    return count


def _write_article(target: Target, files: ArticleFiles) -> None:
    key = files.article.key
    for name, content in files.texts():
        target.write(f"{key}/{name}", content, lambda path: is_known(files.article, path))
    for name, image in files.images().items():
        library.write_image(target, f"{key}/{name}", image)


def _files_of(selection: Selection) -> Iterator[ArticleFiles]:
    texts = selection.texts()
    chosen = set().union(*texts.values())
    # Sorted here: databases do not agree on the order of letters and hyphens.
    pks = [pk for _, pk in sorted(Article.objects.kept().order_by().values_list("key", "pk")) if pk in chosen]
    for start in range(0, len(pks), CHUNK):
        articles = _loaded(pks[start : start + CHUNK])
        aliases = aliases_of(articles)
        for article in articles:
            exported = [code for code in texts if article.pk in texts[code]]
            own = {code: aliases.get((article.pk, code), []) for code in exported}
            yield ArticleFiles(article, exported, own, selection.has_working_copies)


def _loaded(pks: list[int]) -> list[Article]:
    kept = Companion.objects.filter(companion__deleted_at=None).select_related("companion")
    narrow = kept.only("article", "position", "companion__key")
    related = ["authors", "tags", "image_files__image", "translations", "working_copies__revision"]
    articles = Article.objects.filter(pk__in=pks).select_related("series").order_by()
    loaded = articles.prefetch_related(Prefetch("companion_links", narrow), *related)
    return sorted(loaded, key=lambda article: article.key)
