"""The pages of the site: `_pages/<key>/index.<language>.md`.

Their front matter holds title, slug, description, is_live and version; the first file says navigation and position as
well. A page that was changed here and on the site since it was exported is a problem.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from articles import languages
from articles.files.front_matter import Value, read_markdown
from articles.files.plain_files import listed, refuse_link_out
from articles.files.problems import Faults, ImportProblems, Problem, require
from articles.files.subject_files import check_key
from articles.files.subjects import Outcome
from articles.files.target import Target
from articles.files.three_way import CONFLICT, CREATED, Side, Verdict, diff, in_words, verdict
from articles.files.writing import markdown_file
from blog.models import Page
from blog.page_text import PageText

from .values import cleaned

PAGES = "_pages"


@dataclass
class PageFile:
    """One language of a page, and the line of each key for what is found wrong later."""

    path: Path
    language: str
    text: PageText
    version: str
    lines: dict[str, int]

    def problem(self, key: str, reason: str = "", diff: str = "") -> Problem:
        return Problem(self.path, self.lines.get(key, 1), reason, diff)


@dataclass
class PageFolder:
    key: str
    files: list[PageFile] = field(default_factory=list)
    shared: dict[str, Any] = field(default_factory=dict)


class Pages:
    """The part of a folder that holds the pages."""

    is_first = False

    def __init__(self, prefer: Side | None = None) -> None:
        self.prefer = prefer
        self.pages: list[PageFolder] = []

    def read(self, folder: Path) -> None:
        faults, root = Faults(), folder / PAGES
        faults.attempt(refuse_link_out, root)
        for place in faults.attempt(listed, root, default=[]) if root.is_dir() and not faults.problems else []:
            if place.is_dir() and not place.name.startswith("."):
                faults.attempt(self.read_folder, faults, place)
        faults.refuse_any()

    def read_folder(self, faults: Faults, place: Path) -> None:
        refuse_link_out(place)
        check_key(faults, place.name, place)
        page = PageFolder(place.name)
        for path in listed(place):
            if path.match("index.*.md"):
                faults.attempt(read_page, page, path)
            elif path.suffix == ".md":
                faults.note(path, "not read: the files of a page are index.<language>.md")
        self.pages.append(page)

    def save(self, by: AbstractBaseUser | None, is_dry: bool) -> Iterator[Outcome]:
        for folder in self.pages:
            if folder.files:
                yield from _save_page(folder, by, self.prefer)

    def write(self, target: Target) -> None:
        known = []
        for page in Page.objects.order_by("key").iterator(chunk_size=100):
            texts = {code: page.text_in(code) for code in languages.codes() if page.text_in(code).is_written}
            known.append(page.key)
            for number, (code, text) in enumerate(texts.items()):
                shared = {} if number else {"navigation": page.navigation, "position": page.position}
                name = f"{PAGES}/{page.key}/index.{code}.md"
                target.write(name, page_file(text, shared), lambda path, page=page: is_known(page, path))
            for name in target.unwritten(f"{PAGES}/{page.key}"):
                if Path(name).name.startswith("index.") and is_known(page, target.root / name):
                    target.remove(name)
                else:
                    target.leave(name, "no file of the site’s")
        for name in target.unwritten(PAGES):
            if Path(name).name not in known:
                target.leave(name, "no page of the site’s")


def version(text: PageText) -> str:
    said = json.dumps([getattr(text, name) for name in PageText.FIELDS], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def page_file(text: PageText, shared: dict[str, Any]) -> str:
    said = {name: getattr(text, name) for name in ("title", "slug", "description", "is_live")}
    return markdown_file(said | {"version": version(text)} | shared, text.body)


def read_page(page: PageFolder, path: Path) -> None:
    """Read one language of a page into its folder; raise ImportProblems."""
    language = path.name.removeprefix("index.").removesuffix(".md")
    if language not in languages.codes():
        raise ImportProblems([Problem(path, 1, f"unknown language “{language}”")])
    entries, body, first_line = read_markdown(path)
    values: dict[str, Any] = {}
    readers = dict.fromkeys(("title", "slug", "description", "version"), Value.text)
    readers |= {"is_live": Value.truth, "navigation": navigation, "position": Value.number}
    for key, value in entries.items():
        if key not in readers:
            raise ImportProblems([Problem(path, value.key_line, f"unknown key “{key}”; known: {', '.join(readers)}")])
        values[key] = readers[key](value)
    text = PageText(body=body, **{name: values[name] for name in PageText.FIELDS if name in values})
    lines = {key: value.line for key, value in entries.items()} | {"body": first_line}
    page.files.append(PageFile(path, language, text, values.get("version", ""), lines))
    page.shared |= {name: values[name] for name in ("navigation", "position") if name in values}


def navigation(value: Value) -> str:
    if value.text() not in Page.Navigation.values:
        raise value.problem(f"write one of {', '.join(Page.Navigation.values)}")
    return value.text()


def is_known(page: Page, path: Path) -> bool:
    """Return whether the site has had the words of a page's file."""
    try:
        found = PageFolder(page.key)
        read_page(found, path)
    except ImportProblems:
        return False
    file = found.files[0]
    revisions = page.revisions.filter(language=file.language).iterator()
    return any(_with_slug(file.text, each.content) == each.content for each in revisions)


