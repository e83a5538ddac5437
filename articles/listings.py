"""The pages that list articles: of a tag, a series, an author, a year, a month, and the archive that leads to them."""

from datetime import datetime

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import ListView, TemplateView

from . import archive, languages
from .models import Article, Author, Series, Slugged, Tag
from .prepared import prepared
from .querysets import ArticleQuerySet
from .redirects import redirect_to
from .teasers import with_tags

PAGE_SIZE = 10
# Far beyond any list, and far from where a database counts no more.
LAST_PAGE = 100_000


class ArticleListView(ListView):
    """The live articles of one language in pages of ten, newest first, and the same page in the other languages.

    No page says how many there are: each asks for one article more than it shows, so that a long list costs what a
    short one does.
    """

    paginate_by = PAGE_SIZE

    # What `articles_in` is given before its values: its SQL differs by it.
    kind: tuple = ()

    @classmethod
    def articles_in(cls, language: str, *, now: datetime) -> ArticleQuerySet:
        """Return the live articles that the list holds in a language, in any order."""
        return Article.objects.published(language, at=now)

    def values(self) -> dict:
        """Return what `articles_in` is given by name."""
        return {"now": timezone.now()}

    def path_in(self, language: str) -> str:
        """Return the path of the list's first page in a language; "" where there is none."""
        raise NotImplementedError

    @staticmethod
    def in_order(articles: ArticleQuerySet, language: str) -> ArticleQuerySet:
        return articles.newest_first(language)

    def get_queryset(self) -> list[Article]:
        """Return the articles of the page, and the first one of the next."""
        articles = _page(languages.active(), type(self), self.before, *self.kind, **self.values())
        if self.before and not articles:
            raise Http404
        return articles

    def paginate_queryset(self, articles: list[Article], page_size: int) -> tuple:
        paginator = self.get_paginator(articles, page_size)
        paginator.count = self.before + len(articles)
        shown = with_tags(articles[:page_size], languages.active())
        page = Page(shown, self.page_number, paginator)
        return paginator, page, page.object_list, page.has_other_pages()

    @cached_property
    def page_number(self) -> int:
        text = self.request.GET.get(self.page_kwarg, "1")
        if not (text.isascii() and text.isdigit() and len(text) < 7 and 1 <= int(text) <= LAST_PAGE):
            raise Http404
        return int(text)

    @property
    def before(self) -> int:
        """The number of articles on the pages before this one."""
        return (self.page_number - 1) * PAGE_SIZE

    @cached_property
    def reached(self) -> set[str]:
        """The languages in which the list is long enough to have this page, the active one among them."""
        others = [code for code in languages.codes() if code != languages.active()]
        reached = [code for code in others if _first(code, type(self), self.before, *self.kind, **self.values())]
        return {languages.active(), *reached}

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(
            alternates={code: self._address_in(code) for code in languages.codes()}, **kwargs
        )

    def _address_in(self, language: str) -> str | None:
        """Return the path of this page of the list in a language; None where the list is not that long."""
        path, number = self.path_in(language), self.page_number
        if number == 1:
            return path or None
        return f"{path}?page={number}" if language in self.reached else None


@prepared
def _page(language: str, view: type[ArticleListView], before: int, *kind, **values) -> QuerySet:
    # Keys alone first: whatever a database has to sort, it sorts without the words of the list.
    keys = view.in_order(view.articles_in(language, *kind, **values), language).values("pk")
    chosen = Article.objects.filter(pk__in=keys[before : before + PAGE_SIZE + 1])
    return view.in_order(chosen, language).for_listing(language)


@prepared
def _first(language: str, view: type[ArticleListView], before: int, *kind, **values) -> QuerySet:
    return view.articles_in(language, *kind, **values).order_by().only("pk")[before : before + 1]


class SubjectDetailView(ArticleListView):
    """What a tag, a series or an author lists. A slug that changed, or of another language, leads to the right one."""

    template_name = "articles/subject_detail.html"
    model: type[Slugged]
    is_numbered = False

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.subject = subject_at(self.model, self.kwargs["slug"])
        if self.subject is None:
            return self._moved()
        self.kind = (self.subject.lists_many,)
        return super().get(request, *args, **kwargs)

    def _moved(self) -> HttpResponse:
        subject = self.model.objects.with_articles().meant_by(self.kwargs["slug"])
        if subject is None:
            raise Http404
        return redirect_to(self.request, subject.get_absolute_url())

    @classmethod
    def articles_in(cls, language: str, are_many: bool, *, now: datetime, subject: int) -> ArticleQuerySet:
        return super().articles_in(language, now=now).listed_by(cls.model, subject, are_many)

    def values(self) -> dict:
        return super().values() | {"subject": self.subject.pk}

    def path_in(self, language: str) -> str:
        return self.subject.get_absolute_url(language) if language in self.reached else ""

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(subject=self.subject, **kwargs)


def subject_at(kind: type[Slugged], slug: str) -> Slugged | None:
    """Return the tag, series or author whose page is at a slug in the active language."""
    return _with_page.first(languages.active(), kind, slug=slug, now=timezone.now())


@prepared
def _with_page(language: str, kind: type[Slugged], *, slug: str, now: datetime) -> QuerySet:
    return kind.objects.with_articles(language, at=now).at_slug(slug, language)


class TagDetailView(SubjectDetailView):
    model = Tag


class AuthorDetailView(SubjectDetailView):
    model = Author


class SeriesDetailView(SubjectDetailView):
    """The parts of a series, in their order."""

    model = Series
    is_numbered = True

    @staticmethod
    def in_order(articles: ArticleQuerySet, language: str) -> ArticleQuerySet:
        return articles.in_order_of_parts(language)


class PeriodView(ArticleListView):
    """The articles of a year or of a month, in the site's time zone."""

    template_name = "articles/archive_period.html"
    allow_empty = False

    @cached_property
    def period(self) -> archive.Period:
        period = archive.Period.of(self.kwargs["year"], self.kwargs.get("month"))
        if period is None:
            raise Http404
        return period

    @classmethod
    def articles_in(cls, language: str, *, first: datetime, last: datetime) -> ArticleQuerySet:
        return Article.objects.dated_within(first, last, language)

    def values(self) -> dict:
        return self.period.bounds

    def path_in(self, language: str) -> str:
        return self.period.path_in(language) if language in self.reached else ""

    def get_context_data(self, **kwargs) -> dict:
        months = [] if self.period.month else archive.months_of(self.period, languages.active())
        return super().get_context_data(period=self.period, months=months, **kwargs)


class ArchiveView(TemplateView):
    """All ways to the articles of a language: years, tags, series, authors."""

    template_name = "articles/archive.html"

    def get_context_data(self, **kwargs) -> dict:
        language, now = languages.active(), timezone.now()
        return super().get_context_data(
            years=archive.years_in(language),
            tags=_with_pages(language, Tag, now=now),
            all_series=_with_pages(language, Series, now=now),
            authors=_with_pages(language, Author, now=now),
            **kwargs,
        )


@prepared
def _with_pages(language: str, kind: type[Slugged], *, now: datetime) -> QuerySet:
    return kind.objects.with_articles(language, at=now).in_alphabetical_order(language)


def to_archive(request: HttpRequest) -> HttpResponse:
    """Lead from an address whose end was cut off to the archive."""
    return redirect_to(request, reverse("articles:archive"))
