"""The files of a Hugo site that are texts, each with its language and its place in the content."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from articles.importers.front_matter import files_below
from articles.importers.post import Note

from .config import Config, Language

MARKDOWN = {".md", ".markdown", ".mdown", ".html", ".htm"}
# https://gohugo.io/content-management/formats/
OTHERS = {".adoc", ".asciidoc", ".ad", ".org", ".pandoc", ".pdc", ".rst"}
INDEX = re.compile(r"index(?:\.[\w-]+)?\.(?:md|markdown|mdown|html|htm)", re.IGNORECASE)


@dataclass
class File:
    """A file of the content: its language, and its path without language and ending, that of its folder in a bundle."""

    path: Path
    folder: Path
    language: Language
    relative: str
    is_bundle: bool = False

    @property
    def is_list(self) -> bool:
        """Whether it is the page of a section, of a term or of the whole site."""
        return self.relative in ("_index", "index") or self.relative.endswith("/_index")


@dataclass
class SiteFiles:
    """Finds the files of a site; `notes` gets a note for each that is no text."""

    config: Config
    notes: list[Note]
    bundles: dict[Path, bool] = field(default_factory=dict)

    def found(self) -> Iterator[File]:
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
