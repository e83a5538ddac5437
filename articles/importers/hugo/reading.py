"""The files of a Hugo site, found and read as texts."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from articles.files.problems import ImportProblems, Problem
from articles.importers.front_matter import Document, files_below, read_document
from articles.importers.lines import Text
from articles.importers.post import Note, Post, Term, every_line

from .addresses import Place, alias_path, permalink, urlized
from .cascade import Cascades, of_configuration
from .config import Config, Language
from .dialect import translated
from .head import Head
from .served import old_site
from .shortcodes import ShortCodes

MARKDOWN = {".md", ".markdown", ".mdown", ".html", ".htm"}
# https://gohugo.io/content-management/formats/
OTHERS = {".adoc", ".asciidoc", ".ad", ".org", ".pandoc", ".pdc", ".rst"}
INDEX = re.compile(r"index(?:\.[\w-]+)?\.(?:md|markdown|mdown|html|htm)", re.IGNORECASE)
PAGE_SECTIONS = {"page", "pages"}
# A page like About may have no date, and is shown all the same.
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class File:
    """A file of the content: its language, and its path without language and ending, that of its folder in a bundle."""

    path: Path
    folder: Path
    language: Language
    relative: str
    is_bundle: bool = False


@dataclass
class SiteReader:
    config: Config
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    bundles: dict[Path, bool] = field(default_factory=dict)

    def read(self) -> tuple[list[Post], list[Note]]:
        self.notes += self.config.notes
        files = list(self._files())
        if not files:
            self.problems.append(Problem(self.config.root, 1, "no text of Hugo here, in the folder “content”"))
        documents = [(file, document) for file in files if (document := self._attempt(read_document, file.path))]
        self.names = self._names_of_terms(documents)
        self.cascades = self._cascades(documents)
        sections = {file.relative.partition("/")[0].lower() for file in files if "/" in file.relative}
        self.sections = [f"{name}/" for name in sorted(sections - {*self.config.taxonomies().values()})]
        self.has_sections = any("/" in file.relative for file, _document in documents if not _is_list(file))
        posts = [post for file, document in documents if (post := self._attempt(self._post, file, document))]
        if self.problems:
            raise ImportProblems(self.problems)
        return posts, self.notes

    def _attempt(self, step: Callable, *arguments: Any) -> Any:
        """Take a step; what is broken keeps no other file from telling its own faults."""
        try:
            return step(*arguments)
        except ImportProblems as error:
            self.problems += error.problems
            return None

    def _files(self) -> Iterator[File]:
        folders = {folder: language for language in self.config.languages.values() for folder in language.content}
        seen: set[Path] = set()
        # content/fr goes before content, where one is within the other.
        for folder in sorted(folders, key=lambda folder: (-len(folder.parts), folder)):
            found = files_below(folder, self.config.root, MARKDOWN | OTHERS, self.notes)
            for path in found:
                if path in seen:
                    continue
                seen.add(path)
                if path.suffix.lower() in OTHERS:
                    self.notes.append(Note(path, 1, "left out: not Markdown"))
                    continue
                shared = [each for each in self.config.languages.values() if folder in each.content]
                file = self._file(path, folder, shared)
                if not file.is_bundle and self._lies_in_bundle(path, folder):
                    self.notes.append(Note(path, 1, "left out: a part of a page bundle that is no page"))
                    continue
                yield file

    def _file(self, path: Path, folder: Path, shared: list[Language]) -> File:
        """Return a file as it lies in a folder, which belongs to one language or is shared by several."""
        stem, _dot, last = path.stem.rpartition(".")
        language = self.config.languages.get(last.lower()) if stem else None
        own = shared[0] if len(shared) == 1 else self.config.languages[self.config.default]
        name = stem if language else path.stem
        parent = path.parent.relative_to(folder).as_posix()
        parts = [] if parent == "." else [parent]
        is_bundle = name == "index" and bool(parts)
        return File(path, folder, language or own, "/".join(parts if is_bundle else [*parts, name]), is_bundle)

    def _lies_in_bundle(self, path: Path, folder: Path) -> bool:
        """Return whether a folder above a file, within the content, is a leaf bundle."""
        for parent in path.parents:
            if parent == folder:
                return False
            if parent not in self.bundles:
                self.bundles[parent] = any(INDEX.fullmatch(each.name) for each in parent.iterdir())
            if self.bundles[parent]:
                return True
        return False

    def _names_of_terms(self, documents: list[tuple[File, Document]]) -> dict[tuple[str, str], str]:
        """Return the titles that content/tags/python/_index.md and its like give, by language and path."""
        names = {}
        for file, document in documents:
            entry = document.entries.get("title")
            if _is_list(file) and entry and isinstance(entry.value, str):
                names[file.language.key, file.relative.removesuffix("/_index").lower()] = entry.text()
        return names

    def _cascades(self, documents: list[tuple[File, Document]]) -> Cascades:
        found = of_configuration(self.config)
        for file, document in documents:
            entry = next((entry for key, entry in document.entries.items() if key.lower() == "cascade"), None)
            if entry and _is_list(file):
                found.add(file.language.key, file.relative.rpartition("/")[0].lower(), entry.value)
        return found

    def _post(self, file: File, document: Document) -> Post | None:
        self.notes += document.notes
        if file.path.suffix.lower() in (".html", ".htm") and not document.has_front_matter:
            self.notes.append(Note(file.path, 1, "left out: HTML without front matter"))
            return None
        if _is_list(file):
            of_term = file.relative.split("/")[0] in {*self.config.taxonomies().values(), "series", "authors"}
            if document.body.strip() or not of_term:
                self.notes.append(Note(file.path, 1, "left out: the page of a section or of the whole site"))
            return None
        cascade = self.cascades.of(file.language.key, file.relative)
        head = Head(file.path, document, self.config, file.language, cascade)
        if not document.body.strip() and head.text("layout"):
            self.notes.append(Note(file.path, 1, "left out: a page that its layout makes:", head.text("layout")))
            return None
        post = self._made(file, document, head)
        self.notes += head.notes(is_page=post.is_page)
        return post

    def _made(self, file: File, document: Document, head: Head) -> Post:
        language, config = file.language, self.config
        date = head.date()
        place = Place(file.relative, head.text("title"), head.text("slug"), head.text("url"), head.shown_date())
        address = permalink(config, language, place)
        is_page = self._is_page(file, head)
        post = Post(
            source=file.path,
            line=document.first_line,
            # Apart from the paths: a key may be the path of another text.
            pair=f"translations/{key}" if (key := head.text("translationkey")) else file.relative,
            language=language.code,
            site=old_site(config, language, self.sections),
            title=place.title,
            slug=place.slug or (address.rstrip("/").rpartition("/")[2].partition(".")[0]),
            summary=head.summary(),
            head=head.lines(),
            published_at=date or (UNDATED if is_page and head.is_shown() else None),
            tags=[*self._tags(head, language)],
            authors=head.authors(lambda name: self._name_of("authors", name, language)),
            series=next(iter(head.texts("series")), ""),
            part=head.number("series_order"),
            addresses=[address, *(alias_path(config, language, alias, address) for alias in head.texts("aliases"))],
            names=_names(file),
            beside=self._beside(file),
            file_languages=tuple(dict.fromkeys((language.key, config.default, *config.languages))),
            is_page=is_page,
            is_original=language.key == config.default,
        )
        text = self._body(file, document, head)
        post.body, post.lines = text.body, text.lines
        return post

    def _body(self, file: File, document: Document, head: Head) -> Text:
        text = Text(document.body, every_line(document.first_line, document.body))

        def note(words: str, about: str, line: int) -> None:
            self.notes.append(Note(file.path, line, words, about))

        folder = file.relative if file.is_bundle else file.relative.rpartition("/")[0]
        text = translated(text, note, has_emoji=self.config.is_true("enableemoji"))
        return ShortCodes(folder, head.param, note).rewritten(text)

    def _is_page(self, file: File, head: Head) -> bool:
        """Return whether a text is a page like About: one of no section, or that says so."""
        section, _slash, rest = file.relative.partition("/")
        kind = head.text("type").lower()
        if kind in ("page", "pages") or section.lower() in PAGE_SECTIONS:
            return True
        if kind in ("post", "posts", "article", "articles", "blog"):
            return False
        # A blog may have all its posts at the top.
        return not rest and (self.has_sections or not head.date())

    def _beside(self, file: File) -> tuple[Path, ...]:
        """Return the folders of a text's own files: a bundle shares them with those of the other languages."""
        folders = [file.path.parent]
        if file.is_bundle:
            contents = (folder for language in self.config.languages.values() for folder in language.content)
            folders += [folder / file.relative for folder in contents]
        return (*dict.fromkeys(folders), self.config.root / "assets")

    def _tags(self, head: Head, language: Language) -> Iterator[Term]:
        base = self.config.base_path(language) + language.prefix
        for plural in self.config.taxonomies().values():
            if plural not in ("series", "authors"):
                for term in head.texts(plural):
                    path = urlized(self.config, term)
                    yield Term(term, self._name_of(plural, term, language), (f"{base}/{plural}/{path}/",))

    def _name_of(self, plural: str, term: str, language: Language) -> str:
        if plural == "authors" and term.lower() in self.config.authors:
            return self.config.authors[term.lower()]
        key = f"{plural}/{urlized(self.config, term)}".lower()
        return self.names.get((language.key, key)) or self.names.get((self.config.default, key)) or term


def _is_list(file: File) -> bool:
    return file.relative == "_index" or file.relative.endswith("/_index") or file.relative == "index"


def _names(file: File) -> list[str]:
    """Return by what `ref` and links to files may name a text. https://gohugo.io/shortcodes/ref/"""
    inner = file.path.relative_to(file.folder).as_posix()
    plain = f"{file.relative}.md"
    whole = {file.relative, plain, inner, f"{file.relative}/index.md"}
    last = {name.rpartition("/")[2] for name in (file.relative, plain)}
    refs = {f"{slash}{name}" for name in whole for slash in ("", "/")} | last
    refs |= {f"/{file.relative}/", f"{file.relative}/"}
    by_language = {f"ref:{name}?lang={file.language.key}" for name in refs}
    files = {f"/{name}" for name in whole if name.endswith(".md")}
    return sorted({name.lower() for name in {*(f"ref:{name}" for name in refs), *by_language}} | files)
