"""What a Hugo site's configuration says of languages, addresses and folders.

https://gohugo.io/configuration/ ; keys are read in small letters, as Hugo does.
"""

import re
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from typing import Any

from articles import languages as site_languages
from articles.importers.dates import zone_named
from articles.importers.front_matter import is_inside, read_config
from articles.importers.post import Note

# The scheme and the host of an address.
ADDRESS = re.compile(r"https?://[\w.:-]+")
SUFFIXES = (".toml", ".yaml", ".yml", ".json")
NAMES = ("hugo", "config")
# The later folder goes before the earlier one: Hugo builds a site for production.
FOLDERS = ("config/_default", "config/production")
# https://gohugo.io/configuration/front-matter/#dates
DATES = ("date", "publishdate", "pubdate", "published", "lastmod", "modified")
TAXONOMIES = {"tag": "tags", "category": "categories"}


@dataclass
class Language:
    """A language of the old site: its key there, the site's own, and where its texts lie and are served."""

    key: str
    code: str
    content: list[Path]
    prefix: str
    values: dict[str, Any] = field(default_factory=dict)
    is_disabled: bool = False


@dataclass
class Config:
    root: Path
    values: dict[str, Any]
    languages: dict[str, Language] = field(default_factory=dict)
    default: str = "en"
    authors: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def get(self, name: str, language: Language | None = None, default: Any = "") -> Any:
        """Return a value by its name in small letters, that of a language first."""
        own = language.values.get(name) if language else None
        return own if own not in (None, "") else self.values.get(name, default)

    def text(self, name: str, language: Language | None = None) -> str:
        value = self.get(name, language)
        return value if isinstance(value, str) else ""

    def mapping(self, name: str, language: Language | None = None) -> dict[str, Any]:
        value = self.get(name, language)
        return value if isinstance(value, dict) else {}

    def is_true(self, name: str) -> bool:
        return self.text(name).lower() == "true"

    def zone(self, language: Language) -> tzinfo | None:
        return zone_named(self.text("timezone", language))

    def base_address(self, language: Language) -> str:
        """Return the address of the site in a language with a slash at its end, "" where it is not said."""
        address = self.text("baseurl", language)
        return f"{address.rstrip('/')}/" if ADDRESS.match(address) else ""

    def base_path(self, language: Language) -> str:
        """Return the path below which all texts of a language stand, like /blog; "" for the host's own."""
        return ADDRESS.sub("", self.text("baseurl", language)).rstrip("/")

    def dates(self) -> list[str]:
        """Return the keys of front matter that say when a text was published, the first that is there counts."""
        said = self.mapping("frontmatter").get("date") or []
        keys = [key.lower() for key in said if isinstance(key, str)] if isinstance(said, list) else []
        return [each for key in keys or [":default"] for each in (DATES if key == ":default" else [key])]

    def taxonomies(self) -> dict[str, str]:
        """Return the plural of each taxonomy, which front matter names, by its singular."""
        said = self.mapping("taxonomies")
        return {key: value for key, value in said.items() if isinstance(value, str)} or TAXONOMIES

    def folders(self, name: str, default: str) -> list[Path]:
        value = self.get(name, default=default)
        names = value if isinstance(value, list) else [value]
        return [self.root / each for each in names if isinstance(each, str)]


def config_files(root: Path) -> list[Path]:
    """Return the files of a site's configuration, the one that counts most last."""
    files = [root / f"{name}{suffix}" for name in NAMES for suffix in SUFFIXES]
    found = [path for path in files if is_inside(path, root)][:1]
    for folder in (root / name for name in FOLDERS):
        if folder.is_dir():
            found += [path for path in sorted(folder.iterdir()) if path.suffix in SUFFIXES and is_inside(path, root)]
    return found


def read_configuration(root: Path, language: str) -> Config:
    """Return the configuration of the site in a folder; `language` is that of a site that names none."""
    config = Config(root, {})
    for path in config_files(root):
        values = {key.lower(): _small(entry.value) for key, entry in read_config(path).items()}
        # languages.toml holds what [languages] holds in hugo.toml; params.fr.toml and languages.fr.toml are of one.
        name, _dot, of_language = path.stem.lower().partition(".")
        if name not in NAMES and not (of_language and name == "languages"):
            values = {name: values}
        has_menus = "menu" in values or "menus" in values
        if of_language:
            values = {"languages": {of_language: values}}
        config.values = _merged(config.values, values)
        if has_menus:
            config.notes.append(Note(path, 1, "left out: the menus"))
    _add_languages(config, language)
    config.authors = _authors(root)
    return config


def _authors(root: Path) -> dict[str, str]:
    """Return the names of authors that themes keep in data/authors, by what texts call them."""
    folder, names = root / "data" / "authors", {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.suffix in SUFFIXES and is_inside(path, root):
            entry = read_config(path).get("name")
            if entry and isinstance(entry.value, str) and entry.value:
                names[path.stem.lower()] = entry.text()
    return names


def _small(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key).lower(): _small(each) for key, each in value.items()}
    return [_small(each) for each in value] if isinstance(value, list) else value


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        there = merged.get(key)
        merged[key] = _merged(there, value) if isinstance(there, dict) and isinstance(value, dict) else value
    return merged


def code_of(*names: str) -> str:
    """Return the site's code of a language by the first of its names that it knows, like fr for fr-ca."""
    for name in filter(None, names):
        for candidate in (name.lower(), name.lower().replace("_", "-").partition("-")[0]):
            if candidate in site_languages.codes():
                return candidate
    return next(filter(None, names), "")


def _add_languages(config: Config, language: str) -> None:
    languages = config.mapping("languages").items()
    # YAML leaves a language that says nothing of itself empty.
    said = {key: value or {} for key, value in languages if isinstance(value, dict) or value == ""}
    content, mounts = config.text("contentdir") or "content", _mounts(config)
    own = config.text("defaultcontentlanguage").lower()
    if not said:
        config.default = own or code_of(config.text("languagecode"), config.text("locale"), language)
        # Files may say fr all the same: hello.fr.md.
        names = [config.default, *(code for code in site_languages.codes() if code_of(config.default) != code)]
        said = {name: {} for name in names}
    else:
        config.default = own or ("en" if "en" in said else next(iter(said)))
    in_subdir = config.is_true("defaultcontentlanguageinsubdir")
    disabled = config.get("disablelanguages", default=[])
    for key, values in said.items():
        folder = values.get("contentdir") or content
        code = code_of(key, str(values.get("languagecode") or ""), str(values.get("locale") or ""))
        own_host = ADDRESS.match(str(values.get("baseurl") or ""))
        prefix = "" if own_host or (key == config.default and not in_subdir) else f"/{key}"
        is_disabled = str(values.get("disabled")).lower() == "true" or key in disabled
        content_folders = [config.root / str(folder), *mounts.get(key, [])]
        config.languages[key] = Language(key, code, content_folders, prefix, values, is_disabled)


def _mounts(config: Config) -> dict[str, list[Path]]:
    """Return the folders that are mounted as content, by language. https://gohugo.io/configuration/module/#mounts"""
    found: dict[str, list[Path]] = {}
    mounts = config.mapping("module").get("mounts")
    for mount in mounts if isinstance(mounts, list) else []:
        if isinstance(mount, dict) and mount.get("target") == "content" and mount.get("lang"):
            found.setdefault(str(mount["lang"]).lower(), []).append(config.root / str(mount.get("source")))
    return found
