"""One passage of a text, by its place: read, written anew, put somewhere else. All other bytes stay as they are."""

import re
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.blocks import blocks
from articles.text import ArticleText, with_line_feeds

from .source import BODY, SUMMARY, TITLE

BLANK_LINES = re.compile(r"(?:[ \t]*\n)*")
# No-break spaces are the author's.
SPACES = " \t\n"
NAME = re.compile(r"(title|summary)|([0-9]{1,6})-([0-9]{1,6})")


@dataclass(frozen=True)
class Place:
    """A field, or of a body the blocks from `start` up to `end`, in the words of a form: "title", "3-4".

    Where start and end are one, nothing stands there yet.
    """

    field: str
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        return f"{self.start}-{self.end}" if self.field == BODY else self.field

    @classmethod
    def named(cls, name: str) -> "Place | None":
        """Return the place that a form names, None where that is no name of one."""
        match = NAME.fullmatch(name)
        if match is None:
            return None
        place = cls(match[1]) if match[1] else cls(BODY, int(match[2]), int(match[3]))
        return place if place.start <= place.end else None

    def is_in(self, text: ArticleText) -> bool:
        """Return whether a text has as many blocks."""
        return self.field != BODY or self.end <= len(blocks(text.body))


def words_at(text: ArticleText, place: Place) -> str:
    """Return what stands at a place, without the blank lines around it."""
    if place.field != BODY:
        return getattr(text, place.field)
    return "".join(blocks(text.body)[place.start : place.end]).strip("\n")


def with_words(text: ArticleText, place: Place, words: str) -> ArticleText:
    """Return a text with other words at a place; without any, the place is gone.

    Raise ValidationError where they would flow into the passage before or behind.
    """
    words = with_line_feeds(words)
    if place.field in (TITLE, SUMMARY):
        return replace(text, **{place.field: words})
    parts = blocks(text.body)
    before, old, behind = parts[: place.start], parts[place.start : place.end], parts[place.end :]
    new = [_in_the_place_of("".join(old), words, before, behind)] if words.strip(SPACES) else []
    if new and not (before or old) and behind:
        # The blank lines at the very beginning stay there.
        lead = BLANK_LINES.match(behind[0])[0]
        new, behind = [lead, *new], [part for part in (behind[0][len(lead) :], *behind[1:]) if part]
    result = replace(text, body=_chained([*before, *new, *behind]))
    _refuse_to_flow_over(before, behind, blocks(result.body))
    return result


def with_passage_moved(text: ArticleText, place: Place, to: int, words: str | None = None) -> ArticleText:
    """Return a text whose passage at a place stands before the block `to` instead, with other `words` if there are."""
    words, count = words or words_at(text, place), place.end - place.start
    without = with_words(text, place, "")
    at = to - count if to >= place.end else min(to, place.start)
    return with_words(without, Place(BODY, at, at), words)


def _in_the_place_of(old: str, words: str, before: list[str], behind: list[str]) -> str:
    """Return words with the blank lines of what they replace."""
    inner = old.rstrip(SPACES)
    end = old[len(inner) :]
    if not old:
        # As a new last passage it ends as the last one ended.
        end = "\n\n" if behind else _end_of(before)
    return BLANK_LINES.match(inner)[0] + words.strip(SPACES) + end


def _end_of(parts: list[str]) -> str:
    return parts[-1][len(parts[-1].rstrip("\n")) :] if parts else ""


def _chained(parts: list[str]) -> str:
    """Return blocks as one body: a blank line parts those that it did not part."""
    ended = (part if not part or _ends_blank(part) else part.rstrip("\n") + "\n\n" for part in parts[:-1])
    return "".join([*ended, *parts[-1:]])


def _ends_blank(part: str) -> bool:
    return part.endswith("\n") and not part.splitlines()[-1].strip()


def _refuse_to_flow_over(before: list[str], behind: list[str], result: list[str]) -> None:
    """Raise ValidationError where the blocks around a passage are not what they were."""
    ends = len(result) - len(behind)
    kept = [block.rstrip("\n") for block in result[: len(before)]] == [block.rstrip("\n") for block in before]
    if ends < len(before) or not kept or result[ends:] != behind:
        raise ValidationError(
            _(
                "Written like this, the passage would flow into the one before or behind it. "
                "Begin at the start of a line, and close each fence of code."
            )
        )
