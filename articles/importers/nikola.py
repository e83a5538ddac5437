"""A blog of Nikola (https://getnikola.com/handbook.html): conf.py, posts and pages, each language in a file beside."""

import re
from datetime import datetime
from pathlib import Path

from articles.files.problems import ImportProblems, Problem

from .dates import moment
from .front_matter import Document, Entry, files_below, is_inside, read_text
from .html_files import convert
from .hugo.reading import UNDATED
from .meta_lines import listed, parse_meta
from .nikola_head import parse_head, title_at_start
from .nikola_marks import resolver, rewritten, with_addresses
from .nikola_site import NikolaSite, Source, slug_of
from .post import Note, Post, Term, every_line
from .python_markdown import with_fences
from .python_settings import told_by

MARKDOWN = {".md", ".mdown", ".markdown"}
HTML = {".html", ".htm"}
OTHER_TEXTS = {".rst": "reStructuredText", ".txt": "reStructuredText", ".ipynb": "a notebook"}
KNOWN = {
    *("title", "slug", "date", "tags", "category", "section", "author", "description", "status", "pretty_url"),
    # What says nothing that a reader would miss here.
    *("type", "wp-status", "nocomments", "template", "has_math", "hyphenate", "password"),
}
STATES = ("published", "featured")


def recognises(path: Path) -> bool:
    """Return whether a folder holds a blog of Nikola."""
    conf = path / "conf.py"
    if not is_inside(conf, path):
        return False
    with conf.open("rb") as stream:
        start = stream.read(200_000)
    return any(word in start for word in (b"NAVIGATION_LINKS", b"BLOG_TITLE"))


def read(path: Path, language: str) -> tuple[list[Post], list[Note]]:
    """Return the texts of a blog and what could not be carried; `language` is that of a text where nothing names one.

    Raise ImportProblems with all that is broken.
    """
    return _Reader(path, language).read()


