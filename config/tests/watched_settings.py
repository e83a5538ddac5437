"""The settings of a server that tests look into: what Django is asked is noted, and `var/` may be another folder.

RENDERS names the file that holds a line for each request that reaches Django. A server with a DATA_DIR of its own is on
another machine, as far as the store of pages knows.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest, HttpResponse

from config.settings import *  # noqa: F403
from config.settings import DATA_DIR, MIDDLEWARE

DATA_DIR = Path(os.environ.get("DATA_DIR", DATA_DIR))
MIDDLEWARE = ["config.tests.watched_settings.WatchingMiddleware", *MIDDLEWARE]


class WatchingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.renders = Path(os.environ["RENDERS"])

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self.renders.open("a") as file:
            file.write(f"{request.method} {request.get_full_path()}\n")
        if "HTTP_X_TAKE_YOUR_TIME" in request.META:
            time.sleep(0.3)
        return self.get_response(request)
