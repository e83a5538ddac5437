"""The front matter of one text of Jekyll: what is carried of it, and notes on the rest."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from articles.importers.front_matter import Document, Entry
from articles.importers.post import Note

from .config import Config

# By the name that Post has for it, the keys in which it may stand; the first that is there counts.
KEYS = {
    "title": ("title",),
    "slug": ("slug", "permalink"),
    "summary": ("description", "excerpt", "summary", "subtitle"),
    "published_at": ("date",),
    "tags": ("tags", "tag", "categories", "category"),
    "authors": ("authors", "author"),
    "series": ("series",),
    "part": ("series_order", "part"),
    "aliases": ("redirect_from",),
}
PAIRING = ("page_id", "ref", "lang-ref", "lang_ref", "translation_id", "translation_key", "translationkey", "i18n_key")
CARRIED = {key for keys in KEYS.values() for key in keys} | set(PAIRING)
CARRIED |= {"lang", "language", "locale", "published", "draft", "excerpt_separator"}
CARRIED -= {"subtitle"}
# Which template shows a text follows from what it is here.
LAYOUTS = {"post", "posts", "page", "default", "single", "article"}
NO_MEANING = "a key of the front matter that this site has no place for:"


class Head:
    """`defaults` are what the configuration says for texts of this path; the file's own values go before them."""

    def __init__(
        self, path: Path, document: Document, config: Config, defaults: dict[str, Entry], date_of_name: str
    ) -> None:
        self.path, self.config, self.date_of_name = path, config, date_of_name
        self.own = document.entries
        self.entries = defaults | document.entries
        self.by_small = {key.lower(): entry for key, entry in self.entries.items()}

    def text(self, *keys: str) -> str:
        return next((entry.text() for key in keys if (entry := self.by_small.get(key)) and entry.value != ""), "")

    def plain(self, name: str) -> str:
        """Return what page.<name> says in Liquid; "" for nothing, and for what is no plain text."""
        value: Any = self.entries
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
            value = value.value if isinstance(value, Entry) else value
        return value if isinstance(value, str) else ""

    def texts(self, key: str) -> list[str]:
        entry = self.by_small.get(key)
        return entry.texts() if entry else []

    def words(self, *keys: str) -> list[str]:
        """Return the values of several keys; in a plain text they are parted by spaces, or by commas."""
        found: list[str] = []
        for entry in (self.by_small[key] for key in keys if key in self.by_small):
            if isinstance(entry.value, str):
                found += re.split(r"\s*,\s*" if "," in entry.value else r"\s+", entry.value.strip())
            else:
                found += entry.texts()
        return [word for word in dict.fromkeys(found) if word]

    def number(self, *keys: str) -> int | None:
        text = (
            self.text(*keys) if all(isinstance(self.by_small[k].value, str) for k in keys if k in self.by_small) else ""
        )
        return int(text) if re.fullmatch(r"\d{1,4}", text) else None

    def pair(self) -> str:
        return self.text(*PAIRING)

    def summary(self) -> str:
        return self.text("description", "excerpt", "summary")

    def shown_date(self) -> datetime | None:
        """Return the date that addresses show, in the old site's time zone: the text's own, else that of its name."""
        entry = self.by_small.get("date")
        if entry and entry.value != "":
            found = entry.moment(self.config.zone)
        elif self.date_of_name:
            year, month, day = self.date_of_name.split("-")
            year = year if len(year) == 4 else f"20{year}"
            found = Entry(self.path, 1, "date", f"{year}-{month}-{day}").moment(self.config.zone)
        else:
            found = None
        return found.astimezone(self.config.zone) if found and self.config.zone else found

    @property
    def is_shown(self) -> bool:
        return self.text("published").lower() != "false" and self.text("draft").lower() != "true"

    def date(self, *, is_draft: bool) -> datetime | None:
        """Return when readers could first read the text; None for a draft."""
        shown = self.shown_date()
        return None if is_draft or not self.is_shown else shown

    def authors(self) -> list[str]:
        for key in ("authors", "author"):
            entry = self.by_small.get(key)
            if entry and entry.value:
                return [self.config.authors.get(name, name) for name in _names(entry.value)]
        said = self.config.value("author")
        return [self.config.authors.get(name, name) for name in _names(said)]

    def lines(self) -> dict[str, int]:
        """Return the line of each thing that is carried, by the name that Post has for it."""
        own = {key.lower(): entry for key, entry in self.own.items()}
        found = {}
        for name, keys in KEYS.items():
            entry = next((own[key] for key in keys if key in own), None)
            found[name] = entry.line if entry else 1
        return found

    def notes(self, *, needs_date: bool) -> list[Note]:
        """Return a note for every key that is not carried, and for what was not shown to readers."""
        notes = []
        for key, entry in self.own.items():
            is_plain_layout = key == "layout" and entry.value in LAYOUTS
            if key.lower() not in CARRIED and not is_plain_layout and entry.value not in ("", [], {}):
                notes.append(Note(self.path, entry.line, NO_MEANING, key))
        if needs_date and self.is_shown and not self.shown_date():
            notes.append(Note(self.path, 1, "a draft here, since it has no date"))
        return notes


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    names = [each.get("name", "") if isinstance(each, dict) else each for each in values]
    return [name.strip() for name in names if isinstance(name, str) and name.strip()]
