"""WordPress: its export, with the language pairs of Polylang and WPML, and the uploads that lie beside it."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from articles import languages
from articles.files.problems import ImportProblems, Problem
from articles.importers.post import Note, OldSite, Post, in_languages

from .grouping import Grouping, short, with_originals
from .posts import PHOTON, Export, names_of, plain
from .short_codes import Attachment
from .wxr import Record, is_wxr, records

UPLOADS = ("wp-content/uploads", "uploads")
TEXTS = {"post", "page"}
# What WordPress keeps for itself: a note for each kind is enough.
OWN_TYPES = {
    *("revision", "nav_menu_item", "custom_css", "customize_changeset", "oembed_cache", "user_request", "wp_template"),
    *("wp_template_part", "wp_global_styles", "wp_navigation", "wp_font_family", "wp_font_face", "wp_block"),
}


def recognises(path: Path) -> bool:
    return bool(_files(path))


def _files(path: Path) -> list[Path]:
    """Return the files of an export: large ones come in parts."""
    candidates = sorted(path.glob("*.xml")) if path.is_dir() else [path]
    return [each for each in candidates if each.is_file() and is_wxr(each)]


def read(path: Path, language: str) -> tuple[list[Post], list[Note]]:
    """Return the posts of an export, and notes; `language` is that of a text whose site names none."""
    files = _files(path) or ([path] if path.is_file() else [])
    if not files:
        raise ImportProblems([Problem(path, 1, "no export of WordPress: there is no such XML file in it")])
    reading = _Reading(path if path.is_dir() else path.parent, language)
    for file in files:
        reading.take(file)
    return reading.posts()


class _Reading:
    """All files of an export: first what they hold, then the texts, since each may name what comes later."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = folder
        self.grouping = Grouping(language, set(languages.codes()))
        self.channel = Record("channel", 1)
        self.authors: dict[str, str] = {}
        self.attachments: dict[str, Attachment] = {}
        self.reused: dict[str, str] = {}
        self.items: list[tuple[Path, Record]] = []
        self.notes: list[Note] = []

    def take(self, file: Path) -> None:
        left_out: Counter[str] = Counter()
        lines: dict[str, int] = {}
        for record in records(file):
            if record.name == "channel":
                self.channel = record
            elif record.name == "wp:author":
                login = record.get("wp:author_login")
                self.authors[login] = plain(record.get("wp:author_display_name")) or login
            elif record.name != "item":
                self.grouping.add_term(record)
            elif kind := self.take_item(file, record):
                left_out[kind] += 1
                lines.setdefault(kind, record.line)
        for kind, count in left_out.items():
            self.notes.append(Note(file, lines[kind], f"left out: what WordPress calls {kind}:", str(count)))

    def take_item(self, file: Path, item: Record) -> str:
        """Keep an item that is a text, or that texts name; return its type where it is left out."""
        kind, number = item.get("wp:post_type") or "post", item.get("wp:post_id")
        if kind == "attachment":
            alternative = plain(item.meta.get("_wp_attachment_image_alt", ""))
            caption = item.get("excerpt:encoded")
            # Jetpack writes addresses of its own network.
            address = PHOTON.sub(r"https://\1", item.get("wp:attachment_url") or item.get("guid"))
            self.attachments[number] = Attachment(address, alternative, caption)
        elif kind == "wp_block":
            self.reused[number] = item.fields.get("content:encoded", "")
        elif kind in OWN_TYPES:
            return kind
        elif kind not in TEXTS:
            name = f"{kind}: “{plain(item.get('title'))}”"
            self.notes.append(Note(file, item.line, "left out: a text of another type,", name))
        elif item.get("wp:status") == "trash":
            title = plain(item.get("title"))
            self.notes.append(Note(file, item.line, "left out: it was thrown away:", f"“{title}”"))
        elif item.get("wp:status") != "inherit":
            self.items.append((file, item))
        return ""

    def posts(self) -> tuple[list[Post], list[Note]]:
        site = self.site()
        if (named := short(self.channel.get("language"))) in self.grouping.known:
            self.grouping.default = named
        self.grouping.base_path = urlsplit(site.address).path.rstrip("/")
        groups = with_originals(self.grouping, (item for _, item in self.items))
        names = names_of(self.grouping, groups, (item for _, item in self.items))
        exports: dict[Path, Export] = {}
        said: set[str] = set()
        posts = []
        self.items.reverse()
        while self.items:
            # What has become a post is let go.
            file, item = self.items.pop()
            export = exports.setdefault(file, Export(file, site, self.grouping, said=said))
            export.authors, export.attachments, export.reused = self.authors, self.attachments, self.reused
            export.groups, export.names = groups, names
            posts.append(export.post(item))
        notes = [*self.notes, *(note for export in exports.values() for note in export.notes)]
        posts, left_out = in_languages(posts, self.grouping.known)
        return posts, [*notes, *self.unpaired(posts), *left_out]

    def unpaired(self, posts: list[Post]) -> list[Note]:
        """Several languages and no pair: the plugin's table is not in the export."""
        pairs = Counter(post.pair for post in posts)
        if len({post.language for post in posts}) < 2 or any(count > 1 for count in pairs.values()):
            return []
        text = "no text says which is its translation: with WPML, export again with its “Export and Import”"
        return [Note(posts[0].source, 1, text)]

    def site(self) -> OldSite:
        address = (
            self.channel.get("wp:base_blog_url") or self.channel.get("wp:base_site_url") or self.channel.get("link")
        )
        address = f"{address.rstrip('/')}/" if address else ""
        try:
            whole = urlsplit(address)
        except ValueError:
            address, whole = "", urlsplit("")
        host, base = whole.netloc, whole.path.rstrip("/")
        other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
        hosts = (other, f"{host.removesuffix('.wordpress.com')}.files.wordpress.com") if host else ()
        folders = [self.folder / name for name in UPLOADS if (self.folder / name).is_dir()]
        served = tuple((f"{base}/wp-content/uploads/", folder) for folder in folders[:1])
        if host.endswith(".wordpress.com"):
            served += tuple(("/", folder) for folder in folders[:1])
        return OldSite(self.folder, address, served, hosts, tuple(self.feeds(base)), "feed/")

    def feeds(self, base: str) -> Iterator[tuple[str, str]]:
        """Yield the paths of the feeds, those of other languages as Polylang and WPML have them."""
        default = self.grouping.default
        for feed in ("feed/", "feed/rss/", "feed/rss2/", "feed/atom/", "feed/rdf/"):
            yield f"{base}/{feed}", default
            yield from ((f"{base}/{language}/{feed}", language) for language in sorted(self.grouping.known - {default}))
        yield from ((f"{base}/?feed={form}", default) for form in ("rss", "rss2", "atom"))
