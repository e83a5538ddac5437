"""Where a Hugo site had its files, its feeds and its hosts."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from articles.importers.post import OldSite

from .config import Config, Language


def old_site(config: Config, language: Language, sections: Iterable[str]) -> OldSite:
    """Return the site in a language; `sections` are the names of the folders of the content, each with a feed."""
    base = config.base_path(language)
    themes = [config.root / "themes" / name / "static" for name in _list(config.get("theme"))]
    static = [*_static(config, language), *themes]
    served = [(f"{base}/", folder) for folder in static]
    # What lies in a section is served beside its texts.
    served += [(f"{base}{language.prefix}/", folder) for folder in language.content]
    served += [(f"{base}/", config.root / "assets")]
    addresses = map(config.base_address, config.languages.values())
    hosts = dict.fromkeys(address.partition("//")[2].partition("/")[0] for address in addresses)
    address = config.base_address(language)
    feeds = [(f"{base}{language.prefix}/{part}index.xml", language.code) for part in ("", *sections)]
    return OldSite(config.root, address, tuple(served), tuple(filter(None, hosts)), tuple(feeds), "index.xml")


def _list(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str) and re.fullmatch(r"[\w.-]+", each)]


def _static(config: Config, language: Language) -> list[Path]:
    own = language.values.get("staticdir")
    folders = [config.root / own] if isinstance(own, str) else []
    return folders + config.folders("staticdir", "static")
