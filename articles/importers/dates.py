"""Dates as people and other systems write them."""

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

# 2026-1-5, 2026/01/05, with 8:30, 08:30:15.123456789, a.m. or p.m., and Z, UTC, +02:00 or +0200.
NUMBERS = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp][Mm])?)?"
    r"\s*(Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?(?:\s+[A-Z]{3,4})?"
)
# 5 January 2026, Jan 5, 2026.
WORDS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y")
WITH_TIME = ("", " %H:%M", " %H:%M:%S")


def zone_named(name: str) -> tzinfo | None:
    """Return a time zone by its name, like Europe/Paris; None for what is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def moment(text: str, zone: tzinfo | None = None) -> datetime | None:
    """Return the aware datetime that a text says; one without a time zone is in `zone`, by default the site's.

    None for an empty text and for the year 1, by which Go says that there is no date. Raise ValueError.
    """
    text = text.strip()
    if not text or text.startswith("0001-01-01"):
        return None
    found = _by_numbers(text) or _by_words(text)
    if timezone.is_naive(found):
        found = timezone.make_aware(found, zone or timezone.get_default_timezone())
    try:
        # Near the ends of time a date has no counterpart in other zones.
        found.astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None
    return found


def _by_numbers(text: str) -> datetime | None:
    match = NUMBERS.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, half, offset = match.groups()
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    found = datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))
    if offset is None:
        return found
    if offset in ("Z", "z", "UTC", "GMT"):
        return found.replace(tzinfo=UTC)
    digits = offset[1:].replace(":", "").ljust(4, "0")
    return datetime.strptime(f"{found.isoformat()}{offset[0]}{digits}", "%Y-%m-%dT%H:%M:%S%z")


def _by_words(text: str) -> datetime:
    try:
        # Mon, 05 Jan 2026 08:30:00 +0100, as RFC 5322 has it.
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        pass
    for words in WORDS:
        for hours in WITH_TIME:
            try:
                return datetime.strptime(text, words + hours)
            except ValueError:
                continue
    raise ValueError(text)
