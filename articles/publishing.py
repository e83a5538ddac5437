"""Publishing and unpublishing one language of an article: a change of its date, saved like any other change."""

from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from .models import Article, Revision
from .saving import save_language


def publish_now(article: Article, language: str, by: AbstractBaseUser | None = None) -> Revision | None:
    """Make a draft or scheduled text live; one that is live keeps its date. Raise what `save_language` raises."""
    return _date(article, language, timezone.now(), by)


def unpublish(article: Article, language: str, by: AbstractBaseUser | None = None) -> Revision | None:
    """Make a text a draft again; its first date is remembered."""
    return _date(article, language, None, by)


@transaction.atomic
def _date(article: Article, language: str, date: datetime | None, by: AbstractBaseUser | None) -> Revision | None:
    # The text of this moment, whatever the caller loaded earlier.
    current = Article.objects.select_for_update().get(pk=article.pk)
    if date and current.state_in(language) == Article.State.LIVE:
        return None
    text = replace(current.text_in(language), published_at=date)
    return save_language(article, language, text, based_on=current.latest_revision(language), by=by)
