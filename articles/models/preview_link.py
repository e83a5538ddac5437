"""Links that show an article before its readers see it."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone


def new_token() -> str:
    """Return 256 random bits, as an address can hold them."""
    return secrets.token_urlsafe(32)


class PreviewLinkQuerySet(models.QuerySet):
    def open(self, at: datetime | None = None) -> "PreviewLinkQuerySet":
        """Return the links that show something at a time, now by default."""
        return self.filter(
            revoked_at=None, expires_at__gt=at or timezone.now(), article__in=_articles().kept().values("pk")
        )


def _articles() -> models.QuerySet:
    return PreviewLink._meta.get_field("article").related_model.objects


class PreviewLink(models.Model):
    """A secret address that shows an article as it will look, in every language, to whoever has it."""

    DAYS = 7

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="preview_links")
    token = models.CharField(max_length=64, unique=True, default=new_token)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.article_id} – {self.expires_at:%Y-%m-%d}"

    def save(self, *args, **kwargs) -> None:
        if self.expires_at is None:
            self.expires_at = timezone.now() + timedelta(days=self.DAYS)
        super().save(*args, **kwargs)
