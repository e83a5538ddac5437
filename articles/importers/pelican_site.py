"""A blog of Pelican as its settings describe it: its slugs and addresses, and what the path of a file says.

https://docs.getpelican.com/en/latest/settings.html. The patterns of addresses are those of str.format; only names and
the usual signs of dates are understood in them.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from articles import languages
from articles.files.problems import ImportProblems, Problem
from articles.slugs import LETTERS

from .dates import zone_named
from .post import OldSite
from .python_settings import read_settings, told_by

FILE_NAME = r"(?P<date>\d{4}-\d{2}-\d{2}).*"
FIELD = re.compile(r"\{(?P<name>\w+)(?::(?P<format>[^{}]*))?\}")
DATE_FORMAT = re.compile(r"(?:%-?[YymdHMSbBj]|[^%])*")
TAGS = re.compile(r"<[^>]*>")
# Besides the small ones: the capitals that Unicode does not decompose, and the dashes.
CAPITALS = str.maketrans(
    {chr(letter).upper(): name.upper() for letter, name in LETTERS.items() if len(chr(letter).upper()) == 1}
    | {"–": "-", "—": "-"}
)
LONGEST_SLUG = 300

DEFAULTS = {
    "ARTICLE": "{slug}.html",
    "ARTICLE_LANG": "{slug}-{lang}.html",
    "DRAFT": "drafts/{slug}.html",
    "DRAFT_LANG": "drafts/{slug}-{lang}.html",
    "PAGE": "pages/{slug}.html",
    "PAGE_LANG": "pages/{slug}-{lang}.html",
    "DRAFT_PAGE": "drafts/pages/{slug}.html",
    "DRAFT_PAGE_LANG": "drafts/pages/{slug}-{lang}.html",
    "CATEGORY": "category/{slug}.html",
    "TAG": "tag/{slug}.html",
    "AUTHOR": "author/{slug}.html",
    "INDEX": "index.html",
}


DEFAULT_FEEDS = {"FEED_ALL_ATOM": "feeds/all.atom.xml", "TRANSLATION_FEED_ATOM": "feeds/all-{lang}.atom.xml"}


class PelicanSite:
    """What pelicanconf.py says, and publishconf.py above it; `language` is that of texts where nothing names one."""

    def __init__(self, root: Path, language: str) -> None:
        self.root, self.file = root, root / "pelicanconf.py"
        self.settings = read_settings(self.file, root / "publishconf.py")
        self.content = self._content()
        self.default_lang = self.settings.text("DEFAULT_LANG", language).lower()
        self.zone: tzinfo = zone_named(self.settings.text("TIMEZONE", "UTC")) or UTC
        address = self.settings.text("SITEURL")
        self.prefix = f"/{urlsplit(address).path.strip('/')}/".replace("//", "/")
        address = f"{address.rstrip('/')}/" if address else ""
        self.old = OldSite(root, address, tuple(self._served()), feeds=tuple(self._feeds()))
        plugins = self.settings.get("PLUGINS", [], list)
        self.has_subsites = any(str(name).endswith("i18n_subsites") for name in plugins)

    def _content(self) -> Path:
        folder = self.root / self.settings.text("PATH", "content" if (self.root / "content").is_dir() else ".")
        if not folder.is_dir() or not folder.resolve().is_relative_to(self.root.resolve()):
            raise ImportProblems([Problem(self.file, 1, "PATH is no folder of this blog")])
        return folder

    def _served(self) -> Iterator[tuple[str, Path]]:
        """Yield where files stood on the site: all as in the folder, and some where the settings put them."""
        yield self.prefix, self.content
        for name, facts in self.mapping("EXTRA_PATH_METADATA").items():
            if isinstance(facts, dict) and isinstance(path := facts.get("path"), str):
                yield self.prefix + path.lstrip("/"), self.content / str(name)

    def _feeds(self) -> Iterator[tuple[str, str]]:
        for form in ("ATOM", "RSS"):
            for name in (f"FEED_{form}", f"FEED_ALL_{form}"):
                if path := self.settings.text(name, DEFAULT_FEEDS.get(name, "")):
                    yield self.prefix + path.lstrip("/"), self.default_lang
            name = f"TRANSLATION_FEED_{form}"
            if path := self.settings.text(name, DEFAULT_FEEDS.get(name, "")):
                for language in languages.codes():
                    yield self.prefix + path.lstrip("/").replace("{lang}", language).replace("%s", language), language

    def mapping(self, name: str) -> dict[str, Any]:
        return self.settings.get(name, {}, dict)

    def slug_of(self, name: str) -> str:
        """Return the slug that Pelican makes of a title or of the name of a tag."""
        text = unicodedata.normalize("NFKC", TAGS.sub("", name))
        if not self.settings.get("SLUGIFY_USE_UNICODE", False):
            text = unicodedata.normalize("NFD", text.translate(LETTERS).translate(CAPITALS))
            text = "".join(character for character in text if character.isascii())
        text = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text).strip())
        return (text if self.settings.get("SLUGIFY_PRESERVE_CASE", False) else text.lower())[:LONGEST_SLUG]

    def paths(self, kind: str, fields: Mapping[str, Any], prefix: str = "") -> list[str]:
        """Return the paths of a thing by the settings of a kind like ARTICLE_LANG: first its address, then its file."""
        default = DEFAULTS[kind]
        patterns = [self.settings.text(f"{kind}_{name}", default) for name in ("URL", "SAVE_AS")]
        return as_paths([filled(pattern, fields) for pattern in patterns if pattern], prefix or self.prefix)

    def paths_of_term(self, kind: str, name: str) -> list[str]:
        """Return the paths of the page of a TAG, a CATEGORY or an AUTHOR."""
        return self.paths(kind, {"slug": self.slug_of(name), "name": name})

    def pair_keys(self, is_page: bool) -> list[str]:
        """Return the keys by which texts are translations of each other; none where the settings say so."""
        keys = self.settings.get("PAGE_TRANSLATION_ID" if is_page else "ARTICLE_TRANSLATION_ID", "slug")
        return [keys] if keys and isinstance(keys, str) else [str(key) for key in keys] if keys else []

    def told(self, file: str) -> dict[str, str]:
        """Return what the path of a file in the folder says of it, and what the settings say of every file."""
        told = told_by(self.settings.pattern("PATH_METADATA"), file)
        told |= told_by(self.settings.pattern("FILENAME_METADATA", FILE_NAME), Path(file).stem)
        folder = Path(file).parent.name
        if folder and self.settings.get("USE_FOLDER_AS_CATEGORY", True):
            told.setdefault("category", folder)
        for path, facts in sorted(self.mapping("EXTRA_PATH_METADATA").items()):
            if isinstance(facts, dict) and (file == path or file.startswith(f"{path.rstrip('/')}/")):
                told |= {key: str(value) for key, value in facts.items()}
        return {key: str(value) for key, value in self.mapping("DEFAULT_METADATA").items()} | told


def as_paths(addresses: list[str], prefix: str) -> list[str]:
    """Return addresses below the site's own path, and those of folders with and without their index."""
    found: list[str] = []
    for address in addresses:
        path = prefix + address.removeprefix("./").lstrip("/")
        found.append(path)
        if path.endswith("/index.html"):
            found.append(path.removesuffix("index.html"))
    return list(dict.fromkeys(found))


def filled(pattern: str, fields: Mapping[str, Any]) -> str:
    """Return a pattern with its fields filled in; a field that the text does not have is left empty."""

    def value(found: re.Match) -> str:
        value, form = fields.get(found["name"], ""), found["format"]
        if isinstance(value, datetime):
            return value.strftime(form) if form and DATE_FORMAT.fullmatch(form) else str(value)
        return str(value)

    return FIELD.sub(value, pattern)
