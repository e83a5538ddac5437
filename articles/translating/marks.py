"""The signs of a passage that its translation needs as well: addresses, images, notes, code, numbers; how it begins."""

import re
from dataclasses import dataclass

from articles.blocks import kind_of

from .source import SourceBlock

PATTERNS = {
    "image": re.compile(r"!\[[^\]]*\]\(\s*<?([^\s)>]+)"),
    "link": re.compile(r"(?:\]\(\s*<?|<(?=https?:)|^\[[^\]^][^\]]*\]:\s*<?)([^\s)>]+)", re.MULTILINE),
    "note": re.compile(r"(\[\^[^\]\s]+\])"),
    "code": re.compile(r"(?<!`)`([^`\n]+)`(?!`)"),
}
# Numbers in these are no numbers of the text.
UNREAD = re.compile(r"\]\([^)]*\)|<[^>\n]*>|\[\^[^\]]*\]|`[^`]*`|https?://\S+|^\s*\d+[.)]\s", re.MULTILINE)
# Small numbers may be written as words, and each language parts the digits in its own way.
NUMBER = re.compile(r"\d(?:[.,’' \u00a0\u2009\u202f]?\d)+")
NO_DIGIT = re.compile(r"\D")

DEFINITIONS = re.compile(r"(?:\[[^\]^][^\]]*\]:[^\n]*(?:\n|\Z))+")
# Kinds whose signs are many beside their words.
FULL_OF_SIGNS = ("code", "table", "image", "html")
HEADING, NOTE = re.compile(r"#{1,6} +"), re.compile(r"\[\^[^\]]+\]: *")
ITEM = re.compile(r"([-*+])[ \t]+|(\d{1,9})([.)])[ \t]+")


@dataclass(frozen=True)
class Mark:
    """Something to carry over; its kind is "image", "link", "note", "code" or "number"."""

    kind: str
    text: str


def marks(text: str) -> list[Mark]:
    """Return what a passage holds that its translation needs as well, each once; of a block of code nothing."""
    if kind_of(text) == "code":
        return []
    found = [Mark(kind, match[1]) for kind, pattern in PATTERNS.items() for match in pattern.finditer(text)]
    images = {mark.text for mark in found if mark.kind == "image"}
    found = [mark for mark in found if mark.kind != "link" or mark.text not in images]
    found += [Mark("number", match[0]) for match in NUMBER.finditer(UNREAD.sub(" ", text))]
    return list(dict.fromkeys(found))


def missing(original: str, translation: str) -> list[Mark]:
    """Return what a translation does not carry over."""
    there = set(map(_as_compared, marks(translation)))
    return [mark for mark in marks(original) if _as_compared(mark) not in there]


def _as_compared(mark: Mark) -> tuple[str, str]:
    return mark.kind, NO_DIGIT.sub("", mark.text) if mark.kind == "number" else mark.text


def is_copied(block: SourceBlock) -> bool:
    """Return whether a passage is mostly taken over as it is: code, a rule, addresses."""
    return block.field == "body" and (block.is_code or not block.words or bool(DEFINITIONS.fullmatch(block.text)))


def begins_as_copy(block: SourceBlock) -> bool:
    """Return whether a translator begins with the passage itself, since its signs would be hard to write."""
    return is_copied(block) or block.kind in FULL_OF_SIGNS


def with_marks_of(original: SourceBlock, words: str) -> str:
    """Return words with the signs that the original begins with, where they were typed without any.

    So a heading stays one, a quote a quote, a list a list.
    """
    if original.field != "body" or not words.strip() or kind_of(words) != "text":
        return words
    if mark := HEADING.match(original.text) or NOTE.match(original.text):
        return mark[0] + words.lstrip(" \t\n") if "\n" not in words.strip() or mark.re is NOTE else words
    if original.kind == "quote":
        return "\n".join(f"> {line}".rstrip(" ") for line in words.strip("\n").split("\n"))
    if mark := original.kind == "list" and ITEM.match(original.text):
        lines = [line for line in words.split("\n") if line.strip()]
        return "\n".join(_item(mark, number) + line for number, line in enumerate(lines))
    return words


def _item(mark: re.Match, number: int) -> str:
    return f"{int(mark[2]) + number}{mark[3]} " if mark[2] else f"{mark[1]} "
