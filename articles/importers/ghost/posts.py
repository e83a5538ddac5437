"""The rows of an export as posts: what each field of Ghost is here."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from articles import languages
from articles.files.problems import ImportProblems, Problem
from articles.importers.dates import moment
from articles.importers.html_to_markdown import HtmlRefused, html_to_markdown
from articles.importers.post import Note, OldSite, Post, Term, in_languages

from .bodies import MEMBERS_ONLY, html_of, lead_of
from .export import KNOWN_TABLES, Row, Tables, linked, text_in
from .pairing import PAIRING, Text, language_in, paired
from .routes import Collection, Facts, collections_in, permalink

FOLDERS = ("images", "media", "files")


@dataclass
class _Tags:
    """The tags of a text, in order: those that readers see, and the others."""

    public: list[Row] = field(default_factory=list)
    internal: list[Row] = field(default_factory=list)
    language: str = ""
    language_tag: str = ""


class Reading:
    """Makes posts of the rows of one export."""

    def __init__(self, tables: Tables, folder: Path, language: str) -> None:
        self.tables, self.notes, self.known = tables, [], set(languages.codes())
        settings = {text_in(row, "key"): text_in(row, "value") for row in tables.rows("settings")}
        named = next((settings[key][:2].lower() for key in ("locale", "lang", "defaultLang") if settings.get(key)), "")
        self.default = named if named in self.known else language
        self.site = _site(folder, self.default)
        self.collections = collections_in(folder)
        if not self.collections and "slug" in settings.get("permalinks", ""):
            self.collections = [Collection(settings["permalinks"])]
        self.tags = linked(tables, "posts_tags", "tags", "tag_id")
        self.users = linked(tables, "posts_authors", "users", "author_id")
        self.user_by_id = {text_in(user, "id"): user for user in tables.rows("users")}
        self.tag_languages: dict[str, str] = {}
        # An internal tag that is one names the other text of a pair.
        self.slugs = {text_in(row, "slug") for row in tables.rows("posts")}
        self.meta = {text_in(row, "post_id"): row for row in tables.rows("posts_meta")}

    def posts(self) -> tuple[list[Post], list[Note]]:
        rows = [row for row in self.tables.rows("posts") if text_in(row, "slug") or text_in(row, "title")]
        sorted_tags = {text_in(row, "id"): self.sorted_tags(row) for row in rows}
        texts = [self.text(row, sorted_tags[text_in(row, "id")]) for row in rows]
        pairs = paired(texts)
        posts = []
        for row, text in zip(rows, texts, strict=True):
            posts.append(self.post(row, text, sorted_tags[text.id], pairs[text.id]))
        self.note_unpaired(posts)
        self.note_tables()
        posts, left_out = in_languages(posts, self.known)
        return posts, [*self.notes, *left_out]

    def note(self, row: Row, text: str, about: str = "", *, line: int = 0) -> None:
        # All of an export may stand on one line: the name of the text says where to look.
        about = f"{about} {_where(row)}".strip()
        self.notes.append(Note(self.tables.path, line or self.tables.line_of(row), text, about))

    def sorted_tags(self, row: Row) -> _Tags:
        tags = self.tags.get(text_in(row, "id"), [])
        sorted_ = _Tags()
        named = [(text_in(tag, "name"), text_in(tag, "slug"), _is_internal(tag)) for tag in tags]
        sorted_.language, sorted_.language_tag = language_in(named, self.known)
        for tag in tags:
            if text_in(tag, "name") != sorted_.language_tag:
                (sorted_.internal if _is_internal(tag) else sorted_.public).append(tag)
        return sorted_

    def text(self, row: Row, tags: _Tags) -> Text:
        meta = self.meta.get(text_in(row, "id"), {})
        return Text(
            id=text_in(row, "id") or text_in(row, "slug"),
            slug=text_in(row, "slug"),
            title=text_in(row, "title"),
            language=tags.language or text_in(row, "locale")[:2].lower() or self.default,
            is_page=_is_page(row),
            internal=[text_in(tag, "name").lstrip("#").strip() for tag in tags.internal],
            canonical=text_in(row, "canonical_url") or text_in(meta, "canonical_url"),
            head=text_in(row, "codeinjection_head"),
        )

    def post(self, row: Row, text: Text, tags: _Tags, pair: str) -> Post:
        line, meta = self.tables.line_of(row), self.meta.get(text_in(row, "id"), {})
        users = self.authors(row)
        post = Post(
            source=self.tables.path,
            line=line,
            pair=pair,
            language=text.language,
            site=self.site,
            title=text.title,
            slug=text.slug,
            summary=self.summary(row, meta),
            published_at=self.published_at(row),
            authors=[text_in(user, "name") for user in users],
            is_page=text.is_page,
            where=_where(row),
        )
        post.tags = [self.term(tag, post.language) for tag in tags.public]
        post.addresses, post.names = self.addresses(row, post, tags, users)
        self.note_rest(row, meta, tags)
        self.add_body(post, row, meta)
        return post

    def term(self, tag: Row, language: str) -> Term:
        """Return a tag as a term; its one page there leads to that of the first language that uses it."""
        slug = text_in(tag, "slug")
        is_first = language in self.known and self.tag_languages.setdefault(slug, language) == language
        return Term(slug, text_in(tag, "name"), (f"/tag/{slug}/",) if is_first else ())

    @staticmethod
    def summary(row: Row, meta: Row) -> str:
        words = text_in(row, "custom_excerpt") or text_in(meta, "meta_description") or text_in(row, "meta_description")
        return " ".join(words.split(" ")).strip()

    def authors(self, row: Row) -> list[Row]:
        if users := self.users.get(text_in(row, "id")):
            return users
        user = self.user_by_id.get(text_in(row, "author_id") or text_in(row, "author"))
        return [user] if user else []

    def published_at(self, row: Row) -> datetime | None:
        status, visibility = text_in(row, "status"), text_in(row, "visibility") or "public"
        if status == "sent":
            self.note(row, "a draft now: it was sent by e-mail alone:")
        elif status not in {"published", "scheduled"}:
            return None
        elif visibility != "public":
            # Published here, it would be open to all.
            self.note(row, "a draft now: only some could read it:", visibility)
        elif found := _moment(row.get("published_at")):
            return found
        else:
            self.note(row, "a draft now: it is published, and has no date that could be read:")
        return None

    def addresses(self, row: Row, post: Post, tags: _Tags, users: list[Row]) -> tuple[list[str], list[str]]:
        """Return the paths at which readers found a text, and names by which links may mean it."""
        all_tags = [text_in(tag, "slug") for tag in self.tags.get(text_in(row, "id"), [])]
        public = [text_in(tag, "slug") for tag in tags.public]
        authors = [text_in(user, "slug") for user in users]
        facts = Facts(text_in(row, "id"), post.slug, post.published_at, all_tags, public, authors)
        plain, below = f"/{post.slug}/", f"/{post.language}/{post.slug}/"
        if post.is_page:
            found = [plain]
        elif routed := permalink(self.collections, facts):
            found = [routed]
        else:
            found = [plain, below] if post.language == self.default else [below, plain]
        if not post.slug:
            return [], []
        return (found, [plain]) if post.published_at else ([], [*found, plain])

    def add_body(self, post: Post, row: Row, meta: Row) -> None:
        html, words = html_of(row)
        if words:
            self.note(row, words)
        if MEMBERS_ONLY in html:
            self.note(row, "what follows the mark for members stands in the text for all")
        if lead := lead_of(row, meta, html):
            self.note(row, "the featured image stands at the top of the text:")
            html = lead + html
        try:
            written = html_to_markdown(html)
        except HtmlRefused as refused:
            reason = f"{refused.reason}, in “{post.slug}”"
            raise ImportProblems([Problem(self.tables.path, post.line, reason)]) from None
        post.body = written.markdown
        for loss in written.losses:
            # The HTML is one string of the export, on one line.
            self.note(row, loss.text, loss.about)

    def note_rest(self, row: Row, meta: Row, tags: _Tags) -> None:
        for name in ("codeinjection_head", "codeinjection_foot"):
            if text_in(row, name).strip():
                self.note(row, "left out: code that is put into the page:", name)
        for tag in tags.internal:
            name = text_in(tag, "name")
            if not PAIRING.match(name) and name.lstrip("#").strip() not in self.slugs:
                self.note(row, "left out: an internal tag:", name)
        for name in ("canonical_url", "custom_template", "frontmatter"):
            if value := text_in(row, name) or text_in(meta, name):
                self.note(row, f"left out: {name}:", value)
        if row.get("featured") in (1, True):
            self.note(row, "it was featured: no article is here")

    def note_unpaired(self, posts: list[Post]) -> None:
        if len({post.language for post in posts} & self.known) < 2:
            return
        counts = Counter(post.pair for post in posts)
        for post in posts:
            if counts[post.pair] == 1 and post.language in self.known:
                self.note(
                    {"slug": post.slug}, "no text in another language is known to be its translation:", line=post.line
                )

    def note_tables(self) -> None:
        for name, rows in self.tables.tables.items():
            if rows and name not in KNOWN_TABLES:
                self.notes.append(Note(self.tables.path, 1, "left out: a table:", f"{name}, {len(rows)} entries"))


def _where(row: Row) -> str:
    return f"in “{text_in(row, 'slug') or text_in(row, 'title')}”"


def _is_page(row: Row) -> bool:
    return text_in(row, "type") == "page" or row.get("page") in (1, True)


def _is_internal(tag: Row) -> bool:
    return text_in(tag, "visibility") == "internal" or text_in(tag, "name").startswith("#")


def _moment(value: object) -> datetime | None:
    """Return a moment that Ghost writes as milliseconds, or as text in UTC."""
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
        return moment(value, UTC) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None


def _site(folder: Path, language: str) -> OldSite:
    places = [
        (f"/content/{name}/", place)
        for name in FOLDERS
        for place in (folder / "content" / name, folder / name)
        if place.is_dir()
    ]
    feeds = (("/rss/", language), ("/feed/", language))
    return OldSite(folder, served=tuple(dict(reversed(places)).items()), feeds=feeds, feed_of_term="rss/")
