"""Which fields of the publication are translated."""

from modeltranslation.translator import TranslationOptions, register

from .models import Page, Site


@register(Site)
class SiteTranslationOptions(TranslationOptions):
    fields = ("name", "tagline", "author", "footer")
    # In every language: without a name no page has a title.
    required_languages = {"default": ("name",)}


@register(Page)
class PageTranslationOptions(TranslationOptions):
    fields = ("slug", "is_live", "title", "description", "body")
    empty_values = {"slug": None}
