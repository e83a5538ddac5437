"""`site.yaml`: what the site is called and what stands around every page, in each language.

    name: {en: Recto Verso, fr: Recto Verso}
    shows_lag: false

What the site says of itself is kept, unless it is what the project ships with.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from articles import languages
from articles.files.front_matter import Value, parse_yaml, read_text
from articles.files.problems import Faults, Problem, require
from articles.files.subjects import Outcome
from articles.files.target import Target
from articles.files.writing import yaml_file
from articles.text import with_line_feeds
from blog.models import Site

from .values import cleaned, in_languages

NAME = "site.yaml"
TEXTS = ("name", "tagline", "author", "footer")


class SiteTexts:
    """The part of a folder that says what the site is called and what stands around every page."""

    is_first = False

    def __init__(self) -> None:
        self.path = Path()
        self.entries: dict[str, Value] = {}
        self.texts: dict[str, dict[str, str]] = {}

    def read(self, folder: Path) -> None:
        self.path = folder / NAME
        self.entries = parse_yaml(self.path, read_text(self.path)) if os.path.lexists(self.path) else {}
        faults = Faults()
        for name, value in self.entries.items():
            if name == "shows_lag":
                faults.attempt(value.truth)
            elif name in TEXTS:
                self.texts[name] = faults.attempt(in_languages, value, default={})
            else:
                known = ", ".join((*TEXTS, "shows_lag"))
                faults.note(self.path, f"unknown key “{name}”; the known ones are {known}", value.key_line)
        faults.refuse_any()

    def save(self, by: AbstractBaseUser | None, is_dry: bool) -> Iterator[Outcome]:
        if not self.entries:
            return
        site, shipped, is_changed = Site.current(), Site.shipped_texts(), False
        for name, texts in self.texts.items():
            for language, text in texts.items():
                column = languages.column(name, language)
                there = with_line_feeds(getattr(site, column) or "")
                if text == there:
                    continue
                if there not in ("", shipped.get(column)):
                    yield self.path, f"{name} ({language}) kept: the site says otherwise"
                elif text or name != "name":
                    setattr(site, column, text)
                    is_changed = True
        if "shows_lag" in self.entries and site.shows_lag and not self.entries["shows_lag"].truth():
            site.shows_lag, is_changed = False, True
        if is_changed:
            problem = Problem(self.path, 1, "")
            require(by is None or by.has_perm("blog.change_site"), problem, by)
            cleaned(site, lambda _field: problem)
            site.save()
        yield self.path, "updated" if is_changed else "unchanged"

    def write(self, target: Target) -> None:
        site = Site.current()
        entries: dict[str, Any] = {}
        for name in TEXTS:
            # Also what is empty: a new site has the texts that ship.
            texts = {code: getattr(site, languages.column(name, code)) or "" for code in languages.codes()}
            entries[name] = {code: with_line_feeds(text) for code, text in texts.items()}
        target.write(NAME, yaml_file(entries | ({} if site.shows_lag else {"shows_lag": False})))
