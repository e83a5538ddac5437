"""The front matter of one text of Hugo: what is carried of it, and notes on the rest."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from articles.files.problems import ImportProblems
from articles.importers.front_matter import Document, Entry
from articles.importers.post import Note

from .config import DATES, Config, Language

# By the name that Post has for it, the keys in which it may stand; the first that is there counts.
KEYS = {
    "title": ("title",),
    "slug": ("slug", "url"),
    "summary": ("summary", "description"),
    "published_at": DATES,
    "tags": ("tags", "categories"),
    "authors": ("authors", "author"),
    "series": ("series",),
    "part": ("series_order",),
    "aliases": ("aliases",),
}
CARRIED = {
    *("title", "slug", "url", "summary", "description", "date", "publishdate", "pubdate", "published", "draft"),
    # Those of a section, for the texts below it.
    "cascade",
    *("tags", "categories", "authors", "author", "series", "series_order", "aliases", "translationkey", "type"),
}
NO_MEANING = "a key of the front matter that this site has no place for:"


class Head:
    """Keys are read in small letters; those of `params` stand beside the others."""

    def __init__(
        self, path: Path, document: Document, config: Config, language: Language, cascade: dict[str, Any]
    ) -> None:
        self.path, self.config, self.language = path, config, language
        self.entries: dict[str, Entry] = {}
        for key, entry in document.entries.items():
            if key.lower() == "params" and isinstance(entry.value, dict):
                for name, value in entry.value.items():
                    self.entries.setdefault(name.lower(), Entry(path, entry.line, name, value))
            else:
                self.entries[key.lower()] = entry
        for key, value in cascade.items():
            self.entries.setdefault(key, Entry(path, 1, key, value))
        self.cascaded = {key for key in cascade if self.entries[key].value is cascade[key]}
        self._own_notes: list[Note] = []

    def text(self, *keys: str) -> str:
        return next((entry.text() for key in keys if (entry := self.entries.get(key)) and entry.value != ""), "")

    def texts(self, key: str) -> list[str]:
        entry = self.entries.get(key)
        return entry.texts() if entry else []

    def number(self, key: str) -> int | None:
        text = self.text(key)
        return int(text) if re.fullmatch(r"\d{1,4}", text) else None

    def summary(self) -> str:
        summary, description = self.text("summary"), self.text("description")
        if summary and description and summary != description:
            self._note("description", "left out, since the summary stands beside it: the description", description[:60])
        return summary or description

    def shown_date(self) -> datetime | None:
        """Return the date that addresses and pages show, in the site's own time zone where it names one."""
        for key in self.config.dates():
            if found := self._date_of_name() if key == ":filename" else self._moment(key):
                return found
        return self._date_of_name()

    def date(self) -> datetime | None:
        """Return when readers could first read the text; None for a draft and for what they could not read."""
        shown, from_then = self.shown_date(), self._moment("publishdate")
        if not self.is_shown():
            return None
        if from_then and from_then != shown:
            if from_then > timezone.now():
                shown = from_then
            else:
                self._note("publishdate", "left out, since the date stands beside it:", f"publishDate {from_then:%F}")
        return shown

    def is_shown(self) -> bool:
        """Return whether Hugo showed the text to readers, but for its date."""
        expires = self._moment("expirydate", "unpublishdate")
        return not (
            self.text("draft").lower() == "true"
            or self.text("headless").lower() == "true"
            or (expires and expires < timezone.now())
            or self._build().get("render", "always") == "never"
            or self.language.is_disabled
        )

    def _build(self) -> dict[str, Any]:
        entry = self.entries.get("build") or self.entries.get("_build")
        return entry.value if entry and isinstance(entry.value, dict) else {}

    def _moment(self, *keys: str) -> datetime | None:
        for key in keys:
            entry = self.entries.get(key)
            if entry and entry.value != "" and (found := entry.moment(self.config.zone(self.language))):
                return found
        return None

    def _date_of_name(self) -> datetime | None:
        name = self.path.parent.name if self.path.stem.startswith("index") else self.path.name
        match = re.match(r"\d{4}-\d{2}-\d{2}", name)
        try:
            return Entry(self.path, 1, "date", match[0]).moment(self.config.zone(self.language)) if match else None
        except ImportProblems:
            # A name that only looks like a date.
            return None

    def authors(self, name_of: Callable[[str], str]) -> list[str]:
        for key in ("authors", "author"):
            entry = self.entries.get(key)
            if entry and entry.value:
                return [name_of(name) for name in _names(entry.value)]
        said = self.config.mapping("params", self.language).get("author") or self.config.get("author", self.language)
        return _names(said)

    def param(self, name: str) -> str:
        """Return what the short code param shows: a value of the text, else of the configuration; "" for none."""
        entry = self.entries.get(name.lower())
        if entry and isinstance(entry.value, str):
            return entry.value
        value: Any = self.config.mapping("params", self.language)
        for part in name.lower().split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value if isinstance(value, str) else ""

    def lines(self) -> dict[str, int]:
        """Return the line of each thing that is carried, by the name that Post has for it."""
        found = {}
        for name, keys in KEYS.items():
            entry = next((self.entries[key] for key in keys if key in self.entries), None)
            found[name] = entry.line if entry else 1
        return found

    def _note(self, key: str, words: str, about: str) -> None:
        self._own_notes.append(Note(self.path, self.entries[key].line if key in self.entries else 1, words, about))

    def notes(self, *, is_page: bool) -> list[Note]:
        """Return a note for every key that is not carried, and for what was not shown to readers."""
        known = CARRIED | set(self.config.taxonomies().values())
        for key, entry in self.entries.items():
            if key not in known and key not in self.cascaded and entry.value not in ("", [], {}):
                self._note(key, NO_MEANING, entry.key)
        if len(self.texts("series")) > 1:
            self._note("series", "left out: an article is in one series here:", ", ".join(self.texts("series")[1:]))
        if self.language.is_disabled:
            self._note("", "a draft here: its language was switched off:", self.language.key)
        elif not self.is_shown() and self.text("draft").lower() != "true":
            self._note("expirydate", "a draft here, since readers did not see it there", "")
        elif self.is_shown() and not is_page and not self.shown_date():
            self._note("", "a draft here, since it has no date", "")
        return self._own_notes


def _names(value: Any) -> list[str]:
    """Return the names of authors: plain texts, or mappings that have a name."""
    values = value if isinstance(value, list) else [value]
    names = [each.get("name", "") if isinstance(each, dict) else each for each in values]
    return [name.strip() for name in names if isinstance(name, str) and name.strip()]
