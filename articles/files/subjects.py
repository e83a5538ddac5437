"""Tags, series and authors that files name: made where the site has none yet, and filled where it says nothing yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser

from articles import languages
from articles.models import Author, Series, Slugged, Tag
from articles.search.rebuilding import index_articles
from articles.text import with_line_feeds

from .problems import Problem, checked, require
from .target import Target
from .writing import yaml_file

Outcome = tuple[Path, str]


@dataclass(frozen=True)
class Kind:
    """How files name a kind of thing: by which field, and with which texts, of which the first is meant by default."""

    model: type[Slugged]
    key: str
    texts: tuple[str, ...]

    def find(self, key: str) -> Slugged | None:
        return self.model.objects.filter(**{self.key: key}).first()


# By the name of the file, without .yaml, and of the key in front matter.
KINDS = {
    "tags": Kind(Tag, "key", ("name", "slug")),
    "series": Kind(Series, "key", ("title", "description", "slug")),
    "authors": Kind(Author, "name", ("about", "slug")),
}


@dataclass
class SubjectEntry:
    """What a file says of one thing, from a line on; `texts` by language and field."""

    kind: Kind
    key: str
    texts: dict[str, dict[str, str]]
    path: Path
    line: int


def save(entry: SubjectEntry, by: AbstractBaseUser | None = None) -> list[Outcome]:
    """Fill what the site leaves empty; return what is kept because the site says otherwise."""
    subject = entry.kind.find(entry.key)
    verb = "change" if subject else "add"
    is_changed, outcomes = subject is None, []
    subject = subject or entry.kind.model(**{entry.kind.key: entry.key})
    for language, texts in entry.texts.items():
        for field, text in texts.items():
            column = languages.column(field, language)
            there = with_line_feeds(getattr(subject, column) or "")
            if text and not there:
                setattr(subject, column, text)
                is_changed = True
            elif text != there:
                outcomes.append((entry.path, f"{entry.key} ({language}) kept: it has another {field} on the site"))
    if is_changed:
        problem = Problem(entry.path, entry.line, "")
        require(_may(by, verb, entry.kind), problem, by)
        checked(subject, problem).save()
        if entry.kind.model is Tag:
            # A search finds articles by the names of their tags.
            index_articles(subject.articles.all())
    return outcomes


def write(target: Target, keys: Mapping[str, set[str]] | None) -> None:
    """Write the files of all subjects, or of those that some articles name, by their kind, beside what is there."""
    for name, kind in KINDS.items():
        subjects = kind.model.objects.order_by().iterator()
        entries = {
            getattr(subject, kind.key): _entry(subject, kind)
            for subject in subjects
            if keys is None or getattr(subject, kind.key) in keys[name]
        }
        if keys is not None and entries:
            entries = target.with_others(f"{name}.yaml", entries)
        if entries:
            # Sorted here: databases do not agree on the order of letters and hyphens.
            target.write(f"{name}.yaml", yaml_file(dict(sorted(entries.items()))))


def _entry(subject: Slugged, kind: Kind) -> dict[str, str | dict[str, str]]:
    """Return what a subject's file says of it in each language: its main text alone, where there is no other."""
    entry: dict[str, str | dict[str, str]] = {}
    for language in languages.codes():
        texts = {field: getattr(subject, languages.column(field, language)) or "" for field in kind.texts}
        if texts["slug"] == subject.slug_of_name(language):
            del texts["slug"]
        said = {field: with_line_feeds(text) for field, text in texts.items() if text}
        if said:
            entry[language] = said[kind.texts[0]] if list(said) == [kind.texts[0]] else said
    return entry


def _may(by: AbstractBaseUser | None, verb: str, kind: Kind) -> bool:
    return by is None or by.has_perm(f"articles.{verb}_{kind.model._meta.model_name}")


def named(kind: Kind, key: str, language: str, problem: Problem, by: AbstractBaseUser | None = None) -> Slugged:
    """Return the thing of a key; one that nothing has named yet is called by its key in the language that says it."""
    subject = kind.find(key)
    if subject is None:
        require(_may(by, "add", kind), problem, by)
        subject = kind.model(**{kind.key: key})
        if not subject.name_in(language):
            setattr(subject, languages.column(subject.SLUG_FROM, language), key)
        checked(subject, problem).save()
    return subject
