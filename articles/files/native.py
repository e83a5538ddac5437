"""The native format: a folder per article, named by its key, with index.<language>.md for each language.

What both languages share (authors, tags, series, …) stands once, in any of the files; answered.<language>.md says what
a translation answers of its original: see `answered.py`. A working copy is working_copy.<language>.md. Beside the
folders, `tags.yaml`, `series.yaml` and `authors.yaml` hold the texts of these in each language:
`python: {en: Python}` or `limits: {en: {title: Limits, description: …}}`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from articles import languages
from articles.markdown import BodyRefused
from articles.markdown.limits import MAX_LENGTH, Reason
from articles.models import Article
from articles.text import ArticleText
from articles.translating.source import SourceBlock

from .answered import read_answered
from .front_matter import Value, parse_markdown, read_text
from .images import ImageReference, references
from .plain_files import listed, refuse_link_out
from .problems import Faults, Problem
from .stamps import version
from .subject_files import check_key

LANGUAGE_KEYS: dict[str, Callable[[Value], Any]] = {
    "title": Value.text,
    "slug": Value.text,
    "summary": Value.text,
    "published_at": Value.moment,
}
# Whether readers are told that a translation is behind, and the languages in which nobody waits for one.
SHOWS_LAG, NO_TRANSLATION = "shows_lag", "no_translation"
SHARED_KEYS: dict[str, Callable[[Value], Any]] = {
    "source_language": Value.text,
    "source": Value.text,
    "authors": Value.texts,
    "tags": Value.texts,
    "series": Value.text,
    "part": Value.number,
    "companions": Value.texts,
    SHOWS_LAG: Value.truth,
    NO_TRANSLATION: Value.texts,
}
# Which saved text a file was made from: see stamps.py.
STAMP_KEYS: dict[str, Callable[[Value], Any]] = {"version": Value.text, "original": Value.text}
# The paths at which readers of another system, or of an earlier time, found the article in this language.
ALIASES = "aliases"
MAX_KEY = Article._meta.get_field("key").max_length
INDEX, WORKING_COPY, ANSWERED, COPY_ANSWERED = "index", "working_copy", "answered", "working_copy_answered"


@dataclass
class LanguageFile:
    """One language of an article: its text, and the line of each key for what is found wrong later.

    `version` is the stamp of what it was exported from. `is_new` becomes true where an import saved it.
    """

    path: Path
    language: str
    text: ArticleText
    lines: dict[str, int]
    version: str = ""
    aliases: list[str] = field(default_factory=list)
    is_working_copy: bool = False
    is_new: bool = False

    @property
    def is_as_exported(self) -> bool:
        """Whether it says, word for word, what the site said that wrote it."""
        return self.version.partition("-")[0] == version(self.text)

    def problem(self, key: str, reason: str, diff: str = "") -> Problem:
        return Problem(self.path, self.lines.get(key, 1), reason, diff)


@dataclass
class ArticleFolder:
    """An article with its languages, what they share, and the file that says each shared fact.

    `copies` are the working copies. `images` holds, by name, the first reference to each image file beside the texts;
    `answered` what each translation answers, by its language, where a file says it, and `copies_answered` what its
    working copy answers beyond that. `digest` tells whether any of it
    is another one when it is read again.
    """

    key: str
    path: Path
    files: list[LanguageFile] = field(default_factory=list)
    copies: list[LanguageFile] = field(default_factory=list)
    shared: dict[str, Any] = field(default_factory=dict)
    stated_in: dict[str, LanguageFile] = field(default_factory=dict)
    images: dict[str, ImageReference] = field(default_factory=dict)
    answered: dict[str, list[SourceBlock]] = field(default_factory=dict)
    copies_answered: dict[str, list[SourceBlock]] = field(default_factory=dict)
    digest: bytes = b""


def read_article(folder: Path) -> ArticleFolder:
    """Read the folder of one article; raise ImportProblems with all that is wrong in it."""
    reader = _Reader(ArticleFolder(folder.name, folder))
    reader.attempt(reader.read)
    reader.refuse_any()
    return reader.article


class _Reader(Faults):
    """Reads one article and notes what is wrong instead of stopping at it."""

    def __init__(self, article: ArticleFolder) -> None:
        super().__init__()
        self.article = article
        self.hash = hashlib.sha256()

    def read(self) -> None:
        check_key(self, self.article.key, self.article.path)
        if len(self.article.key) > MAX_KEY:
            self.note(self.article.path, f"a key has at most {MAX_KEY} characters")
        refuse_link_out(self.article.path)
        texts = [path for path in listed(self.article.path) if path.suffix.lower() in {".md", ".markdown"}]
        readers = {INDEX: self.index, WORKING_COPY: self.working_copy, ANSWERED: self.answered}
        readers[COPY_ANSWERED] = self.copy_answered
        found = {kind: [path for path in texts if path.match(f"{kind}.*.md")] for kind in readers}
        for path in texts:
            if not any(path in paths for paths in found.values()):
                self.note(path, "not read: the files of an article are index.<language>.md")
        if not found[INDEX]:
            self.note(self.article.path, "no index.<language>.md here")
        for kind, read in readers.items():
            for path in found[kind]:
                self.attempt(self.known, read, path, path.name.removeprefix(f"{kind}.").removesuffix(".md"))
        self.check_shared()
        self.article.digest = self.hash.digest()

    def known(self, read: Callable[[Path, str], None], path: Path, language: str) -> None:
        if not path.match(f"{INDEX}.*") and not self.is_there(path, language):
            return
        if language in languages.codes():
            read(path, language)
        else:
            self.note(path, f"unknown language “{language}”; the site has {', '.join(languages.codes())}")

    def is_there(self, path: Path, language: str) -> bool:
        # Of one that is there but broken, that alone is told.
        is_there = (self.article.path / f"index.{language}.md").exists()
        if not is_there:
            what = "answers these are" if path.match(f"{ANSWERED}.*") else "working copy this is"
            self.note(path, f"there is no index.{language}.md whose {what}")
        return is_there

    def text(self, path: Path) -> str:
        text = read_text(path)
        self.hash.update(f"{path.name}\0{len(text)}\0{text}".encode())
        return text

    def index(self, path: Path, language: str) -> None:
        file, entries = self.language_file(path, language, (*LANGUAGE_KEYS, ALIASES, *SHARED_KEYS))
        self.article.files.append(file)
        for key in SHARED_KEYS.keys() & entries.keys():
            self.share(file, key, self.attempt(SHARED_KEYS[key], entries[key]))

    def working_copy(self, path: Path, language: str) -> None:
        file, _entries = self.language_file(path, language, tuple(LANGUAGE_KEYS))
        file.is_working_copy = True
        self.article.copies.append(file)

    def answered(self, path: Path, language: str) -> None:
        self.article.answered[language] = read_answered(path, self.text(path))[0]

    def copy_answered(self, path: Path, language: str) -> None:
        self.article.copies_answered[language] = read_answered(path, self.text(path))[0]

    def language_file(self, path: Path, language: str, known: tuple[str, ...]) -> tuple[LanguageFile, dict[str, Value]]:
        entries, body, first_line = parse_markdown(path, self.text(path))
        for key in entries.keys() - {*known, *STAMP_KEYS}:
            reason = f"unknown key “{key}”; the known ones are {', '.join(known)}"
            self.note(path, reason, entries[key].key_line)
        values = {key: self.attempt(read, entries[key]) for key, read in LANGUAGE_KEYS.items() if key in entries}
        lines = {key: value.line for key, value in entries.items()} | {"body": first_line}
        file = LanguageFile(path, language, ArticleText(body=body, **values), lines)
        if "version" in entries:
            file.version = self.attempt(entries["version"].text, default="")
        if ALIASES in entries and ALIASES in known:
            file.aliases = self.attempt(entries[ALIASES].texts, default=[])
        if not file.text.title:
            self.problems.append(file.problem("title", "missing title"))
        self.find_images(file)
        return file, entries

    def find_images(self, file: LanguageFile) -> None:
        if len(file.text.body) > MAX_LENGTH:
            # Not searched either.
            self.problems.append(file.problem("body", BodyRefused(Reason.LONG).explanation))
            return
        for reference in references(file.path, file.text.body, file.lines["body"]):
            # What the site itself said, without a picture of that name, it may say again.
            if reference.is_beside or not file.is_as_exported:
                self.article.images.setdefault(reference.name, reference)

    def share(self, file: LanguageFile, key: str, value: Any) -> None:
        shared, stated_in = self.article.shared, self.article.stated_in
        if key in shared and shared[key] != value:
            other = stated_in[key].path.name
            self.problems.append(file.problem(key, f"“{key}” is shared by all languages, and {other} says otherwise"))
        shared.setdefault(key, value)
        stated_in.setdefault(key, file)

    def check_shared(self) -> None:
        shared, stated_in = self.article.shared, self.article.stated_in
        present = [file.language for file in self.article.files]
        source_language = shared.get("source_language")
        if source_language is not None and source_language not in present:
            # Also where the key stands without a value.
            reason = f"there is no index.{source_language or '<language>'}.md"
            self.problems.append(stated_in["source_language"].problem("source_language", reason))
        for language in set(shared.get(NO_TRANSLATION) or []) - set(languages.codes()):
            reason = f"unknown language “{language}”; the site has {', '.join(languages.codes())}"
            self.problems.append(stated_in[NO_TRANSLATION].problem(NO_TRANSLATION, reason))
        for fact in ("tags", "series"):
            stated = shared.get(fact) or []
            for key in [stated] if isinstance(stated, str) else stated:
                file = stated_in[fact]
                check_key(self, key, file.path, file.lines[fact])
        if shared.get("part") is not None and shared.get("series", "") == "":
            reason = "a part of no series: the key “series” is missing"
            self.problems.append(stated_in["part"].problem("part", reason))
