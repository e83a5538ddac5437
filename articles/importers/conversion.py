"""Posts of another system written as a folder of the native format, which an import reads like any other.

What is found wrong later is found in a file of that folder: `Conversion.explained` names the author's own file.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from articles.addresses import path_in
from articles.files.problems import ImportProblems, Problem
from articles.files.subjects import Outcome
from articles.files.writing import markdown_file
from articles.validation import YEARS

from .arrangement import OldAddresses, Pair, arranged, article_path, bare
from .destinations import Destinations, PagePath
from .feeds import FeedPath, old_feeds
from .image_files import Folder, ImageChecks
from .lines import Text
from .links import LinkRewriter
from .post import Note, Post
from .raw_html import shown
from .terms import Names, Terms

# What the database takes of a page's description.
MAX_DESCRIPTION = 300
KEY = re.compile(r"([a-z_]+):")


@dataclass
class Origin:
    """Where each line of a written file comes from."""

    post: Post
    keys: list[str]
    body: Text

    def line(self, number: int) -> int:
        if number <= len(self.keys):
            return self.post.head.get(self.keys[max(number, 1) - 1], 1 if self.post.head else self.post.line)
        place = min(number - len(self.keys), len(self.body.lines)) - 1
        return self.body.lines[place] if self.body.lines else self.post.line


@dataclass
class Conversion:
    """What became of the posts: the notes on them, and the origin of each file that was written."""

    folder: Path
    notes: list[Note] = field(default_factory=list)
    origins: dict[Path, Origin] = field(default_factory=dict)
    images: dict[Path, Path] = field(default_factory=dict)
    articles: int = 0
    pages: int = 0

    def source_of(self, path: Path) -> Path:
        """Return the author's own file from which one of the folder was made."""
        origin = self.origins.get(path)
        return origin.post.source if origin else self.images.get(path, path)

    def told(self, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """Return what became of the files of the folder, by the author's own files: of an export, by both."""
        texts = Counter(origin.post.source for origin in self.origins.values())
        told = []
        for path, outcome in outcomes:
            source = self.source_of(path)
            own = path.relative_to(self.folder) if path.is_relative_to(self.folder) else path
            if source == path:
                told.append((own, outcome))
            else:
                told.append((source, f"{own} {outcome}" if texts[source] > 1 else outcome))
        return told

    def explained(self, problems: ImportProblems) -> ImportProblems:
        """Return the problems that an import of the folder found, by the files and lines that they come from."""
        return ImportProblems([self._explained(problem) for problem in problems.problems])

    def _explained(self, problem: Problem) -> Problem:
        origin = self.origins.get(problem.path)
        if origin is None:
            return replace(problem, path=self.source_of(problem.path))
        return replace(problem, path=origin.post.source, line=origin.line(problem.line))


def write_native(
    posts: Iterable[Post], folder: Path, page_path: PagePath, feed_path: FeedPath | None = None
) -> Conversion:
    """Write posts into an empty folder; `page_path` gives the address of a page by its language and slug.

    `feed_path` gives that of a feed by its language and the slug of its tag, "" for all articles; without it, old
    addresses of feeds do not redirect.
    """
    return _Writer(folder, page_path, feed_path).written(posts)


class _Writer:
    def __init__(self, folder: Path, page_path: PagePath, feed_path: FeedPath | None) -> None:
        self.folder, self.page_path, self.feed_path = folder, page_path, feed_path
        self.result = Conversion(folder)
        self.notes = self.result.notes
        self.checks = ImageChecks()
        self.addresses = OldAddresses(self.notes)
        self.redirects: dict[str, str] = {}
        self.names = Names(self.notes)
        self.library = Folder(folder / "_images", self.checks, is_library=True)

    def written(self, posts: Iterable[Post]) -> Conversion:
        pairs = arranged(posts, self.notes)
        terms = Terms(pairs, self.names)
        aliases = self._aliases(pairs)
        self._redirect_terms(terms)
        self._redirect_feeds(terms, pairs)
        destinations = Destinations(pairs, self.addresses.owners, self.page_path)
        for pair in pairs:
            self._pair(pair, destinations, terms, aliases)
        for name, entries in terms.files().items():
            self._yaml(name, entries)
        self._yaml("redirects.yaml", self.redirects)
        self.result.images |= self.library.origins()
        self.result.articles = sum(not pair.is_page for pair in pairs)
        self.result.pages = sum(pair.is_page for pair in pairs)
        return self.result

    def _aliases(self, pairs: list[Pair]) -> dict[int, list[str]]:
        """Return the old addresses of each text; no alias of one takes the permalink of another."""
        posts = [(post, pair) for pair in pairs for post in pair.posts.values()]
        aliases: dict[int, list[str]] = {id(post): [] for post, _pair in posts}
        for part in (slice(0, 1), slice(1, None)):
            for post, pair in posts:
                new = self.page_path(post.language, post.slug) if pair.is_page else article_path(post)
                aliases[id(post)] += self.addresses.claimed(post, post.addresses[part], post, new)
        return aliases

    def _redirect_terms(self, terms: Terms) -> None:
        for language, name, slug, addresses, post in terms.old_addresses():
            new = path_in(language, "articles:tag_detail", slug=slug)
            for address in self.addresses.claimed(f"{language} {name}", addresses, post, new):
                self.redirects[address] = new

    def _redirect_feeds(self, terms: Terms, pairs: list[Pair]) -> None:
        """Lead those who subscribed on: a feed whose address a text has had, or has here, is none."""
        if self.feed_path:
            for address, new in old_feeds(pairs, terms, self.feed_path):
                if bare(address) not in self.addresses.owners:
                    self.redirects |= {address: new} if address != new else {}

    def _pair(self, pair: Pair, destinations: Destinations, terms: Terms, aliases: dict[int, list[str]]) -> None:
        folder = self.folder / "_pages" / pair.key if pair.is_page else self.folder / pair.key
        folder.mkdir(parents=True)
        beside = Folder(folder, self.checks)
        for post in pair.posts.values():
            text = self._body(post, destinations, self._in_library if pair.is_page else beside.brought)
            entries = self._entries(post, pair, aliases[id(post)], text)
            if post is pair.original and not pair.is_page:
                entries |= self._shared(pair, terms)
            self._write(folder / f"index.{post.language}.md", post, entries, text)
        self.result.images |= beside.origins()

    def _body(self, post: Post, destinations: Destinations, bring: Any) -> Text:
        def note(words: str, about: str, line: int) -> Note:
            return Note(post.source, line or post.line, words, f"{about} {post.where}".strip())

        text = Text(post.body, post.lines)
        text = shown(text, note, self.notes)
        return LinkRewriter(post, destinations, bring, self.notes).rewritten(text)

    def _in_library(self, file: Path) -> tuple[str, str]:
        """A page has no files beside it: its images are in the library."""
        name, fault = self.library.brought(file)
        return (f"image:{Path(name).stem}" if name else ""), fault

    def _entries(self, post: Post, pair: Pair, aliases: list[str], text: Text) -> dict[str, Any]:
        is_live = post.published_at is not None
        if is_live and not text.body.strip():
            self.notes.append(post.note("a draft here: it has no words that could be published"))
            is_live = False
        entries: dict[str, Any] = {"title": post.title, "slug": post.slug}
        if pair.is_page:
            self.redirects |= dict.fromkeys(aliases, self.page_path(post.language, post.slug))
            description = post.summary
            if len(description) > MAX_DESCRIPTION:
                self.notes.append(post.note("the description is longer than 300 characters: its end is left out"))
                description = description[: MAX_DESCRIPTION - 1] + "…"
            return entries | {"description": description, "is_live": "true" if is_live else ""}
        if is_live and post.published_at.year not in YEARS and not pair.is_page:
            year = str(post.published_at.year)
            self.notes.append(post.note("a draft here: no article of this site is of the year", year))
            is_live = False
        date = post.published_at if is_live else None
        return entries | {"summary": post.summary, "published_at": date, "aliases": aliases}

    def _shared(self, pair: Pair, terms: Terms) -> dict[str, Any]:
        posts = [pair.original, *(post for post in pair.posts.values() if post is not pair.original)]
        authors = [self.names.of(name, post, "author") for post in posts for name in post.authors]
        parts = [post.part for post in posts if post.part is not None]
        series = terms.series_of(pair)
        return {
            "source_language": pair.original.language,
            "authors": list(dict.fromkeys(authors)),
            "tags": terms.tags_of(pair),
            "series": series,
            "part": parts[0] if parts and series else None,
        }

    def _write(self, path: Path, post: Post, entries: dict[str, Any], text: Text) -> None:
        written = markdown_file(entries, text.body)
        path.write_text(written, encoding="utf-8", newline="")
        head = written[: len(written) - len(text.body)].split("\n")[:-1]
        keys, key = [], "title"
        for line in head:
            match = KEY.match(line)
            key = match[1] if match else key
            keys.append(key)
        self.result.origins[path] = Origin(post, keys, text)

    def _yaml(self, name: str, entries: dict[str, Any]) -> None:
        if entries:
            written = yaml.safe_dump(entries, allow_unicode=True, width=float("inf"), sort_keys=True)
            (self.folder / name).write_text(written, encoding="utf-8", newline="")
