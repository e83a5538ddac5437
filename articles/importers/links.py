"""The links and images of a body, rewritten from what they were on the old site to what they are here."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape, unescape
from urllib.parse import quote, unquote

from articles.files.images import ELSEWHERE as NOT_BESIDE
from articles.files.images import REFERENCE as IMPORTED

from .destinations import Destinations
from .image_files import LOOKS_LIKE_IMAGE, as_html_link, as_link
from .lines import Change, Text, prose
from .post import Note, Post
from .raw_html import attributes_of

BARE = r"(?:[^\s()<\\]|\\.|\((?:[^\s()\\]|\\.)*\))+"
TITLE = r"\s+(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
REFERENCE = re.compile(
    r"!\[(?P<alt>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    rf"\(\s*(?:<(?P<image_in>[^<>\n]*)>|(?P<image>{BARE}))(?P<title>{TITLE})?\s*\)"
    rf"|\]\([ \t]*\n?[ \t]*(?:<(?P<link_in>[^<>\n]*)>|(?P<link>{BARE}))"
    r"|<(?P<tag>img|a)\b(?P<attributes>[^<>]*)>"
    r"|^ {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*<?(?P<defined>[^\s<>]+)>?"
    r"|<(?P<auto>https?://[^\s<>]+)>"
    # What the converter makes a link of by itself.
    r"|(?<![^\s(])(?P<plain>https?://[^\s<>()\[\]\"'`]*[^\s<>()\[\]\"'`.,;:!?*_])",
    re.MULTILINE | re.IGNORECASE,
)
ATTRIBUTE = re.compile(r"(\s(?:src|href)\s*=\s*)(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)", re.IGNORECASE)
ELSEWHERE = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
HOST = re.compile(r"https?://[^/]+", re.IGNORECASE)
REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)

# What a link by name begins with: the name is one of `Post.names`.
REF = "ref:"

# Brings a file to where the post's images are; gives what the post calls it, and "" or why it is refused.
Bring = Callable[..., tuple[str, str]]


class LinkRewriter:
    """Rewrites the body of one post, and notes what cannot be found."""

    def __init__(self, post: Post, destinations: Destinations, bring: Bring, notes: list[Note]) -> None:
        self.post, self.destinations, self.bring, self.notes = post, destinations, bring, notes
        self.line = post.line
        self.brought: set[str] = set()
        # A text may name one file many times.
        self.local_file = lru_cache(maxsize=256)(post.local_file)

    def rewritten(self, text: Text) -> Text:
        text = text.changed(self._changes(text))
        return text.changed(self._leftovers(text))

    def _leftovers(self, text: Text) -> Iterator[Change]:
        """Yield old addresses for what an import would still look for beside the text, such as a tag without an end."""
        for match in IMPORTED.finditer(prose(text.body)):
            name = next(name for name, words in match.groupdict().items() if words is not None)
            source = match[name].strip()
            if not NOT_BESIDE.match(source) and unquote(unescape(source)).removeprefix("./") not in self.brought:
                self.line = text.line_at(match.start()) or self.post.line
                self._note("there is no such image:", source)
                yield (*match.span(name), self._old_address(source))

    def _changes(self, text: Text) -> Iterator[Change]:
        for match in REFERENCE.finditer(prose(text.body)):
            self.line = text.line_at(match.start()) or self.post.line
            if match["alt"] is not None:
                yield from self._image(match, text.body)
            elif match["tag"]:
                yield from self._tag(match)
            elif match["defined"]:
                yield from self._definition(match)
            elif address := match["auto"] or match["plain"]:
                linked = self._link(address)
                if linked:
                    # Without words of its own a link to an article bears the article's title.
                    yield match.start(), match.end(), f"[]({linked})" if linked.startswith("article:") else linked
            else:
                name = "link_in" if match["link"] is None else "link"
                linked = self._link(match[name])
                if linked is not None:
                    start, end = match.span(name)
                    is_bracketed = name == "link_in"
                    yield start - is_bracketed, end + is_bracketed, linked

    def _image(self, match: re.Match, body: str) -> Iterator[Change]:
        name = "image_in" if match["image"] is None else "image"
        address = re.sub(r"\\([^\w\s])", r"\1", match[name])
        alt, title = body[slice(*match.span("alt"))], match["title"] or ""
        called, lost = self._source(address)
        if called:
            start, end = match.span(name)
            is_bracketed = name == "image_in"
            yield start - is_bracketed, end + is_bracketed, called
        elif lost:
            yield match.start(), match.end(), as_link(alt, lost, title)

    def _tag(self, match: re.Match) -> Iterator[Change]:
        attributes = attributes_of(match["attributes"])
        if match["tag"].lower() == "a":
            called, lost = self._link(attributes.get("href", "")) if attributes.get("href") else None, ""
        else:
            called, lost = self._source(attributes.get("src", ""))
        if called:
            at = ATTRIBUTE.search(match["attributes"])
            start = match.start("attributes")
            yield start + at.start(2), start + at.end(2), f'"{escape(called)}"'
        elif lost:
            yield match.start(), match.end(), as_html_link(attributes.get("alt", ""), lost)

    def _definition(self, match: re.Match) -> Iterator[Change]:
        address = match["defined"]
        if LOOKS_LIKE_IMAGE.search(address.partition("?")[0]):
            called, lost = self._source(address)
            instead = called or lost
        else:
            instead = self._link(address)
        if instead and instead != address:
            yield (*match.span("defined"), instead)

    def _note(self, words: str, about: str) -> None:
        self.notes.append(Note(self.post.source, self.line, words, f"{about} {self.post.where}".strip()))

    def _source(self, address: str) -> tuple[str, str]:
        """Return what an image is called here, and ""; or "" and the address to link to. Both empty: it stays."""
        address = address.strip()
        if not address or address.lower().startswith(("image:", "data:")):
            if address.lower().startswith("data:"):
                self._note("not shown: an image within the text", address[:30])
            return "", ""
        file = self.local_file(address)
        if file:
            called, fault = self.bring(file)
            if called:
                self.brought.add(called)
                return called, ""
            self._note(
                "an image that this site does not take, linked by its old address instead:", f"{address}: {fault}"
            )
            return "", self._old_address(address)
        if REMOTE.match(address):
            is_own = self.post.site.own_path(address) is not None
            words = f"{'an image of the old site that is not here' if is_own else 'a remote image'}, left where it is:"
            if address.lower().startswith("http:"):
                words = "a remote image that pages do not show, since its address is no https:"
            self._note(words, address)
            return "", ""
        self._note("there is no such image, linked by its old address instead:", address)
        return "", self._old_address(address)

    def _old_address(self, address: str) -> str:
        """Return the address that something had on the old site, whole where its host is known."""
        site = self.post.site
        path = f"/{(site.own_path(address, self.post.base) or address).lstrip('/')}"
        path = quote(path, safe="/?=&%#~:@!$'*+,;")
        host = HOST.match(site.address)
        return host[0] + path if host else path

    def _link(self, address: str) -> str | None:
        """Return how a link is written here, None where it stays as it is."""
        address = re.sub(r"\\([^\w\s])", r"\1", unescape(address.strip()))
        if linked := self.destinations.link(address, self.post):
            return linked
        if address.startswith(REF):
            self._note("a link to a page of the old site that is not imported:", address.removeprefix(REF))
            return "/" + address.removeprefix(REF).partition("?")[0].lstrip("./")
        if not address or address.startswith("#") or ELSEWHERE.match(address):
            return None
        path = self.post.site.own_path(address, self.post.base)
        if path is None:
            return None
        if not self.destinations.leads_to_term(address, self.post):
            what = "a file" if self.local_file(address) else "a page"
            self._note(f"a link to {what} of the old site that is not imported:", address)
        # A relative address would mean another page here.
        fragment = "".join(address.partition("#")[1:])
        is_relative = not address.startswith("/") and not REMOTE.match(address)
        return quote(path, safe="/?=&%~:@!$'*+,;") + fragment if is_relative else None
