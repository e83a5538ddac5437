"""Who fails too often to log in waits: what django-axes counts, and the answer to those who wait.

https://django-axes.readthedocs.io/en/latest/5_customization.html
"""

import math
from datetime import timedelta

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import ngettext

from .client_address import client_network

# Under all names together: who tries one password with many names, or fills the table. An office has one address too.
LIMIT_OF_NETWORK = 50


class Handler(AxesDatabaseHandler):
    """Counts in the database, which all processes share."""

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """Return how many attempts failed under a name from a network, as many as lock out where the network has to."""
        failures = super().get_failures(request, credentials)
        return max(failures, settings.AXES_FAILURE_LIMIT) if _is_network_locked_out(request) else failures

    def post_save_access_attempt(self, instance: AccessAttempt, **kwargs) -> None:
        """Let go of what was sent: the form of somebody whose login has expired holds the text of an article."""
        AccessAttempt.objects.filter(pk=instance.pk).update(get_data="", post_data="")


def network(request: HttpRequest) -> str | None:
    """Return by which address a visitor is counted; None for all that comes through a socket of the machine."""
    return client_network(request) or None


def count_failure(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Count an attempt that failed after the password was right."""
    AxesProxyHandler.user_login_failed(sender=__name__, credentials={"username": user.get_username()}, request=request)


def is_locked_out(request: HttpRequest) -> bool:
    """Return whether the attempt of this request was one too many, right or wrong."""
    return getattr(request, "axes_locked_out", False)


def refusal(request: HttpRequest) -> ValidationError:
    """Return what a form says to somebody who is locked out; the same whether there is such an account or not."""
    minutes = math.ceil(_seconds_left(request) / 60)
    return ValidationError(
        ngettext(
            "Too many attempts to log in failed. Wait %(minutes)s minute, then try again.",
            "Too many attempts to log in failed. Wait %(minutes)s minutes, then try again.",
            minutes,
        ),
        code="locked_out",
        params={"minutes": minutes},
    )


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict | None) -> HttpResponse:
    """Say by the status that it was too often (RFC 6585, section 4). The form stays, with the text that it carries."""
    response.status_code = 429
    response.headers["Retry-After"] = str(_seconds_left(request))
    return response


def _of_network(request: HttpRequest) -> QuerySet:
    since = get_cool_off_threshold(request)
    return AccessAttempt.objects.filter(ip_address=request.axes_ip_address, attempt_time__gte=since)


def _is_network_locked_out(request: HttpRequest) -> bool:
    # What comes through a socket comes from anybody.
    if request.axes_ip_address is None:
        return False
    failures = _of_network(request).aggregate(sum=Sum("failures_since_start"))["sum"]
    return (failures or 0) >= LIMIT_OF_NETWORK


def _seconds_left(request: HttpRequest) -> int:
    cool_off, attempts = get_cool_off(request), _of_network(request)
    if not _is_network_locked_out(request):
        attempts = attempts.filter(username=(request.axes_credentials or {}).get("username"))
    last = attempts.aggregate(last=Max("attempt_time"))["last"]
    # Gone meanwhile, or written by a clock that was put back since.
    left = last + cool_off - timezone.now() if last else timedelta()
    return max(1, min(math.ceil(left.total_seconds()), int(cool_off.total_seconds())))
