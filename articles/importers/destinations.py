"""Which imported text a link of another one leads to, and how this site writes that."""

import posixpath
from collections.abc import Callable, Iterable
from pathlib import Path
from unicodedata import normalize
from urllib.parse import quote, unquote

from .arrangement import Pair, article_path, bare
from .headings import new_ids
from .post import Post

PagePath = Callable[[str, str], str]


class Destinations:
    """All texts by their old addresses, their names and their files. `owners` says whose an old address is."""

    def __init__(self, pairs: Iterable[Pair], owners: dict[str, object], page_path: PagePath) -> None:
        self.owners, self.page_path = owners, page_path
        self.pairs: dict[int, Pair] = {}
        self.by_name: dict[str, list[Post]] = {}
        self.by_file: dict[Path, Post] = {}
        self.ids: dict[int, dict[str, str]] = {}
        for pair in pairs:
            for post in pair.posts.values():
                self.pairs[id(post)] = pair
                for name in post.names:
                    self.by_name.setdefault(normalize("NFC", name), []).append(post)
                # An export holds many texts, and its name is that of none.
                self.by_file.setdefault(post.source.resolve(), post)

    def link(self, address: str, post: Post) -> str | None:
        """Return how a link of a post is written here; None where it leads to no imported text."""
        if address.startswith("#"):
            fragment = self._fragment(address[1:], post)
            return f"#{fragment}" if fragment != unquote(address[1:]) else None
        whole, _mark, fragment = address.partition("#")
        target = self.target(whole, post)
        if target is None:
            return None
        fragment = self._fragment(fragment, target) if fragment else ""
        return self._written(target, post) + (f"#{quote(fragment)}" if fragment else "")

    def target(self, address: str, post: Post) -> Post | None:
        """Return the text that an address without a fragment means on a page of the old site."""
        if named := self.by_name.get(normalize("NFC", unquote(address))):
            return self._own_language(named, post)
        path = post.site.own_path(address, post.base)
        if path is None or not address:
            return None
        for candidate in (path, path.partition("?")[0]):
            owner = self.owners.get(bare(candidate))
            if isinstance(owner, Post):
                return owner
        return self._by_file(unquote(address.partition("?")[0]), post)

    @staticmethod
    def _own_language(named: list[Post], post: Post) -> Post:
        return next((each for each in named if each.language == post.language), named[0])

    def leads_to_term(self, address: str, post: Post) -> bool:
        """Return whether an address is that of a tag, which redirects to the tag's page here."""
        path = post.site.own_path(address.partition("#")[0], post.base)
        return path is not None and isinstance(self.owners.get(bare(path)), str)

    def _by_file(self, name: str, post: Post) -> Post | None:
        if "." not in name or name.startswith("/") or ":" in name:
            return None
        found = post.site.inside(post.source.parent / name)
        if found and found.resolve() in self.by_file:
            return self.by_file[found.resolve()]
        # A file may be named without the language that its name says.
        for own in (own for own in post.names if own.startswith("/")):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(own), name)).lower()
            if named := self.by_name.get(normalize("NFC", path)):
                return self._own_language(named, post)
        return None

    def _fragment(self, fragment: str, target: Post) -> str:
        ids = self.ids.get(id(target))
        if ids is None:
            ids = self.ids[id(target)] = new_ids(target.body, target.language)
        fragment = unquote(fragment)
        return ids.get(fragment, fragment)

    def _written(self, target: Post, post: Post) -> str:
        """Return article:key, which readers follow in their own language, where that is the language meant."""
        pair = self.pairs[id(target)]
        if pair.is_page:
            return self.page_path(target.language, target.slug)
        if target.language != post.language and post.language in pair.posts:
            return article_path(target)
        return f"article:{pair.key}"