def _save_page(folder: PageFolder, by: AbstractBaseUser | None, prefer: Side | None) -> Iterator[Outcome]:
    page = Page.objects.filter(key=folder.key).first()
    is_new = page is None
    page = page or Page(key=folder.key)
    outcomes = [(file, _put(page, file, prefer)) for file in folder.files]
    is_changed = is_new or page.changed_languages()
    for name, value in folder.shared.items():
        if is_new and value is not None:
            setattr(page, name, value)
        elif value != getattr(page, name):
            yield folder.files[0].path, f"{name} kept: the site says otherwise"
    if is_changed:
        verb = "add" if is_new else "change"
        require(by is None or by.has_perm(f"blog.{verb}_page"), folder.files[0].problem("title"), by)
        cleaned(page, lambda column: _place(folder, column))
        page.save(by=by, is_logged=False)
    for file, outcome in outcomes:
        yield file.path, outcome


def _with_slug(text: PageText, there: PageText) -> PageText:
    """Return a file's text; one without a slug leaves it to the site."""
    return text if text.slug else replace(text, slug=there.slug)


def _put(page: Page, file: PageFile, prefer: Side | None) -> str:
    """Put a file's text into a page that is not saved yet, where it is newer; return what becomes of it.

    Raise ImportProblems where both sides changed it.
    """
    there = page.text_in(file.language)
    text = _with_slug(file.text, there)
    found = _verdict(page, file, text, there, prefer) if there.is_written else None
    if found is None or found.takes:
        for name, value in asdict(text).items():
            setattr(page, languages.column(name, file.language), value)
    return CREATED if found is None else in_words(found)


def _verdict(page: Page, file: PageFile, text: PageText, there: PageText, prefer: Side | None) -> Verdict:
    revisions = page.revisions.filter(language=file.language) if page.pk else []
    base = next((each.content for each in revisions if version(each.content) == file.version), None)
    found = verdict(
        is_same=text == there, is_folder_as_before=text == base, is_site_as_before=there == base, prefer=prefer
    )
    if found is Verdict.CONFLICT:
        texts = [each and page_file(each, {}) for each in (base, there, text)]
        raise ImportProblems([file.problem("title", CONFLICT, diff(*texts))])
    return found


def _place(folder: PageFolder, column: str) -> Problem:
    for file in folder.files:
        if column.endswith(f"_{file.language}"):
            return file.problem(column.removesuffix(f"_{file.language}"))
    return folder.files[0].problem(column)
