"""The pages of articles: which article, which template."""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe
from django.views.generic import DetailView

from . import languages, misses, references
from .models import Article, Author, Rendering, Tag
from .parts import part_of
from .prepared import prepared
from .redirects import redirect_to
from .search_result import description
from .teasers import with_tags
from .translating.lag import lag_of


class ArticleDetailView(DetailView):
    """An article in the language of the address, or what `misses` knows of the address."""

    template_name = "articles/article_detail.html"

    def get_object(self, queryset: QuerySet | None = None) -> Article:
        article = _at_slug.first(languages.active(), slug=self.kwargs["slug"], now=timezone.now())
        if article is None:
            raise Http404
        return article

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            return misses.answer(request, self.kwargs["slug"])

    def get_context_data(self, **kwargs) -> dict:
        rendering = _rendering.first(languages.active(), article=self.object.pk)
        shown = page_of(self.object, rendering)
        # Asked for only where the site tells it.
        lag = SimpleLazyObject(partial(lag_of, self.object, languages.active()))
        return super().get_context_data(**shown, alternates=shown["addresses"], lag=lag, **kwargs)


def page_of(article: Article, rendering: Rendering) -> dict:
    """Return what the page of an article shows in the active language, with a rendering of its body there.

    The article may hold a text that is not saved, and a date to come.
    """
    language = languages.active()
    now = timezone.now()
    place = {"article": article.pk, "date": article.published_at}
    return {
        "article": article,
        "updated_at": article.updated_in(language),
        "authors": _authors(language, article=article.pk),
        "rendering": rendering,
        "description": description(article.summary, rendering, language),
        "body": references.resolved([rendering])[0],
        "tags": _tags(language, article=article.pk),
        "part": part_of(article, language),
        "companions": with_tags(_companions(language, article=article.pk, now=now), language),
        "newer": _newer.first(language, now=now, **place),
        # The nearest end alone: SQLite would walk there from the other one.
        "older": _older.first(language, until=min(article.published_at, now), **place),
        # Where this article is in every language; None where it cannot be read.
        "addresses": article.addresses(),
    }


@prepared
def _at_slug(language: str, *, slug: str, now: datetime) -> QuerySet:
    return Article.objects.published(language, at=now).filter(slug=slug).for_page()


@prepared
def _rendering(language: str, *, article: int) -> QuerySet:
    return Rendering.objects.filter(article=article, language=language)


@prepared
def _authors(language: str, *, article: int) -> QuerySet:
    return Author.objects.filter(articles=article)


@prepared
def _tags(language: str, *, article: int) -> QuerySet:
    return Tag.objects.named(language).filter(articles=article)


@prepared
def _companions(language: str, *, article: int, now: datetime) -> QuerySet:
    return Article.objects.published(language, at=now).exclude(pk=article).companions_of(article).for_listing(language)


@prepared
def _newer(language: str, *, article: int, date: datetime, now: datetime) -> QuerySet:
    others = Article.objects.published(language, at=now).exclude(pk=article)
    return others.newer_than(Article(pk=article, published_at=date), language).for_links(language)[:1]


@prepared
def _older(language: str, *, article: int, date: datetime, until: datetime) -> QuerySet:
    others = Article.objects.published(language, at=until).exclude(pk=article)
    return others.older_than(Article(pk=article, published_at=date), language).for_links(language)[:1]


@require_safe
def article_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """The text as its author wrote it, below its title (RFC 7763). A changed slug leads to the text's new address."""
    article = _source.first(languages.active(), slug=slug, now=timezone.now())
    if article is None:
        answer = misses.answer(request, slug)
        if answer.status_code >= 400:
            raise Http404
        moved = resolve(answer.headers["Location"].partition("?")[0])
        return redirect_to(request, reverse("articles:article_markdown", kwargs=moved.kwargs))
    # The page is what search engines should show (RFC 6596).
    link = f'<{settings.SITE_URL}{article.get_absolute_url()}>; rel="canonical"'
    return HttpResponse(
        f"# {article.title}\n\n{article.body}", content_type="text/markdown; charset=utf-8", headers={"Link": link}
    )


@prepared
def _source(language: str, *, slug: str, now: datetime) -> QuerySet:
    return Article.objects.published(language, at=now).filter(slug=slug).only("slug", "title", "body")
