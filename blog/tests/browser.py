"""A real Chromium, without its windows, for the tests that only a browser can decide."""

import atexit
import os
import shutil
import threading
import time
from functools import cache

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.signals import request_finished, request_started
from django.test import Client, LiveServerTestCase, tag
from playwright.sync_api import Browser, Page, sync_playwright

# Playwright's synchronous interface runs an event loop in the thread of the test.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

PASSWORD = "a password for the tests"

# Seconds.
LONGEST_REQUEST, GLANCE = 10, 0.05


class Requests:
    """Counts the requests that the server is at work on."""

    def __init__(self) -> None:
        self.lock, self.number = threading.Lock(), 0
        request_started.connect(self.begin)
        request_finished.connect(self.end)

    def begin(self, **kwargs) -> None:
        with self.lock:
            self.number += 1

    def end(self, **kwargs) -> None:
        with self.lock:
            self.number -= 1

    def wait(self) -> None:
        """Return once there is none, nor one that was only on its way."""
        end, glances = time.monotonic() + LONGEST_REQUEST, 0
        while glances < 2 and time.monotonic() < end:
            time.sleep(GLANCE)
            glances = 0 if self.number > 0 else glances + 1
        # One that never ends is not waited for again.
        self.number = 0


REQUESTS = Requests()


@cache
def chromium() -> Browser:
    """Return the one browser of all classes: to start it takes a second."""
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright.chromium.launch(executable_path=shutil.which("chromium-headless-shell"))


@cache
def hashed_password() -> str:
    """Return the password as it is stored: each time anew it would take as long as a page."""
    return make_password(PASSWORD)


@tag("browser")
class BrowserTestCase(LiveServerTestCase):
    """Each page that `open` gives notes in `faults` what the browser complains about."""

    # As in service: WhiteNoise sends the static files, and the browser keeps them.
    static_handler = staticmethod(lambda application: application)

    def setUp(self):
        # What a page asked last would meet a database that is being emptied. Called last, when all pages are closed.
        self.addCleanup(REQUESTS.wait)
        self.faults: list[str] = []
        self.requested: list[str] = []

    def page(self, **options) -> Page:
        """Return a page of a new browser profile: locale, colour_scheme, viewport … as Playwright names them."""
        context = chromium().new_context(base_url=self.live_server_url, **options)
        self.addCleanup(context.close)
        # Called first: what a page sends when it is closed would meet a database that is being emptied.
        self.addCleanup(context.set_offline, True)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: message.type in {"error", "warning"} and self.faults.append(message.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.requested.append(request.url))
        return page

    def log_in(self, page: Page, name: str = "editor") -> None:
        """Give the browser the cookie of an account, which is made where there is none."""
        about = {"password": hashed_password(), "is_staff": True, "is_superuser": True}
        user, _ = get_user_model().objects.get_or_create(username=name, defaults=about)
        client = Client()
        client.force_login(user)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        place = {"domain": self.server_thread.host, "path": settings.SESSION_COOKIE_PATH}
        page.context.add_cookies([cookie | place | {"httpOnly": True, "sameSite": "Lax"}])

    def log_in_by_form(self, page: Page, name: str = "editor") -> None:
        page.goto("/admin/")
        self.fill_in_login(page, name)

    def fill_in_login(self, page: Page, name: str = "editor") -> None:
        page.fill("#id_username", name)
        page.fill("#id_password", PASSWORD)
        page.click("[type=submit]")
        page.wait_for_selector("#user-tools")

    def press(self, page: Page, button: str) -> None:
        """Press a button of a form and wait for the page that answers: a script may ask the server something first."""
        with page.expect_navigation():
            page.click(button)
