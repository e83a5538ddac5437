"""What the translations of an article answer of its original."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .revision import WorkingCopy


class Translation(models.Model):
    """How far an article in one language follows its original; nothing here is ever shown in the place of a text.

    There is a row for each language but the original's, also where nothing is written yet; a row of the language that
    was translated before is kept for the day when the two are swapped again. A working copy that answers more than the
    text that stands has a row of its own.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=10)
    working_copy = models.ForeignKey(WorkingCopy, models.CASCADE, null=True, related_name="translations")
    # False where nobody waits for the article in this language.
    is_wanted = models.BooleanField(_("translation wanted"), default=True)
    # Of the original as it stands, what the text does not answer: blocks, and words in them that are to be translated.
    blocks_behind = models.PositiveIntegerField(_("passages behind"), default=0)
    words_behind = models.PositiveIntegerField(_("words behind"), default=0)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # The blocks of the original that the text answered last, in their order then: {"field", "text", "left_out"}.
    blocks = models.JSONField(default=list)
    # The same before somebody's last answer, which can be taken back.
    blocks_before = models.JSONField(null=True)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "language"],
                condition=models.Q(working_copy=None),
                name="translation_once",
            ),
            models.UniqueConstraint(fields=["working_copy"], name="translation_of_copy_once"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} [{self.language}]"
