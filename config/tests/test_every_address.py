"""Every method on every address, logged out and as who may do everything; what only looks changes nothing."""

import random
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client, TestCase, override_settings

from .fuzzed_site import known, make_site
from .hostile_requests import KIND, METHODS, VARIES
from .privileges import Guard
from .routes import routes

HOST = urlsplit(settings.SITE_URL).netloc
# What ends the login of who asks.
LEAVING = ("/admin/logout/",)
NUMBERS = re.compile(r"{(pk|id|object_id|revision_pk|content_type_id|number|year|month)}")
SAFE = ("GET", "HEAD", "OPTIONS")


# The pages of a new password are there where the site can send mail.
@override_settings(EMAIL_HOST="mail.example.org")
class EveryAddressTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.people = make_site()
        cls.known = known()

    def setUp(self):
        # A failure is an answer here, and not an exception of the test.
        self.visitor = Client(raise_request_exception=False, headers={"Host": HOST})
        self.chance = random.Random(10)

    def addresses(self) -> list[str]:
        """Return each route with something that is there for all that varies."""
        found = []
        for route in routes():
            kind = KIND.match(route)
            own = self.known.get(kind[1], []) if kind else []
            found.append(
                VARIES.sub(
                    lambda name, own=own: self.chance.choice(
                        own if own and name[1] in ("object_id", "pk", "id") else self.known.get(name[1]) or ["1"]
                    ),
                    route,
                )
            )
        return found

    def assert_no_fault(self, method: str, path: str) -> None:
        with self.subTest(method=method, path=path):
            response = self.visitor.generic(method, path)
            self.assertLess(response.status_code, 500)
            if method == "TRACE":
                self.assertNotIn(b"TRACE /", b"".join(response))

    def test_no_method_makes_a_fault_or_changes_anything_for_who_is_not_logged_in(self):
        guard = Guard()
        for path in self.addresses():
            # All of them on each is for the drill.
            for method in ("GET", "POST", *self.chance.sample(METHODS, 2)):
                self.assert_no_fault(method, path)
        self.assertEqual(guard.broken(), [])

    def test_what_only_looks_changes_nothing_and_an_odd_method_does_no_harm(self):
        self.visitor.force_login(self.people["superuser"])
        guard = Guard()
        others = [method for method in METHODS if method not in (*SAFE, "POST")]
        for path in self.addresses():
            if not path.startswith("/admin") or path in LEAVING:
                continue
            self.assert_no_fault("GET", path)
            self.assert_no_fault(self.chance.choice(others), path)
        self.assertEqual(guard.broken(), [])

    def test_an_empty_form_makes_no_fault(self):
        self.visitor.force_login(self.people["superuser"])
        for path in self.addresses():
            if path.startswith("/admin") and path not in LEAVING:
                self.assert_no_fault("POST", path)

    def test_no_number_is_too_large_and_none_too_odd(self):
        """Databases count to eighteen nines and a little further, Python reads no number of five thousand digits."""
        self.visitor.force_login(self.people["superuser"])
        odd = ("0", "-1", "9" * 18, "9" * 19, "9" * 40, "9" * 5000, "\u0661\u0662", "1_0", "0x1", "1e3", "%00", "_5F")
        for route in routes():
            if NUMBERS.search(route):
                # All of them on each take five seconds.
                for value in self.chance.sample(odd, 4):
                    path = NUMBERS.sub(value, route)
                    self.assert_no_fault("GET", VARIES.sub(lambda name: (self.known.get(name[1]) or ["1"])[0], path))
        lists = ("/admin/articles/article/", "/admin/auth/user/", "/en/", "/en/search/", "/en/tags/tag/", "/")
        article = f"/admin/articles/article/{self.known['articles/article'][0]}/"
        for path in (*lists, article + "change/", article + "history/", article + "history/compare/"):
            for name in ("page", "p", "o", "e", "to", "from", "article", "unsaved", "language", "_to_field", "_popup"):
                value = self.chance.choice(odd)
                self.assert_no_fault("GET", f"{path}?{name}={value}")

    def test_every_route_is_known_by_what_varies_in_it(self):
        names = {name for route in routes() for name in re.findall(VARIES, route)}
        # A slug, a token, a number: without one that is there, only the answer 404 would be tested.
        self.assertEqual({name for name in names if not self.known.get(name)} - {"name"}, set())
