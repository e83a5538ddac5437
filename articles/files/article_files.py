"""The files of one article in the native format: which there are, and what each says."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from articles.models import Article, Image
from articles.models.illustrated import IMAGE_NAME
from articles.shared_facts import FACTS
from articles.text import ArticleText
from articles.translating.kept import answered_blocks
from articles.translating.source import source_blocks

from .answered import answered_file, name_of
from .images import references
from .stamps import version
from .writing import language_file


def index_name(language: str) -> str:
    return f"index.{language}.md"


def copy_name(language: str) -> str:
    return f"working_copy.{language}.md"


def copy_answered_name(language: str) -> str:
    return f"working_copy_answered.{language}.md"


@dataclass
class ArticleFiles:
    """An article, loaded with what belongs to it, in those of its languages that are exported.

    `aliases` are the old addresses of each of them.
    """

    article: Article
    languages: list[str]
    aliases: dict[str, list[str]]
    has_working_copies: bool = False

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What `shared_facts.facts` says, without a query."""
        article = self.article
        related = {
            "authors": sorted(author.name for author in article.authors.all()),
            "tags": sorted(tag.key for tag in article.tags.all()),
            "series": article.series.key if article.series else "",
            "companions": [link.companion.key for link in article.companion_links.all()],
        }
        return {name: related[name] if name in related else getattr(article, name) for name in FACTS}

    @cached_property
    def bodies(self) -> dict[str, ArticleText]:
        """The text of each exported file, by its name."""
        found = {index_name(code): self.article.text_in(code) for code in self.languages}
        if self.has_working_copies:
            copies = sorted(self.article.working_copies.all(), key=lambda copy: copy.language)
            texts = {copy.language: copy.revision.content for copy in copies}
            found |= {copy_name(code): text for code, text in texts.items() if code in self.languages}
        return found

    @property
    def speaker(self) -> str:
        """The language whose file says what all languages share."""
        source = self.article.source_language
        return source if source in self.languages else self.languages[0]

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the words of each text file."""
        for name, text in self.bodies.items():
            language = name.split(".")[1]
            if name != index_name(language):
                yield name, language_file(text, version=version(text))
            elif language == self.speaker:
                stamp = version(text, self.facts)
                yield name, language_file(text, self._shared(), self.aliases[language], version=stamp)
            else:
                yield name, language_file(text, None, self.aliases[language], version=version(text))
        yield from self._answered()

    def _shared(self) -> dict[str, Any]:
        shared = dict(self.facts)
        if self.article.source_language not in self.languages:
            # An import asks for the original that it names.
            del shared["source_language"]
        unwanted = sorted(
            row.language
            for row in self.article.translations.all()
            if not row.is_wanted and row.working_copy_id is None and row.language != self.article.source_language
        )
        shows_lag = None if self.article.shows_lag else False
        return shared | {"shows_lag": shows_lag, "no_translation": unwanted}

    def _answered(self) -> Iterator[tuple[str, str]]:
        """Yield what each translation answers, unless that is the whole original that stands beside it."""
        article = self.article
        if article.source_language not in self.languages:
            return
        source = article.text_in(article.source_language)
        rows = sorted(article.translations.all(), key=lambda row: (row.language, row.working_copy_id is not None))
        for row in rows:
            if row.language == article.source_language or row.language not in self.languages:
                continue
            blocks = answered_blocks(row)
            if row.working_copy_id is None:
                if blocks != source_blocks(source):
                    yield name_of(row.language), answered_file(blocks, source)
            elif self.has_working_copies:
                yield copy_answered_name(row.language), answered_file(blocks, source)

    def images(self) -> dict[str, Image]:
        """Return the pictures beside the texts that these name, by their names."""
        there = {link.name: link.image for link in self.article.image_files.all()}
        if not there:
            return {}
        named = {reference.name for text in self.bodies.values() for reference in references(Path(), text.body, 1)}
        return {name: there[name] for name in sorted(there.keys() & named)}

    def named_images(self) -> set[str]:
        """Return the keys of the images of the library that the texts name."""
        return {key for text in self.bodies.values() for key in IMAGE_NAME.findall(text.body)}
