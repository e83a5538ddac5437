"""The site asked for a page inside this process, as a reader of SITE_URL would ask it."""

import io
import sys

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from blog.finished_page import Answer
from blog.views import IS_STATIC_COPY

from .addresses import SITE


class Site:
    """Django without the store of pages: each page is asked for once."""

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
        path = path.encode().decode("latin-1")
        return Answer.of(
            self.application,
            self.environ | {"PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": io.BytesIO()},
        )


def is_for_ever(address: str) -> bool:
    """Return whether an address never changes its content: its name would be another one."""
    ours = (settings.MEDIA_URL, "/social/", settings.STATIC_URL)
    # A stylesheet is read each time for what it names.
    return not settings.DEBUG and address.startswith(ours) and not address.endswith(".css")
