"""The id of each request, by which its lines in the log are found, and a line for each that took long."""

import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from secrets import token_hex

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

logger = logging.getLogger(__name__)

# Of the request that this thread or task is at; "" where there is none.
current_id: ContextVar[str] = ContextVar("current_id", default="")

# Keys of a WSGI environment (PEP 3333): the id, and when the request was whole, on the clock of `time.monotonic`.
REQUEST_ID, WHOLE_AT = "site.request_id", "site.whole_at"

UNKNOWN_ADDRESS = "(an unknown address)"

# As proxies make them, such as nginx's $request_id or a UUID; long enough to be one of many, and no address.
WELL_FORMED = re.compile(r"[0-9A-Za-z_-]{16,64}", re.ASCII)


def id_of(environ: dict) -> str:
    """Return the id of a request, the same each time: that of a trusted proxy where it is one, else one of our own."""
    if REQUEST_ID not in environ:
        heard = environ.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
        environ[REQUEST_ID] = heard if WELL_FORMED.fullmatch(heard) else token_hex(8)
    return environ[REQUEST_ID]


class RequestLogMiddleware:
    """Name the id of a request in its answer, on its error page as `request.id`, and in each line of the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun_at = time.monotonic()
        request.id = id_of(request.META)
        before = current_id.set(request.id)
        try:
            response = self.get_response(request)
            # What others get as well, from the store of pages or a cache, is the answer to more than one request.
            if "public" not in response.headers.get("Cache-Control", ""):
                response.headers["X-Request-ID"] = request.id
            tell_if_slow(request, response.status_code, begun_at)
            return response
        finally:
            current_id.reset(before)


def tell_if_slow(request: HttpRequest, status: int, begun_at: float) -> None:
    """Write a line where the answer took long, since the request was whole: its sender's own time does not count."""
    now = time.monotonic()
    waited = begun_at - request.META.get(WHOLE_AT, begun_at)
    took = waited + now - begun_at
    if not settings.SLOW_REQUEST_SECONDS or took < settings.SLOW_REQUEST_SECONDS:
        return
    about = {"method": request.method, "status": status, "seconds": round(took, 3), "waited": round(waited, 3)}
    # What leads nowhere may be any words.
    path = UNKNOWN_ADDRESS if status == 404 else request.path
    logger.warning(
        "Slow: %s %s took %.1f s, %.1f s of them waiting for a thread, and was answered %d",
        *(request.method, path, took, waited, status),
        extra={"request": request, "about": about},
    )
