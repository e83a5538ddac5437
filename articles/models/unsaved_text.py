"""What authors typed and have not saved."""

from django.conf import settings
from django.db import models


class UnsavedText(models.Model):
    """The fields of one language on a form that is open, or was when something broke off; its writer's alone.

    A form bears a number of its own, `form`, so that two windows never write over each other.
    """

    form = models.UUIDField()
    language = models.CharField(max_length=10)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # None on the form of a new article.
    article = models.ForeignKey("articles.Article", models.CASCADE, null=True, related_name="unsaved_texts")
    # What the form started from.
    based_on = models.ForeignKey("articles.Revision", models.PROTECT, null=True, related_name="+")
    kept_at = models.DateTimeField(auto_now=True)
    # As typed, by the names that the form's fields have without their language: a date may be half a date.
    # "version" says which window sent it, see unsaved.keep.
    fields = models.JSONField(default=dict)

    class Meta:
        ordering = ["-kept_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "form", "language"], name="unsaved_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fields.get('title') or self.article or '–'} [{self.language}]"
