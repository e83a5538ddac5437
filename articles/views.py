"""The pages of articles and of what lists them: which article, which template."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, ListView

from . import languages, misses, references
from .models import Article, Author, Series, Slugged, Tag


class ArticleDetailView(DetailView):
    """An article in the language of the address, or what `misses` knows of the address."""

    template_name = "articles/article_detail.html"

    def get_queryset(self):
        return Article.objects.published().prefetch_related("authors")

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
            companions=others.companions_of(article).for_listing(),
            newer=others.newer_than(article).for_links().first(),
            older=others.older_than(article).for_links().first(),
            # Where this article is in every language; None where it cannot be read.
            alternates=article.addresses(),
            **kwargs,
        )


class SubjectDetailView(ListView):
    """What lists articles: its live articles in the language of the address, newest first."""

    template_name = "articles/subject_detail.html"
    paginate_by = 10
    model: type[Slugged]
    # The relation from an article.
    relation: str

    def get_queryset(self):
        self.subject = get_object_or_404(self.model.objects.with_articles().at_slug(self.kwargs["slug"]))
        articles = Article.objects.published().filter(**{self.relation: self.subject})
        return articles.newest_first().for_listing()

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(subject=self.subject, **kwargs)


class TagDetailView(SubjectDetailView):
    model, relation = Tag, "tags"


class SeriesDetailView(SubjectDetailView):
    model, relation = Series, "series"


class AuthorDetailView(SubjectDetailView):
    model, relation = Author, "authors"
