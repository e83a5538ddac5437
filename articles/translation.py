"""Which fields are translated: modeltranslation gives each one a column per language."""

from modeltranslation.translator import TranslationOptions, register

from .models import Article, Author, Image, Series, Tag


@register(Article)
class ArticleTranslationOptions(TranslationOptions):
    fields = ("published_at", "first_published_at", "updated_at", "slug", "title", "summary", "body")
    # Two articles without a slug must not clash.
    empty_values = {"slug": None}


@register(Tag)
class TagTranslationOptions(TranslationOptions):
    fields = ("name", "slug")
    empty_values = {"slug": None}


@register(Image)
class ImageTranslationOptions(TranslationOptions):
    fields = ("alt",)


@register(Series)
class SeriesTranslationOptions(TranslationOptions):
    fields = ("title", "slug", "description")
    empty_values = {"slug": None}


@register(Author)
class AuthorTranslationOptions(TranslationOptions):
    fields = ("slug", "about")
    empty_values = {"slug": None}
