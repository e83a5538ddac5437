"""Who signs articles."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.querysets import SubjectQuerySet

from .slugged import Slugged


class Author(Slugged):
    """Who signs articles: a public name, and the account behind it where there is one."""

    name = models.CharField(_("public name"), max_length=100, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("account"),
        help_text=_("New articles of this account are signed with the public name."),
    )
    about = models.TextField(
        _("about the author"),
        blank=True,
        help_text=_("One to three sentences of plain text, shown above the articles."),
    )

    objects = SubjectQuerySet.as_manager()

    class Meta(Slugged.Meta):
        ordering = ["name"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    @property
    def introduction(self) -> str:
        return self.about or ""

    def __str__(self) -> str:
        return self.name
