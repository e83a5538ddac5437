"""The site asked for a page inside this process, as a reader of SITE_URL would ask it."""

import io
import sys

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import Http404
from django.urls import resolve
from django.utils.translation import activate

from blog.finished_page import Answer
from blog.misses import split_language
from blog.remembering import MEMORY
from blog.views import IS_STATIC_COPY

from .addresses import SITE


class Site:
    """Django without the store of pages: each page is asked for once.

    What a view answers with 200 is the page. What stands around the views, for visitors and their browsers, takes as
    long as some pages, above all a new connection to the database each time; all other answers come through it.
    """

    def __init__(self) -> None:
        self.application = WSGIHandler()
        self.environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "SERVER_NAME": SITE.hostname,
            "SERVER_PORT": str(SITE.port or {"https": 443}.get(SITE.scheme, 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": SITE.netloc,
            "HTTP_X_FORWARDED_PROTO": SITE.scheme,
            IS_STATIC_COPY: True,
            MEMORY: {},
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": SITE.scheme,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    def answer(self, address: str) -> Answer:
        """Return the answer to a GET for an address, percent-decoded, with its query."""
        path, _, query = address.partition("?")
        # PEP 3333: bytes that look like text.
        in_bytes = path.encode().decode("latin-1")
        environ = self.environ | {"PATH_INFO": in_bytes, "QUERY_STRING": query, "wsgi.input": io.BytesIO()}
        return _page(environ) or Answer.of(self.application, environ)


def _page(environ: dict) -> Answer | None:
    """Return what the view of an address answers; None where that is not simply a document."""
    request = WSGIRequest(environ)
    # As config.middleware.LanguageMiddleware has it, for a browser that prefers none.
    request.LANGUAGE_CODE = split_language(request.path_info)[0] or settings.LANGUAGE_CODE
    activate(request.LANGUAGE_CODE)
    try:
        view, args, kwargs = request.resolver_match = resolve(request.path_info)
        response = view(request, *args, **kwargs)
    except Http404:
        return None
    if response.status_code != 200 or response.streaming:
        return None
    if hasattr(response, "render"):
        response.render()
    return Answer("200 OK", list(response.items()), response.content)


def is_for_ever(address: str) -> bool:
    """Return whether an address never changes its content: its name would be another one."""
    ours = (settings.MEDIA_URL, "/social/", settings.STATIC_URL)
    # A stylesheet is read each time for what it names.
    return not settings.DEBUG and address.startswith(ours) and not address.endswith(".css")
