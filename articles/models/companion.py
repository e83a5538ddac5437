"""The articles that an article recommends at its foot."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .article import Article


class Companion(models.Model):
    """An article shown as a teaser at the foot of another one."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="companion_links")
    companion = models.ForeignKey(
        Article,
        models.CASCADE,
        related_name="companion_of",
        limit_choices_to={"deleted_at": None},
        verbose_name=_("companion"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("companion")
        verbose_name_plural = _("companions")
        constraints = [
            models.UniqueConstraint(fields=["article", "companion"], name="companion_once"),
            models.CheckConstraint(condition=~models.Q(article=models.F("companion")), name="companion_is_another"),
        ]

    def __str__(self) -> str:
        return str(self.companion)

    def clean(self) -> None:
        """Say what the constraints say, which an inline form does not ask."""
        if self.companion_id and self.companion_id == self.article_id:
            raise ValidationError({"companion": _("An article cannot be its own companion.")})
        others = Companion.objects.filter(article=self.article_id, companion=self.companion_id).exclude(pk=self.pk)
        if self.article_id and others.exists():
            raise ValidationError({"companion": _("This article is already a companion.")})
