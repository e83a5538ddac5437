"""Which language each text of Ghost is in, and which texts are one.

Ghost knows one language. Its guides and its forum give a text an internal tag for its language, `#fr`, and pair texts
in one of these ways, which are asked in this order:

1. one internal tag on both, of its own for each pair: `#i18n-42`, `#pair-hello`, or any that stands on exactly one
   text of each language;
2. an internal tag on one that is the slug of the other: `#bonjour` on “hello”;
3. `<link rel="alternate" hreflang="fr" href="…/bonjour/">` in the code injection of one;
4. the canonical address of one that is the address of the other;
5. one slug with the language at its end or its beginning: hello and hello-fr, fr-hello;
6. one title, where Ghost has numbered the slug: hello and hello-2.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

PAIRING = re.compile(r"#?(?:hash-)?(?:i18n|pair|translation|trans|tr|group|lang-group|article)[-_:]", re.IGNORECASE)
NAMES = {"english": "en", "anglais": "en", "eng": "en", "french": "fr", "francais": "fr", "français": "fr", "fre": "fr"}
# What else a tag of two letters may mean: the other languages of blogs, which this site does not have.
OTHERS = {
    *("ar", "ca", "cs", "da", "de", "el", "es", "fa", "fi", "he", "hi", "hr", "hu", "id", "it", "ja", "ko", "nl", "no"),
    *("pl", "pt", "ro", "ru", "sk", "sv", "tr", "uk", "vi", "zh"),
}
TAG = re.compile(r"#?(?:hash-)?(?:lang(?:uage)?[-_:])?([a-zA-Zç]{2,8})(?:[-_][a-zA-Z]{2})?", re.IGNORECASE)
NUMBERED = re.compile(r"(.+)-\d+")


@dataclass
class Text:
    """What is asked of a text to find its twin."""

    id: str
    slug: str
    title: str
    language: str
    is_page: bool
    # Names of its internal tags, without the sign.
    internal: list[str] = field(default_factory=list)
    canonical: str = ""
    head: str = ""


def language_in(tags: Iterable[tuple[str, str, bool]], known: set[str]) -> tuple[str, str]:
    """Return the language that one of some tags names, and that tag's name; "" and "" for none.

    A tag comes as name, slug and whether it is internal. One that readers see names a language by its code alone.
    """
    for name, slug, is_internal in tags:
        match = TAG.fullmatch(name if is_internal else slug)
        code = match[1].lower() if match else ""
        code = NAMES.get(code, code) if is_internal else code
        if code in known or (is_internal and code in OTHERS):
            return code, name
    return "", ""


def paired(texts: list[Text]) -> dict[str, str]:
    """Return the name of each text's pair, by its id: the slug of its first text."""
    pairs = _Pairs(texts)
    for find in (
        pairs.by_tag,
        pairs.by_named_slug,
        pairs.by_alternate,
        pairs.by_canonical,
        pairs.by_suffix,
        pairs.by_title,
    ):
        for one, other in list(find()):
            pairs.join(one, other)
    return {text.id: f"{members[0].id}/{members[0].slug}" for members in pairs.members.values() for text in members}


class _Pairs:
    """Texts in groups, each of one text in each language."""

    def __init__(self, texts: list[Text]) -> None:
        self.texts = texts
        self.members: dict[str, list[Text]] = {text.id: [text] for text in texts}
        self.group = {text.id: text.id for text in texts}
        self.by_slug = {text.slug: text for text in texts}

    def join(self, one: Text, other: Text) -> None:
        """Make two groups one, where that leaves one text in each language."""
        first, second = self.group[one.id], self.group[other.id]
        if first == second:
            return
        members = self.members[first] + self.members[second]
        if len({text.language for text in members}) < len(members) or len({text.is_page for text in members}) > 1:
            return
        self.members[first] = members
        for text in self.members.pop(second):
            self.group[text.id] = first

    def by_tag(self) -> Iterator[tuple[Text, Text]]:
        tagged: dict[str, list[Text]] = defaultdict(list)
        for text in self.texts:
            for name in text.internal:
                tagged[name].append(text)
        for name, texts in tagged.items():
            is_of_each = len({text.language for text in texts}) == len(texts)
            if len(texts) > 1 and (is_of_each or PAIRING.match(name)):
                yield from ((texts[0], other) for other in texts[1:])

    def by_named_slug(self) -> Iterator[tuple[Text, Text]]:
        for text in self.texts:
            for name in text.internal:
                if other := self.by_slug.get(name):
                    yield text, other

    def by_alternate(self) -> Iterator[tuple[Text, Text]]:
        for text in self.texts:
            for address in alternates(text.head):
                if other := self.at(address):
                    yield text, other

    def by_canonical(self) -> Iterator[tuple[Text, Text]]:
        for text in self.texts:
            if text.canonical and (other := self.at(text.canonical)):
                yield text, other

    def at(self, address: str) -> Text | None:
        try:
            path = unquote(urlsplit(address).path)
        except ValueError:
            return None
        return self.by_slug.get(path.strip("/").rpartition("/")[2])

    def by_suffix(self) -> Iterator[tuple[Text, Text]]:
        plain: dict[str, Text] = {}
        for text in self.texts:
            first = plain.setdefault(_without_language(text), text)
            if first is not text:
                yield first, text

    def by_title(self) -> Iterator[tuple[Text, Text]]:
        for text in self.texts:
            match = NUMBERED.fullmatch(text.slug)
            other = self.by_slug.get(match[1]) if match else None
            if other and other.title == text.title:
                yield other, text


def _without_language(text: Text) -> str:
    return text.slug.removesuffix(f"-{text.language}").removeprefix(f"{text.language}-") or text.slug


class _Alternates(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "link" and values.get("hreflang") and values.get("href"):
            self.found.append(values["href"])


def alternates(head: str) -> list[str]:
    """Return the addresses that the code injection of a text names as its translations."""
    if "hreflang" not in head or len(head) > 100_000:
        return []
    parser = _Alternates()
    parser.feed(head)
    return parser.found
