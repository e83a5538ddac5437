"""When the site last changed for its readers, whatever changed: the Last-Modified of every page of theirs."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.apps import apps
from django.db import transaction
from django.db.models import Case, Model, QuerySet, Value, When
from django.db.models.functions import Greatest
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone

from articles import languages
from articles.models import (
    Article,
    LinkCheck,
    LinkFinding,
    OutsideAddress,
    PreviewLink,
    Revision,
    UnsavedText,
    WorkingCopy,
)
from articles.prepared import prepared

from . import site_version
from .models import LastChange

# Another release has other templates; this process serves them from its start on.
STARTED_AT = timezone.now()

# Longer than any writer waits for another one.
WAITED = timedelta(minutes=1)

# What readers see of the site is written to these applications alone.
APPLICATIONS = ("articles", "blog")
# These are out of their sight. What a revision brings them is in the article's own row. `LastChange` is none of them: a
# fixture that holds the row would bring an old token back.
UNSEEN = {LinkCheck, LinkFinding, OutsideAddress, PreviewLink, Revision, UnsavedText, WorkingCopy}


def connect() -> None:
    """Hear of every write to what readers may see."""
    for label in APPLICATIONS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            if model not in UNSEEN:
                post_save.connect(note, sender=model, dispatch_uid=f"note {model._meta.label}")
                post_delete.connect(note, sender=model, dispatch_uid=f"note {model._meta.label}")
                m2m_changed.connect(note, sender=model, dispatch_uid=f"note {model._meta.label}")


@dataclass(frozen=True)
class _Noted:
    """A note in a transaction, by the hook of its commit."""

    second: datetime

    def announce(self) -> None:
        site_version.announce()


def note(sender: type[Model] | None = None, **kwargs) -> None:
    """Remember, in the transaction of a write, that something changed now; announce it once the write holds.

    What a transaction writes later in the same second is told by the note that it has.
    """
    now = timezone.now()
    noted = _Noted(now.replace(microsecond=0))
    # Where the row itself was written, as by a fixture, or who wrote it asks by name, an earlier note may be gone.
    if sender not in {None, LastChange} and _is_kept(noted):
        return
    token = uuid.uuid4()
    # A writer who had to wait for another one came to it with an earlier time. One further on than that is of a clock
    # that has been set back since.
    is_ahead = When(at__gt=now + WAITED, then=Value(now))
    if not LastChange.objects.filter(pk=1).update(at=Case(is_ahead, default=Greatest("at", Value(now))), token=token):
        LastChange.objects.get_or_create(pk=1, defaults={"at": now, "token": token})
    # A save that holds is a save, also where the others hear of it only when they next ask.
    transaction.on_commit(noted.announce, robust=True)


def _is_kept(noted: _Noted) -> bool:
    """Return whether the transaction holds such a note; with what is rolled back to a savepoint, Django drops it."""
    # The last is the newest: a long transaction has one for each of its seconds.
    hooks = (hook for _savepoints, hook, _is_robust in reversed(transaction.get_connection().run_on_commit))
    return any(getattr(hook, "__self__", None) == noted for hook in hooks)


def last_changed_at() -> datetime | None:
    """Return when the site last changed, in whole seconds; None within that very second. Two queries.

    A scheduled text changes it by going live, without a write. A date of HTTP has no fractions (RFC 9110, section
    8.8.2): told at once, it would hide what changes later in its second.
    """
    now = timezone.now()
    written = LastChange.objects.values_list("at", flat=True)
    columns = [languages.column("published_at", code) for code in languages.codes()]
    dates = (getattr(article, column) for article in _newest(languages.active(), now=now) for column in columns)
    went_live = [date for date in dates if date and date <= now]
    known = [date if date <= now else _noticed_at(date) for date in (STARTED_AT, *written)]
    latest = max([*known, *went_live]).replace(microsecond=0)
    return latest.astimezone(UTC) if latest < now.replace(microsecond=0) else None


@lru_cache(maxsize=8)
def _noticed_at(date: datetime) -> datetime:
    """Return when a date that lies ahead was first seen: the clock has been set back, and what is older is not told."""
    return timezone.now()


@prepared
def _newest(language: str, *, now: datetime) -> QuerySet:
    """Return the newest article in each language."""
    return Article.objects.dates_of_any(
        Article.objects.published(code, at=now).newest_first(code)[:1] for code in languages.codes()
    )
