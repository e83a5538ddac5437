"""Blocks as CommonMark lets them stand, rewritten to what python-markdown reads.

CommonMark (section 5.2) lets a list item's text begin where the words after its marker begin, so two, three or four
columns all nest, and lets a list, a fence or a table follow a paragraph without a blank line. Python-Markdown counts in
fours and wants the blank line. Whatever else stands in an item (paragraphs, fences, quotes) moves with it; the inside
of fences and of raw preformatted HTML keeps its shape.
"""

import re
from dataclasses import dataclass

from markdown.preprocessors import Preprocessor

STEP = 4

# A bullet, a number, or the colon of a definition, then the words.
MARKER = re.compile(r"([-*+]|\d{1,9}[.)]|:)(?: +|$)")
BULLETS = {"-", "*", "+"}
KINDS = {**dict.fromkeys(BULLETS, "bullets"), ":": "definitions"}
# What else holds indented blocks: footnotes, details and admonitions.
CONTAINER = re.compile(r"\[\^[^\]]+\]:|\?\?\?\+? |!!! ")
RULE = re.compile(r"([-*_])(?: *\1){2,} *$")
FENCE = re.compile(r"(`{3,}|~{3,})[^`]*$")
TABLE_RULE = re.compile(r"\|? *:?-+:? *(?:\| *:?-+:? *)+\|? *$|\| *:?-+:? *\|? *$")
RAW = re.compile(r"<(pre|script|style|textarea)\b|<(!--)", re.IGNORECASE)
# CommonMark, section 4.2: signs that end a heading stand apart from it, so those of "C#" are words.
CLOSING_SIGNS = re.compile(r"(?<=[^\s#\\])#+ *$")


@dataclass
class Holder:
    """An open list item or container: the columns where its content begins in the source and in what is given.

    `marker` is the column of a list's marker, `kind` what sort of list it is; a container has neither.
    """

    source: int
    target: int
    marker: int = 0
    kind: str = ""

    @property
    def is_list(self) -> bool:
        return self.kind in {"bullets", "numbers"}


