"""A blog of Pelican (https://docs.getpelican.com/en/latest/content.html): pelicanconf.py and a folder of Markdown."""

import re
from collections.abc import Iterator
from pathlib import Path

from articles import languages
from articles.files.problems import ImportProblems, Problem

from .dates import moment, zone_named
from .front_matter import Document, files_below, is_inside, read_text
from .html_files import convert, parse_page
from .hugo.reading import UNDATED
from .meta_lines import listed, parse_meta
from .pelican_links import with_addresses
from .pelican_pairs import Source, pair, share_out_terms
from .pelican_site import PelicanSite, as_paths
from .post import Note, Post, Term, every_line
from .python_markdown import as_plain_text, with_fences

MARKDOWN = {".md", ".markdown", ".mkd", ".mdown"}
HTML = {".html", ".htm"}
OTHER_TEXTS = {".rst": "reStructuredText", ".adoc": "AsciiDoc", ".ipynb": "a notebook"}
# What is read, and what says nothing that a reader of this site would miss.
KNOWN = {
    *("title", "date", "slug", "lang", "translation", "category", "tags", "author", "authors", "summary", "status"),
    *("save_as", "url", "series", "series_index", "timezone", "path"),
}


def recognises(path: Path) -> bool:
    """Return whether a folder holds a blog of Pelican."""
    return is_inside(path / "pelicanconf.py", path)


def read(path: Path, language: str) -> tuple[list[Post], list[Note]]:
    """Return the texts of a blog and what could not be carried; `language` is that of a text where nothing names one.

    Raise ImportProblems with all that is broken.
    """
    return _Reader(path, language).read()


