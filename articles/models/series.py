"""Articles that belong together in an order."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.querysets import SubjectQuerySet

from .key import key_validator
from .slugged import Slugged


class Series(Slugged):
    """Articles that are the parts of a whole, titled in each language; without a title it is not shown there."""

    SLUG_FROM = "title"

    key = models.CharField(
        _("key"),
        max_length=100,
        unique=True,
        validators=[key_validator],
        help_text=_("The same in all languages; article files name it."),
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    description = models.TextField(
        _("description"), blank=True, help_text=_("One to three sentences of plain text, shown above its parts.")
    )

    objects = SubjectQuerySet.as_manager()

    class Meta(Slugged.Meta):
        ordering = ["key"]
        verbose_name = _("series")
        verbose_name_plural = pgettext_lazy("plural", "series")

    @property
    def introduction(self) -> str:
        return self.description or ""

    def __str__(self) -> str:
        return self.title or self.key
