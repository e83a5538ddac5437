"""What Goldmark reads otherwise than this site does: attributes of blocks and fences, emoji by their names."""

import re
from collections.abc import Callable, Iterator

from articles.importers.emoji import with_emoji
from articles.importers.lines import Change, Text, prose

from .fences import fence_attributes

# https://gohugo.io/content-management/markdown-attributes/
BLOCK_ATTRIBUTES = re.compile(r"^[ \t]*\{(?!:|\{|%)((?:[^{}\n\"']|\"[^\"\n]*\"|'[^'\n]*')+)\}[ \t]*$\n?", re.MULTILINE)
FENCE = re.compile(
    r"^([ \t>]*(?:[-*+] |\d+[.)] )*(?:`{3,}|~{3,}))[ \t]*([\w.#+-]*)[ \t]*\{([^}\n]*)\}[ \t]*$", re.MULTILINE
)

# What would be an abbreviation explained here, and is words there.
ABBREVIATION = re.compile(r"^ {0,3}(?=\*\[[^\]\n]+\][ ]?:)", re.MULTILINE)

Noting = Callable[[str, str, int], None]


def translated(text: Text, note: Noting, *, has_emoji: bool) -> Text:
    text = text.changed(_fences(text, note))
    text = text.changed(_blocks(text, note))
    text = text.changed(_no_abbreviations(text))
    return with_emoji(text) if has_emoji else text


def _no_abbreviations(text: Text) -> Iterator[Change]:
    for match in ABBREVIATION.finditer(prose(text.body)):
        yield match.end(), match.end(), "\\"


def _fences(text: Text, note: Noting) -> Iterator[Change]:
    for match in FENCE.finditer(text.body):
        attributes = fence_attributes(match[3])
        rest = re.sub(
            r"\b(?:hl_lines|linenos|linenostart)\s*=\s*(?:\[[^\]]*\]|\"[^\"]*\"|[\w-]+)", "", match[3], flags=re.I
        )
        if rest.strip(" ,"):
            note("an attribute of a block of code, left out:", rest.strip(" ,"), text.line_at(match.start()))
        yield match.start(), match.end(), f"{match[1]}{match[2]}{attributes}"


def _blocks(text: Text, note: Noting) -> Iterator[Change]:
    for match in BLOCK_ATTRIBUTES.finditer(prose(text.body)):
        if re.search(r"[.#=]", match[1]):
            note("attributes of a block, left out:", match[0].strip(), text.line_at(match.start()))
            yield match.start(), match.end(), ""
