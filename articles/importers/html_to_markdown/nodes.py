"""What a tree of HTML is made of: elements, words, and comments, each with its line."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Text:
    """A run of characters."""

    words: str
    line: int


@dataclass(slots=True)
class Comment:
    """What stands between `<!--` and `-->`, without spaces at its ends."""

    words: str
    line: int


@dataclass(slots=True, eq=False)
class Element:
    """An element; attributes without a value have an empty one."""

    name: str
    attributes: dict[str, str]
    line: int
    parent: "Element | None" = None
    children: list["Element | Text | Comment"] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def classes(self) -> list[str]:
        return self.get("class").split()

    def walk(self) -> Iterator["Element"]:
        """Yield the elements below this one, in order."""
        waiting = [child for child in reversed(self.children) if isinstance(child, Element)]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += [child for child in reversed(element.children) if isinstance(child, Element)]

    def first(self, *names: str) -> "Element | None":
        return next((element for element in self.walk() if element.name in names), None)

    def classed(self, name: str) -> "Element | None":
        return next((element for element in self.walk() if name in element.classes), None)

    def within(self, *names: str) -> "Element | None":
        """Return the nearest element around this one that has one of the names."""
        holder = self.parent
        while holder is not None and holder.name not in names:
            holder = holder.parent
        return holder

    @property
    def text(self) -> str:
        """All its characters; a break of a line is one of them."""
        parts, waiting = [], [self]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Text):
                parts.append(node.words)
            elif isinstance(node, Element):
                if node.name == "br":
                    parts.append("\n")
                waiting += reversed(node.children)
        return "".join(parts)

    def remove(self) -> None:
        if self.parent is not None:
            self.parent.children.remove(self)
            self.parent = None
