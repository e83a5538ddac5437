"""A blog of Nikola as its conf.py describes it: languages, where the texts are and which addresses they had.

https://getnikola.com/handbook.html
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from articles.slugs import LETTERS

from .dates import zone_named
from .front_matter import Entry
from .post import Note, OldSite, Post
from .python_settings import read_settings

PATTERN = "{path}.{lang}.{ext}"
POSTS = [[f"posts/*{ending}", "posts", ""] for ending in (".md", ".rst", ".txt", ".html", ".ipynb")]
PAGES = [[f"pages/*{ending}", "", ""] for ending in (".md", ".rst", ".txt", ".html", ".ipynb")]
FOLDERS = {
    "FILES_FOLDERS": {"files": ""},
    "IMAGE_FOLDERS": {"images": "images"},
    "GALLERY_FOLDERS": {"galleries": "galleries"},
}


@dataclass(frozen=True)
class Place:
    """Where texts are, posts or pages: a folder, the end of their names, and the folder of their addresses."""

    folder: Path
    suffix: str
    target: Any  # a text, or one for each language
    is_page: bool


@dataclass
class Source:
    """A text of a blog with its files: one for each language, by the language's name there."""

    place: Place
    folder: str  # below the place's own, "" or "2021/trips"
    name: str  # the file of the default language, below the root
    pair: str = ""  # what names it: its path below the place's folder, where no other text has the same
    files: dict[str, Path] = field(default_factory=dict)
    heads: dict[str, dict[str, Entry]] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)


class NikolaSite:
    """What conf.py says; `language` is that of the texts where it names none."""

    def __init__(self, root: Path, language: str) -> None:
        self.root, self.file = root, root / "conf.py"
        self.settings = settings = read_settings(self.file)
        self.default_lang = settings.text("DEFAULT_LANG", language)
        translations = settings.get("TRANSLATIONS", {}, dict)
        self.translations = {self.default_lang: "", **{str(code): str(path) for code, path in translations.items()}}
        self.zone: tzinfo = zone_named(settings.text("TIMEZONE", "UTC")) or UTC
        address = settings.text("BASE_URL") or settings.text("SITE_URL")
        self.prefix = f"/{urlsplit(address).path.strip('/')}/".replace("//", "/")
        address = f"{address.rstrip('/')}/" if address else ""
        self.old = OldSite(root, address, tuple(self._served()), feeds=tuple(self._feeds()))
        self.is_pretty = bool(settings.get("PRETTY_URLS", True))
        self.translated = self._translated_names()

    def _served(self) -> Iterator[tuple[str, Path]]:
        for setting, default in FOLDERS.items():
            for name, target in self.settings.get(setting, default, dict).items():
                yield self.prefix + f"{target}/".lstrip("./"), self.root / str(name)
                # Where the folder of the images is not named in older versions.
                yield f"{self.prefix}{name}/", self.root / str(name)

    def _translated_names(self) -> re.Pattern:
        pattern = re.escape(self.settings.text("TRANSLATIONS_PATTERN", PATTERN))
        codes = "|".join(re.escape(code) for code in self.translations)
        groups = {"path": "(?P<path>.+?)", "lang": f"(?P<lang>{codes})", "ext": r"(?P<ext>[^./]+)"}
        for name, group in groups.items():
            pattern = pattern.replace(re.escape(f"{{{name}}}"), group, 1)
        return re.compile(pattern)

    def places(self) -> Iterator[Place]:
        for setting, default in (("POSTS", POSTS), ("PAGES", PAGES)):
            for entry in self.settings.get(setting, default, list):
                if isinstance(entry, list) and len(entry) > 1 and isinstance(entry[0], str):
                    folder, _, name = entry[0].rpartition("/")
                    if (self.root / folder).resolve().is_relative_to(self.root.resolve()):
                        yield Place(self.root / folder, Path(name).suffix.lower(), entry[1], setting == "PAGES")
                    else:
                        self.settings.notes.append(
                            Note(self.file, 1, "leads out of the blog, and is not read:", entry[0])
                        )

    def _feeds(self) -> Iterator[tuple[str, str]]:
        for code in (self.default_lang, *self.translations):
            folder = self.translations.get(code, "").strip("./")
            for name in ("rss.xml", "index.atom"):
                yield self.prefix + "/".join(filter(None, (folder, name))), code

    def named(self, name: str) -> tuple[str, str]:
        """Return the name that a file has in the default language, and the language that its own name says."""
        found = self.translated.fullmatch(name)
        if found and all(found.groupdict().get(group) for group in ("path", "lang", "ext")):
            return f"{found['path']}.{found['ext']}", found["lang"]
        return name, self.default_lang

    def in_language(self, setting: str, language: str, default: str = "") -> str:
        """Return a setting that may be one for all languages or one for each."""
        value = self.settings.get(setting, default)
        if isinstance(value, dict):
            value = value.get(language, value.get(self.default_lang, default))
        return value if isinstance(value, str) else default

    def paths(self, language: str, target: Any, folder: str, slug: str, is_pretty: bool | None = None) -> list[str]:
        """Return the paths of a text: below that of its language and of its place, the address first."""
        if isinstance(target, dict):
            target = target.get(language, target.get(self.default_lang, ""))
        is_pretty = self.is_pretty and slug != "index" if is_pretty is None else is_pretty
        parts = [self.translations.get(language, ""), str(target), folder, slug]
        path = self.prefix + "/".join(part for whole in parts for part in whole.split("/") if part not in ("", "."))
        if not is_pretty:
            return [f"{path}.html"] if slug != "index" else [path.removesuffix("index"), f"{path}.html"]
        both = [f"{path}/", f"{path}/index.html"]
        return both if self.settings.get("STRIP_INDEXES", True) else both[::-1]

    def paths_of_term(self, kind: str, language: str, name: str) -> list[str]:
        """Return the paths of the page of a tag or a category."""
        where = self.in_language("TAG_PATH", language, "categories")
        slugs = [slug_of(name)]
        if kind == "category":
            where = self.in_language("CATEGORY_PATH", language) or where
            slugs = [slug_of(part) for part in self.categories(name)]
            slugs[0] = self.settings.text("CATEGORY_PREFIX", "cat_") + slugs[0]
            slugs = slugs if self.is_pretty else ["-".join(slugs)]
        return self.paths(language, where, "/".join(slugs[:-1]), slugs[-1], self.is_pretty)

    def categories(self, name: str) -> list[str]:
        """Return the steps of a category like travel/france; a backslash before a slash makes it a sign of a name."""
        if not self.settings.get("CATEGORY_ALLOW_HIERARCHIES", False):
            return [name]
        return [re.sub(r"\\(.)", r"\1", part).strip() for part in re.findall(r"(?:[^/\\]|\\.)+", name)] or [name]

    def key_of_term(self, kind: str, language: str, name: str, shown: str) -> str:
        """Return what a tag is called in all languages, where the settings say what its translations are."""
        for names in self.settings.get(f"{kind.upper()}_TRANSLATIONS", [], list):
            if isinstance(names, dict) and names.get(language) == name:
                return slug_of(str(names.get(self.default_lang) or name))
        return slug_of(shown)


def slug_of(name: str) -> str:
    """Return the slug that Nikola makes of a file's name or a tag."""
    text = unicodedata.normalize("NFD", name.lower().translate(LETTERS))
    text = "".join(character for character in text if character.isascii())
    return re.sub(r"[-\s]+", "-", re.sub(r"[^+\w\s-]", "", text).strip())
