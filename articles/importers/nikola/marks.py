"""What Nikola reads in a body besides Markdown: the end of a teaser, links by name, short codes.

https://getnikola.com/handbook.html#teasers, …#links and …#shortcodes. Its own short codes become those of Hugo or what
they stand for; the others are read as Hugo's, whose names and rules most of them share.
"""

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from articles.importers.hugo.shortcodes import ShortCodes
from articles.importers.lines import Text, prose
from articles.importers.post import Note, Post

from .site import NikolaSite, Source

TEASER = re.compile(r"<!--\s*(?:TEASER_END|END_TEASER)(?::[^>]*?)?\s*-->", re.IGNORECASE)
LINK = re.compile(r"link://(?P<kind>[a-z_]+)(?:/(?P<name>[^\s)>\"'#]*))?", re.IGNORECASE)
DOC = re.compile(
    r"\{\{%\s*doc(?:\s+title=(?P<quote>[\"']?)(?P<title>[^%]*?)(?P=quote))?\s*%\}\}(?P<slug>[^{]*)\{\{%\s*/doc\s*%\}\}"
)
THUMBNAIL = re.compile(r"\{\{%\s*thumbnail\b(?P<words>[^%]*)%\}\}(?:(?P<caption>[^{]*)\{\{%\s*/thumbnail\s*%\}\})?")
# Of a small image, which Nikola made itself.
SMALL = re.compile(r"(?<![^\s()\"'<>])(?P<name>[^\s()\"'<>]*)\.thumbnail(?P<ending>\.\w{3,4})\b")
MEDIA = re.compile(r"\{\{%\s*media\s+(?:url=)?[\"']?(?P<address>https?://[^\s\"'%]+)[\"']?[^%]*%\}\}")
GIST = re.compile(r"\{\{%\s*gist\s+(?P<id>\w+)(?:\s+[^%]*)?\s*%\}\}")
LISTING = re.compile(
    r"^(?P<margin>[ \t]*)\{\{%\s*listing\s+[\"']?(?P<name>[^\s\"'%]+)[\"']?(?:\s+(?P<language>[\w+#-]+))?[^%]*%\}\}",
    re.MULTILINE,
)
MOST_OF_A_LISTING = 100_000

# The address that a link by name means: its kind, its name, the language of the text. None: it is not here.
Resolve = Callable[[str, str, str], str | None]


def resolver(sources: list[Source], site: NikolaSite) -> Resolve:
    """Return what finds the addresses of texts and tags by their names."""
    by_slug: dict[str, Source] = {}
    for source in sources:
        for post in source.posts.values():
            by_slug.setdefault(post.slug, source)
    by_file = {source.name: source for source in sources}

    def resolve(kind: str, name: str, language: str) -> str | None:
        name = name.strip("/")
        if kind in ("tag", "category"):
            return site.paths_of_term(kind, language, name)[0]
        if kind in ("root", "root_path", "index"):
            return site.prefix
        source = {"slug": by_slug, "filename": by_file}.get(kind, {}).get(name)
        posts = list(source.posts.values()) if source else []
        return next((post.base for post in posts if post.language == language), posts[0].base if posts else None)

    return resolve


def with_addresses(post: Post, resolve: Resolve) -> list[Note]:
    """Write the addresses of the old site for links by name; return a note for each that leads nowhere."""
    notes: list[Note] = []
    text = Text(post.body, post.lines)

    def address_of(found: re.Match, number: int) -> str | None:
        address = resolve(found["kind"].lower(), unquote(found["name"] or ""), post.language)
        if address is None:
            notes.append(post.note("leads to nothing that is here: the link", found[0], number=number))
            return None
        return quote(address, safe="/:@!$&*+,;=~")

    text = _in_prose(text, LINK, address_of)
    post.body, post.lines = text.body, text.lines
    return notes


def rewritten(post: Post, resolve: Resolve) -> list[Note]:
    """Write what Nikola alone reads as this site reads it; return what could not be written so."""
    notes: list[Note] = []
    text = Text(post.body, post.lines)

    def note(words: str, about: str, line: int) -> None:
        notes.append(Note(post.source, line, words, about))

    def doc(found: re.Match, number: int) -> str | None:
        words, _, slug = found["slug"].strip().rstrip(">").rpartition("<")
        address = resolve("slug", slug.strip(), post.language)
        return f"[{found['title'] or words.strip()}]({quote(address)})" if address else None

    def large(found: re.Match, number: int) -> str | None:
        name = found["name"] + found["ending"]
        return name if post.local_file(name) and not post.local_file(found[0]) else None

    def embedded(address: str, number: int) -> str:
        note("embedded, and a link now:", address, text.lines[number - 1])
        return f"<{address}>"

    text = text.replaced(TEASER, lambda found, number: "<!-- more -->")
    text = text.replaced(DOC, doc)
    text = text.replaced(MEDIA, lambda found, number: embedded(found["address"], number))
    text = text.replaced(GIST, lambda found, number: embedded(f"https://gist.github.com/{found['id']}", number))
    text = text.replaced(LISTING, lambda found, number: _listing(found, post))
    text = text.replaced(THUMBNAIL, _figure)
    text = _in_prose(text, SMALL, large)
    text = ShortCodes("", lambda name: "", note).rewritten(text)
    post.body, post.lines = text.body, text.lines
    return notes


def _in_prose(text: Text, pattern: re.Pattern, words: Callable[[re.Match, int], str | None]) -> Text:
    found = ((match, words(match, text.number_at(match.start()))) for match in pattern.finditer(prose(text.body)))
    return text.changed((match.start(), match.end(), instead) for match, instead in found if instead is not None)


def _figure(found: re.Match, number: int) -> str:
    """A caption stands between the two tags there."""
    caption = " ".join((found["caption"] or "").replace('"', "”").split())
    return f"{{{{< figure {found['words'].strip()} " + (f'caption="{caption}" >}}}}' if caption else ">}}")


def _listing(found: re.Match, post: Post) -> str | None:
    """Return a file of the listings as a block of code, None where it is not here."""
    path = post.site.inside(post.site.root / "listings" / found["name"])
    data = path.read_bytes() if path and path.stat().st_size <= MOST_OF_A_LISTING else b"\0"
    if b"\0" in data:
        return None
    code = data.decode("utf-8", "replace").rstrip()
    marks = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`{3,}", code)), 3)
    lines = [f"{marks}{found['language'] or ''}", *code.splitlines(), marks]
    return "\n".join(f"{found['margin']}{line}" if line else "" for line in lines)
