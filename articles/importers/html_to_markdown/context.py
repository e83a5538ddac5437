"""What the walk through a tree of HTML knows at each place, and what it finds out about the whole."""

from dataclasses import dataclass, field, replace

from .nodes import Element
from .tree import HtmlRefused

# Lists and quotes in each other: as many as this site renders.
MAX_LEVELS = 20


@dataclass(frozen=True, order=True)
class Loss:
    """What could not be carried, or was carried otherwise; `line` counts from 1 within the HTML."""

    line: int
    text: str
    about: str = ""


@dataclass
class Findings:
    """What is said of the whole document: losses, names of footnotes, and the headings that links lead to."""

    losses: list[Loss] = field(default_factory=list)
    # What stands in a document many times is noted the first time.
    said: set[tuple[str, str]] = field(default_factory=set)
    footnotes: dict[str, str] = field(default_factory=dict)
    targets: set[str] = field(default_factory=set)
    # By how many levels headings are lowered: the title of the article is the heading of the first level.
    lower: int = 0

    def lose(self, element: Element, text: str, about: str = "", *, once: bool = False) -> None:
        if once and (text, about) in self.said:
            return
        self.said.add((text, about))
        self.losses.append(Loss(element.line, text, about))


@dataclass(frozen=True)
class Context:
    """Where the walk is. `keeps_lines`: a line end is a break and a blank line parts paragraphs, as in WordPress."""

    findings: Findings
    marks: tuple[str, ...] = ()
    is_line: bool = False
    levels: int = 0
    keeps_lines: bool = False

    def deeper(self, element: Element) -> "Context":
        if self.levels >= MAX_LEVELS:
            raise HtmlRefused(element.line, f"more than {MAX_LEVELS} lists, quotes and tables in each other")
        return replace(self, levels=self.levels + 1)

    def marked(self, *marks: str) -> "Context":
        new = tuple(mark for mark in marks if mark not in self.marks)
        return replace(self, marks=self.marks + new) if new else self


@dataclass(slots=True)
class Block:
    """Markdown without blank lines at its ends; a kind is "paragraph", "list" or "other"."""

    words: str
    line: int
    kind: str = "other"
