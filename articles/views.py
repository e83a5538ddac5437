"""The pages of articles: which article, which template."""

from functools import partial

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe
from django.views.generic import DetailView

from . import languages, misses, references
from .models import Article, Rendering, Tag
from .parts import part_of
from .redirects import redirect_to
from .search_result import description
from .translating.lag import lag_of


class ArticleDetailView(DetailView):
    """An article in the language of the address, or what `misses` knows of the address."""

    template_name = "articles/article_detail.html"

    def get_queryset(self):
        return Article.objects.published().select_related("series").prefetch_related("authors")

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            return misses.answer(request, self.kwargs["slug"])

    def get_context_data(self, **kwargs) -> dict:
        rendering = self.object.renderings.get(language=languages.active())
        shown = page_of(self.object, rendering)
        # Asked for only where the site tells it.
        lag = SimpleLazyObject(partial(lag_of, self.object, languages.active()))
        return super().get_context_data(**shown, alternates=shown["addresses"], lag=lag, **kwargs)


def page_of(article: Article, rendering: Rendering) -> dict:
    """Return what the page of an article shows in the active language, with a rendering of its body there.

    The article may hold a text that is not saved, and a date to come.
    """
    language = languages.active()
    others = Article.objects.published().exclude(pk=article.pk)
    return {
        "article": article,
        "text": article.text_in(language),
        "updated_at": article.updated_in(language),
        "authors": article.authors.all(),
        "rendering": rendering,
        "description": description(article.text_in(language).summary, rendering, language),
        "body": references.resolved([rendering])[0],
        "tags": Tag.objects.named(language).filter(articles=article),
        "part": part_of(article, language),
        "companions": others.companions_of(article).for_listing(),
        "newer": others.newer_than(article).for_links().first(),
        "older": others.older_than(article).for_links().first(),
        # Where this article is in every language; None where it cannot be read.
        "addresses": article.addresses(),
    }


@require_safe
def article_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """The text as its author wrote it, below its title (RFC 7763). A changed slug leads to the text's new address."""
    article = Article.objects.published().filter(slug=slug).first()
    if article is None:
        answer = misses.answer(request, slug)
        if answer.status_code >= 400:
            raise Http404
        moved = resolve(answer.headers["Location"].partition("?")[0])
        return redirect_to(request, reverse("articles:article_markdown", kwargs=moved.kwargs))
    text = article.text_in(languages.active())
    # The page is what search engines should show (RFC 6596).
    link = f'<{settings.SITE_URL}{article.get_absolute_url()}>; rel="canonical"'
    return HttpResponse(
        f"# {text.title}\n\n{text.body}", content_type="text/markdown; charset=utf-8", headers={"Link": link}
    )
