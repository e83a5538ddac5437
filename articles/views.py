"""The pages of articles: which article, which template."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import DetailView

from . import languages, misses, references
from .models import Article, Tag
from .parts import part_of


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
        language = languages.active()
        article = self.object
        rendering = article.renderings.get(language=language)
        others = Article.objects.published()
        return super().get_context_data(
            text=article.text_in(language),
            updated_at=article.updated_in(language),
            rendering=rendering,
            body=references.resolved([rendering])[0],
            tags=Tag.objects.named(language).filter(articles=article),
            part=part_of(article, language),
            companions=others.companions_of(article).for_listing(),
            newer=others.newer_than(article).for_links().first(),
            older=others.older_than(article).for_links().first(),
            # Where this article is in every language; None where it cannot be read.
            alternates=article.addresses(),
            **kwargs,
        )
