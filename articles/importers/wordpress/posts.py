"""Items of an export as posts: what each field of WordPress is here."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils import timezone

from articles.files.problems import ImportProblems, Problem
from articles.importers.html_to_markdown import HtmlRefused, html_to_markdown
from articles.importers.post import Note, OldSite, Post, Term

from .grouping import Grouping
from .short_codes import Attachment, Expansion, as_figure, expanded, with_blocks
from .wxr import Record

DATED = {"publish", "future"}
DRAFTS = {
    "draft": "",
    "pending": "a draft now: it waited for a review",
    "private": "a draft now: it was private",
    "auto-draft": "a draft now: it was never saved by hand",
}
# Filed under by WordPress itself where the author chose nothing.
NO_CATEGORY = {"uncategorized", "uncategorised", "non-classe", "non-classe-fr", "uncategorized-en", "uncategorized-fr"}
SERIES = {"series", "post_series", "wp_series"}
KNOWN_TAXONOMIES = {"language", "post_translations", "term_language", "term_translations", "author", "wp_theme"}

NO_DATE = ("0000-00-00", "-0001", "1970-01-01 00:00:00", "01 Jan 1970 00:00:00")

# Custom fields that WordPress and the plugins of languages keep for themselves, or that are read.
OWN_FIELDS = re.compile(
    r"_(?:edit_|wp_|pingme|encloseme|thumbnail_id|oembed|wpml_|icl_|pll_|last_|menu_|yoast_wpseo_(?:content|prim|est|is|link)"
    r"|jetpack_|publicize|wpas_|series_part|encloseme|dp_original|elementor_(?:css|version|edit|template|page_assets))"
    r"|footnotes$|wpml_|trid$|$"
)
# No address of a picture is longer; each expression looks at each character a fixed number of times.
SIZED = re.compile(
    r"""((?:https?:/)?/[^\s"'<>()]{1,400}?)-\d{1,5}x\d{1,5}(\.(?:jpe?g|png|gif|webp|avif))\b""", re.IGNORECASE
)
PHOTON = re.compile(r"""https?://i[0-3]\.wp\.com/([^\s"'<>?]{1,1000})(?:\?[^\s"'<>]{0,500})?""")
TAGS = re.compile(r"<[/a-zA-Z!][^<>]*>")
PARTING = re.compile(r"<(?:br|/?(?:p|div|li|h[1-6]|blockquote))\b[^<>]*>", re.IGNORECASE)


@dataclass
class Export:
    """What all items of an export share."""

    path: Path
    site: OldSite
    grouping: Grouping
    authors: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    reused: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    said: set[str] = field(default_factory=set)

    @property
    def base(self) -> str:
        return urlsplit(self.site.address).path.rstrip("/")

    def note(self, line: int, text: str, about: str = "") -> None:
        self.notes.append(Note(self.path, line, text, about))

    def post(self, item: Record) -> Post:
        """Return an item as a post, its notes noted; raise ImportProblems where its HTML asks for too much."""
        number, slug = item.get("wp:post_id"), unquote(item.get("wp:post_name"))
        language, title = self.grouping.language_of(item), plain(item.get("title"))
        group = self.groups.get(number, "")
        post = Post(
            source=self.path,
            line=item.lines.get("content:encoded", item.line),
            pair=f"{group or number}/{self.names.get(group) or slug or title.replace('/', ' ') or number}",
            language=language,
            site=self.site,
            title=title,
            slug=slug,
            summary=plain(item.get("excerpt:encoded")),
            published_at=self.published_at(item),
            is_page=item.get("wp:post_type") == "page",
            is_original=self.grouping.is_original(item),
        )
        post.addresses = self.addresses(item, slug) if post.published_at else []
        post.names = [f"{self.base}/?p={number}", f"{self.base}/?page_id={number}"]
        post.head = {
            "title": item.lines.get("title", item.line),
            "summary": item.lines.get("excerpt:encoded", item.line),
        }
        post.authors = self.authors_of(item)
        self.add_terms(post, item)
        self.add_body(post, item)
        self.note_rest(item)
        return post

    def published_at(self, item: Record) -> datetime | None:
        status = item.get("wp:status")
        if item.get("wp:post_password"):
            self.note(item.line, "a draft now: a password protected it")
            return None
        if status not in DATED:
            if words := DRAFTS.get(status, f"a draft now: its status was “{status}”"):
                self.note(item.line, words)
            return None
        moment = moment_of(item)
        if moment is None:
            self.note(item.line, "a draft now: it is published, and its date cannot be read:", item.get("wp:post_date"))
        return moment

    def addresses(self, item: Record, slug: str) -> list[str]:
        number, link = item.get("wp:post_id"), urlsplit(item.get("link"))
        path = unquote(link.path or "/") + (f"?{link.query}" if link.query else "")
        found = [path] if item.get("link") else []
        parameter = "page_id" if item.get("wp:post_type") == "page" else "p"
        found.append(f"{self.base}/?{parameter}={number}")
        if slug and f"/{slug}" in path:
            head, _, tail = path.rpartition(f"/{slug}")
            found += [f"{head}/{unquote(old)}{tail}" for old in item.old_slugs if old]
        return list(dict.fromkeys(found))

    def authors_of(self, item: Record) -> list[str]:
        several = [(slug, name) for taxonomy, slug, name in item.terms if taxonomy == "author"]
        if several:
            return [self.authors.get(slug.removeprefix("cap-"), name) for slug, name in several]
        login = item.get("dc:creator")
        return [self.authors.get(login, login)] if login else []

    def add_terms(self, post: Post, item: Record) -> None:
        is_below = post.addresses and post.addresses[0].startswith(f"{self.base}/{post.language}/")
        prefix = f"{self.base}/{post.language}" if is_below else self.base
        for taxonomy, slug, name in item.terms:
            slug = unquote(slug)
            if taxonomy in {"category", "post_tag", "tag"}:
                if taxonomy == "category" and slug.lower() in NO_CATEGORY:
                    continue
                kind = "category" if taxonomy == "category" else "post_tag"
                path = f"{prefix}/{'category' if kind == 'category' else 'tag'}/{slug}/"
                if slug:
                    post.tags.append(Term(self.grouping.term_key(kind, slug), plain(name), (path,)))
                elif all(other != name or not named for _, named, other in item.terms):
                    # The first exports name terms twice, once without their slugs.
                    post.tags.append(Term(plain(name), plain(name)))
            elif taxonomy in SERIES and not post.series:
                post.series, part = (
                    plain(name),
                    next((v for k, v in item.meta.items() if k.startswith("_series_part")), ""),
                )
                post.part = int(part) if re.fullmatch(r"[1-9]\d{0,3}", part.strip()) else None
            elif taxonomy not in KNOWN_TAXONOMIES | SERIES:
                self.note(item.line, f"left out: what it is filed under as “{taxonomy}”:", plain(name))

    def add_body(self, post: Post, item: Record) -> None:
        html = item.get("content:encoded") and item.fields["content:encoded"]
        is_blocks = "<!-- wp:" in html
        expansion = Expansion(self.attachments, self.reused)
        html = expanded(with_blocks(self.with_whole_pictures(html), expansion), expansion)
        lead = self.attachments.get(item.meta.get("_thumbnail_id", "").strip())
        if lead and lead.address not in html:
            html = as_figure(lead) + html
            self.note(item.line, "the featured image stands at the top of the text:", lead.address)
        try:
            written = html_to_markdown(html, keeps_lines=not is_blocks, notes=footnotes_of(item))
        except HtmlRefused as refused:
            raise ImportProblems([Problem(self.path, post.line + refused.line - 1, refused.reason)]) from None
        post.body = written.markdown
        post.lines = [post.line + line - 1 for line in written.lines]
        for loss in [*expansion.losses, *written.losses]:
            self.note(post.line + loss.line - 1, loss.text, loss.about)

    def with_whole_pictures(self, html: str) -> str:
        """Name the pictures as they were uploaded, not the sizes that WordPress and its network made of them."""
        html = PHOTON.sub(self.from_network, html)
        return SIZED.sub(lambda match: match[1] + match[2] if self.has(match[1] + match[2]) else match[0], html)

    def from_network(self, match: re.Match) -> str:
        hosts = {urlsplit(self.site.address).netloc, *self.site.hosts}
        return f"https://{match[1]}" if match[1].partition("/")[0] in hosts else match[0]

    def has(self, address: str) -> bool:
        if not hasattr(self, "_addresses"):
            self._addresses = {urlsplit(each.address).path for each in self.attachments.values()}
        path = urlsplit(address).path
        return path in self._addresses or self.site.file_at(path) is not None

    def note_rest(self, item: Record) -> None:
        if item.comments:
            self.note(item.line, "left out: comments:", str(item.comments))
        if item.get("wp:is_sticky") == "1":
            self.note(item.line, "it stood at the top of the home page: no article does so here")
        for key, value in item.meta.items():
            if value.strip() and not OWN_FIELDS.match(key) and key not in self.said:
                self.said.add(key)
                self.note(item.line, "left out: the custom field", key)


def plain(html: str) -> str:
    """Return the words of a title or a summary in one line; no-break spaces stay."""
    return re.sub(r"[ \t\r\n]+", " ", unescape(TAGS.sub("", PARTING.sub(" ", html)))).strip()


def moment_of(item: Record) -> datetime | None:
    """Return when an item was published: WordPress writes it in UTC, in the time of the site, and for feeds."""
    for name, zone in (("wp:post_date_gmt", UTC), ("pubDate", None), ("wp:post_date", timezone.get_default_timezone())):
        if any(sign in item.get(name) for sign in NO_DATE):
            # No date at all, and how feeds say so.
            continue
        try:
            if zone is None:
                moment = parsedate_to_datetime(item.get(name))
                moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            else:
                moment = datetime.strptime(item.get(name), "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
        except (ValueError, TypeError, IndexError):
            continue
        return moment
    return None


def footnotes_of(item: Record) -> dict[str, str]:
    """Return the notes that the block editor keeps in a field of their own, as HTML by their ids."""
    try:
        notes = json.loads(item.meta.get("footnotes") or "[]")
    except (ValueError, RecursionError):
        return {}
    entries = notes if isinstance(notes, list) else []
    return {str(note.get("id")): str(note.get("content", "")) for note in entries if isinstance(note, dict)}


def names_of(grouping: Grouping, groups: dict[str, str], items: Iterable[Record]) -> dict[str, str]:
    """Return the name of each group: the slug of its original, else of its text in the site's language."""
    names: dict[str, tuple[int, str]] = {}
    for item in items:
        group, slug = groups.get(item.get("wp:post_id"), ""), unquote(item.get("wp:post_name"))
        if group and slug:
            rank = 2 if grouping.is_original(item) else 1 if grouping.language_of(item) == grouping.default else 0
            if group not in names or rank > names[group][0]:
                names[group] = (rank, slug)
    return {group: name for group, (_, name) in names.items()}
