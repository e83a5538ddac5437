"""What a visitor says of the body, reduced to what Django needs: its kind, and where the parts of a form begin."""

import re
from collections.abc import Callable, Iterable

from blog.finished_page import WSGIApplication

BOUNDARY = re.compile(r';\s*boundary=("[^";]*"|[^\s";]*)', re.IGNORECASE)


class PlainContentType:
    """A WSGI application (PEP 3333) that hands requests on without the other parameters of their Content-Type.

    All forms of this site are in UTF-8. A request that names another charset could say one thing to a filter in front
    and another one here; some names, and parameters that cannot be read, make Django fail before it can answer 400.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        said = environ.get("CONTENT_TYPE", "")
        if ";" in said:
            environ = environ | {"CONTENT_TYPE": plain(said)}
        return self.application(environ, start_response)


def plain(content_type: str) -> str:
    """Return a Content-Type without any parameter but the boundary."""
    boundary = BOUNDARY.search(content_type)
    return content_type.partition(";")[0].strip() + (boundary[0] if boundary else "")
