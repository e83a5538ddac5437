"""What is told of a fault: to whom, in which words, and what of a form comes back."""

import errno
import sqlite3
from unittest import mock

from django import db
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client, RequestFactory, SimpleTestCase, TestCase

from articles.markdown.limits import BodyRefused, Reason
from blog import faults

PAGE = "/admin/blog/page/add/"


def told(code: int) -> db.Error:
    """Return an error of SQLite as Django passes it on."""
    error, cause = db.OperationalError("x"), sqlite3.OperationalError("x")
    cause.sqlite_errorcode = code
    error.__cause__ = cause
    return error


def of_postgresql(state: str | None, kind: type[db.Error] = db.OperationalError) -> db.Error:
    error, cause = kind("x"), Exception("x")
    cause.sqlstate = state
    error.__cause__ = cause
    return error


class FaultTests(SimpleTestCase):
    def test_what_fails_beneath_the_site_is_told_from_what_fails_in_it(self):
        for error, fault in (
            (OSError(errno.ENOSPC, "x"), faults.FULL),
            (OSError(errno.EDQUOT, "x"), faults.FULL),
            (OSError(errno.EROFS, "x"), faults.READ_ONLY),
            (PermissionError(errno.EACCES, "x"), faults.READ_ONLY),
            (OSError(errno.EIO, "x"), faults.BROKEN),
            (FileNotFoundError(errno.ENOENT, "x"), None),
            # SQLITE_BUSY_SNAPSHOT, SQLITE_READONLY_DBMOVED, SQLITE_IOERR_WRITE, SQLITE_FULL, SQLITE_CANTOPEN, none.
            (told(517), faults.BUSY),
            (told(1032), faults.READ_ONLY),
            (told(778), faults.BROKEN),
            (told(13), faults.FULL),
            (told(14), faults.AWAY),
            (db.OperationalError("x"), faults.AWAY),
            (of_postgresql("53100"), faults.FULL),
            (of_postgresql("25006", db.InternalError), faults.READ_ONLY),
            (of_postgresql("55P03"), faults.BUSY),
            (of_postgresql(None, db.InterfaceError), faults.AWAY),
            (of_postgresql("42P01", db.ProgrammingError), None),
            (db.IntegrityError("x"), None),
            (BodyRefused(Reason.SLOW), faults.OVERLOADED),
            (BodyRefused(Reason.DEEP), None),
            (ZeroDivisionError(), None),
            (None, None),
        ):
            with self.subTest(error=repr(error), cause=error and error.__cause__):
                self.assertIs(faults.fault_of(error), fault)

    def answer(self, path: str, error: Exception, **headers: str) -> HttpResponse:
        try:
            raise error
        except type(error):
            return faults.server_error(RequestFactory().get(path, headers=headers))

    def test_readers_are_told_to_come_again_and_nothing_of_the_machine(self):
        with self.assertLogs("blog.faults", "ERROR") as logged:
            response = self.answer("/en/\n2026 ERROR forged", OSError(errno.ENOSPC, "No space\nleft", "/var/secret"))
        self.assertContains(response, "Please try again in a moment", status_code=503)
        self.assertNotContains(response, "disk", status_code=503)
        self.assertEqual((response["Retry-After"], response["Cache-Control"]), ("5", "no-store"))
        (line,) = logged.output
        self.assertNotIn("\n", line)
        self.assertIn("The disk is full. GET", line)

    def test_a_script_is_told_in_its_own_words(self):
        for headers in ({"Sec-Fetch-Dest": "empty"}, {"Accept": "application/json"}):
            with self.assertLogs("blog.faults", "ERROR"):
                response = self.answer("/admin/x/", OSError(errno.ENOSPC, "x"), **headers)
            self.assertEqual(response.status_code, 503)
            self.assertJSONEqual(response.content, {"error": "The disk of the server is full."})
        response = self.answer("/admin/x/", ZeroDivisionError(), accept="application/json")
        self.assertEqual(response.status_code, 500)
        self.assertNotIn("Retry-After", response.headers)


class SentAgainTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = get_user_model().objects.create_superuser("editor")

    def setUp(self):
        self.fields = {"key": "about", "title_en": "About", "body_en": "A <long> text.", "password": "a secret"}

    def test_a_form_comes_back_whole_but_for_what_is_secret_also_where_the_site_itself_fails(self):
        self.client.force_login(self.user)
        self.client.raise_request_exception = False
        for error, status, logger in (
            (OSError(errno.EROFS, "x"), 503, "blog.faults"),
            (ZeroDivisionError(), 500, "django.request"),
        ):
            with (
                self.subTest(error=error),
                mock.patch("django.contrib.admin.ModelAdmin._changeform_view", side_effect=error),
                self.assertLogs(logger, "ERROR"),
            ):
                page = self.client.post(PAGE, self.fields)
                self.assertContains(page, 'type="hidden" name="key" value="about"', status_code=status)
                self.assertContains(page, "\nA &lt;long&gt; text.</textarea>", status_code=status)
                self.assertContains(page, f'action="{PAGE}"', status_code=status)
                self.assertNotContains(page, "a secret", status_code=status)

    def test_an_error_page_tells_by_which_number_the_log_finds_it(self):
        self.client.raise_request_exception = False
        for error, logger in ((OSError(errno.EROFS, "x"), "blog.faults"), (ZeroDivisionError(), "django.request")):
            with mock.patch("blog.views.HomeView.get", side_effect=error), self.assertLogs(logger, "ERROR"):
                page = self.client.get("/en/")
            self.assertRegex(page["X-Request-ID"], r"\A[0-9a-f]{16}\Z")
            self.assertContains(page, f"<code>{page['X-Request-ID']}</code>", status_code=page.status_code)

    def test_what_another_site_sent_does_not_come_back(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.user)
        client.raise_request_exception = False
        with (
            mock.patch("articles.admin.void_token._comes_from_here", side_effect=OSError(errno.EIO, "x")),
            self.assertLogs("blog.faults", "ERROR"),
        ):
            page = client.post("/admin/articles/article/add/", self.fields)
        self.assertContains(page, "Something went wrong", status_code=503)
        self.assertNotContains(page, "long", status_code=503)
