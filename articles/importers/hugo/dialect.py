"""What Goldmark reads otherwise than this site does: attributes of blocks and fences, emoji by their names."""

import re
from collections.abc import Callable, Iterator

from pymdownx import gemoji_db

from articles.importers.lines import Change, Text, prose

from .shortcodes import fence_attributes

# https://gohugo.io/content-management/markdown-attributes/
BLOCK_ATTRIBUTES = re.compile(r"^[ \t]*\{(?!:|\{|%)((?:[^{}\n\"']|\"[^\"\n]*\"|'[^'\n]*')+)\}[ \t]*$\n?", re.MULTILINE)
FENCE = re.compile(
    r"^([ \t>]*(?:[-*+] |\d+[.)] )*(?:`{3,}|~{3,}))[ \t]*([\w.#+-]*)[ \t]*\{([^}\n]*)\}[ \t]*$", re.MULTILINE
)
EMOJI = re.compile(r"(?<!\w):[a-z0-9_+-]+:(?!\w)")

Noting = Callable[[str, str, int], None]


def translated(text: Text, note: Noting, *, has_emoji: bool) -> Text:
    text = text.changed(_fences(text, note))
    text = text.changed(_blocks(text, note))
    return text.changed(_emoji(text)) if has_emoji else text


def _fences(text: Text, note: Noting) -> Iterator[Change]:
    for match in FENCE.finditer(text.body):
        attributes = fence_attributes(match[3])
        rest = re.sub(
            r"\b(?:hl_lines|linenos|linenostart)\s*=\s*(?:\[[^\]]*\]|\"[^\"]*\"|[\w-]+)", "", match[3], flags=re.I
        )
        if rest.strip(" ,"):
            note("an attribute of a block of code, left out:", rest.strip(" ,"), text.number_at(match.start()))
        yield match.start(), match.end(), f"{match[1]}{match[2]}{attributes}"


def _blocks(text: Text, note: Noting) -> Iterator[Change]:
    for match in BLOCK_ATTRIBUTES.finditer(prose(text.body)):
        if re.search(r"[.#=]", match[1]):
            note("attributes of a block, left out:", match[0].strip(), text.number_at(match.start()))
            yield match.start(), match.end(), ""


def _emoji(text: Text) -> Iterator[Change]:
    for match in EMOJI.finditer(prose(text.body)):
        if found := gemoji_db.emoji.get(match[0]) or gemoji_db.emoji.get(gemoji_db.aliases.get(match[0], "")):
            signs = found.get("unicode", "")
            if signs:
                yield match.start(), match.end(), "".join(chr(int(code, 16)) for code in signs.split("-"))
