"""A source text as the blocks that a translation answers one by one: its title, its summary, the blocks of its body."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache

from articles.blocks import blocks, kind_of
from articles.reading_time import word_count
from articles.text import ArticleText
from articles.word_differences import WORD

TITLE, SUMMARY, BODY = "title", "summary", "body"

# Numbers that name a note or an address, and stand for its place alone.
NUMBERED = re.compile(r"(?<=\[\^)\d+(?=\])|(?<=\]\[)\d+(?=\])|(?:(?<=^\[)|(?<=\n\[))\d+(?=\]:)")
# What each line of a quote begins with, wherever the lines are broken.
QUOTED = re.compile(r"\n {0,3}>[> ]*")


@dataclass(frozen=True)
class SourceBlock:
    """A block of a source text as it was written; `is_left_out` where a translation was told to do without it."""

    field: str
    text: str
    is_left_out: bool = False

    @cached_property
    def kind(self) -> str:
        """What `blocks.kind_of` says, "title" or "summary"."""
        return kind_of(self.text) if self.field == BODY else self.field

    @property
    def is_code(self) -> bool:
        return self.kind == "code"

    @cached_property
    def normal(self) -> str:
        """The text as it is compared: neither white space nor the numbering of references counts.

        In code the white space at the beginning of a line is a sign like any other.
        """
        if self.is_code:
            return "\n".join(line.rstrip() for line in self.text.strip("\n").split("\n"))
        text = self.text
        # Most texts have neither, and it takes a while to find none.
        text = QUOTED.sub("\n", text) if ">" in text else text
        text = NUMBERED.sub("", text) if any(sign in text for sign in ("[^", "][", "]:")) else text
        return " ".join(text.split())

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.field}\n{self.normal}".encode()).hexdigest()

    @cached_property
    def vocabulary(self) -> Counter:
        return Counter(WORD.findall(self.normal))

    @property
    def words(self) -> int:
        """How many words there are to translate; code is copied."""
        return 0 if self.is_code else word_count(self.text)


@lru_cache(maxsize=512)
def source_block(field: str, text: str, is_left_out: bool = False) -> SourceBlock:
    """Return a block, for the same words the same one: what is worked out of it is worked out once in a save."""
    return SourceBlock(field, text, is_left_out)


def source_blocks(text: ArticleText) -> list[SourceBlock]:
    """Return the blocks of a text in order; none for a text without words."""
    return list(_source_blocks(text))


@lru_cache(maxsize=4)
def _source_blocks(text: ArticleText) -> tuple[SourceBlock, ...]:
    """One save asks for those of the same texts again and again."""
    head = [source_block(field, value) for field, value in ((TITLE, text.title), (SUMMARY, text.summary)) if value]
    body = (source_block(BODY, block.strip("\n")) for block in blocks(text.body))
    return (*head, *(block for block in body if block.normal))
