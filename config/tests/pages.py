"""The pages of the documentation: their blocks of commands, what runs these, their links and anchors."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings

ROOT = settings.BASE_DIR
FENCE = re.compile(r"^( *)```(\S*)$(.*?)^ *```$", re.M | re.S)
# A mark stands on the line above its block.
MARK = re.compile(r"<!-- (not run|run by): ((?:(?!-->).)*\S) -->\n\Z", re.S)
LINK = re.compile(r"\]\(([^()\s]+)\)|(?:src|srcset|href)=\"([^\"\s]+)\"")


@dataclass(frozen=True)
class Block:
    """Commands for a shell. `mark` is "not run", "run by", or "" where the block runs as it stands."""

    line: int
    commands: str
    mark: str = ""
    about: str = ""

    def words(self) -> set[str]:
        """Return the programs, subcommands, long options and variables: no values, paths, NAMES or numbers."""
        words = set()
        # Another test knows the commands of manage.py.
        commands = self.commands.replace("\\\n", " ").replace("./run manage ", "")
        without_files = re.sub(r"<<'?(\w+)'?.*?^\1$", "", commands, flags=re.M | re.S)
        lexer = shlex.shlex(without_files, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        for word in lexer:
            name = word.removeprefix("./").partition("=")[0]
            is_variable = "=" in word and re.fullmatch(r"[A-Z][A-Z_]+", name)
            if is_variable or re.fullmatch(r"(--)?[a-z][a-z0-9_-]*", name):
                words.add(name)
        return words


@dataclass(frozen=True)
class Page:
    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def prose(self) -> str:
        """The text without its fenced blocks."""
        return FENCE.sub("", self.text)

    @cached_property
    def languages(self) -> set[str]:
        """Return what its fenced blocks are written in; "" for plain text."""
        return {fence[2] for fence in FENCE.finditer(self.text)}

    @cached_property
    def blocks(self) -> list[Block]:
        return list(self._blocks())

    def _blocks(self) -> Iterator[Block]:
        for fence in FENCE.finditer(self.text):
            if fence[2] == "sh":
                before = self.text[: fence.start()]
                mark = MARK.search(before)
                commands = re.sub(f"^{fence[1]}", "", fence[3], flags=re.M).strip("\n")
                yield Block(before.count("\n") + 1, commands, *(mark.groups() if mark else ()))

    @cached_property
    def links(self) -> set[str]:
        """Return where it leads on this disk, as it is written: no address of another site."""
        found = {first or second for first, second in LINK.findall(self.prose)}
        return {link for link in found if not re.match(r"[a-z]+:", link)}

    @cached_property
    def anchors(self) -> set[str]:
        """Return the anchors of its headings, as GitHub makes them."""
        headings = re.findall(r"^#+ (.+)$", self.prose, re.M)
        return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def pages() -> list[Page]:
    """Return what operators and contributors read, README first."""
    return [Page(ROOT / "README.md"), Page(ROOT / "SECURITY.md"), *map(Page, sorted((ROOT / "docs").glob("*.md")))]
