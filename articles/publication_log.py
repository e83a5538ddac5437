"""What becomes of a text in its readers' sight, written to the log of what accounts did."""

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from accounts import log
from accounts.models import Event

from .models import Article
from .text import ArticleText

Kind = Event.Kind


def log_publication(article: Article, language: str, before: ArticleText, by: AbstractBaseUser | None) -> None:
    """Log that a saved text was published, scheduled or taken back, if its date says so."""
    text, now = article.text_in(language), timezone.now()
    was_live, is_live = before.is_live_at(now), text.is_live_at(now)
    date, details = text.published_at, {}
    if is_live and not was_live:
        kind = Kind.PUBLISHED
    elif date and not is_live and date != before.published_at:
        # What was live is out of its readers' sight until then.
        kind, details = Kind.SCHEDULED, {"for": date.isoformat()}
    elif before.published_at and not date:
        kind = Kind.UNPUBLISHED
    else:
        return
    log.record(kind, by, text.title, of=article, language=language, details=details)
