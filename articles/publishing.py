"""Publishing and unpublishing one language of an article: a change of its date, saved like any other change."""

from collections.abc import Callable
from dataclasses import replace

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from .models import Article, Revision
from .permissions import may_write
from .saving import save_language
from .text import ArticleText
from .turns import take_turns


def published_now(text: ArticleText) -> ArticleText:
    """Return the text dated now; one that is live already keeps its date."""
    now = timezone.now()
    return text if text.is_live_at(now) else replace(text, published_at=now)


def unpublished(text: ArticleText) -> ArticleText:
    return replace(text, published_at=None)


def publish_now(article: Article, language: str, by: AbstractBaseUser | None = None) -> Revision | None:
    """Make a draft or scheduled text live. Return and raise what `save_language` does."""
    return _redate(article, language, published_now, by)


def unpublish(article: Article, language: str, by: AbstractBaseUser | None = None) -> Revision | None:
    """Make a text a draft again; its first date is remembered. Return and raise what `save_language` does."""
    return _redate(article, language, unpublished, by)


def drop_working_copy(article: Article, language: str, by: AbstractBaseUser | None = None) -> None:
    """End a working copy without using it; what was written in it stays in the history.

    Raise PermissionDenied where `by` may not write the language.
    """
    if by is not None and not may_write(by, article, language):
        raise PermissionDenied
    article.working_copies.filter(language=language).delete()


@transaction.atomic
def _redate(
    article: Article, language: str, change: Callable[[ArticleText], ArticleText], by: AbstractBaseUser | None
) -> Revision | None:
    take_turns()
    # The text of this moment, whatever the caller loaded earlier.
    text = change(Article.objects.get(pk=article.pk).text_in(language))
    return save_language(article, language, text, based_on=article.latest_revision(language), by=by)
