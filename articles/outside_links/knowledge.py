"""What is known of other sites' addresses, kept for days, and asked again when it is old."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from datetime import datetime, timedelta

from django.utils import timezone

from articles.link_verdict import Kind, Reason, Verdict, dead
from articles.models import OutsideAddress
from articles.progress import Progress

from .asking import TOO_MANY, ask, host_of
from .politeness import Politeness

# How long an answer holds. A little less than whole days, since a night's check takes its time.
GOOD_FOR = timedelta(days=6, hours=12)
BAD_FOR = timedelta(hours=20)
# A name that nobody knows for so long is gone; before that the fault may be here.
NAMELESS_AFTER = timedelta(days=3)

# In one check: addresses of one host, and hosts at once.
OF_ONE_HOST = 50
HOSTS_AT_ONCE = 8
# Of one host without any answer, one after the other: it is left alone until the next check.
PATIENCE = 2
# Seconds for one host, however slowly it answers.
LIMIT_OF_HOST = 300.0


def known(addresses: Iterable[str]) -> dict[str, Verdict]:
    """Return what was said last of those addresses that were ever asked."""
    wanted = set(addresses)
    return {row.address: row.verdict for row in OutsideAddress.objects.iterator() if row.address in wanted}


def refresh(addresses: set[str], at_most: int, progress: Progress) -> None:
    """Ask for what nobody asked yet, and for what is old, in that order; forget what no text links to any more.

    At most so many addresses are asked. Each host's answers are kept as soon as they are there.
    """
    rows = {row.address: row for row in OutsideAddress.objects.iterator()}
    OutsideAddress.objects.filter(pk__in=[row.pk for row in rows.values() if row.address not in addresses]).delete()
    due = _due(addresses, rows)[:at_most]
    for address, verdict in progress("Addresses of other sites", _asked(due), len(due)):
        _keep(address, rows[address].failing_since if address in rows else None, verdict)


def _due(addresses: set[str], rows: dict[str, OutsideAddress]) -> list[str]:
    now = timezone.now()
    of_host: dict[str, int] = defaultdict(int)
    due = []
    new = sorted(addresses - rows.keys())
    old = sorted((row.asked_at, address) for address, row in rows.items() if address in addresses)
    for address in [*new, *(address for asked_at, address in old if now - asked_at > _lasts(rows[address]))]:
        of_host[host_of(address)] += 1
        if of_host[host_of(address)] <= OF_ONE_HOST:
            due.append(address)
    return due


def _lasts(row: OutsideAddress) -> timedelta:
    return BAD_FOR if row.kind in (Kind.DEAD, Kind.UNSURE) else GOOD_FOR


def _asked(addresses: list[str]) -> Iterator[tuple[str, Verdict]]:
    """Yield answers, host by host; several hosts are asked at the same time."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        by_host[host_of(address)].append(address)
    politeness = Politeness()
    threads = ThreadPoolExecutor(HOSTS_AT_ONCE)
    try:
        answers = [threads.submit(_of_one_host, each, politeness) for each in by_host.values()]
        for answer in as_completed(answers):
            yield from answer.result()
    finally:
        # Where the check is stopped, the hosts that nobody began with are left alone.
        threads.shutdown(cancel_futures=True)


def _of_one_host(addresses: list[str], politeness: Politeness) -> list[tuple[str, Verdict]]:
    answers: list[tuple[str, Verdict]] = []
    silent, end = 0, time.monotonic() + LIMIT_OF_HOST
    for address in addresses:
        verdict = ask(address, politeness)
        answers.append((address, verdict))
        silent = silent + 1 if verdict.reason in (Reason.NO_ANSWER, Reason.NO_HOST) else 0
        if verdict.status == TOO_MANY or silent == PATIENCE or time.monotonic() > end:
            break
    return answers


def _keep(address: str, failing_since: datetime | None, verdict: Verdict) -> None:
    now = timezone.now()
    is_bad = verdict.kind in (Kind.DEAD, Kind.UNSURE)
    failing_since = (failing_since or now) if is_bad else None
    if verdict.reason == Reason.NO_HOST and now - failing_since > NAMELESS_AFTER:
        verdict = dead(Reason.NO_HOST)
    # Another check may have kept or forgotten it meanwhile.
    OutsideAddress.objects.update_or_create(
        address=address, defaults=asdict(verdict) | {"asked_at": now, "failing_since": failing_since}
    )
