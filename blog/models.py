"""The publication's own texts: what the site is called, and its pages."""

import uuid

from django.db import models
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from articles import languages
from articles.models import Slugged, key_validator

from .querysets import PageQuerySet


class Site(models.Model):
    """The site's name and what stands around every page, in each language; there is one row."""

    # Part of every identifier in the feeds: it stays when the site moves to another address.
    identity = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=100, help_text=_("Shown in the header and in titles."))
    tagline = models.CharField(
        _("tagline"), max_length=200, blank=True, help_text=_("One sentence that says what the site is about.")
    )
    author = models.CharField(
        _("publisher"), max_length=100, blank=True, help_text=_("The person or organisation that publishes the site.")
    )
    footer = models.TextField(_("footer"), blank=True, help_text=_("Plain text at the foot of every page."))

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("site")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Site":
        """Return the one row; on a new site it is made, with the texts that the project ships with."""
        return cls.objects.first() or cls._made()

    @classmethod
    def _made(cls) -> "Site":
        texts = {}
        for language in languages.codes():
            with override(language):
                texts[languages.column("name", language)] = "Recto Verso"
                texts[languages.column("tagline", language)] = gettext("A bilingual blog.")
                texts[languages.column("footer", language)] = gettext(
                    "Recto Verso is a bilingual blog. Its own code is the worked example of its first article."
                )
        return cls.objects.get_or_create(pk=1, defaults=texts)[0]


class Page(Slugged):
    """A page that is not an article, like About: written in Markdown in each language, linked from every page."""

    SLUG_FROM = "title"

    class Navigation(models.TextChoices):
        NONE = "none", _("nowhere")
        HEADER = "header", _("in the header")
        FOOTER = "footer", _("in the footer")

    key = models.CharField(_("key"), max_length=100, unique=True, validators=[key_validator])
    navigation = models.CharField(
        _("linked from every page"), max_length=10, choices=Navigation.choices, default=Navigation.FOOTER
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1, help_text=_("Lower numbers come first."))
    is_live = models.BooleanField(_("shown to readers"), default=False)
    title = models.CharField(_("title"), max_length=200, blank=True)
    description = models.CharField(
        _("description"), max_length=300, blank=True, help_text=_("One sentence for search engines.")
    )
    body = models.TextField(_("body"), blank=True, help_text=_("Markdown. Sections start with ##."))

    objects = PageQuerySet.as_manager()

    class Meta(Slugged.Meta):
        ordering = ["position", "key"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def __str__(self) -> str:
        return self.title or self.key


class LastChange(models.Model):
    """When anything that a reader can see was last written; there is one row. `changes` keeps it."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.at)
