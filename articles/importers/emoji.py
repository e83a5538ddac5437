"""Emoji that are written by their names, like :smile:, put in as signs."""

import re
from collections.abc import Iterator

from pymdownx import gemoji_db

from .lines import Change, Text, prose

NAME = re.compile(r"(?<!\w):[a-z0-9_+-]+:(?!\w)")


def with_emoji(text: Text) -> Text:
    return text.changed(_signs(text))


def _signs(text: Text) -> Iterator[Change]:
    for match in NAME.finditer(prose(text.body)):
        found = gemoji_db.emoji.get(match[0]) or gemoji_db.emoji.get(gemoji_db.aliases.get(match[0], "")) or {}
        if codes := found.get("unicode"):
            yield match.start(), match.end(), "".join(chr(int(code, 16)) for code in codes.split("-"))
