"""The pages that list articles: of a tag, a series, an author, a year, a month, and the archive that leads to them."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import ListView, TemplateView

from . import archive, languages
from .counting import counts
from .models import Article, Author, Series, Slugged, Tag
from .querysets import ArticleQuerySet
from .redirects import redirect_to

PAGE_SIZE = 10
# Far beyond any list, and far from where a database counts no more.
LAST_PAGE = 100_000


class ArticleListView(ListView):
    """The live articles of one language in pages of ten, newest first, and the same page in the other languages.

    No page says how many there are: articles are counted as far as the next page, so that a long list costs what a
    short one does.
    """

    paginate_by = PAGE_SIZE

    def articles_in(self, language: str) -> ArticleQuerySet:
        """Return the live articles that the list holds in a language, in any order."""
        return Article.objects.published(language)

    def path_in(self, language: str) -> str:
        """Return the path of the list's first page in a language; "" where there is none."""
        raise NotImplementedError

    def in_order(self, articles: ArticleQuerySet) -> ArticleQuerySet:
        return articles.newest_first()

    def get_queryset(self) -> ArticleQuerySet:
        # Keys alone: whatever a database has to sort, it sorts without the words of the list.
        return self.in_order(self.articles_in(languages.active())).values("pk")

    def paginate_queryset(self, queryset: QuerySet, page_size: int) -> tuple:
        paginator, page, keys, is_paginated = super().paginate_queryset(queryset, page_size)
        page.object_list = self.in_order(Article.objects.filter(pk__in=keys)).for_listing()
        return paginator, page, page.object_list, is_paginated

    @cached_property
    def page_number(self) -> int:
        text = self.request.GET.get(self.page_kwarg, "1")
        if not (text.isascii() and text.isdigit() and len(text) < 7 and 1 <= int(text) <= LAST_PAGE):
            raise Http404
        return int(text)

    @cached_property
    def counted(self) -> dict[str, int]:
        """How many articles each language's list holds, counted as far as the page after this one begins."""
        codes, limit = languages.codes(), self.page_number * PAGE_SIZE + 1
        return dict(zip(codes, counts(self.articles_in(code).order_by()[:limit] for code in codes), strict=True))

    def get_paginator(self, queryset: QuerySet, per_page: int, **kwargs):
        # Before anything is counted: a page that cannot be is not found.
        number = self.page_number
        paginator = super().get_paginator(queryset, per_page, **kwargs)
        paginator.count = self.counted[languages.active()]
        if number > 1 and paginator.count <= (number - 1) * per_page:
            raise Http404
        return paginator

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(
            alternates={code: self._address_in(code) for code in languages.codes()}, **kwargs
        )

    def _address_in(self, language: str) -> str | None:
        """Return the path of this page of the list in a language; None where the list is not that long."""
        path, number = self.path_in(language), self.page_number
        if number == 1:
            return path or None
        return f"{path}?page={number}" if self.counted[language] > (number - 1) * PAGE_SIZE else None


class SubjectDetailView(ArticleListView):
    """What a tag, a series or an author lists. A slug that changed, or of another language, leads to the right one."""

    template_name = "articles/subject_detail.html"
    model: type[Slugged]
    # The relation from an article.
    relation: str
    is_numbered = False

    # Further down, a walk from the newest article on takes longer than sorting.
    DEEP = 10

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        subjects = self.model.objects.with_articles()
        self.subject = subjects.at_slug(self.kwargs["slug"]).first()
        if self.subject is None:
            return self._moved(subjects)
        return super().get(request, *args, **kwargs)

    def _moved(self, subjects: QuerySet) -> HttpResponse:
        subject = subjects.meant_by(self.kwargs["slug"])
        if subject is None:
            raise Http404
        return redirect_to(self.request, subject.get_absolute_url())

    def articles_in(self, language: str) -> ArticleQuerySet:
        articles = super().articles_in(language)
        if self.page_number > self.DEEP:
            return articles.filter(**{self.relation: self.subject})
        return articles.listed_by(self.subject)

    def path_in(self, language: str) -> str:
        return self.subject.get_absolute_url(language) if self.counted[language] else ""

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(subject=self.subject, **kwargs)


class TagDetailView(SubjectDetailView):
    model, relation = Tag, "tags"


class AuthorDetailView(SubjectDetailView):
    model, relation = Author, "authors"


class SeriesDetailView(SubjectDetailView):
    """The parts of a series, in their order."""

    model, relation = Series, "series"
    is_numbered = True

    def in_order(self, articles: ArticleQuerySet) -> ArticleQuerySet:
        return articles.in_order_of_parts()


class PeriodView(ArticleListView):
    """The articles of a year or of a month, in the site's time zone."""

    template_name = "articles/archive_period.html"

    @cached_property
    def period(self) -> archive.Period:
        period = archive.Period.of(self.kwargs["year"], self.kwargs.get("month"))
        if period is None:
            raise Http404
        return period

    def articles_in(self, language: str) -> ArticleQuerySet:
        return self.period.articles_in(super().articles_in(language), language)

    def path_in(self, language: str) -> str:
        return self.period.path_in(language) if self.counted[language] else ""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not self.counted[languages.active()]:
            raise Http404
        return super().get(request, *args, **kwargs)

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
