"""The author's desk: what waits for somebody, what is scheduled, what changed lately; no text is loaded for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextChoices, prefetch_related_objects
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from . import languages
from .models import Article, Revision, UnsavedText, WorkingCopy
from .permissions import may_add, may_view, owned, published, written
from .translating import desk as translations

# As many lines as a list shows.
LISTED = 7
# What no list shows of an article.
UNWANTED = ["imported", *(languages.column(field, code) for field in ("summary", "body") for code in languages.codes())]


class Task(TextChoices):
    """A list of the desk, with its heading; the list of articles filters by the same."""

    DRAFTS = "drafts", _("My drafts")
    COPIES = "copies", _("Working copies that wait")
    UNTRANSLATED = "untranslated", _("To be translated")
    BEHIND = "behind", _("Translations behind")
    SCHEDULED = "scheduled", _("Scheduled")


@dataclass
class Line:
    """One line of a list: an article, and what the list says of it; of all its languages where none is named."""

    article: Article | None
    language: str = ""
    title: str = ""
    at: datetime | None = None
    revision: Revision | None = None
    # Of what was typed and not saved: its form, and the languages on it.
    form: UUID | None = None
    languages: tuple[str, ...] = ()
    # Of a translation that is behind: what there is to do in the text that is in work.
    passages: int = 0
    words: int = 0

    @property
    def shown_title(self) -> tuple[str, str]:
        """The title and its language; no title where none is written yet."""
        if self.title:
            return self.title, self.language
        return self.article.shown_title() if self.article else ("", "")


@dataclass(frozen=True)
class DeskList:
    """Some lines, and whether there are more."""

    lines: list[Line]
    has_more: bool

    @classmethod
    def of(cls, lines: list[Line]) -> "DeskList":
        return cls(lines[:LISTED], len(lines) > LISTED)


# Which articles a list holds


def drafts(articles: QuerySet, user: AbstractBaseUser) -> QuerySet:
    """Return somebody's own articles with a draft that they may write."""
    own = articles.filter(owned(user))
    return _any(lambda code: own.filter(written(user, code)).in_state(Article.State.DRAFT, code))


def untranslated(articles: QuerySet, user: AbstractBaseUser) -> QuerySet:
    """Return the articles that are live, but not in a language that somebody may write and readers wait for."""
    return _any(lambda code: _lacking(articles, user, code))


def behind(articles: QuerySet, user: AbstractBaseUser) -> QuerySet:
    """Return the articles with a translation that is behind its original, and that somebody may write."""
    return articles.filter(pk__in=_behind(user).values("article"))


def scheduled(articles: QuerySet, user: AbstractBaseUser) -> QuerySet:
    """Return the articles that are scheduled in a language."""
    return _any(lambda code: articles.in_state(Article.State.SCHEDULED, code))


def with_copies(articles: QuerySet, user: AbstractBaseUser) -> QuerySet:
    """Return the articles with a working copy that somebody wrote or may publish."""
    return articles.filter(pk__in=_copies(user).values("article"))


CHOSEN: dict[str, Callable[[QuerySet, AbstractBaseUser], QuerySet]] = {
    Task.DRAFTS: drafts,
    Task.COPIES: with_copies,
    Task.UNTRANSLATED: untranslated,
    Task.BEHIND: behind,
    Task.SCHEDULED: scheduled,
}


def _any(in_language: Callable[[str], QuerySet]) -> QuerySet:
    return reduce(or_, map(in_language, languages.codes()))


def _lacking(articles: QuerySet, user: AbstractBaseUser, language: str) -> QuerySet:
    """Return the articles that are live in another language, at most a draft in this one, and wanted in it."""
    others = (code for code in languages.codes() if code != language)
    live = reduce(or_, (articles.published(code) for code in others))
    live = live.exclude(pk__in=translations.unwanted(language).values("article"))
    return live.filter(written(user, language), **{f"{languages.column('published_at', language)}__isnull": True})


def _behind(user: AbstractBaseUser) -> QuerySet:
    """Return the translations that are behind and that somebody may write; none whose working copy answers all."""
    rows = translations.writable(translations.translations(), user)
    return rows.filter(state=translations.State.BEHIND, passages_left__gt=0)


def _copies(user: AbstractBaseUser) -> QuerySet:
    """Return the working copies that somebody wrote or may publish."""
    copies = WorkingCopy.objects.all()

    def in_language(code: str) -> QuerySet:
        own = Q(_of(written(user, code)), revision__created_by=user)
        return copies.filter(own | Q(_of(published(user, code))), language=code)

    return _any(in_language)


def _of(condition: Q) -> Exists:
    """Return the condition that the article of a row meets one, and is not deleted: looked up for each of few rows."""
    return Exists(Article.objects.kept().filter(condition, pk=OuterRef("article")))


# What its lines say


