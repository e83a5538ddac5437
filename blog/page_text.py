"""What an author writes of a page in one language, as one value that can be compared and kept."""

from dataclasses import dataclass
from typing import ClassVar

from articles.text import in_one_line, with_line_feeds


@dataclass(frozen=True)
class PageText:
    """The text of one page in one language, in normal form, so that equal texts compare equal.

    Line ends are line feeds, surrounding white space of one-line fields is gone, and an empty slug is None.
    """

    title: str = ""
    slug: str | None = None
    description: str = ""
    body: str = ""
    is_live: bool = False

    FIELDS: ClassVar[tuple[str, ...]] = ("title", "slug", "description", "is_live", "body")

    def __post_init__(self) -> None:
        normal = {
            "title": in_one_line(self.title or ""),
            "slug": (self.slug or "").strip() or None,
            "description": in_one_line(self.description or ""),
            "body": with_line_feeds(self.body or ""),
            "is_live": bool(self.is_live),
        }
        for field, value in normal.items():
            object.__setattr__(self, field, value)

    @property
    def is_written(self) -> bool:
        return self != PageText()
