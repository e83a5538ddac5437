"""What the page of a translation shows, passage by passage: which rows, which one is open, how much is left to do."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.contrib.auth.models import AbstractBaseUser
from django.core.paginator import Page, Paginator
from django.http import QueryDict

from articles import languages
from articles.matching import Budget
from articles.models import Article, Revision, content_of
from articles.permissions import may_publish
from articles.translating import kept
from articles.translating.marks import begins_as_copy, is_copied, marks
from articles.translating.side_by_side import Row, side_by_side
from articles.translating.staleness import Kind

from .keys import key_in
from .moved_on import html_change

ROWS = 100


@dataclass
class Typed:
    """What came of a passage that was not saved: its row's name, the words that were typed, why they are still here."""

    name: str
    words: str
    errors: list[str]
    is_conflict: bool


class TranslationPage:
    """One article in one language beside its original, as a request asks for it."""

    def __init__(self, article: Article, language: str, user: AbstractBaseUser, asked: QueryDict) -> None:
        self.article, self.language, self.user, self.asked = article, language, user, asked
        self.base: Revision | None = article.in_work(language)
        self.seen: Revision | None = article.latest_revision(article.source_language)
        self.text = content_of(self.base)
        self.comparison = kept.comparison(article, language)
        self.rows = side_by_side(self.comparison, self.text)
        self.typed: Typed | None = None

    @cached_property
    def open_row(self) -> Row | None:
        """Return the row that has a field: a title comes before all, then the one asked for, then what is to do."""
        if self.typed:
            return next((row for row in self.rows if row.name == self.typed.name), None)
        if not self.text.title:
            return self.rows[0]
        key, number = self.asked.get("key", ""), key_in(self.asked.get("row", ""))
        named = (row for row in self.rows if (key and row.key == key) or row.number == number)
        found = next(named, None)
        if found or "page" in self.asked:
            return found
        return self.open_after(0)

    def open_after(self, number: int, but: str = "") -> Row | None:
        """Return the next row that is to do, beginning again at the top; not the one of the change `but`."""
        todo = [row for row in self.rows if row.is_open and row.key != but]
        return next((row for row in todo if row.number > number), todo[0] if todo else None)

    @property
    def is_filtered(self) -> bool:
        return self.asked.get("only") == "open"

    @property
    def is_live(self) -> bool:
        """True where what is saved shall be in the readers' sight at once."""
        return self.asks_for_live and self.asked.get("live") == "1"

    @cached_property
    def asks_for_live(self) -> bool:
        """Whether there is a choice between a working copy and the readers' text."""
        is_dated = self.article.state_in(self.language) in {Article.State.LIVE, Article.State.SCHEDULED}
        is_copy = bool(self.base and self.base.is_working_copy)
        return is_dated and not is_copy and may_publish(self.user, self.article, self.language)

    def address(self, **more: object) -> str:
        """Return the query that leads to another row, with the choices that stay."""
        staying = {name: self.asked[name] for name in ("only", "live") if self.asked.get(name)}
        return "?" + urlencode({name: value for name, value in (staying | more).items() if value})

    @cached_property
    def shown(self) -> Page:
        """Return the page of rows with the open one."""
        rows = [row for row in self.rows if row.is_open or row is self.open_row] if self.is_filtered else self.rows
        asked = self.asked.get("page")
        if self.open_row:
            asked = 1 + next(at for at, row in enumerate(rows) if row is self.open_row) // ROWS
        return Paginator(rows, ROWS).get_page(asked)

    @property
    def done(self) -> int:
        return sum(not row.is_open for row in self.rows)

    def context(self) -> dict:
        """Return what templates/admin/articles/article/translate.html shows."""
        row, budget = self.open_row, Budget()
        shown = [
            (each, self._difference(each, budget), self.address(row=each.number)) for each in self.shown.object_list
        ]
        numbers = self.shown.paginator.get_elided_page_range(self.shown.number)
        pending = kept.pending_comparison(self.article)
        return {
            "language": self.language,
            "language_name": languages.name_in_sentence(self.language),
            "source_language": self.article.source_language,
            "page": self,
            "rows": shown,
            "pages": [(number, self.address(page=number) if isinstance(number, int) else "") for number in numbers],
            "ways": [self.address(only=""), self.address(only="open")],
            "other_goal": self.address(live="" if self.is_live else "1", row=row and row.number),
            "total": len(self.rows),
            "words": self.comparison.words,
            "state": self.article.state_in(self.language),
            "is_copy": bool(self.base and self.base.is_working_copy),
            "pending": len(pending.changes) if pending else 0,
            "open": row and self._open(row),
        }

    def _difference(self, row: Row, budget: Budget) -> str:
        return html_change(row.change, budget) if row.state == Kind.CHANGED else ""

    def _open(self, row: Row) -> dict:
        """Return what stands in the field of the open row, and around it."""
        original = None if row.is_gone else row.original
        begins = bool(original and not row.words and row.state == Kind.ADDED and begins_as_copy(original))
        words = original.text if begins else row.words
        if self.typed:
            words = self.typed.words
        after = next((each for each in self.rows if each.number > row.number and each.is_open), None)
        return {
            "row": row,
            "words": words,
            "lines": min(
                24, max(3, 2 + words.count("\n") + len(words or (row.original and row.original.text) or "") // 60)
            ),
            "begins_as_copy": begins,
            "is_copied": bool(original and is_copied(original)),
            "marks": marks(original.text) if original else [],
            "needs_title": not self.text.title,
            "may_leave_out": bool(row.change and not row.words and row.place.field != "title" and not row.is_gone),
            "skip": self.address(row=after.number) if after else self.address(row=(self.open_after(0) or row).number),
        }
