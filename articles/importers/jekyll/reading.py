"""The files of a Jekyll site, found and read as texts."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from articles.files.problems import ImportProblems, Problem
from articles.importers.emoji import with_emoji
from articles.importers.front_matter import Document, is_inside, read_document
from articles.importers.lines import Text
from articles.importers.post import Note, OldSite, Post, Term, every_line

from .addresses import Place, as_served, page_address, post_address, slugified
from .config import Config, code_of
from .files import File, SiteFiles
from .head import Head
from .kramdown import translated
from .liquid import Liquid

# A page like About may have no date, and is shown all the same.
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class SiteReader:
    config: Config
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> tuple[list[Post], list[Note]]:
        self.notes += self.config.notes
        self.site = self._site()
        posts = [
            post for file in SiteFiles(self.config, self.notes).found() if (post := self._attempt(self._post, file))
        ]
        if not posts and not self.problems:
            self.problems.append(Problem(self.config.root, 1, "no text of Jekyll here, in the folder “_posts”"))
        if self.problems:
            raise ImportProblems(self.problems)
        self._pair_by_permalink(posts)
        if self.config.is_polyglot:
            self._add_untranslated(posts)
        return posts, self.notes

    def _attempt(self, step: Callable, *arguments: Any) -> Any:
        """Take a step; what is broken keeps no other file from telling its own faults."""
        try:
            return step(*arguments)
        except ImportProblems as error:
            self.problems += error.problems
            return None

    def _post(self, file: File) -> Post | None:
        document = read_document(file.path)
        self.notes += document.notes
        if not document.has_front_matter:
            self.notes.append(Note(file.path, 1, "left out: Jekyll reads a text only where it has front matter"))
            return None
        inner = file.path.relative_to(self.config.root).as_posix()
        head = Head(file.path, document, self.config, self.config.defaults(inner, file.kind), file.date)
        if head.text("redirect_to"):
            self.notes.append(Note(file.path, 1, "left out: a page that redirects to", head.text("redirect_to")))
            return None
        if (not document.body.strip() and not file.is_article) or head.text("permalink").endswith("404.html"):
            self.notes.append(Note(file.path, 1, "left out: a page that its layout makes:", head.text("layout")))
            return None
        post = self._made(file, document, head)
        self.notes += head.notes(needs_date=file.is_article and file.kind != "drafts")
        return post

    def _made(self, file: File, document: Document, head: Head) -> Post:
        config = self.config
        said = head.text("lang", "language", "locale") or file.language or config.default
        language, own = code_of(said), said.lower()
        place = self._place(file, head)
        address = config.base + config.prefix(own) + self._address(file, head, place)
        date = head.date(is_draft=file.kind == "drafts")
        is_shown = head.is_shown and file.kind != "drafts"
        post = Post(
            source=file.path,
            line=document.first_line,
            # Apart from the paths: a key may be the path of another text.
            pair=f"translations/{key}"
            if (key := head.pair())
            else "/".join(filter(None, (*file.folders, file.date, file.name))),
            language=language,
            site=self.site,
            title=head.text("title"),
            slug=head.text("slug") or file.name,
            summary=head.summary(),
            head=head.lines(),
            published_at=date or (UNDATED if not file.is_article and is_shown else None),
            tags=list(self._tags(file, head)),
            authors=head.authors(),
            series=head.text("series"),
            part=head.number("series_order", "part"),
            addresses=[
                *(as_served(address) if place.date or not file.is_article else ()),
                *(config.base + _slashed(old) for old in head.texts("redirect_from")),
            ],
            names=_names(file, config.root),
            beside=(file.path.parent,),
            is_page=not file.is_article,
            is_original=language == code_of(config.default),
        )
        text = self._body(file, document, head, post)
        post.body, post.lines = text.body, text.lines
        return post

    def _place(self, file: File, head: Head) -> Place:
        # Folders above _posts are categories, and so are what front matter says.
        categories = [
            *(file.folders if file.kind in ("posts", "drafts") else ()),
            *head.words("categories", "category"),
        ]
        path = "/".join(file.folders) if file.kind not in ("posts", "drafts") else ""
        return Place(file.name, path, head.text("slug"), head.shown_date(), list(dict.fromkeys(categories)), file.kind)

    def _address(self, file: File, head: Head, place: Place) -> str:
        own = head.text("permalink")
        style = self.config.text("permalink") or "date"
        if own:
            return post_address(own, place)
        if file.kind == "pages":
            return page_address(style, place)
        if file.kind not in ("posts", "drafts"):
            own = str(self.config.collections().get(file.kind, {}).get("permalink", ""))
            return post_address(own or "/:collection/:path:output_ext", place)
        return post_address(style, place)

    def _body(self, file: File, document: Document, head: Head, post: Post) -> Text:
        text = Text(document.body, every_line(document.first_line, document.body))

        def note(words: str, about: str, line: int) -> None:
            self.notes.append(Note(file.path, line, words, about))

        def value(name: str) -> str:
            kind, _dot, rest = name.partition(".")
            if kind == "site":
                return self.config.text(rest)
            return (head.plain(rest) or {"url": post.base}.get(rest, "")) if kind == "page" else ""

        separator = head.text("excerpt_separator") or self.config.text("excerpt_separator")
        if separator and not re.fullmatch(r"<!--\s*more\s*-->", separator):
            at = text.body.find(separator)
            text = text.changed([(at, at + len(separator), "<!-- more -->")] if at >= 0 else [])
        text = Liquid(self.config.base, self.config.url, value, note).rewritten(text)
        text = translated(text, note)
        plugins = self.config.value("plugins") or self.config.value("gems")
        return with_emoji(text) if isinstance(plugins, list) and "jemoji" in plugins else text

    def _tags(self, file: File, head: Head) -> Iterator[Term]:
        folders = file.folders if file.kind in ("posts", "drafts") else []
        of_tags, of_categories = head.words("tags", "tag"), [*head.words("categories", "category"), *folders]
        for kind, words in (("tag", of_tags), ("category", of_categories)):
            for word in words:
                yield Term(word, word, self._archive(kind, word))

    def _archive(self, kind: str, name: str) -> tuple[str, ...]:
        """Return the address of the page of a tag or a category. https://github.com/jekyll/jekyll-archives"""
        if "jekyll-archives" not in self.config.entries:
            return ()
        template = self.config.value(f"jekyll-archives.permalinks.{kind}") or f"/{kind}/:name/"
        return (self.config.base + str(template).replace(":name", slugified(name)),)

    def _site(self) -> OldSite:
        root, base = self.config.root, self.config.base
        source = root / (self.config.text("source") or ".")
        served = [(f"{base}/", source)]
        if self.config.is_polyglot:
            served += [(f"{base}/{language}/", source) for language in self.config.languages]
        address = f"{self.config.url}{base}/" if self.config.url else ""
        return OldSite(root, address, tuple(served), feeds=tuple(self._feeds(source, root)))

    def _feeds(self, source: Path, root: Path) -> Iterator[tuple[str, str]]:
        """Yield the paths of the feeds: that of jekyll-feed, and those that files of the site make."""
        names = [self.config.text("feed.path") or "feed.xml"]
        names += [name for name in ("atom.xml", "rss.xml", "index.xml") if is_inside(source / name, root)]
        for language in dict.fromkeys((self.config.default, *self.config.languages)):
            for name in names:
                # The site has a feed of all languages of its own there.
                if (path := f"{self.config.base}{self.config.prefix(language)}/{name.lstrip('/')}") != "/feed.xml":
                    yield path, code_of(language)

    def _pair_by_permalink(self, posts: list[Post]) -> None:
        """Let texts be a pair that have one permalink in several languages, as polyglot knew them before page_id."""
        if not self.config.is_polyglot:
            return
        found: dict[tuple[bool, str], str] = {}
        for post in posts:
            if not post.addresses:
                continue
            bare = post.addresses[0].removeprefix(self.config.base)
            for language in self.config.languages:
                if bare.startswith(f"/{language}/"):
                    bare = bare.removeprefix(f"/{language}")
                    break
            post.pair = found.setdefault((post.is_page, bare), post.pair)

    def _add_untranslated(self, posts: list[Post]) -> None:
        """Add the addresses below each other language at which polyglot shows what is not translated to it."""
        there = {(post.is_page, post.pair, post.language) for post in posts}
        for post in posts:
            if post.language != code_of(self.config.default):
                continue
            for language in self.config.languages if post.addresses else ():
                if (post.is_page, post.pair, code_of(language)) not in there:
                    base = self.config.base
                    inner = post.addresses[0].removeprefix(base)
                    post.addresses.append(f"{base}/{language}{inner}")


def _slashed(address: str) -> str:
    path = re.sub(r"^https?://[^/]+", "", address)
    return path if path.startswith("/") else f"/{path}"


def _names(file: File, root: Path) -> list[str]:
    """Return by what post_url and link may name a text."""
    inner = file.path.relative_to(root).as_posix()
    names = {f"ref:{inner}"}
    if file.kind == "posts":
        below = inner.partition("_posts/")[2]
        names |= {f"ref:{name.rpartition('.')[0]}" for name in (below, file.path.name)}
    return sorted(names)
