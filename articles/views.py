"""The pages of articles: which article, which template."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import DetailView

from . import languages, references
from .models import Article, Revision, Tag


class ArticleDetailView(DetailView):
    """An article in the language of the address. A changed slug leads to the new one; a deleted article is gone."""

    template_name = "articles/article_detail.html"

    def get_queryset(self):
        return Article.objects.published().prefetch_related("authors")

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            if response := self.moved() or self.gone():
                return response
            raise

    def former(self) -> QuerySet[Revision]:
        return Revision.objects.once_live_at(self.kwargs["slug"], languages.active())

    def moved(self) -> HttpResponse | None:
        article = Article.objects.published().filter(revisions__in=self.former()).first()
        return redirect(article.get_absolute_url(), permanent=True) if article else None

    def gone(self) -> HttpResponse | None:
        if Article.objects.deleted().filter(revisions__in=self.former()).exists():
            return render(self.request, "410.html", status=410)
        return None

    def get_context_data(self, **kwargs) -> dict:
        language = languages.active()
        article = self.object
        live = article.live_languages()
        rendering = article.renderings.get(language=language)
        others = Article.objects.published()
        return super().get_context_data(
            text=article.text_in(language),
            updated_at=article.updated_in(language),
            rendering=rendering,
            body=references.resolved([rendering])[0],
            tags=Tag.objects.named(language).filter(articles=article),
            companions=others.companions_of(article).for_listing(),
            newer=others.newer_than(article).for_links().first(),
            older=others.older_than(article).for_links().first(),
            # Where this article is in every language; None where it cannot be read.
            alternates={code: article.get_absolute_url(code) if code in live else None for code in languages.codes()},
            **kwargs,
        )
