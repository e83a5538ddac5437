"""The pages that list articles: of a tag, a series, an author, a year, a month, and the archive that leads to them."""

from datetime import datetime
from functools import cache

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
# A page after so many articles is not reached by passing them all over, but from the year or month that holds it.
FAR = 1000


class ArticleListView(ListView):
    """The live articles of one language in pages of ten, newest first, and the same page in the other languages.

    No page says how many there are: each asks for one article more than it shows, so that a long list costs what a
    short one does.
    """

    paginate_by = PAGE_SIZE

    def articles_in(self, language: str, at: datetime | None = None) -> ArticleQuerySet:
        """Return the live articles that the list holds in a language, in any order; those that it held at a time."""
        return Article.objects.published(language, at)

    def periods_in(self, language: str) -> list[archive.Period] | None:
        """Return the periods of all that the list holds, newest first, with counts; None where that is no help."""
        return archive.years_in(language)

    def path_in(self, language: str) -> str:
        """Return the path of the list's first page in a language; "" where there is none."""
        raise NotImplementedError

    def in_order(self, articles: ArticleQuerySet) -> ArticleQuerySet:
        return articles.newest_first()

    def get_queryset(self) -> ArticleQuerySet:
        # The rows of the page are asked for below.
        return Article.objects.none()

    def get_allow_empty(self) -> bool:
        return True

    def paginate_queryset(self, queryset: ArticleQuerySet, page_size: int) -> tuple:
        # Keys alone first: what a database sorts or passes over, it does without the words of the list.
        keys = list(self._from_page(languages.active()).values_list("pk", flat=True)[: page_size + 1])
        if not keys and (self.before or not self.allow_empty):
            raise Http404
        rows = {article.pk: article for article in _rows(languages.active(), keys=keys)} if keys else {}
        articles = [rows[key] for key in keys if key in rows]
        paginator = self.get_paginator(queryset, page_size)
        paginator.count = self.before + len(articles)
        page = Page(with_tags(articles[:page_size], languages.active()), self.page_number, paginator)
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
        return {languages.active(), *(code for code in others if self._has_page_in(code))}

    def _has_page_in(self, language: str) -> bool:
        return self._from_page(language)[:1].exists()

    def _from_page(self, language: str) -> ArticleQuerySet:
        """Return the articles of the list in their order, from this page on."""
        periods = self.periods_in(language) if self.before >= FAR else None
        if periods is None:
            return self.in_order(self.articles_in(language))[self.before :]
        place = archive.place_of(self.before, periods)
        if place is None:
            return Article.objects.none()
        period, before = place
        return self.in_order(self.articles_in(language, at=period.bounds["last"]))[before:]

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
def _rows(language: str, *, keys: list[int]) -> QuerySet:
    return Article.objects.filter(pk__in=keys).for_listing(language)


class SubjectDetailView(ArticleListView):
    """What a tag, a series or an author lists. A slug that changed, or of another language, leads to the right one."""

    template_name = "articles/subject_detail.html"
    model: type[Slugged]
    is_numbered = False

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.subject = subject_at(self.model, self.kwargs["slug"])
        if self.subject is None:
            return self._moved()
        return super().get(request, *args, **kwargs)

    def _moved(self) -> HttpResponse:
        subject = self.model.objects.with_articles().meant_by(self.kwargs["slug"])
        if subject is None:
            raise Http404
        return redirect_to(self.request, subject.get_absolute_url())

    def articles_in(self, language: str, at: datetime | None = None) -> ArticleQuerySet:
        return super().articles_in(language, at).listed_by(self.subject)

    def periods_in(self, language: str) -> list[archive.Period] | None:
        if not self.subject.lists_many:
            return None
        # To look at each article's tags takes ten times as long as to pass it over: a year would be too many.
        return archive.months_of_subject(self.model._meta.get_field("articles").field.name, self.subject.pk, language)

    def path_in(self, language: str) -> str:
        return self.subject.get_absolute_url(language) if language in self.reached else ""

    def _has_page_in(self, language: str) -> bool:
        if not self.before:
            return getattr(self.subject, f"has_page_{language}")
        return super()._has_page_in(language)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(subject=self.subject, **kwargs)


def subject_at(model: type[Slugged], slug: str) -> Slugged | None:
    """Return what has its page at a slug in the active language, with the languages in which it has one."""
    return _at_slug(model).first(languages.active(), slug=slug, now=timezone.now())


@cache
def _at_slug(model: type[Slugged]) -> prepared:
    def at_slug(language: str, *, slug: str, now: datetime) -> QuerySet:
        return model.objects.with_articles(language, now).at_slug(slug, language).with_languages(now).order_by()

    return prepared(at_slug)


class TagDetailView(SubjectDetailView):
    model = Tag


class AuthorDetailView(SubjectDetailView):
    model = Author


class SeriesDetailView(SubjectDetailView):
    """The parts of a series, in their order."""

    model = Series
    is_numbered = True

    def in_order(self, articles: ArticleQuerySet) -> ArticleQuerySet:
        return articles.in_order_of_parts()

    def periods_in(self, language: str) -> None:
        return None


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

    def articles_in(self, language: str, at: datetime | None = None) -> ArticleQuerySet:
        return self.period.articles_in(language)

    def periods_in(self, language: str) -> None:
        return None

    def path_in(self, language: str) -> str:
        return self.period.path_in(language) if language in self.reached else ""

    def get_context_data(self, **kwargs) -> dict:
        months = [] if self.period.month else archive.months_of(self.period, languages.active())
        return super().get_context_data(period=self.period, months=months, **kwargs)


class ArchiveView(TemplateView):
    """All ways to the articles of a language: years, tags, series, authors."""

    template_name = "articles/archive.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(
            years=archive.years_in(languages.active()),
            tags=Tag.objects.with_articles().in_alphabetical_order(),
            all_series=Series.objects.with_articles().in_alphabetical_order(),
            authors=Author.objects.with_articles().in_alphabetical_order(),
            **kwargs,
        )


def to_archive(request: HttpRequest) -> HttpResponse:
    """Lead from an address whose end was cut off to the archive."""
    return redirect_to(request, reverse("articles:archive"))
