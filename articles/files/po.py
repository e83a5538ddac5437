"""One translation as a PO file of GNU gettext: what Weblate, Poedit and their like read and write.

A unit names its passages in both texts by references (#:), as the passages were counted when the file was written:
that is how it finds its place again.
"""

import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.blocks import blocks as cut
from articles.text import ArticleText
from articles.translating.source import BODY, SourceBlock
from articles.translating.units import State, Unit, Written

from .problems import FileRefused

FUZZY = "fuzzy"
LINE = re.compile(r"\(line (\d+)\)")
# What each string of a unit begins with.
STRING = re.compile(r"^msg", re.MULTILINE)
# Characters that polib copies in a second or so: it adds line to line, and copies what it has of a string each time.
MOST_COPIED = 20_000_000_000


def po_file(units: Iterable[Unit], source: list[SourceBlock], language: str, header: dict[str, str]) -> str:
    """Return the PO file of some units; `header` says what it was made from: see `Header`."""
    po = polib.POFile(wrapwidth=0)
    now = timezone.localtime().strftime("%Y-%m-%d %H:%M%z")
    po.metadata = {
        "Project-Id-Version": header["X-Article"],
        "POT-Creation-Date": now,
        "PO-Revision-Date": now,
        "Last-Translator": "",
        "Language-Team": language,
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    } | header
    names, seen = _names(source), Counter()
    for unit in units:
        po.append(_entry(unit, names, language, header["X-Source-Language"], seen))
    return str(po)


def _names(source: list[SourceBlock]) -> list[str]:
    """Return what the references call the blocks: title, summary, and the numbers of those in the body."""
    start = sum(block.field != BODY for block in source)
    return [block.field if block.field != BODY else str(at - start + 1) for at, block in enumerate(source)]


def _entry(unit: Unit, names: list[str], language: str, source_language: str, seen: Counter) -> polib.POEntry:
    context = None if unit.field == BODY else unit.field
    seen[context, unit.source] += 1
    if context is None and seen[context, unit.source] > 1:
        # Gettext takes each text once in each context.
        context = str(seen[context, unit.source])
    entry = polib.POEntry(
        msgctxt=context,
        msgid=unit.source,
        msgstr=unit.translation,
        comment="\n".join(_comments(unit)),
        obsolete=unit.state == State.REMOVED,
    )
    places = [(f"{source_language}:{names[place]}", "") for place in unit.places]
    entry.occurrences = [*places, *((f"{language}:{passage + 1}", "") for passage in unit.passages)]
    if unit.state == State.CHANGED:
        entry.flags.append(FUZZY)
    if unit.answered and unit.places:
        entry.previous_msgid = unit.answered
    return entry


def _comments(unit: Unit) -> Iterator[str]:
    if unit.is_copied:
        yield _("Copy: take it over as it is, but for words that people read.")
    if unit.state == State.LEFT_OUT:
        yield _("Left out of this language on purpose. Write a translation only where it is wanted after all.")
    if unit.state == State.MOVED:
        yield _("This passage stands elsewhere in the original by now. A file like this one cannot move it.")


@dataclass
class Entry:
    """A unit that came back: the line it begins on, its blocks in the source, and whether it answers them."""

    line: int
    written: Written
    field: str
    is_answer: bool


@dataclass
class Header:
    """What a PO file says that it was made from."""

    article: str
    language: str
    source_language: str
    version: str
    original: str


@dataclass
class ReadFile:
    header: Header
    po: polib.POFile = field(repr=False)

    def entries(self, source: list[SourceBlock], text: ArticleText) -> list[Entry]:
        """Return its units, each checked to name what stood in these two texts; raise FileRefused."""
        names = {name: place for place, name in enumerate(_names(source))}
        passages = {str(at + 1): at for at in range(len(cut(text.body)))}
        found = [self._entry(entry, source, names, passages) for entry in self.po if not entry.obsolete]
        for kind in ("places", "passages"):
            named = Counter(at for entry in found for at in getattr(entry.written, kind))
            twice = next((at for at, number in named.items() if number > 1), None)
            if twice is not None:
                line = [entry.line for entry in found if twice in getattr(entry.written, kind)][-1]
                raise FileRefused(_("Line %(line)d: two units name the same passage.") % {"line": line})
        return found

    def _entry(self, entry: polib.POEntry, source: list[SourceBlock], names: dict, passages: dict) -> Entry:
        said = [name if not line else f"{name}:{line}" for name, line in entry.occurrences]
        said = [tuple(name.partition(":")[::2]) for name in said]
        places = tuple(names.get(name, -1) for code, name in said if code == self.header.source_language)
        there = tuple(passages.get(name, -1) for code, name in said if code != self.header.source_language)
        if not places and not there:
            raise FileRefused(
                _("Line %(line)d: the references (“#:”) of this unit are gone, so nothing says where it belongs.")
                % {"line": entry.linenum}
            )
        is_known = bool(places) and -1 not in (*places, *there) and list(there) == sorted(there)
        if not is_known or "\n\n".join(source[place].text for place in places) != entry.msgid:
            raise FileRefused(
                _("Line %(line)d: this is not what the original said when the file was made.") % {"line": entry.linenum}
            )
        words = entry.msgstr.replace("\r\n", "\n").replace("\r", "\n")
        is_answer = bool(words.strip()) and FUZZY not in entry.flags
        return Entry(entry.linenum, Written(places, there, words), source[places[0]].field, is_answer)


def read_po(text: str) -> ReadFile:
    """Return what a PO file says; raise FileRefused, with the line where it is broken."""
    if sum(part.count("\n") * len(part) for part in STRING.split(text)) > MOST_COPIED:
        raise FileRefused(_("This PO file has comments or texts that are far longer than those of a translation."))
    with tempfile.TemporaryDirectory() as folder:
        # polib opens a text that names a file, and cuts other texts at more than line feeds.
        path = Path(folder) / "translation.po"
        path.write_text(text, encoding="utf-8", newline="\n")
        try:
            po = polib.pofile(str(path), encoding="utf-8")
        except (OSError, ValueError, IndexError) as error:
            line = LINE.search(str(error))
            if line is None:
                raise FileRefused(_("This is no PO file.")) from None
            raise FileRefused(_("Line %(line)s: this is no PO file, or a broken one.") % {"line": line[1]}) from None
    said = {key: po.metadata.get(f"X-{key}", "") for key in ("Article", "Source-Language", "Version", "Original")}
    if not said["Article"] or not said["Original"]:
        raise FileRefused(
            _("This PO file does not say which article it is of: its header was changed, or it is not from here.")
        )
    header = Header(
        said["Article"], po.metadata.get("Language", ""), said["Source-Language"], said["Version"], said["Original"]
    )
    return ReadFile(header, po)
