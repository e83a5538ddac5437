"""A text of another system, as its reader found it, and where its links and images lead."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from unicodedata import normalize
from urllib.parse import unquote, urljoin, urlsplit

# Against which addresses are resolved where the old site’s own is not known.
NO_HOST = "https://old-site.invalid"


@dataclass(frozen=True, order=True)
class Note:
    """What could not be carried, or was carried otherwise: "left out: the short code", about "chart".

    Notes with one `text` are printed as one group; what differs among them stands in `about`.
    """

    path: Path
    line: int
    text: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}{f' {self.about}' if self.about else ''}"


@dataclass(frozen=True)
class Term:
    """A tag or a category as one language names it; terms of two languages with one key are one tag.

    `addresses` are the paths of its page on the old site, where they are known.
    """

    key: str
    name: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class OldSite:
    """Where the texts come from. `address` is the old site's own, like https://example.org/blog/; "" is unknown.

    `served` says which folder's files stand below which path, like ("/", root / "static"); the longest path that fits
    is meant. No file outside of `root` is read, whatever a link leads to.
    """

    root: Path
    address: str = ""
    served: tuple[tuple[str, Path], ...] = ()
    # Hosts and beginnings of addresses by which it names itself besides, like //www.example.org.
    hosts: tuple[str, ...] = ()
    # The paths of its feeds, each with its language; and what the path of a tag’s feed has after that of the tag.
    feeds: tuple[tuple[str, str], ...] = ()
    feed_of_term: str = ""

    @cached_property
    def _real_root(self) -> Path:
        return self.root.resolve()

    def own_path(self, address: str, base: str = "/") -> str | None:
        """Return the path, with its query, that a link on a page of the site leads to there.

        None where it leads to another host, has another scheme or cannot be read. The fragment is not part of it.
        """
        return _own_path(self.address or NO_HOST, self.hosts, address, base)

    def file_at(self, path: str) -> Path | None:
        """Return the file that stands at a path of the site, None where there is none."""
        path = path.partition("?")[0]
        for prefix, folder in sorted(self.served, key=lambda entry: -len(entry[0])):
            if path.startswith(prefix) and (found := self.inside(folder / path.removeprefix(prefix).lstrip("/"))):
                return found
        return None

    def inside(self, path: Path) -> Path | None:
        """Return a path where it is a file within the root, links followed; else None.

        An é in its name may be one sign or two: systems write either.
        """
        start = str(self.root)
        rest = str(path).removeprefix(start)
        names = dict.fromkeys((rest, normalize("NFC", rest), normalize("NFD", rest)))
        whole = start if len(rest) < len(str(path)) else ""
        return next((found for name in names if self._is_inside(found := Path(f"{whole}{name}"))), None)

    def _is_inside(self, path: Path) -> bool:
        try:
            # Most links lead to no file: that is soon found out.
            return path.is_file() and path.resolve().is_relative_to(self._real_root)
        except (OSError, ValueError, RuntimeError):
            # A null character, a name too long, a circle of links.
            return False


# Texts lead to the same few pages again and again.
@lru_cache(maxsize=1024)
def _own_path(site: str, hosts: tuple[str, ...], address: str, base: str) -> str | None:
    try:
        whole = urlsplit(urljoin(urljoin(site, base), address.strip()))
        # Sites answer at both names, and their authors write either.
        own = {host.removeprefix("www.") for host in (urlsplit(site).netloc, *hosts)}
    except ValueError:
        return None
    if whole.scheme not in ("http", "https") or whole.netloc.removeprefix("www.") not in own:
        return None
    return unquote(whole.path or "/") + (f"?{whole.query}" if whole.query else "")


@dataclass
class Post:
    """One text in one language, an article of its own or a page like About."""

    source: Path  # the file it stands in: the whole export for WordPress and Ghost
    line: int  # where its body begins, or its entry in an export
    pair: str  # equal for all languages of one article, else its own: becomes the key, by slugify
    language: str  # as the site has it; others are noted and left out
    site: OldSite
    title: str = ""
    slug: str = ""
    summary: str = ""
    body: str = ""  # Markdown of this site; links and images are still as they were there
    # The line of `source` that each line of the body comes from. Empty: all of it stands at `line`.
    lines: list[int] = field(default_factory=list)
    # The line of each entry of the front matter, by this class's names: title, slug, published_at …
    head: dict[str, int] = field(default_factory=dict)
    published_at: datetime | None = None  # aware; None is a draft
    tags: list[Term] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    series: str = ""
    part: int | None = None
    # Paths at which readers found it, percent-decoded, the permalink first: /2020/01/hello/, /?p=12. They redirect.
    # A site below a path has it in them: /blog/2020/01/hello/.
    addresses: list[str] = field(default_factory=list)
    # What else may name it in a link, and never was an address: ref:hello.md, {filename}hello.md …
    names: list[str] = field(default_factory=list)
    # The folders in which a file's relative name is looked up first, before the path it would have on the site.
    beside: tuple[Path, ...] = ()
    # Of photo.fr.jpg and photo.en.jpg, whichever comes first here is meant by photo.jpg.
    file_languages: tuple[str, ...] = ()
    # What says where in `source` the text is, where its lines do not: in “hello”.
    where: str = ""
    is_page: bool = False
    is_original: bool = False  # the language that the others were translated from, where the format says it

    @property
    def base(self) -> str:
        """The path against which its relative links are read."""
        return self.addresses[0] if self.addresses else "/"

    def line_at(self, number: int) -> int:
        """Return the line of the source that a line of the body, counted from 1, comes from."""
        if not self.lines:
            return self.line
        return self.lines[min(max(number, 1), len(self.lines)) - 1]

    def note(self, text: str, about: str = "", *, number: int | None = None) -> Note:
        """Return a note on a line of the body, or on the text as a whole."""
        about = f"{about} {self.where}".strip()
        return Note(self.source, self.line if number is None else self.line_at(number), text, about)

    def local_file(self, address: str) -> Path | None:
        """Return the file that an image or a link of this text names, None for one that is not here."""
        name = unquote(address.partition("#")[0].partition("?")[0])
        if name and not name.startswith("/") and ":" not in name.partition("/")[0]:
            for each in self._in_languages(name):
                for found in filter(None, (self.site.inside(folder / each) for folder in self.beside)):
                    return found
        path = self.site.own_path(address, self.base)
        return self.site.file_at(path) if path else None

    def _in_languages(self, name: str) -> list[str]:
        stem, dot, ending = name.rpartition(".")
        own, *others = [f"{stem}.{language}.{ending}" for language in self.file_languages if dot] or [name]
        return [own, name, *others] if self.file_languages else [name]


def every_line(first: int, body: str) -> list[int]:
    """Return the `lines` of a body that stands in its file as it is, from a line on."""
    return list(range(first, first + body.count("\n") + 1))


def in_languages(posts: Iterable[Post], languages: Iterable[str]) -> tuple[list[Post], list[Note]]:
    """Return the posts in the languages of this site, and a note for each of the others."""
    posts, known = list(posts), set(languages)
    left_out = [
        post.note("left out: a text in a language that this site does not have:", post.language or "none")
        for post in posts
        if post.language not in known
    ]
    return [post for post in posts if post.language in known], left_out
