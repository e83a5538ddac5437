"""Which texts are one article, under which key and which slugs; and which old address leads to which of them."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from unicodedata import normalize

from django.conf import settings

from articles import languages
from articles.addresses import path_in
from articles.slugs import free, shortened, slugify

from .post import Note, Post

KEY_LENGTH = 90
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# What the database takes of a title and of an address.
MAX_TITLE = 200
MAX_ADDRESS = 500


@dataclass
class Pair:
    """An article or a page, by its key, with its text in each language that it has."""

    key: str
    is_page: bool
    posts: dict[str, Post] = field(default_factory=dict)

    @property
    def original(self) -> Post:
        """The text that the others were translated from: the one that says so, else that of the site's language."""
        said = [post for post in self.posts.values() if post.is_original]
        default = self.posts.get(settings.LANGUAGE_CODE)
        return (said or [default or next(iter(self.posts.values()))])[0]


def arranged(posts: Iterable[Post], notes: list[Note]) -> list[Pair]:
    """Return the pairs that posts make, in their order, each post with a title and a slug of its own.

    A language that stands twice in a pair makes an article of its own, and a note.
    """
    known = languages.codes()
    taken: set[str] = set()
    slugs: set[tuple[bool, str, str]] = set()
    pairs: list[Pair] = []
    by_name: dict[tuple[bool, str], Pair] = {}
    # Where two claim one thing, readers know the one that was published.
    posts = sorted(posts, key=lambda post: post.published_at is None)
    # The last part of a path is enough of a key where no other text has it.
    shared = Counter(_last(name) for name in {normalize("NFC", post.pair) for post in posts})
    for post in posts:
        if post.language not in known:
            notes.append(post.note("left out: a text in a language that this site does not have:", post.language))
            continue
        post = replace(_titled(post, notes), pair=normalize("NFC", post.pair))
        pair = by_name.get((post.is_page, post.pair))
        if pair and post.language in pair.posts:
            first = shortly(pair.posts[post.language])
            notes.append(post.note("an article of its own: its language stands twice in one pair, first in", first))
            pair = None
        if pair is None:
            words = _last(post.pair) if shared[_last(post.pair)] == 1 else post.pair
            pair = Pair(_key(words, post, taken), post.is_page)
            pairs.append(pair)
            by_name.setdefault((post.is_page, post.pair), pair)
        pair.posts[post.language] = replace(post, slug=_slug(post, pair, slugs))
    return pairs


def shortly(post: Post) -> str:
    """Return the file of a post from its site's folder on."""
    is_below = post.source.is_relative_to(post.site.root) and post.source != post.site.root
    return str(post.source.relative_to(post.site.root) if is_below else post.source)


def _titled(post: Post, notes: list[Note]) -> Post:
    title = " ".join(post.title.split())
    if not title:
        title = re.sub(r"[-_]+", " ", post.pair.rpartition("/")[2]).strip() or post.source.stem
        notes.append(post.note("without a title: it is called", f"“{title}”"))
    if len(title) > MAX_TITLE:
        notes.append(post.note("the title is longer than 200 characters: its end is left out:", f"“{title}”"))
        title = title[: MAX_TITLE - 1].rstrip() + "…"
    return replace(post, title=title)


def _last(pair: str) -> str:
    return slugify(pair.rpartition("/")[2], "en")


def _key(name: str, post: Post, taken: set[str]) -> str:
    words = slugify(name, "en") or slugify(post.title, post.language) or ("page" if post.is_page else "article")
    key = free(shortened(words, KEY_LENGTH), taken.__contains__)
    taken.add(key)
    return key


def _slug(post: Post, pair: Pair, taken: set[tuple[bool, str, str]]) -> str:
    words = post.slug if SLUG.fullmatch(post.slug) else slugify(post.slug, post.language)
    words = words or slugify(post.title, post.language) or pair.key
    length = 90 if post.is_page else 200
    slug = free(shortened(words, length), lambda slug: (post.is_page, post.language, slug) in taken)
    taken.add((post.is_page, post.language, slug))
    return slug


def article_path(post: Post) -> str:
    return path_in(post.language, "articles:article_detail", slug=post.slug)


class OldAddresses:
    """The addresses of the old site, each for the first text that has it."""

    def __init__(self, notes: list[Note]) -> None:
        self.notes = notes
        self.owners: dict[str, object] = {}

    def claimed(self, owner: object, addresses: Iterable[str], post: Post, new_path: str = "") -> list[str]:
        """Return those of some addresses that are the owner's and can redirect; a note tells of each other one.

        `new_path` is where the owner is now: it needs no redirect to itself.
        """
        kept = []
        for address in dict.fromkeys(addresses):
            fault = self._fault(address)
            if not fault and self.owners.setdefault(bare(address), owner) is not owner:
                fault = "another text has the old address already; it does not redirect to this one:"
            if fault:
                line = post.head.get("aliases", post.line)
                self.notes.append(Note(post.source, line, fault, address))
            elif address != new_path and bare(address) not in map(bare, kept):
                kept.append(address)
        return kept

    @staticmethod
    def _fault(address: str) -> str:
        if len(address) > MAX_ADDRESS:
            return "too long an old address to redirect:"
        if bare(address) == "/":
            return "the old site's home page does not redirect to a text:"
        if not address.startswith("/") or address.startswith("//") or re.search(r"[\\\n\r\t\x00]", address):
            return "no address that could redirect:"
        return ""


def bare(address: str) -> str:
    """Return an address as it is compared: index.html and the last slash say nothing, nor do capitals.

    é is the same as one sign or two.
    """
    path, mark, query = normalize("NFC", address).partition("?")
    return (path.removesuffix("index.html").rstrip("/").lower() or "/") + mark + query