class _Reader:
    def __init__(self, root: Path, language: str) -> None:
        self.site = PelicanSite(root, language)
        self.settings = self.site.settings
        self.problems: list[Problem] = []
        self.notes: list[Note] = []

    def read(self) -> tuple[list[Post], list[Note]]:
        texts = [text for file, is_page in self.files() if (text := self.text(file, is_page))]
        if self.problems:
            raise ImportProblems(self.problems)
        if not texts:
            found = [Problem(note.path, note.line, f"{note.text} {note.about}") for note in self.notes]
            raise ImportProblems([Problem(self.site.content, 1, "no text of a blog here that can be read"), *found])
        for text in texts:
            self.place(text)
        pair(texts, self.site)
        share_out_terms(texts, self.site)
        targets = {text.file: text.post.base for text in texts}
        for text in texts:
            self.notes += with_addresses(text.post, text.file, targets, self.site)
        return [text.post for text in texts], sorted({*self.notes, *self.settings.notes})

    def files(self) -> Iterator[tuple[Path, bool]]:
        """Yield the Markdown files, and whether each is a page; a note tells of texts in other forms."""
        excluded = [self.site.content / self.settings.text("OUTPUT_PATH", "output")]
        for setting in ("ARTICLE_EXCLUDES", "PAGE_EXCLUDES"):
            excluded += [self.site.content / str(name) for name in self.settings.get(setting, [], list)]
        pages = [self.site.content / str(name) for name in self.settings.get("PAGE_PATHS", ["pages"], list)]
        for file in files_below(self.site.content, self.site.root, MARKDOWN | HTML | OTHER_TEXTS.keys(), self.notes):
            if file.name.startswith(".") or any(file.is_relative_to(folder) for folder in excluded):
                continue
            if form := OTHER_TEXTS.get(file.suffix.lower()):
                self.notes.append(Note(file, 1, f"left out, since {form} is not converted:", _title(file)))
            else:
                yield file, any(file.is_relative_to(page) for page in pages)

    def text(self, file: Path, is_page: bool) -> Source | None:
        """Return a file as a text with all that it says of itself, None where it is broken or not to be shown."""
        parse = parse_page if file.suffix.lower() in HTML else parse_meta
        try:
            return self.text_of(parse(file, read_text(file)), is_page)
        except ImportProblems as error:
            self.problems += error.problems
            return None

    def text_of(self, document: Document, is_page: bool) -> Source | None:
        file = document.path
        head, name = document.entries, file.relative_to(self.site.content).as_posix()
        self.notes += document.notes
        post = Post(file, document.first_line, "", "", self.site.old, is_page=is_page, beside=(file.parent,))
        text = Source(post, head, self.site.told(name), name)
        text.lang = text.says("lang") or self.site.default_lang
        post.language = re.split("[-_]", text.lang.lower())[0]
        post.body, post.lines = document.body, every_line(post.line, document.body)
        if file.suffix.lower() in HTML:
            self.notes += convert(post)
        else:
            post.body, post.lines = with_fences(post.body, post.lines)
        post.head = {key: entry.line for key, entry in head.items() if key in ("title", "slug", "summary", "tags")}
        text.status = (text.says("status") or "published").lower()
        if text.status == "skip":
            self.notes.append(Note(file, text.line("status"), "left out: a text with the status", "skip"))
            return None
        self.describe(text)
        return text

    def describe(self, text: Source) -> None:
        """Fill in what readers see of a text."""
        post = text.post
        post.title = text.says("title")
        named_by = post.title if self.settings.text("SLUGIFY_SOURCE", "title") == "title" else ""
        post.slug = text.says("slug") or self.site.slug_of(named_by or Path(text.file).stem)
        post.summary = as_plain_text(text.says("summary"), post.language)
        self.date(text)
        self.authors(text)
        self.series(text)
        self.terms(text)
        for key, entry in text.head.items():
            if isinstance(entry.value, dict):
                self.notes.append(Note(post.source, entry.line, "left out: neither a text nor a list: the key", key))
            elif key == "modified":
                self.notes.append(Note(post.source, entry.line, "left out: the date of the last change"))
            elif key not in KNOWN and key not in self.site.pair_keys(post.is_page):
                self.notes.append(Note(post.source, entry.line, "left out: the front-matter key", key))

    def date(self, text: Source) -> None:
        post, written = text.post, text.says("date") or self.settings.text("DEFAULT_DATE")
        zone = zone_named(text.says("timezone")) or self.site.zone
        try:
            at = moment("" if written == "fs" else written.replace("_", " "), zone)
        except ValueError:
            self.problems.append(Problem(post.source, text.line("date"), f"invalid date “{written}”"))
            at = None
        text.fields["date"] = at.astimezone(zone) if at else ""
        post.published_at = at
        if text.status != "published":
            post.published_at = None
            if text.status != "draft":
                reason = "no state of this site, so it comes as a draft: the status"
                self.notes.append(Note(post.source, text.line("status"), reason, text.status))
        elif at is None and post.is_page:
            post.published_at = UNDATED
        elif at is None:
            self.notes.append(post.note("without a date, so it comes as a draft"))

    def authors(self, text: Source) -> None:
        named = next((text.head[key] for key in ("authors", "author") if key in text.head), None)
        fallback = text.told.get("author") or self.settings.text("AUTHOR")
        text.post.authors = listed(named) if named else [fallback] if fallback else []
        text.fields["author"] = self.site.slug_of(text.post.authors[0]) if text.post.authors else ""

    def series(self, text: Source) -> None:
        """Read what the plugin for series reads (https://github.com/pelican-plugins/series)."""
        text.post.series, part = text.says("series"), text.says("series_index")
        if part.isdecimal() and len(part) <= 4:
            text.post.part = int(part)
        elif part:
            line = text.line("series_index")
            self.notes.append(Note(text.post.source, line, "left out: no number of a part of a series:", part))

    def terms(self, text: Source) -> None:
        tags = listed(text.head["tags"]) if "tags" in text.head else text.told.get("tags", "").split(",")
        text.post.tags = [self.term("TAG", name.strip()) for name in tags if name.strip()]
        text.category = text.says("category") or self.settings.text("DEFAULT_CATEGORY", "misc")
        text.fields["category"] = self.site.slug_of(text.category)
        # What Pelican gives to each text without a category says nothing, and a folder of a language says it already.
        is_meant = text.says("category") and text.category not in languages.codes() and not text.post.is_page
        if is_meant and text.fields["category"] not in {term.key for term in text.post.tags}:
            text.post.tags.append(self.term("CATEGORY", text.category))

    def term(self, kind: str, name: str) -> Term:
        slug = self.site.slug_of(name)
        return Term(slug or name, name, tuple(self.site.paths_of_term(kind, name)))

    def place(self, text: Source) -> None:
        """Find the addresses of a text: its own word, else the patterns of the settings."""
        post, is_default = text.post, text.lang == self.site.default_lang
        kind = "PAGE" if post.is_page else "ARTICLE"
        if text.status == "draft":
            kind = "DRAFT_PAGE" if post.is_page else "DRAFT"
        prefix = self.site.prefix
        if not is_default and self.site.has_subsites:
            prefix += f"{text.lang}/"
        elif not is_default:
            kind += "_LANG"
        facts = text.told | {key: text.says(key) for key in text.head}
        path = Path(text.file).with_suffix("").as_posix()
        fields = facts | {"path": path, "slug": post.slug, "lang": text.lang} | text.fields
        own = [text.says(key) for key in ("url", "save_as") if text.says(key)]
        patterned = self.site.paths(kind, fields, prefix)
        post.addresses = as_paths(own, prefix) if own else patterned


def _title(file: Path) -> str:
    """Return the title of a text that is not converted, or its file's name; of a large file only the start is read."""
    with file.open("rb") as stream:
        lines = stream.read(4000).decode("utf-8", "replace").splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if line.lower().startswith(":title:"):
            return line[7:].strip()
        if line.strip() and below.strip() and len(set(below.strip())) == 1 and below[0] in "=#-*~^":
            return line.strip()
        if "<title>" in line.lower():
            return line[line.lower().index("<title>") + 7 :].partition("<")[0].strip()
    return file.name
