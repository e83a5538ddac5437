"""The one way into the log of what accounts did."""

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone

from .models import Event

# Long enough to see where an attack came from, and no longer: an address is a person's.
DAYS_OF_ADDRESSES = 30
# What anybody can cause without an account is counted by the hour, and only so much of it is kept.
OF_STRANGERS = {
    Event.Kind.LOGIN_FAILED,
    Event.Kind.LOCKED_OUT,
    Event.Kind.PASSWORD_RESET_ASKED,
    Event.Kind.SECOND_FACTOR_FAILED,
}
KEPT_OF_STRANGERS = 10_000


def record(
    kind: Event.Kind,
    by: AbstractBaseUser | str | None = None,
    subject: str = "",
    *,
    of: Model | None = None,
    language: str = "",
    address: str | None = None,
    details: dict | None = None,
) -> None:
    """Write one event, in the transaction of what it tells of.

    `by` is the account, or the name of one; None is the site itself. `of` is what it happened to, and `subject` what
    that is called, by default its own name. `address` is the visitor's, as `client_address` gives it, for log-ins
    alone. `details` holds names that JSON can hold, and no secrets.
    """
    name = by if isinstance(by, str) else by.get_username() if by else ""
    about = {"of": of._meta.label_lower, "pk": of.pk} if of else {}
    event = Event(
        kind=kind,
        account=_line(name, 150),
        subject=_line(subject or (str(of) if of else ""), 200),
        language=language,
        address=address or None,
        details=about | (details or {}),
    )
    if kind in OF_STRANGERS:
        _count(event)
    else:
        event.save(force_insert=True)
    if event.address:
        forget_addresses()


def forget_addresses() -> None:
    """Take the addresses out of all events that are older than they are kept."""
    before = timezone.now() - timedelta(days=DAYS_OF_ADDRESSES)
    old = Event.objects.filter(at__lt=before, address__isnull=False)
    # Most of the time there are none, and nobody need wait for a writer.
    if old.exists():
        old.update(address=None)


@transaction.atomic
def _count(event: Event) -> None:
    """Add to the same event of this hour, or begin one; let go of the oldest beyond those that are kept."""
    same = {"kind": event.kind, "account": event.account, "subject": event.subject, "address": event.address}
    recent = Event.objects.filter(**same, at__gt=event.at - timedelta(hours=1), at__lte=event.at)
    if pk := recent.values_list("pk", flat=True).first():
        Event.objects.filter(pk=pk).update(times=F("times") + 1)
        return
    event.save(force_insert=True)
    if event.pk % 100 == 0:
        strangers = Event.objects.filter(kind__in=OF_STRANGERS).order_by("-pk")
        if oldest := strangers.values_list("pk", flat=True)[KEPT_OF_STRANGERS : KEPT_OF_STRANGERS + 1].first():
            strangers.filter(pk__lte=oldest).delete()


def _line(words: str, length: int) -> str:
    # PostgreSQL takes no NUL.
    return words.replace("\0", "")[:length]
