"""The files of a Jekyll site that are texts, and what their names and folders say of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from articles.importers.front_matter import files_below
from articles.importers.post import Note

from .config import NO_TEXTS, PAGES, Config

MARKDOWN = {".md", ".markdown", ".mkdown", ".mkdn", ".mkd"}
OTHERS = {".textile", ".html", ".htm", ".adoc", ".org"}
DATED = re.compile(r"(\d{4}|\d{2})-(\d{1,2})-(\d{1,2})-(.+)")


@dataclass
class File:
    """A file: its sort, which is posts, drafts, pages or a collection's name; its language where its path says it.

    `name` is without date, language and ending; `folders` are those above it, without _posts and the language.
    """

    path: Path
    kind: str
    folders: list[str]
    name: str
    date: str = ""
    language: str = ""

    @property
    def is_article(self) -> bool:
        return self.kind != "pages"


@dataclass
class SiteFiles:
    """Finds the files of a site; `notes` gets a note for each that is no text."""

    config: Config
    notes: list[Note]

    def found(self) -> Iterator[File]:
        root = self.config.root / (self.config.text("source") or ".")
        excluded = self.config.value("exclude")
        excluded = (
            {name.strip("/") for name in excluded if isinstance(name, str)} if isinstance(excluded, list) else set()
        )
        for path in files_below(root, self.config.root, MARKDOWN | OTHERS, self.notes):
            inner = path.relative_to(root)
            collections = self.config.text("collections_dir").strip("/")
            if collections and inner.parts[0] == collections and len(inner.parts) > 1:
                inner = inner.relative_to(collections)
            if NO_TEXTS & set(inner.parts) or excluded & {inner.parts[0], inner.as_posix()}:
                continue
            if file := self._file(path, list(inner.parts[:-1])):
                yield file

    def _file(self, path: Path, folders: list[str]) -> File | None:
        special = next((folder for folder in folders if folder.startswith("_")), "")
        if special not in {"", "_posts", "_drafts", *PAGES} and special[1:] not in self.config.collections():
            self.notes.append(Note(path, 1, "left out: a folder that Jekyll does not read:", special))
            return None
        if path.suffix.lower() in OTHERS:
            if special or path.suffix.lower() == ".textile":
                self.notes.append(Note(path, 1, "left out: not Markdown"))
            elif path.name not in ("index.html", "404.html"):
                self.notes.append(Note(path, 1, "left out: a page of HTML"))
            return None
        kind = "pages" if special in {"", *PAGES} else special[1:]
        stem, language = path.stem, ""
        if (last := stem.rpartition(".")[2].lower()) in self.config.languages and "." in stem:
            stem, language = stem[: -len(last) - 1], last
        # A language that a folder names: _posts/fr/, or fr/_posts/.
        within = [folder for folder in folders if folder.lower() in self.config.languages]
        if within and not language:
            language = within[0].lower()
        folders = [folder for folder in folders if folder != special and folder not in within[:1]]
        dated = DATED.fullmatch(stem)
        if kind == "posts" and not dated:
            self.notes.append(
                Note(path, 1, "left out: Jekyll reads a post only where its file’s name begins with its date")
            )
            return None
        date = "-".join(dated.groups()[:3]) if dated and kind in ("posts", "drafts") else ""
        return File(path, kind, folders, dated[4] if date else stem, date, language)
