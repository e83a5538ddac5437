"""What the site is called and says of itself."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from articles import languages
from articles.prepared import prepared


class Site(models.Model):
    """The site's name and what stands around every page, in each language; there is one row."""

    # Part of every identifier in the feeds: it stays when the site moves to another address.
    identity = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=100, help_text=_("Shown in the header and in titles."))
    tagline = models.CharField(
        _("tagline"), max_length=200, blank=True, help_text=_("One sentence that says what the site is about.")
    )
    author = models.CharField(
        _("publisher"),
        max_length=100,
        blank=True,
        help_text=_("The person or organisation that publishes the site; shown at the foot of every page."),
    )
    footer = models.TextField(
        _("footer"),
        blank=True,
        help_text=_("Plain text at the foot of every page; an empty line begins a new paragraph."),
    )
    shows_lag = models.BooleanField(
        _("tell readers of changes in the original"),
        default=True,
        help_text=_(
            "On the page of a translation, one line says that more than two passages of the original have changed "
            "since. Each article can do without it."
        ),
    )

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("site")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Site":
        """Return the one row; on a new site it is made, with the texts that the project ships with."""
        return _first.first(languages.active()) or cls._made()

    @classmethod
    def _made(cls) -> "Site":
        # Of two first requests at once, one makes it and the other finds it.
        return cls.objects.get_or_create(pk=1, defaults=cls.shipped_texts())[0]

    @staticmethod
    def shipped_texts() -> dict[str, str]:
        """Return the texts that the project ships with, by their columns."""
        texts = {}
        for language in languages.codes():
            with override(language):
                texts[languages.column("name", language)] = "Recto Verso"
                texts[languages.column("tagline", language)] = gettext("A bilingual blog.")
                texts[languages.column("footer", language)] = gettext(
                    "Recto Verso is a bilingual blog. Its own code is the worked example of its first article."
                )
        return texts

    def complete(self) -> list[str]:
        """Give the languages that have no name of the site one, and save; return these languages.

        They are called as the site is called elsewhere, and have the texts that ship where the site has kept them.
        """
        lacking = [code for code in languages.codes() if not getattr(self, languages.column("name", code))]
        known = next((code for code in languages.codes() if code not in lacking), settings.LANGUAGE_CODE)
        shipped = self.shipped_texts()
        for code in lacking:
            for name in ("name", "author", "tagline", "footer"):
                there, here = languages.column(name, known), languages.column(name, code)
                text = getattr(self, there)
                # Names are no words of a language.
                kept = text if name in ("name", "author") else ""
                setattr(self, here, shipped.get(here, kept) if text == shipped.get(there) else kept)
        if lacking:
            self.save()
        return lacking


@prepared
def _first(language: str) -> models.QuerySet:
    return Site.objects.order_by("pk")[:1]
