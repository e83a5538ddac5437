"""The subjects of articles."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.querysets import TagQuerySet

from .key import key_validator
from .slugged import Slugged


class Tag(Slugged):
    """A subject, named in each language; in a language without a name it is not shown."""

    key = models.CharField(
        _("key"),
        max_length=100,
        unique=True,
        validators=[key_validator],
        help_text=_("The same in all languages; article files name it."),
    )
    name = models.CharField(_("name"), max_length=100, blank=True)

    objects = TagQuerySet.as_manager()

    class Meta(Slugged.Meta):
        ordering = ["key"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name or self.key
