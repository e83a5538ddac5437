"""What a Jekyll site's configuration says of languages, addresses and defaults. https://jekyllrb.com/docs/configuration/"""

from dataclasses import dataclass, field
from datetime import tzinfo
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from articles import languages as site_languages
from articles.importers.dates import zone_named
from articles.importers.front_matter import Entry, is_inside, read_config
from articles.importers.post import Note

FILES = ("_config.yml", "_config.yaml", "_config.toml")
# Folders that hold no texts, whatever a configuration says.
NO_TEXTS = {"_includes", "_layouts", "_data", "_sass", "_site", "_plugins", "node_modules", "vendor", "_authors"}
PAGES = {"_pages", "_tabs"}


@dataclass
class Config:
    root: Path
    entries: dict[str, Entry] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    default: str = ""
    languages: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def value(self, name: str) -> Any:
        """Return a value by its name, parts of which are parted by dots; "" for none."""
        first, *rest = name.split(".")
        found = self.entries[first].value if first in self.entries else ""
        for part in rest:
            found = found.get(part, "") if isinstance(found, dict) else ""
        return found

    def text(self, name: str) -> str:
        found = self.value(name)
        return found.strip() if isinstance(found, str) else ""

    @property
    def url(self) -> str:
        return self.text("url").rstrip("/")

    @property
    def base(self) -> str:
        """Return the path below which the whole site stands, like /blog; "" for the host's own."""
        path = self.text("baseurl").strip("/")
        return f"/{path}" if path else ""

    @property
    def zone(self) -> tzinfo | None:
        return zone_named(self.text("timezone"))

    @property
    def is_polyglot(self) -> bool:
        """Whether texts of further languages stand below /fr/ and its like, as jekyll-polyglot puts them."""
        return isinstance(self.value("languages"), list)

    def prefix(self, language: str) -> str:
        return f"/{language}" if self.is_polyglot and language != self.default else ""

    def collections(self) -> dict[str, dict[str, Any]]:
        said = self.value("collections")
        if isinstance(said, list):
            return {name: {} for name in said if isinstance(name, str)}
        return {name: each if isinstance(each, dict) else {} for name, each in (said or {}).items()} if said else {}

    def defaults(self, path: str, kind: str) -> dict[str, Entry]:
        """Return the front matter that texts of a path and a kind have without saying so, the closest one's last."""
        said, entry = self.value("defaults"), self.entries.get("defaults")
        found: list[tuple[int, dict[str, Any]]] = []
        for rule in said if isinstance(said, list) else []:
            scope = rule.get("scope") if isinstance(rule, dict) else None
            scope = scope if isinstance(scope, dict) else {}
            start, wanted = str(scope.get("path", "")).strip("/"), str(scope.get("type", ""))
            is_meant = not start or path == start or path.startswith(f"{start}/") or fnmatchcase(path, f"{start}*")
            if is_meant and wanted in ("", kind) and isinstance(rule.get("values"), dict):
                found.append((len(start), rule["values"]))
        values: dict[str, Any] = {}
        for _length, each in sorted(found, key=lambda rule: rule[0]):
            values |= each
        return {key: Entry(entry.path, entry.line, key, value) for key, value in values.items()} if entry else {}


def config_file(root: Path) -> Path | None:
    return next((root / name for name in FILES if is_inside(root / name, root)), None)


def read_configuration(root: Path, language: str) -> Config:
    """Return the configuration of the site in a folder; `language` is that of a site that names none."""
    config, path = Config(root), config_file(root)
    config.entries = read_config(path) if path else {}
    said = config.value("languages")
    config.languages = [each.lower() for each in said if isinstance(each, str)] if isinstance(said, list) else []
    own = (config.text(name) for name in ("default_lang", "default_language", "lang", "locale", "language"))
    config.default = code_of(next(filter(None, own), language))
    config.languages = config.languages or [config.default, *site_languages.codes()]
    config.authors = _authors(config)
    return config


def code_of(name: str) -> str:
    """Return the site's code of a language, like fr for fr_FR; the name itself where the site does not know it."""
    plain = name.lower().replace("_", "-")
    return next((each for each in (plain, plain.partition("-")[0]) if each in site_languages.codes()), plain)


def _authors(config: Config) -> dict[str, str]:
    """Return the names of authors by the short names that _data/authors.yml gives them."""
    path = config.root / "_data" / "authors.yml"
    entries = read_config(path) if is_inside(path, config.root) else {}
    names = {key: entry.value.get("name") for key, entry in entries.items() if isinstance(entry.value, dict)}
    return {key: name for key, name in names.items() if isinstance(name, str) and name}
