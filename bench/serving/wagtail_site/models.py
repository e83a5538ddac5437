"""The pages of Wagtail's tutorial, with a stream of blocks as their body: a list of articles, and an article.

https://docs.wagtail.org/en/stable/getting_started/tutorial.html
"""

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import TaggedItemBase
from wagtail.blocks import CharBlock, RichTextBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail.snippets.models import register_snippet


@register_snippet
class Author(models.Model):
    name = models.CharField(max_length=255)

    def __str__(self) -> str:
        return self.name


class ArticleIndexPage(Page):
    intro = RichTextField(blank=True)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        articles = ArticlePage.objects.child_of(self).live().order_by("-date").prefetch_related("tags")
        page = Paginator(articles, 10).get_page(request.GET.get("page"))
        return super().get_context(request, *args, **kwargs) | {"articles": page}


class ArticlePageTag(TaggedItemBase):
    content_object = ParentalKey("ArticlePage", related_name="tagged_items", on_delete=models.CASCADE)


class ArticlePage(Page):
    date = models.DateField("Post date")
    intro = models.CharField(max_length=250)
    body = StreamField([("heading", CharBlock()), ("paragraph", RichTextBlock())])
    authors = ParentalManyToManyField(Author, blank=True)
    tags = ClusterTaggableManager(through=ArticlePageTag, blank=True)

    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("body")]

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        """Name the articles beside this one, as our pages do."""
        beside = ArticlePage.objects.sibling_of(self, inclusive=False).live()
        return super().get_context(request, *args, **kwargs) | {
            "newer": beside.filter(date__gte=self.date).order_by("date").first(),
            "older": beside.filter(date__lte=self.date).order_by("-date").first(),
        }