def desk(user: AbstractBaseUser) -> dict[str, DeskList]:
    """Return the lists of somebody's desk by their names: "unsaved", those of `Task`, "changes".

    There is none for whoever has nothing to do with articles. The number of queries does not grow with the articles.
    """
    if not may_view(user):
        return {}
    may_read = user.has_perm("articles.view_article") or user.has_perm("articles.change_article")
    found = {
        "unsaved": DeskList.of(_unsaved_lines(user)),
        Task.DRAFTS: DeskList.of(_draft_lines(user)),
        Task.COPIES: DeskList.of(_copy_lines(user)),
        Task.UNTRANSLATED: DeskList.of(_untranslated_lines(user)),
        Task.BEHIND: DeskList.of(_behind_lines(user)),
        Task.SCHEDULED: DeskList.of(_scheduled_lines() if may_read else []),
        "changes": DeskList.of(_changed_lines() if may_read else []),
    }
    _say_who_changed(found[Task.DRAFTS].lines + found[Task.UNTRANSLATED].lines)
    articles = [line.article for each in found.values() for line in each.lines if line.article]
    prefetch_related_objects(articles, "working_copies")
    return found


def _articles() -> QuerySet:
    return Article.objects.kept().defer(*UNWANTED)


def _unsaved_lines(user: AbstractBaseUser) -> list[Line]:
    """Return what somebody typed and may still write, a line for each form."""
    rows = UnsavedText.objects.filter(user=user).annotate(title=KT("fields__title")).defer("fields")
    places = Q(pk__in=[])
    for code in languages.codes():
        places |= Q(_of(written(user, code)), language=code)
    if may_add(user):
        places |= Q(article=None)
    rows = rows.filter(places).select_related("article").defer("fields", *(f"article__{name}" for name in UNWANTED))
    lines: dict[UUID, Line] = {}
    for row in rows[: (LISTED + 1) * len(languages.codes())]:
        line = lines.setdefault(row.form, Line(row.article, form=row.form, at=row.kept_at))
        line.languages = tuple(code for code in languages.codes() if code in {*line.languages, row.language})
        if row.title and not line.title:
            line.title, line.language = row.title, row.language
    return list(lines.values())


def _draft_lines(user: AbstractBaseUser) -> list[Line]:
    newest = drafts(_articles(), user).order_by(last_change().desc(nulls_last=True), "-pk")
    return [Line(article) for article in newest[: LISTED + 1]]


def last_change() -> Subquery:
    """Return the expression for the primary key of an article's newest text, to sort by."""
    texts = Revision.objects.filter(article=OuterRef("pk")).exclude(kind=Revision.Kind.SET_ASIDE)
    return Subquery(texts.order_by("-pk").values("pk")[:1])


def _copy_lines(user: AbstractBaseUser) -> list[Line]:
    copies = _copies(user).select_related("article", "revision__created_by").order_by("-revision")
    copies = copies.defer(*(f"article__{name}" for name in UNWANTED), *unwanted_of("revision__"))
    return [_revision_line(copy.article, copy.revision) for copy in copies[: LISTED + 1]]


def _untranslated_lines(user: AbstractBaseUser) -> list[Line]:
    """Return what lacks a language, the newest articles first."""
    lines = [
        Line(article, language=code)
        for code in languages.codes()
        for article in _lacking(_articles(), user, code).order_by("-pk")[: LISTED + 1]
    ]
    return sorted(lines, key=lambda line: -line.article.pk)


def _behind_lines(user: AbstractBaseUser) -> list[Line]:
    """Return the translations that are behind, those with most words to do first."""
    rows = translations.worst_first(_behind(user)).select_related("article")
    rows = rows.defer(*translations.LONG, *(f"article__{name}" for name in UNWANTED))[: LISTED + 1]
    return [Line(row.article, row.language, passages=row.passages_left, words=row.words_left) for row in rows]


def _scheduled_lines() -> list[Line]:
    """Return what goes live by itself, the soonest first."""
    lines = []
    for code in languages.codes():
        title, date = (languages.column(field, code) for field in ("title", "published_at"))
        soonest = _articles().in_state(Article.State.SCHEDULED, code).order_by(date, "pk")[: LISTED + 1]
        lines += [Line(each, code, getattr(each, title), getattr(each, date)) for each in soonest]
    return sorted(lines, key=lambda line: line.at)


def _changed_lines() -> list[Line]:
    texts = Revision.objects.last_changes("article", "language").filter(article__deleted_at=None)
    texts = texts.select_related("article", "created_by").order_by("-pk")
    texts = texts.defer(*unwanted_of(""), *(f"article__{name}" for name in UNWANTED))
    return [_revision_line(text.article, text) for text in texts[: LISTED + 1]]


def _revision_line(article: Article, revision: Revision) -> Line:
    return Line(article, revision.language, revision.title, revision.created_at, revision)


def unwanted_of(prefix: str) -> list[str]:
    """Return what no list shows of a revision; `prefix` leads to it from the rows that are asked for."""
    return [f"{prefix}{field}" for field in ("summary", "body", "shared")]


def _say_who_changed(lines: list[Line]) -> None:
    """Add to lines when and by whom their articles were last changed, in the language that they name or in any."""
    articles = {line.article.pk for line in lines}
    texts = Revision.objects.last_changes("article", "language").filter(article__in=articles).for_history()
    newest: dict[tuple[int, str], Revision] = {}
    for text in texts:
        newest.setdefault((text.article_id, ""), text)
        newest.setdefault((text.article_id, text.language), text)
    for line in lines:
        line.revision = newest.get((line.article.pk, line.language))
        line.at = line.revision and line.revision.created_at
