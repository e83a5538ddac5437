"""HTML in Markdown: what this site shows nothing of is noted; what is embedded becomes a link to it."""

import re
from collections.abc import Callable, Iterator
from html import escape, unescape

from articles.markdown.sanitising import ATTRIBUTES, CLASSES, TAGS

from .lines import Text, prose
from .post import Note

# Takes a sentence, what it is about, and the line of the source.
Noting = Callable[[str, str, int], Note]

# Not the address of an image or a link, which may stand in such signs.
TAG = re.compile(r"(?<!\]\()<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^<>]*)?)/?>")
ATTRIBUTE = re.compile(r"([a-zA-Z_:@][\w:.@-]*)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
EMBEDDED = re.compile(
    r"<(iframe|video|audio|embed|object)\b([^<>]*)>(?:((?:(?!</?\1\b).)*?)</\1\s*>)?", re.DOTALL | re.IGNORECASE
)
SOURCE = re.compile(r"<source\b([^<>]*)>", re.IGNORECASE)
MATHEMATICS = re.compile(r"\$\$[^$]+\$\$|\\\\[(\[]|^[ \t]*+\\begin\{\w+", re.MULTILINE)

# What changes nothing that a reader would miss here: pages load images late and open links as the reader asks.
HARMLESS = {"target", "rel", "loading", "decoding", "markdown", "sizes", "srcset", "allowfullscreen", "frameborder"}
YOUTUBE = re.compile(r"(?:https?:)?//(?:www\.)?(?:youtube(?:-nocookie)?\.com/embed|youtu\.be)/([\w-]+)")
VIMEO = re.compile(r"(?:https?:)?//player\.vimeo\.com/video/(\d+)")


def attributes_of(text: str) -> dict[str, str]:
    """Return the attributes of a tag, by names in small letters, with their entities read."""
    return {name.lower(): unescape(value.strip("\"'")) for name, value in ATTRIBUTE.findall(text)}


def shown(text: Text, note: Noting, notes: list[Note]) -> Text:
    """Return a text whose embedded things are links, and add a note for each and for all that is not shown."""
    text = _with_links(text, note, notes)
    searched = prose(text.body)
    for match in TAG.finditer(searched):
        for words, about in _losses(match[1].lower(), match[2]):
            notes.append(note(words, about, text.line_at(match.start())))
    for match in MATHEMATICS.finditer(searched):
        line = text.line_at(match.start())
        notes.append(note("mathematics is shown as it is written:", match[0].strip()[:40], line))
    return text


def _losses(name: str, attributes: str) -> Iterator[tuple[str, str]]:
    if name not in TAGS:
        yield "HTML that this site does not show:", f"<{name}>"
        return
    allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(name, set()) | HARMLESS
    for attribute, value in attributes_of(attributes).items():
        if attribute not in allowed:
            yield "an HTML attribute that this site leaves out:", f"{attribute} in <{name}>"
        elif attribute == "class" and (unknown := [word for word in value.split() if word not in CLASSES]):
            yield "a class that means nothing to this site:", " ".join(unknown)


def _with_links(text: Text, note: Noting, notes: list[Note]) -> Text:
    searched, changes = prose(text.body), []
    for match in EMBEDDED.finditer(searched):
        attributes = attributes_of(match[2])
        inner = SOURCE.search(match[3] or "")
        within = attributes_of(inner[1]) if inner else {}
        address = attributes.get("src") or attributes.get("data") or within.get("src")
        if not address:
            continue
        address = page_of(address)
        words = attributes.get("title") or re.sub(r"^https?://(www\.)?", "", address)
        changes.append((match.start(), match.end(), f'<a href="{escape(address)}">{escape(words)}</a>'))
        notes.append(note("embedded, and a link now:", f"{match[1].lower()} {address}", text.line_at(match.start())))
    return text.changed(changes)


def page_of(address: str) -> str:
    """Return the address of the page of what is embedded."""
    if match := YOUTUBE.match(address):
        return f"https://www.youtube.com/watch?v={match[1]}"
    if match := VIMEO.match(address):
        return f"https://vimeo.com/{match[1]}"
    return f"https:{address}" if re.match(r"//[^/]", address) else address
