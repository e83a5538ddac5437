"""The tags and the series that texts name, one for all the names that mean it."""

from collections.abc import Iterable, Iterator

from articles.slugs import shortened, slugify

from .arrangement import Pair
from .post import Note, Post, Term

# What the database takes.
LENGTHS = {"tag": 100, "author": 100, "series": 200}


class Names:
    """Names as the site takes them; a note tells once of each that is cut."""

    def __init__(self, notes: list[Note]) -> None:
        self.notes = notes
        self.cut: set[tuple[str, str]] = set()

    def of(self, name: str, post: Post, kind: str) -> str:
        length = LENGTHS[kind]
        if len(name) <= length:
            return name
        if (kind, name) not in self.cut:
            self.cut.add((kind, name))
            text = f"a name of more than {length} characters, whose end is left out: the {kind}"
            self.notes.append(post.note(text, f"“{name}”"))
        return name[: length - 1].rstrip() + "…"


class Terms:
    """Tags by their keys, or by equal slugs in one language; a series is one where a pair names it in each language."""

    def __init__(self, pairs: Iterable[Pair], names: Names) -> None:
        self.names = names
        self.tags: dict[str, dict[str, str]] = {}
        self.series: dict[str, dict[str, str]] = {}
        self.addresses: dict[tuple[str, str], tuple[Post, set[str]]] = {}
        self._tag_keys: dict[tuple[str, str], str] = {}
        self._series_keys: dict[tuple[str, str], str] = {}
        self._series_of: dict[int, str] = {}
        for pair in pairs:
            # The names of the original make the keys.
            for post in (pair.original, *pair.posts.values()):
                for term in post.tags:
                    self._add_tag(term, post)
            self._add_series(pair)

    def _add_tag(self, term: Term, post: Post) -> None:
        key, slug = _key(term.key), slugify(term.name, post.language)
        if not key and not slug:
            return
        key = self._tag_keys.setdefault((post.language, slug), key or slug)
        self.tags.setdefault(key, {}).setdefault(post.language, self.names.of(term.name, post, "tag"))
        if term.addresses:
            self.addresses.setdefault((key, post.language), (post, set()))[1].update(term.addresses)

    def _add_series(self, pair: Pair) -> None:
        named = [
            (post.language, self.names.of(post.series, post, "series"))
            for post in (pair.original, *pair.posts.values())
            if post.series
        ]
        keys = [self._series_keys[each] for each in named if each in self._series_keys]
        for language, name in named:
            key = keys[0] if keys else _key(name) or "series"
            keys = [key]
            self._series_keys.setdefault((language, name), key)
            self.series.setdefault(key, {}).setdefault(language, name)
            self._series_of[id(pair)] = key

    def tags_of(self, pair: Pair) -> list[str]:
        keys = [
            self._tag_keys.get((post.language, slugify(term.name, post.language)))
            for post in pair.posts.values()
            for term in post.tags
        ]
        return sorted({key for key in keys if key})

    def series_of(self, pair: Pair) -> str:
        return self._series_of.get(id(pair), "")

    def old_addresses(self) -> Iterator[tuple[str, str, str, list[str], Post]]:
        """Yield language, name, slug and old addresses of each tag, and a post that names it."""
        for (key, language), (post, addresses) in self.addresses.items():
            name = self.tags[key][language]
            if slug := shortened(slugify(name, language), 100):
                yield language, name, slug, sorted(addresses), post

    def files(self) -> dict[str, dict]:
        series = {}
        for key, titles in self.series.items():
            series[key] = {language: {"title": title} for language, title in titles.items()}
        return {"tags.yaml": self.tags, "series.yaml": series}


def _key(words: str) -> str:
    return shortened(slugify(words, "en"), 100)