class _Reader:
    def __init__(self, root: Path, language: str) -> None:
        self.site = NikolaSite(root, language)
        self.problems: list[Problem] = []
        self.notes: list[Note] = []

    def read(self) -> tuple[list[Post], list[Note]]:
        sources = self.sources()
        for source in sources:
            try:
                self.texts(source)
            except ImportProblems as error:
                self.problems += error.problems
        if self.problems:
            raise ImportProblems(self.problems)
        posts = [post for source in sources for post in source.posts.values()]
        if not posts:
            found = [Problem(note.path, note.line, f"{note.text} {note.about}") for note in self.notes]
            raise ImportProblems([Problem(self.site.file, 1, "no text of a blog here that can be read"), *found])
        self.redirections(posts)
        self.links(sources)
        return posts, sorted({*self.notes, *self.site.settings.notes})

    def sources(self) -> list[Source]:
        """Return the texts in order of their files; a note tells of those in other forms."""
        found: dict[str, Source] = {}
        for place in self.site.places():
            endings = {place.suffix, *(f".{code}" for code in self.site.translations)}
            for file in files_below(place.folder, self.site.root, endings, self.notes):
                name, language = self.site.named(file.relative_to(self.site.root).as_posix())
                if Path(name).suffix.lower() != place.suffix:
                    continue
                if form := OTHER_TEXTS.get(place.suffix):
                    self.notes.append(Note(file, 1, f"left out, since {form} is not converted:", title_at_start(file)))
                elif place.suffix in MARKDOWN | HTML:
                    folder = file.parent.relative_to(place.folder).as_posix()
                    found.setdefault(name, Source(place, folder, name)).files[language] = file
        # In the order of the site's languages, the default one first.
        order = [self.site.default_lang, *self.site.translations]
        taken: set[tuple[bool, str]] = set()
        for name, source in found.items():
            short = str(Path(source.folder) / Path(name).stem)
            source.pair = name if (source.place.is_page, short) in taken else short
            taken.add((source.place.is_page, short))
            source.files = {code: source.files[code] for code in dict.fromkeys(order) if code in source.files}
        return [found[name] for name in sorted(found)]

    def texts(self, source: Source) -> None:
        """Read the files of a text. What a translation does not say is that of the original, as Nikola has it."""
        default = self.site.default_lang
        documents = {code: self.document(source, code) for code in source.files}
        general = documents[default].entries if default in documents else self.meta_file(source, default)
        for code, document in documents.items():
            source.heads[code] = general | document.entries
            own = set(document.entries)
            if code != default and general and "title" not in own:
                self.notes.append(Note(document.path, 1, "without a title, so it has that of the original"))
            source.posts[code] = self.post(source, code, document)
            self.unknown(source.posts[code], document)
        states = {self.state(source, code) for code in documents} - set(STATES)
        for post in source.posts.values():
            if states:
                post.published_at = None
            if state := next(iter(sorted(states - {"draft"})), ""):
                self.notes.append(post.note("no state of this site, so it comes as a draft: the status", state))
        if len(source.posts) > 1 and default in source.posts:
            source.posts[default].is_original = True

    def document(self, source: Source, code: str) -> Document:
        """Return a file taken apart; a file of its facts beside it counts instead of those in it."""
        path = source.files[code]
        text = read_text(path)
        document = parse_head(path, text)
        if not document.entries and "markdown.extensions.meta" in self.site.settings.get(
            "MARKDOWN_EXTENSIONS", [], list
        ):
            document = parse_meta(path, text)
        self.notes += document.notes
        if beside := self.meta_file(source, code):
            document.entries = beside
        pattern = self.site.settings.pattern("FILE_METADATA_REGEXP")
        told = told_by(pattern, source.files[code].relative_to(self.site.root).as_posix())
        document.entries = {key: Entry(path, 1, key, value) for key, value in told.items()} | document.entries
        return document

    def meta_file(self, source: Source, code: str) -> dict[str, Entry]:
        base = Path(source.name).with_suffix("").as_posix()
        pattern = self.site.settings.text("TRANSLATIONS_PATTERN", "{path}.{lang}.{ext}")
        name = f"{base}.meta"
        if code != self.site.default_lang:
            name = pattern.replace("{path}", base).replace("{lang}", code).replace("{ext}", "meta")
        path = self.site.old.inside(self.site.root / name)
        return parse_head(path, read_text(path)).entries if path else {}

    def post(self, source: Source, code: str, document: Document) -> Post:
        head = source.heads[code]
        slug = _said(head, "slug") or slug_of(Path(source.name).stem)
        language = re.split("[-_@]", code.lower())[0]
        post = Post(document.path, document.first_line, source.pair, language, self.site.old)
        post.is_page, post.beside = source.place.is_page, (document.path.parent,)
        post.title, post.slug = _said(head, "title") or Path(source.name).stem, slug
        # Unlike the title it can be left out where only the original has one.
        post.summary = _said(document.entries, "description")
        post.head = {key: entry.line for key, entry in document.entries.items()}
        post.body, post.lines = document.body, every_line(document.first_line, document.body)
        if source.place.suffix in MARKDOWN:
            post.body, post.lines = with_fences(post.body, post.lines)
        pretty = _said(head, "pretty_url").lower()
        is_pretty = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(pretty)
        post.addresses = self.site.paths(code, source.place.target, source.folder, slug, is_pretty)
        if code == next(iter(source.files)) and self.site.settings.get("SHOW_UNTRANSLATED_POSTS", True):
            # Nikola shows the original, or what there is, where there is no translation.
            for other in sorted(self.site.translations.keys() - source.files.keys()):
                post.addresses += self.site.paths(other, source.place.target, source.folder, slug, is_pretty)
        post.published_at = self.date(source, post)
        self.people_and_terms(source, code, post)
        return post

    def date(self, source: Source, post: Post) -> datetime | None:
        """Return when a text was published: what the original says counts for all languages."""
        heads = [source.heads.get(self.site.default_lang, {}), *source.heads.values()]
        entry = next((head["date"] for head in heads if _said(head, "date")), None)
        if entry is not None:
            try:
                return moment(re.sub(r"\s*UTC(?=[+-]\d)", "", entry.text()), self.site.zone)
            except ValueError:
                raise entry.problem(f"invalid date “{entry.text()}”") from None
        if post.is_page:
            return UNDATED
        self.notes.append(post.note("without a date, so it comes as a draft"))
        return None

    def people_and_terms(self, source: Source, code: str, post: Post) -> None:
        head = source.heads[code]
        if author := _said(head, "author") or self.site.in_language("BLOG_AUTHOR", code):
            several = self.site.settings.get("MULTIPLE_AUTHORS_PER_POST", False)
            post.authors = [name.strip() for name in (author.split(",") if several else [author]) if name.strip()]
        tags = listed(head["tags"]) if "tags" in head else []
        special = {"draft", "private", "mathjax"} if self.site.settings.get("USE_TAG_METADATA", True) else set()
        post.tags = [self.term("tag", code, tag) for tag in tags if tag.lower() not in special]
        category = _said(head, "category") or _said(head, "section")
        if category:
            post.tags.append(self.term("category", code, category))

    def term(self, kind: str, code: str, name: str) -> Term:
        addresses = tuple(self.site.paths_of_term(kind, code, name))
        shown = self.site.categories(name)[-1] if kind == "category" else name
        return Term(self.site.key_of_term(kind, code, name, shown) or shown, shown, addresses)

    def state(self, source: Source, code: str) -> str:
        head = source.heads[code]
        tags = [tag.lower() for tag in listed(head["tags"])] if "tags" in head else []
        if self.site.settings.get("USE_TAG_METADATA", True):
            for state in ("draft", "private"):
                if state in tags:
                    return state
        return _said(head, "status").lower() or "published"

    def unknown(self, post: Post, document: Document) -> None:
        for key, entry in document.entries.items():
            if key == "type" and entry.value not in ("", "text"):
                self.notes.append(Note(post.source, entry.line, "left out: the type of the post", str(entry.value)))
            elif key == "updated":
                self.notes.append(Note(post.source, entry.line, "left out: the date of the last change"))
            elif key not in KNOWN and entry.value not in ("", []):
                self.notes.append(Note(post.source, entry.line, "left out: the front-matter key", key))

    def redirections(self, posts: list[Post]) -> None:
        """Give each text the addresses that the settings lead to it."""
        owners = {address: post for post in posts for address in post.addresses}
        for entry in self.site.settings.get("REDIRECTIONS", [], list):
            if isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry):
                old, new = (self.site.prefix + part.lstrip("/") for part in entry)
                if new in owners:
                    owners[new].addresses.append(old)
                else:
                    about = "leads to no text that is imported: the redirection from"
                    self.notes.append(Note(self.site.file, 1, about, entry[0]))

    def links(self, sources: list[Source]) -> None:
        resolve = resolver(sources, self.site)
        for source in sources:
            for post in source.posts.values():
                self.notes += with_addresses(post, resolve)
                if source.place.suffix in HTML:
                    self.notes += convert(post)
                self.notes += rewritten(post, resolve)


def _said(head: dict[str, Entry], key: str) -> str:
    return " ".join(head[key].text().split()) if key in head and isinstance(head[key].value, str) else ""