class BlockIndentation(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return in_steps_of_four(lines)


def in_steps_of_four(lines: list[str]) -> list[str]:
    """Return lines (tabs expanded) with every list indented by four columns a level and parted from paragraphs."""
    return _Lines(lines).rewritten()


class _Lines:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.given: list[str] = []
        self.open: list[Holder] = []
        # True while the line before is text of a paragraph that a list would not part from by itself.
        self.in_paragraph = False
        # True while the line before is not blank.
        self.goes_on = False
        # The item of a list that the line at hand has left, the outermost of several.
        self.left: Holder | None = None
        # Where the block of lines without a blank one between them began.
        self.block_target = 0
        # The ends of raw elements that no line holds any more.
        self.unending: set[str] = set()

    def rewritten(self) -> list[str]:
        at = 0
        while at < len(self.lines):
            at = self.step(at)
        return self.given

    def step(self, at: int) -> int:
        """Give one line, or the lines of one fence, quote or raw element; return the next one's number."""
        line = self.lines[at]
        words = line.lstrip(" ")
        if not words:
            self.part()
            return at + 1
        column = len(line) - len(words)
        self.leave(words, column)
        inside = column - (self.open[-1].source if self.open else 0)
        # A marker may stand a little to the left of the words that it belongs under.
        if inside < STEP and (end := self.block(at, words, column)) is not None:
            return end
        self.text(at, words, max(inside, 0))
        return at + 1

    def leave(self, words: str, column: int) -> None:
        """Close what the column of a line is no part of any more."""
        self.left = None
        if not self.is_lazy(words, column):
            is_marker = bool(MARKER.match(words))
            while self.open and column < self.begin(self.open[-1], is_marker):
                self.left = self.open.pop()
            # Python-Markdown reads all lines of a block as indented like its first one.
            if self.left and self.goes_on and self.target() < self.block_target:
                self.part()
        if not self.goes_on:
            self.block_target = self.target()

    @staticmethod
    def begin(holder: Holder, is_marker: bool) -> int:
        """Return the column from which a line belongs to an item; two columns are enough to nest a list."""
        return min(holder.source, holder.marker + 2) if is_marker and holder.is_list else holder.source

    def block(self, at: int, words: str, column: int) -> int | None:
        """Give the block that begins here; return the number of the line after it, None where none begins."""
        if FENCE.match(words):
            return self.fence(at, words)
        if end := self.raw_end(at, words):
            return self.whole(at, end)
        if words.startswith(">"):
            return self.quote(at)
        if not self.opens(words, column):
            return None
        rest = words.partition(" ")[2].lstrip(" ")
        if FENCE.match(rest) and self.open[-1].is_list:
            # The fence is the first thing inside the item.
            self.lines[at] = " " * self.open[-1].source + rest
            return at
        return at + 1

    def text(self, at: int, words: str, inside: int) -> None:
        if self.goes_on and "|" in words and at + 1 < len(self.lines) and TABLE_RULE.match(self.lines[at + 1].strip()):
            self.part()
        if words.startswith("#"):
            words = CLOSING_SIGNS.sub(lambda signs: signs[0].replace("#", r"\#"), words)
        self.give(words if self.continues(words) else " " * (self.target() + inside) + words)
        self.in_paragraph = self.in_paragraph or not self.open or not self.goes_on
        self.goes_on = True

    def target(self) -> int:
        return self.open[-1].target if self.open else 0

    def give(self, line: str) -> None:
        self.given.append(line)

    def part(self) -> None:
        """Give a blank line: what follows is a block of its own."""
        self.give("")
        self.in_paragraph = self.goes_on = False
        self.block_target = self.target()

    def is_lazy(self, words: str, column: int) -> bool:
        """Return whether a line goes on with the paragraph above although it is not indented as far."""
        if not (self.goes_on and self.open and column < self.open[-1].source):
            return False
        return self.is_plain(words)

    def is_plain(self, words: str) -> bool:
        return not (MARKER.match(words) or CONTAINER.match(words) or FENCE.match(words) or words[0] in ">#<|")

    def continues(self, words: str) -> bool:
        """Return whether a line goes on with the words beside a list's marker: as such it needs no indentation."""
        beside_marker = self.goes_on and bool(self.open) and self.open[-1].is_list and not self.in_paragraph
        return beside_marker and self.is_plain(words)

    def opens(self, words: str, column: int) -> bool:
        """Give the first line of a list item or container, where the words begin one."""
        if CONTAINER.match(words):
            self.give(" " * self.target() + words)
            self.open.append(Holder(column + STEP, self.target() + STEP))
            # The words of a note begin a paragraph, those of a title do not.
            self.in_paragraph = self.goes_on = words.startswith("[")
            return True
        match = MARKER.match(words)
        if not match or RULE.match(words):
            return False
        marker, rest = match[1], words[match.end() :]
        if self.in_paragraph and marker != ":":
            # CommonMark: only a bullet or the number 1 begins a list in the middle of a paragraph.
            if not self.left and (not rest or marker.rstrip(".)") not in BULLETS | {"1"}):
                return False
            self.part()
        self.item(marker, "" if FENCE.match(rest) else rest, column, len(match[0]))
        return True

    def item(self, marker: str, rest: str, column: int, width: int) -> None:
        kind = KINDS.get(marker, "numbers")
        if self.left and self.left.is_list and kind != self.left.kind and self.goes_on:
            # Another marker begins another list.
            self.part()
        if not rest or width - len(marker) > STEP:
            # Nothing follows, or a block of code does.
            rest, width = " " * (width - len(marker) - 1) + rest, len(marker) + 1
        head = marker.replace(")", ".")
        gap = STEP - len(head) if kind == "definitions" else 1
        self.give(" " * self.target() + head + " " * gap + rest)
        self.open.append(Holder(column + width, self.target() + STEP, column, kind))
        self.in_paragraph, self.goes_on = False, True

    def whole(self, at: int, end: int) -> int:
        """Give lines that keep their shape, moved together to where their item's content begins."""
        source = self.open[-1].source if self.open else 0
        for line in self.lines[at:end]:
            kept = line[min(source, len(line) - len(line.lstrip(" "))) :]
            self.give(" " * self.target() + kept if kept else "")
        self.in_paragraph, self.goes_on = False, False
        return end

    def fence(self, at: int, words: str) -> int:
        """Give a fence with blank lines around it; one that nothing closes reaches to the end (CommonMark, 4.5)."""
        fence = FENCE.match(words)[1]
        closing = re.compile(rf" *{re.escape(fence[0])}{{{len(fence)},}} *$")
        end = next((end for end in range(at + 1, len(self.lines)) if closing.match(self.lines[end])), None)
        if self.goes_on:
            self.part()
        self.whole(at, len(self.lines) if end is None else end + 1)
        if end is None:
            self.given += [" " * self.target() + fence, "", ""]
            return len(self.lines)
        self.part()
        return end + 1

    def raw_end(self, at: int, words: str) -> int | None:
        """Return the number of the line after a raw element that begins here and ends further down."""
        raw = RAW.match(words)
        if raw is None:
            return None
        closing = "-->" if raw[2] else f"</{raw[1].lower()}"
        if closing in words.lower() or closing in self.unending:
            return None
        for end in range(at + 1, len(self.lines)):
            if closing in self.lines[end].lower():
                return end + 1
        self.unending.add(closing)
        return None

    def quote(self, at: int) -> int:
        """Give the lines of a quote, whose inside has lists of its own."""
        end = at
        while end < len(self.lines) and self.lines[end].lstrip(" ").startswith(">"):
            end += 1
        inner = [line.lstrip(" ")[1:].removeprefix(" ") for line in self.lines[at:end]]
        # A blank line at the end parts nothing, and would put a fence above it into a paragraph.
        text = "\n".join(in_steps_of_four(inner)).rstrip("\n")
        for line in text.split("\n"):
            self.give(f"{' ' * self.target()}> {line}" if line else " " * self.target() + ">")
        self.in_paragraph, self.goes_on = False, True
        return end
