"""The history of texts."""

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.prepared import prepared
from articles.querysets import AppendOnlyQuerySet, RevisionQuerySet
from articles.text import ArticleText


class SavedText(models.Model):
    """A text in one language as somebody saved it, whole. Rows are added, never changed and never deleted."""

    language = models.CharField(_("language"), max_length=10)
    created_at = models.DateTimeField(_("saved"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("saved by")
    )

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        if self.pk is not None:
            raise TypeError("A revision is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> None:
        raise TypeError("A revision is never deleted.")


class Revision(SavedText):
    """One saved text of one article, and what its languages shared at that time.

    Readers got only what was saved; a working copy waits to be published, and what met another writer's words was set
    aside for its own writer to decide.
    """

    class Kind(models.TextChoices):
        SAVED = "saved", pgettext_lazy("kind of version", "saved")
        WORKING_COPY = "working_copy", _("working copy")
        SET_ASIDE = "set_aside", _("set aside")

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="revisions")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.SAVED)
    # What its writer started from; of a working copy the saved text that it is to replace.
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    # Of a translation: the text in the source language that it was made from.
    source_revision = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_minor = models.BooleanField(_("minor edit"), default=False)
    published_at = models.DateTimeField(_("publication date"), null=True)
    slug = models.CharField(_("slug"), max_length=200, null=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("body"), blank=True)
    # See shared_facts.py.
    shared = models.JSONField(default=dict)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        indexes = [
            models.Index(fields=["article", "language", "kind", "-id"], name="revision_latest"),
            models.Index(fields=["language", "slug"], name="revision_by_slug"),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.article_id} [{self.language}]"

    @property
    def is_working_copy(self) -> bool:
        return self.kind == self.Kind.WORKING_COPY

    @property
    def content(self) -> ArticleText:
        return ArticleText(*(getattr(self, field) for field in ArticleText.FIELDS))

    def predecessor(self) -> "Revision | None":
        """Return the revision that this one changed: of what was saved the text that stood before.

        Of a working copy it is the copy before it, else the text that it is to replace; of what was set aside, what
        its writer started from.
        """
        earlier = Revision.objects.filter(article=self.article_id, language=self.language, kind=self.kind)
        earlier = earlier.filter(pk__lt=self.pk).order_by("-pk")
        if self.kind == self.Kind.SAVED:
            return earlier.first()
        copy = earlier.filter(based_on=self.based_on_id).first() if self.is_working_copy else None
        return copy or self.based_on

    def successor(self) -> "Revision | None":
        """Return the next revision of the same kind in the same language."""
        later = Revision.objects.filter(article=self.article_id, language=self.language, kind=self.kind)
        return later.filter(pk__gt=self.pk).order_by("pk").first()


@prepared
def standing_revision(language: str, *, article: int) -> QuerySet:
    """Return the revision whose text stands in the language of an article."""
    return Revision.objects.filter(article=article).saved(language)[:1]


def content_of(revision: Revision | None) -> ArticleText:
    """Return the text of a revision; without one, that of nothing written yet."""
    return revision.content if revision else ArticleText()


class WorkingCopy(models.Model):
    """Marks the revision that a text with a date is being worked on in, out of the readers' sight."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="working_copies")
    language = models.CharField(_("language"), max_length=10)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("working copy")
        verbose_name_plural = _("working copies")
        constraints = [models.UniqueConstraint(fields=["article", "language"], name="working_copy_once")]

    def __str__(self) -> str:
        return str(self.revision)
