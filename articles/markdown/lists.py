"""Lists as CommonMark indents them, rewritten to what python-markdown reads.

CommonMark (section 5.2) lets a list item's text begin where the words after its marker begin, so two, three or four
columns all nest, and lets a list follow a paragraph without a blank line. Python-Markdown counts in fours and wants the
blank line. Whatever else stands in an item (paragraphs, fences, quotes) moves with it; the inside of fences and of
raw preformatted HTML keeps its shape.
"""

import re
from dataclasses import dataclass

from markdown.preprocessors import Preprocessor

STEP = 4

# A bullet, a number, or the colon of a definition, then the words.
MARKER = re.compile(r"([-*+]|\d{1,9}[.)]|:)(?: +|$)")
# What else holds indented blocks: footnotes and details.
CONTAINER = re.compile(r"\[\^[^\]]+\]:|\?\?\?\+? |!!! ")
RULE = re.compile(r"([-*_])(?: *\1){2,} *$")
FENCE = re.compile(r"(`{3,}|~{3,})[^`]*$")
RAW = re.compile(r"<(pre|script|style|textarea)\b|<(!--)", re.IGNORECASE)


@dataclass
class Holder:
    """An open list item or container: the columns where its content begins in the source and in what is given."""

    source: int
    target: int
    is_list: bool = False


class ListIndentation(Preprocessor):
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
        # True where the line at hand has left an item of a list.
        self.left = False
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
            self.give("")
            self.in_paragraph = self.goes_on = False
            return at + 1
        column = len(line) - len(words)
        self.left = False
        if not self.is_lazy(words, column):
            while self.open and column < self.open[-1].source:
                self.open.pop()
                self.left = True
            if self.left and self.goes_on and self.target() < self.block_target:
                # Python-Markdown reads all lines of a block as indented like its first one.
                self.give("")
                self.goes_on = self.in_paragraph = False
        if not self.goes_on:
            self.block_target = self.target()
        inside = column - (self.open[-1].source if self.open else 0)
        if 0 <= inside < STEP:
            if FENCE.match(words):
                return self.whole(at, self.fence_end(at, words))
            if end := self.raw_end(at, words):
                return self.whole(at, end)
            if words.startswith(">"):
                return self.quote(at)
            if self.opens(words, column):
                return at + 1
        self.give(words if self.continues(words) else " " * (self.target() + max(inside, 0)) + words)
        self.in_paragraph = self.in_paragraph or not self.open or not self.goes_on
        self.goes_on = True
        return at + 1

    def target(self) -> int:
        return self.open[-1].target if self.open else 0

    def give(self, line: str) -> None:
        self.given.append(line)

    def is_lazy(self, words: str, column: int) -> bool:
        """Return whether a line goes on with the paragraph above although it is not indented as far."""
        if not (self.goes_on and self.open and column < self.open[-1].source):
            return False
        return self.is_plain(words)

    def is_plain(self, words: str) -> bool:
        return not (MARKER.match(words) or CONTAINER.match(words) or FENCE.match(words) or words[0] in ">#<|")

    def continues(self, words: str) -> bool:
        """Return whether a line goes on with the words beside a list's marker: as such it needs no indentation."""
        return (
            self.goes_on
            and bool(self.open)
            and self.open[-1].is_list
            and not self.in_paragraph
            and self.is_plain(words)
        )

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
            if not self.left and (not rest or marker.rstrip(".)") not in {"-", "*", "+", "1"}):
                return False
            self.give("")
        width = len(match[0])
        if not rest or width - len(marker) > STEP:
            # Nothing follows, or a block of code does.
            rest, width = words[len(marker) + 1 :], len(marker) + 1
        head = marker.replace(")", ".")
        self.give(" " * self.target() + head + " " * max(1, (STEP - len(head)) * (marker == ":")) + rest)
        self.open.append(Holder(column + width, self.target() + STEP, is_list=marker != ":"))
        self.in_paragraph, self.goes_on = False, True
        return True

    def whole(self, at: int, end: int) -> int:
        """Give lines that keep their shape, moved together to where their item's content begins."""
        source = self.open[-1].source if self.open else 0
        for line in self.lines[at:end]:
            kept = line[min(source, len(line) - len(line.lstrip(" "))) :]
            self.give(" " * self.target() + kept if kept else "")
        self.in_paragraph, self.goes_on = False, False
        return end

    def fence_end(self, at: int, words: str) -> int:
        fence = FENCE.match(words)[1]
        closing = re.compile(rf" *{re.escape(fence[0])}{{{len(fence)},}} *$")
        for end in range(at + 1, len(self.lines)):
            if closing.match(self.lines[end]):
                return end + 1
        return len(self.lines)

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
        for line in in_steps_of_four(inner):
            self.give(f"{' ' * self.target()}> {line}".rstrip(" ") if line else " " * self.target() + ">")
        self.in_paragraph, self.goes_on = False, True
        return end
