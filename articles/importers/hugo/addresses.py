"""At which address Hugo put a text: https://gohugo.io/content-management/urls/."""

import posixpath
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from .config import Config, Language

# Of a whole address, all before its path.
HOST = re.compile(r"^https?://[^/]*")
TOKEN = re.compile(r":(\w+)(?:\[([^\]]*)\])?")


@dataclass(frozen=True)
class Place:
    """A text as addresses see it: `path` is that of its file below the content, without language and ending."""

    path: str
    title: str = ""
    slug: str = ""
    url: str = ""
    date: datetime | None = None

    @property
    def sections(self) -> list[str]:
        return self.path.split("/")[:-1]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def urlized(config: Config, words: str) -> str:
    """Return words as Hugo puts them into a path."""
    if config.is_true("removepathaccents"):
        words = "".join(sign for sign in unicodedata.normalize("NFD", words) if not unicodedata.combining(sign))
    kept = "".join(
        sign
        for sign in unicodedata.normalize("NFC", words.strip())
        if sign.isalnum() or sign in " ./\\_-#+~@" or unicodedata.category(sign)[0] == "M"
    )
    path = re.sub(r"[ -]*[ ][ -]*", "-", kept)
    return path if config.is_true("disablepathtolower") else path.lower()


def permalink(config: Config, language: Language, place: Place) -> str:
    """Return the path at which readers found a text, percent-decoded."""
    base = config.base_path(language) + language.prefix
    if place.url:
        url = unquote(HOST.sub("", place.url))
        url = _expanded(config, url, place) if ":" in url else url
        # Only a url without a slash in front is below its language.
        return _whole(f"{config.base_path(language)}{url}" if url.startswith("/") else f"{base}/{url}")
    pattern = _pattern(config, language, place)
    if pattern:
        path = f"{base}/{_expanded(config, pattern, place).lstrip('/')}"
    else:
        last = place.slug or place.name
        path = "/".join([base, *(urlized(config, part) for part in (*place.sections, last))])
    return _whole(path, is_ugly=_is_ugly(config, place))


def _whole(path: str, *, is_ugly: bool = False) -> str:
    path = re.sub(r"/{2,}", "/", path)
    if re.search(r"\.\w{2,5}$", path):
        return path
    return f"{path.rstrip('/')}.html" if is_ugly else f"{path.rstrip('/')}/"


def _is_ugly(config: Config, place: Place) -> bool:
    said = config.get("uglyurls")
    if isinstance(said, dict):
        return str(said.get((place.sections or [""])[0])).lower() == "true"
    return str(said).lower() == "true"


def _pattern(config: Config, language: Language, place: Place) -> str:
    said = config.get("permalinks", language)
    if isinstance(said, list):
        return next((str(each.get("pattern", "")) for each in said if _is_meant(each, place)), "")
    if not isinstance(said, dict):
        return ""
    pages = {**said, **(said["page"] if isinstance(said.get("page"), dict) else {})}
    section = place.sections[0].lower() if place.sections else "/"
    found = pages.get(section)
    return found if isinstance(found, str) else ""


def _is_meant(rule: Any, place: Place) -> bool:
    target = rule.get("target", {}) if isinstance(rule, dict) else {}
    target = target if isinstance(target, dict) else {}
    path = re.sub(r"[{}]", "", str(target.get("path", "**")))
    return target.get("kind", "page") in ("page", "") and fnmatchcase(f"/{place.path.lower()}", path)


def _expanded(config: Config, pattern: str, place: Place) -> str:
    date, title = place.date, urlized(config, place.title)
    slug = urlized(config, place.slug)
    name = urlized(config, place.name)
    values = {
        "title": title,
        "slug": slug or title,
        "filename": name,
        "contentbasename": name,
        "slugorfilename": slug or name,
        "slugorcontentbasename": slug or name,
    }
    if date:
        values |= {"year": f"{date:%Y}", "month": f"{date:%m}", "day": f"{date:%d}", "yearday": str(int(f"{date:%j}"))}
        values |= {"monthname": f"{date:%B}", "weekday": str(int(f"{date:%w}")), "weekdayname": f"{date:%A}"}

    def value(match: re.Match) -> str:
        if match[1] in ("section", "sections", "sectionslug", "sectionslugs"):
            sections = [urlized(config, part) for part in place.sections]
            return "/".join(_cut(sections[:1] if match[1] in ("section", "sectionslug") else sections, match[2]))
        return values.get(match[1], "")

    return TOKEN.sub(value, pattern)


def _cut(sections: list[str], said: str | None) -> list[str]:
    """Return the sections that [1:], [:last], [0] or [last] takes."""
    if not said:
        return sections

    def number(words: str, default: int) -> int:
        return len(sections) - 1 if words == "last" else int(words) if words.isdigit() else default

    start, colon, end = said.partition(":")
    if colon:
        return sections[number(start, 0) : number(end, len(sections))]
    return sections[number(start, 0) :][:1]


def alias_path(config: Config, language: Language, alias: str, own: str) -> str:
    """Return the path of an alias; one without a slash in front stands beside the text's own address."""
    alias = unquote(HOST.sub("", alias))
    if alias.startswith("/"):
        return config.base_path(language) + alias
    return posixpath.normpath(posixpath.join(own.rstrip("/"), "..", alias)) + ("/" if alias.endswith("/") else "")
