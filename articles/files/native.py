"""The native format: a folder per article, named by its key, with index.<language>.md for each language.

What both languages share (authors, tags, series, part, companions, source, source_language) stands once, in any of the
files; answered.<language>.md says what a translation answers of its original: see `answered.py`. Beside the folders,
`tags.yaml`, `series.yaml` and `authors.yaml` hold the texts of these in each language: `python: {en: Python}` or
`limits: {en: {title: Limits, description: …}}`. Every fault is collected before any is raised.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from articles import languages
from articles.models import key_validator
from articles.text import ArticleText
from articles.translating.source import SourceBlock

from .answered import read_answered
from .front_matter import Value, parse_yaml, read_markdown, read_text
from .images import ImageReference, references
from .problems import ImportProblems, Problem
from .subjects import KINDS, Kind, SubjectEntry

LANGUAGE_KEYS: dict[str, Callable[[Value], Any]] = {
    "title": Value.text,
    "slug": Value.text,
    "summary": Value.text,
    "published_at": Value.moment,
}
SHARED_KEYS: dict[str, Callable[[Value], Any]] = {
    "source_language": Value.text,
    "source": Value.text,
    "authors": Value.texts,
    "tags": Value.texts,
    "series": Value.text,
    "part": Value.number,
    "companions": Value.texts,
}
# Which saved text a file was made from, on the site that wrote it: see stamps.py. An import passes over them.
STAMP_KEYS: dict[str, Callable[[Value], Any]] = {"version": Value.text, "original": Value.text}


@dataclass
class LanguageFile:
    """One language of an article: its text, and the line of each key for what is found wrong later.

    `is_new` becomes true where an import saved it.
    """

    path: Path
    language: str
    text: ArticleText
    lines: dict[str, int]
    is_new: bool = False

    def problem(self, key: str, reason: str) -> Problem:
        return Problem(self.path, self.lines.get(key, 1), reason)


@dataclass
class ArticleFolder:
    """An article with its languages, what they share, and the file that says each shared fact.

    `images` holds, by name, the first reference to each image file beside the texts; `answered` what each translation
    answers, by its language, where a file says it.
    """

    key: str
    files: list[LanguageFile] = field(default_factory=list)
    shared: dict[str, Any] = field(default_factory=dict)
    stated_in: dict[str, LanguageFile] = field(default_factory=dict)
    images: dict[str, ImageReference] = field(default_factory=dict)
    answered: dict[str, list[SourceBlock]] = field(default_factory=dict)


@dataclass
class ContentFolder:
    """All that a folder holds: its articles in order of their keys, and what it says of tags, series and authors."""

    articles: list[ArticleFolder] = field(default_factory=list)
    subjects: list[SubjectEntry] = field(default_factory=list)


class _Reader:
    """Reads one folder and notes what is wrong instead of stopping at it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def attempt(self, step: Callable, *arguments: Any, default: Any = None) -> Any:
        try:
            return step(*arguments)
        except ImportProblems as error:
            self.problems += error.problems
            return default

    def note(self, path: Path, reason: str, line: int = 1) -> None:
        self.problems.append(Problem(path, line, reason))

    def check_key(self, key: str, path: Path, line: int = 1) -> None:
        if not key_validator.regex.match(key):
            self.note(path, f"“{key}” is no key: {key_validator.message}", line)

    def read(self) -> ContentFolder:
        content = ContentFolder()
        if not self.folder.is_dir():
            self.note(self.folder, "no such folder")
            raise ImportProblems(self.problems)
        for name, kind in KINDS.items():
            content.subjects += self.subjects(name, kind)
        for path in sorted(self.folder.iterdir()):
            if path.is_dir() and not path.name.startswith((".", "_")):
                content.articles.append(self.article(path))
        others = (path for path in self.folder.iterdir() if path.suffix == ".yaml" or path.name.startswith("_"))
        if not content.articles and not any(others):
            self.note(self.folder, "no article here; each one is a folder that holds index.en.md or its like")
        self.refuse_equal_slugs(content)
        if self.problems:
            raise ImportProblems(self.problems)
        return content

    def subjects(self, name: str, kind: Kind) -> list[SubjectEntry]:
        if (misnamed := self.folder / f"{name}.yml").exists():
            self.note(misnamed, f"not read: the file of the {name} is {name}.yaml")
        path = self.folder / f"{name}.yaml"
        entries = self.attempt(lambda: parse_yaml(path, read_text(path)), default={}) if path.is_file() else {}
        for key, value in entries.items():
            if kind.key == "key":
                self.check_key(key, path, value.key_line)
        return [
            SubjectEntry(kind, key, self.subject_texts(kind, value), path, value.key_line)
            for key, value in entries.items()
        ]

    def subject_texts(self, kind: Kind, value: Value) -> dict[str, dict[str, str]]:
        texts = self.attempt(value.mapping, default={})
        for language in texts.keys() - set(languages.codes()):
            self.note(value.path, f"unknown language “{language}”", texts[language].key_line)
        return {code: self.attempt(self.language_texts, kind, texts[code], default={}) for code in texts}

    def language_texts(self, kind: Kind, value: Value) -> dict[str, str]:
        """Return the texts of a thing in one language; a single one is the main one."""
        if isinstance(value.node, yaml.ScalarNode):
            return {kind.texts[0]: value.text()}
        texts = value.mapping()
        for key in texts.keys() - set(kind.texts):
            self.note(
                value.path, f"unknown key “{key}”; the known ones are {', '.join(kind.texts)}", texts[key].key_line
            )
        return {key: self.attempt(text.text, default="") for key, text in texts.items()}

    def article(self, folder: Path) -> ArticleFolder:
        article = ArticleFolder(folder.name)
        self.check_key(folder.name, folder)
        texts = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in {".md", ".markdown"}]
        paths = [path for path in texts if path.match("index.*.md")]
        answered = [path for path in texts if path.match("answered.*.md")]
        for path in texts:
            if path not in (*paths, *answered):
                self.note(path, "not read: the files of an article are index.<language>.md")
        if not paths:
            self.note(folder, "no index.<language>.md here")
        for path in paths:
            language = path.name.removeprefix("index.").removesuffix(".md")
            if language in languages.codes():
                self.attempt(self.language_file, article, path, language)
            else:
                self.note(path, f"unknown language “{language}”; the site has {', '.join(languages.codes())}")
        for path in answered:
            self.attempt(self.answered, article, path)
        self.check_shared(article)
        return article

    def answered(self, article: ArticleFolder, path: Path) -> None:
        language = path.name.removeprefix("answered.").removesuffix(".md")
        if language not in (file.language for file in article.files):
            self.note(path, f"there is no index.{language}.md whose answers these are")
        else:
            article.answered[language] = read_answered(path, read_text(path))[0]

    def language_file(self, article: ArticleFolder, path: Path, language: str) -> None:
        entries, body, first_line = read_markdown(path)
        lines = {key: value.line for key, value in entries.items()}
        values = {}
        for key, value in entries.items():
            if key in LANGUAGE_KEYS:
                values[key] = self.attempt(LANGUAGE_KEYS[key], value)
            elif key not in SHARED_KEYS and key not in STAMP_KEYS:
                known = ", ".join([*LANGUAGE_KEYS, *SHARED_KEYS])
                self.note(path, f"unknown key “{key}”; the known ones are {known}", value.key_line)
        file = LanguageFile(path, language, ArticleText(body=body, **values), lines | {"body": first_line})
        if not file.text.title:
            self.problems.append(file.problem("title", "missing title"))
        article.files.append(file)
        for reference in references(path, body, first_line):
            article.images.setdefault(reference.name, reference)
        for key in SHARED_KEYS.keys() & entries.keys():
            self.share(article, file, key, self.attempt(SHARED_KEYS[key], entries[key]))

    def share(self, article: ArticleFolder, file: LanguageFile, key: str, value: Any) -> None:
        if key in article.shared and article.shared[key] != value:
            other = article.stated_in[key].path.name
            self.problems.append(file.problem(key, f"“{key}” is shared by all languages, and {other} says otherwise"))
        article.shared.setdefault(key, value)
        article.stated_in.setdefault(key, file)

    def check_shared(self, article: ArticleFolder) -> None:
        present = [file.language for file in article.files]
        source_language = article.shared.get("source_language")
        if source_language is not None and source_language not in present:
            # Also where the key stands without a value.
            source_language = source_language or "<language>"
            file = article.stated_in["source_language"]
            self.problems.append(file.problem("source_language", f"there is no index.{source_language}.md"))
        for fact in ("tags", "series"):
            stated = article.shared.get(fact) or []
            for key in [stated] if isinstance(stated, str) else stated:
                file = article.stated_in[fact]
                self.check_key(key, file.path, file.lines[fact])
        if article.shared.get("part") is not None and article.shared.get("series", "") == "":
            file = article.stated_in["part"]
            self.problems.append(file.problem("part", "a part of no series: the key “series” is missing"))

    def refuse_equal_slugs(self, content: ContentFolder) -> None:
        seen: dict[tuple[str, str], LanguageFile] = {}
        for file in (file for article in content.articles for file in article.files if file.text.slug):
            first = seen.setdefault((file.language, file.text.slug), file)
            if first is not file:
                self.problems.append(file.problem("slug", f"duplicate slug “{file.text.slug}”, also in {first.path}"))


def read_folder(folder: Path) -> ContentFolder:
    """Read a folder of articles; raise ImportProblems with all that is wrong in it."""
    return _Reader(folder).read()
