"""How often one visitor may ask for what costs the site most; who asks more often is told when to come again (429).

All other pages of readers come from the store of finished pages, which is cheaper than to count.
"""

import math
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import ngettext

from accounts.client_address import client_network
from articles.admin.refusals import refusal, wants_json
from blog.misses import UNKNOWN

from .counters import MemoryCounters, RedisCounters


class Rate(NamedTuple):
    """How many requests with one of these methods a visitor may send within so many seconds."""

    number: int
    seconds: int
    methods: tuple[str, ...] = ("GET", "HEAD", "POST")


# A whole office may be behind one address. The article on rate limiting tells readers this number.
SEARCH = Rate(60, 60)
# The editor asks after each pause of 200 milliseconds in typing, and waits for the answer: somebody who does nothing
# but pause for so long comes to 300 a minute, and one account may be in use at two desks.
PREVIEW = Rate(600, 60)
# As many files as an author can choose at once.
UPLOAD = Rate(120, 60, ("POST",))
# Under whatever name: to hold a password against its hash takes a third of a second, by design. Who fails under one
# name waits sooner: accounts/lockouts.py.
LOGIN = Rate(30, 60, ("POST",))

# What is large and comes from nobody who is logged in: the text of an author whose login has expired, a few times. To
# take one apart, and to show it again, takes the site up to two seconds.
LARGE = Rate(10, 60, ("POST",))
LARGE_BODY = 64 * 1024

# By what an address is called; those with the same rate count together.
RATES = {
    "blog:search": ("search", SEARCH),
    "articles:article_preview": ("preview", PREVIEW),
    "admin:articles_article_preview": ("preview", PREVIEW),
    "admin:articles_article_preview_new": ("preview", PREVIEW),
    "admin:login": ("login", LOGIN),
    "admin:articles_article_login_again": ("login", LOGIN),
    "admin:password_change": ("login", LOGIN),
    "accounts:password_reset": ("login", LOGIN),
    "admin:articles_image_add": ("upload", UPLOAD),
    "admin:articles_image_upload": ("upload", UPLOAD),
    "admin:articles_article_files": ("upload", UPLOAD),
}


class ThrottlingMiddleware:
    """Count each request that has a rate by the account that sends it, else by the visitor's address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view) -> HttpResponse | None:
        """Answer in place of the view where the request is one too many. What cannot be counted passes."""
        name, rate = ("large", LARGE) if _is_large_of_stranger(request) else _rate(request)
        if rate is None or request.method not in rate.methods or not settings.THROTTLING:
            return None
        who = _sender(request)
        if not who:
            return None
        number, seconds_left = COUNTERS.count(f"{name}:{who}", rate.seconds)
        if number <= rate.number:
            return None
        # Whole seconds, rounded up (RFC 9110, section 10.2.3).
        return too_many(request, max(1, math.ceil(seconds_left)))


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """Return the answer to a request that comes too soon, as a page, or as JSON for a script."""
    words = ngettext(
        "You have sent too many requests in a short time. Try again in %(number)d second.",
        "You have sent too many requests in a short time. Try again in %(number)d seconds.",
        seconds,
    ) % {"number": seconds}
    # RFC 6585, section 4.
    if wants_json(request):
        response: HttpResponse = refusal(words, status=429)
    else:
        was_sent = request.method == "POST"
        context = {"words": words, "was_sent": was_sent, "address": request.get_full_path()}
        response = HttpResponse(render_to_string("429.html", context), status=429)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


def _rate(request: HttpRequest) -> tuple[str, Rate | None]:
    name = request.resolver_match.view_name
    if name == UNKNOWN and "q" in request.GET:
        # Where a search is meant, its page is asked where to lead.
        name = "blog:search"
    elif name == "blog:search" and not request.META["QUERY_STRING"]:
        # The empty form is one page for all readers.
        return name, None
    return RATES.get(name, (name, None))


def _is_large_of_stranger(request: HttpRequest) -> bool:
    return int(request.META.get("CONTENT_LENGTH") or 0) > LARGE_BODY and not _is_account(request)


def _sender(request: HttpRequest) -> str:
    """Return who is counted, "" where nobody can be told from the others."""
    return f"account-{request.user.pk}" if _is_account(request) else client_network(request)


def _is_account(request: HttpRequest) -> bool:
    # On all other pages everybody is a stranger: no session is asked for there.
    return request.path_info.startswith(settings.SESSION_COOKIE_PATH) and request.user.is_authenticated


def _counters() -> MemoryCounters | RedisCounters:
    # Two sites may share one Redis.
    prefix = f"{urlsplit(settings.SITE_URL).netloc}:throttling"
    return RedisCounters(settings.REDIS_URL, prefix) if settings.REDIS_URL else MemoryCounters()


# Of the process: each test's client has a chain of middleware of its own.
COUNTERS = _counters()
