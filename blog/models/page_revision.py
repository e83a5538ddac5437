"""The history of pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import SavedText
from blog.page_text import PageText


class PageRevision(SavedText):
    """One saved text of one page in one language, whole. Rows are added, never changed and never deleted."""

    page = models.ForeignKey("blog.Page", models.PROTECT, related_name="revisions", verbose_name=_("page"))
    is_live = models.BooleanField(_("shown to readers"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    slug = models.CharField(_("slug"), max_length=100, null=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    body = models.TextField(_("body"), blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("saved text of a page")
        verbose_name_plural = _("saved texts of pages")
        indexes = [models.Index(fields=["page", "language", "-id"], name="page_revision_latest")]

    def __str__(self) -> str:
        return f"{self.title or self.page_id} [{self.language}]"

    @property
    def content(self) -> PageText:
        return PageText(**{field: getattr(self, field) for field in PageText.FIELDS})
