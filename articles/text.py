"""What an author writes of an article in one language, as one value that can be compared and kept."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

# No-break spaces are the author's: they are not among these.
SPACES = re.compile(r"[ \t\n\v\f\r]+")


@dataclass(frozen=True)
class ArticleText:
    """The text of one article in one language, in normal form, so that equal texts compare equal.

    Line ends are line feeds, surrounding white space of one-line fields is gone, an empty slug is None, and the date
    has whole seconds: as much as a form carries to the browser and back.
    """

    title: str = ""
    slug: str | None = None
    summary: str = ""
    body: str = ""
    published_at: datetime | None = None

    FIELDS: ClassVar[tuple[str, ...]] = ("title", "slug", "summary", "body", "published_at")

    def __post_init__(self) -> None:
        date = self.published_at
        normal = {
            "title": in_one_line(self.title or ""),
            "slug": (self.slug or "").strip() or None,
            "summary": with_line_feeds(self.summary or "").strip(" \t\n"),
            "body": with_line_feeds(self.body or ""),
            "published_at": date.replace(microsecond=0) if date else None,
        }
        for field, value in normal.items():
            object.__setattr__(self, field, value)

    @property
    def is_started(self) -> bool:
        """True where there is anything at all to read or to date."""
        return bool(self.title or self.summary or self.body.strip() or self.slug or self.published_at)

    def is_live_at(self, moment: datetime) -> bool:
        return self.published_at is not None and self.published_at <= moment

    def reads_like(self, other: "ArticleText") -> bool:
        """True where a reader finds the same words, whatever the address and the date."""
        return (self.title, self.summary, self.body) == (other.title, other.summary, other.body)


def in_one_line(text: str) -> str:
    return SPACES.sub(" ", text).strip(" ")


def with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
