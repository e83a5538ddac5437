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

from . import languages, misses
from .article_page import page_of
from .models import Article
from .prepared import prepared
from .querysets import ArticleQuerySet
from .redirects import redirect_to
from .translating.lag import lag_of


class ArticleDetailView(DetailView):
    """An article in the language of the address, or what `misses` knows of the address."""

    template_name = "articles/article_detail.html"

    def get_queryset(self, at: datetime | None = None) -> ArticleQuerySet:
        return Article.objects.published(at=at).for_page()

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
        shown = page_of(self.object)
        # Asked for only where the site tells it.
        lag = SimpleLazyObject(partial(lag_of, self.object, languages.active()))
        return super().get_context_data(**shown, alternates=shown["addresses"], lag=lag, **kwargs)


@prepared
def _at_slug(language: str, *, slug: str, now: datetime) -> QuerySet:
    return ArticleDetailView().get_queryset(now).filter(slug=slug).order_by()


@require_safe
def article_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """The text as its author wrote it, below its title (RFC 7763). A changed slug leads to the text's new address."""
    article = _live_source.first(languages.active(), slug=slug, now=timezone.now())
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
def _live_source(language: str, *, slug: str, now: datetime) -> QuerySet:
    return Article.objects.published(language, at=now).filter(slug=slug).only("slug", "title", "body").order_by()
