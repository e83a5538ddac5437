"""An export of WordPress (WXR 1.0 to 1.2) read from end to end without the whole in memory.

https://github.com/WordPress/wordpress-develop/blob/trunk/src/wp-admin/includes/export.php
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from articles.files.problems import ImportProblems, Problem

CHUNK = 1 << 16
MAX_DEPTH = 30
# Characters of one element: no text is as long.
MAX_TEXT = 20_000_000
# WordPress exports what authors once pasted, though XML allows none of these.
CONTROLS = bytes(sorted({*range(1, 32)} - {9, 10, 13}))
DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)

RECORDS = {"item", "wp:author", "wp:category", "wp:tag", "wp:term"}
# Parts of an item that are records themselves.
PARTS = {"wp:postmeta", "wp:termmeta", "wp:comment"}


@dataclass
class Record:
    """An item, an author or a term, by the names of its elements; `lines` says where the words of each begin."""

    name: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    # What an item is filed under: taxonomy, slug, name.
    terms: list[tuple[str, str, str]] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    # A post that was renamed often has several of one name.
    old_slugs: list[str] = field(default_factory=list)
    comments: int = 0

    def get(self, name: str) -> str:
        return self.fields.get(name, "").strip()


def is_wxr(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(8192)
    except OSError:
        return False
    return b"<rss" in head and (b"wordpress.org/export/" in head or b"<wp:" in head)


def records(path: Path) -> Iterator[Record]:
    """Yield what an export holds, the channel's own fields last; raise ImportProblems with the line of a fault."""
    reader = _Reader(path)
    try:
        with path.open("rb") as file:
            yield from reader.read(file)
    except OSError as error:
        raise ImportProblems([Problem(path, 1, f"cannot be read: {error.strerror}")]) from None


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.buffer_size = CHUNK
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.words
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.skipped = 0
        self.depth = 0
        self.channel = Record("channel", 1)
        self.record: Record | None = None
        self.part: dict[str, str] | None = None
        self.attributes: dict[str, str] = {}
        self.text: list[str] = []
        self.length = self.began = 0
        self.ready: list[Record] = []

    def refuse(self, reason: str, line: int = 0) -> None:
        raise ImportProblems([Problem(self.path, line or self.line, reason)])

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber + self.skipped

    def read(self, file) -> Iterator[Record]:
        line, decoder, is_first = 1, None, True
        while chunk := file.read(CHUNK):
            if (at := chunk.find(0)) >= 0:
                self.refuse("a null character, which no text has", line + chunk.count(b"\n", 0, at))
            if is_first:
                chunk, decoder, is_first = *self.beginning(chunk), False
            if decoder:
                self.check(decoder, chunk, line)
            self.feed(chunk.translate(None, CONTROLS))
            line += chunk.count(b"\n")
            yield from self.ready
            self.ready.clear()
        self.feed(b"", is_last=True)
        yield self.channel

    def beginning(self, chunk: bytes) -> tuple[bytes, codecs.IncrementalDecoder | None]:
        """Take away the blank lines that careless plugins send first, and find out how to decode the rest."""
        stripped = chunk.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
        self.skipped = chunk.count(b"\n") - stripped.count(b"\n")
        declared = DECLARED.match(stripped)
        is_utf_8 = declared is None or declared[1].lower() in (b"utf-8", b"utf8")
        return stripped, codecs.getincrementaldecoder("utf-8")() if is_utf_8 else None

    def check(self, decoder: codecs.IncrementalDecoder, chunk: bytes, line: int) -> None:
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            self.refuse("not UTF-8", line + error.object.count(b"\n", 0, error.start))

    def feed(self, chunk: bytes, *, is_last: bool = False) -> None:
        try:
            self.parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            self.refuse(f"broken XML: {expat.ErrorString(error.code)}", error.lineno + self.skipped)

    def doctype(self, *declared: object) -> None:
        self.refuse("a document type declaration: no export of WordPress has one, and its entities are not read")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse(f"more than {MAX_DEPTH} elements in each other")
        if self.depth == 1 and name != "rss":
            self.refuse("no export of WordPress: it begins with another element than <rss>")
        if name in RECORDS and self.record is None:
            self.record = Record(name, self.line)
        elif name in PARTS and self.record is not None:
            self.part = {}
        # Words come later, and all at once: the parser is at their end then.
        self.attributes, self.text, self.length, self.began = attributes, [], 0, self.line

    def words(self, words: str) -> None:
        self.text.append(words)
        self.length += len(words)
        if self.length > MAX_TEXT:
            self.refuse(f"a text of more than {MAX_TEXT} characters")

    def end(self, name: str) -> None:
        self.depth -= 1
        record = self.record or self.channel
        words, self.text = "".join(self.text), []
        if name in PARTS:
            self.end_part(name, record)
        elif self.part is not None:
            self.part.setdefault(name, words)
        elif self.record is not None and name == self.record.name:
            self.ready.append(self.record)
            self.record = None
        elif name == "category" and self.record is not None:
            record.terms.append((self.attributes.get("domain", "category"), self.attributes.get("nicename", ""), words))
        elif name not in record.fields:
            record.fields[name] = words
            record.lines[name] = self.began

    def end_part(self, name: str, record: Record) -> None:
        part, self.part = self.part or {}, None
        if name == "wp:comment":
            record.comments += 1
            return
        key, value = part.get("wp:meta_key", "").strip(), part.get("wp:meta_value", "")
        if key == "_wp_old_slug":
            record.old_slugs.append(value.strip())
        record.meta.setdefault(key, value)
