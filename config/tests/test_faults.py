"""A real server on a machine that fails: readers read on, authors lose no text, and all recovers by itself."""

import json
import os
import re
import signal
import sqlite3
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from unittest import skipIf, skipUnless
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.templatetags.static import static
from django.test import Client, TransactionTestCase
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext, override

from articles.models import Article, Revision
from articles.tests.examples import live, make_article
from articles.tests.forms import fields_of
from articles.tests.image_files import jpeg, png
from blog import faults
from blog.models import LastChange, Site
from config import asgi

from .caller import ServerTestCase
from .faults import (
    Disk,
    copy_database,
    database_read_only,
    end_who_waits_for_a_turn,
    kill_renderers,
    writers_locked,
)
from .server import Server, serving
from .test_page_store_servers import database_away

IS_SQLITE = connection.vendor == "sqlite"
KEPT = ("/en/", "/fr/articles/un/", "/en/feed.xml")
CONNECTION_SECONDS = 0.2
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "config.tests.faulty_settings",
    "CONNECTION_SECONDS": str(CONNECTION_SECONDS),
}
PASSWORD = "a long enough password"


class Author:
    """An author with a browser of their own, in one language."""

    def __init__(self, server: Server, session: str, language: str, article: int) -> None:
        self.server, self.language = server, language
        self.cookies = {settings.SESSION_COOKIE_NAME: session}
        self.form = f"/admin/articles/article/{article}/change/"

    @classmethod
    def logged_in(cls, test: ServerTestCase) -> "Author":
        """Return an English author of the article of `ServerTestCase`, whose `server` is set later."""
        _name, _, session = test.session().partition("=")
        return cls(None, session, "en", Article.objects.get(key="one").pk)

    def ask(self, path: str, fields: dict | bytes | None = None, **headers: str) -> HTTPResponse:
        body = urlencode(fields, doseq=True).encode() if isinstance(fields, dict) else fields
        headers.setdefault("Content_Type", "application/x-www-form-urlencoded")
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        response = self.server.get(
            path, "GET" if body is None else "POST", body, Cookie=cookies, Accept_Language=self.language, **headers
        )
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response

    def opened(self, path: str = "") -> dict:
        return fields_of(self.ask(path or self.form).content.decode(), "article_form")

    def save(self, fields: dict) -> HTTPResponse:
        return self.ask(self.form, fields)

    def upload(self, fields: dict, data: bytes) -> HTTPResponse:
        parts = [
            b'--cut\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n',
            fields["csrfmiddlewaretoken"][0].encode(),
            b'\r\n--cut\r\nContent-Disposition: form-data; name="file"; filename="dot.png"\r\n\r\n' + data,
            b"\r\n--cut--\r\n",
        ]
        options = {"Content_Type": "multipart/form-data; boundary=cut", "Sec_Fetch_Dest": "empty"}
        return self.ask("/admin/articles/image/upload/", b"".join(parts), **options)

    def keep_unsaved(self, fields: dict) -> HTTPResponse:
        typed = {f"typed_{name}": fields[f"{name}_en"] for name in ("title", "slug", "summary", "body", "note")}
        typed |= {f"typed_published_at_{part}": fields[f"published_at_en_{part}"] for part in (0, 1)}
        about = {"form": str(uuid.uuid4()), "article": self.form.split("/")[4], "language": "en", "follows": ""}
        about |= {"base": fields["base_revision_en"], "version": f"{uuid.uuid4()}:1"}
        token = {"csrfmiddlewaretoken": fields["csrfmiddlewaretoken"]}
        return self.ask("/admin/articles/article/unsaved/", about | typed | token, Sec_Fetch_Dest="empty")


class FaultTests(TransactionTestCase):
    """Against one server with one process, whose pages are all kept; each test ends with a site that is well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The server remembers rows that are never written anew, such as content types: they are there until its end.
        cls.addClassCleanup(call_command, "flush", verbosity=0, interactive=False)
        cls.article = make_article("one", en=live("One", slug="one"), fr=live("Un", slug="un"))
        user = get_user_model().objects.create_superuser("author")
        # As the server hashes it, which is not as the tests do.
        user.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
        user.save()
        client = Client()
        client.force_login(user)
        cls.session = client.cookies[settings.SESSION_COOKIE_NAME].value
        Site.current()
        LastChange.objects.update(at=timezone.now() - timedelta(minutes=1))
        cls.disk = Disk()
        cls.addClassCleanup(cls.disk.remove)
        cls.var = cls.disk.folder
        cls.database = cls.var / "db.sqlite3" if IS_SQLITE else None
        variables = SETTINGS | {"DATA_DIR": str(cls.var)}
        if IS_SQLITE:
            copy_database(cls.database)
            variables["DATABASE_URL"] = f"sqlite:///{cls.database}"
            # When nobody has it open any more, SQLite removes its log, and a full disk would have room again.
            opened = cls.enterClassContext(closing(sqlite3.connect(cls.database)))
            opened.execute("SELECT * FROM articles_article").fetchone()
        cls.server = cls.enterClassContext(serving(workers=1, **variables))

    def _fixture_teardown(self):
        pass

    def setUp(self):
        self.author = Author(self.server, self.session, "fr", self.article.pk)
        self.seen = len(self.server.lines)
        self.fresh = {path: self.read(path) for path in KEPT}
        self.before = set(self.server.workers)

    def read(self, path: str) -> bytes:
        response = self.server.get(path)
        self.assertEqual(response.status, 200, path)
        return response.content

    def typed(self, words: str) -> dict:
        """Return a form that is filled in, with the button that saves it."""
        return self.author.opened() | {"body_en": [words], "_save": ["1"]}

    def assert_readers_read(self) -> None:
        for path, content in self.fresh.items():
            self.assertEqual(self.read(path), content, path)

    def assert_nothing_is_lost(self, fault: faults.Fault, made: AbstractContextManager) -> None:
        """Assert that an author who saves is told of a fault, and sends the text again from the page that says so."""
        words = f"First words {uuid.uuid4().hex}.\r\n\r\n“Second” words & <more>."
        form = self.typed(words)
        with made:
            refused = self.author.save(form)
            self.assertEqual(refused.status, 503, refused.content.decode())
            self.assertEqual((refused.headers["Cache-Control"], refused.headers["Retry-After"]), ("no-store", "5"))
            with override(self.author.language):
                explanation = str(fault.explanation)
            page = refused.content.decode()
            self.assertIn(f'<html lang="{self.author.language}"', page)
            self.assertIn(explanation, unescape(page))
            self.assertIn(f">\n{escape(words)}</textarea>", page)
            kept = self.author.keep_unsaved(form)
            self.assertEqual((kept.status, json.loads(kept.content)), (503, {"error": explanation}))
            self.assert_readers_read()
        again = fields_of(refused.content.decode(), "again-form")
        self.assertTrue(again.pop("csrfmiddlewaretoken"))
        token = form.pop("csrfmiddlewaretoken")
        self.assertEqual(again, form)
        saved = self.author.save(again | {"csrfmiddlewaretoken": token})
        self.assertEqual(saved.status, 302, "\n".join(self.server.lines[self.seen :]))
        self.assert_shown("/en/articles/one/", words[:30])
        self.assert_told(f"{fault.name}. POST '{self.author.form}'")

    def assert_shown(self, path: str, words: str) -> None:
        """Assert that readers see words soon."""
        end = time.monotonic() + 20
        while words not in (page := self.read(path).decode()):
            self.assertLess(time.monotonic(), end, page)
            time.sleep(0.05)

    def assert_told(self, words: str) -> None:
        """Assert that the log says it, in lines without what was called, and that no process had to be replaced."""
        end = time.monotonic() + 20
        while not any(words in line for line in self.server.lines[self.seen :]):
            self.assertLess(time.monotonic(), end, self.server.lines[self.seen :])
            time.sleep(0.02)
        self.assertNotIn("Traceback (most recent call last):", self.server.lines[self.seen :])
        self.assertEqual(set(self.server.workers), self.before)

    def social_image(self) -> str:
        return re.search(r"/social/[^\"]+", self.read("/fr/articles/un/").decode())[0]

    def test_on_a_full_disk_nothing_is_lost_and_readers_get_their_pages_and_pictures(self):
        processes, picture = self.server.workers, self.social_image()
        if IS_SQLITE:
            # SQLite takes every other reason than ENOSPC for a disk that fails.
            fault = faults.BROKEN if self.disk.why else faults.FULL
            self.assert_nothing_is_lost(fault, self.disk.full(processes))
        form, data = self.author.opened(), jpeg()
        with self.disk.full(processes):
            refused = self.author.upload(form, data)
            with override("fr"):
                self.assertEqual(json.loads(refused.content), {"error": str(faults.FULL.explanation)})
            large = self.author.save(form | {"body_en": ["word " * 20_000]})
            self.assertEqual(large.status, 507)
            with override("fr"):
                self.assertIn(gettext(asgi.NO_ROOM), large.content.decode())
            # Another page than those that are kept, and one that is made and cannot be.
            self.read("/en/search/?q=one")
            self.assertEqual(self.server.get(picture).headers["Content-Type"], "image/png")
        self.assertEqual(self.author.upload(form, data).status, 200)
        self.assertEqual(self.server.get(picture).status, 200)
        self.assert_told("The disk is full. POST '/admin/articles/image/upload/'")
        self.assert_told("finds no room in the folder for temporary files")
        self.assert_told("cannot be kept, and is drawn each time")
        # What was half written is gone.
        self.assertEqual([path.name for path in (self.var / "media").glob(".new-*")], [])
        self.assertEqual(len(list((self.var / "social").glob("*/*"))), 1)

    def test_where_nothing_can_be_written_nothing_is_lost(self):
        if IS_SQLITE and self.disk.why_not_read_only:
            self.skipTest(f"A read-only disk: {self.disk.why_not_read_only}.")
        made = self.disk.read_only if IS_SQLITE else database_read_only
        self.assert_nothing_is_lost(faults.READ_ONLY, self.for_a_while(made()))

    def test_a_login_that_cannot_be_kept_is_refused_with_the_reason(self):
        visitor = Author(self.server, "", "fr", 0)
        fields = fields_of(visitor.ask("/admin/login/").content.decode(), "login-form")
        fields |= {"username": "author", "password": PASSWORD}
        with writers_locked(self.database):
            refused = visitor.ask("/admin/login/", fields)
            self.assertEqual(refused.status, 503)
            page = unescape(refused.content.decode())
            with override("fr"):
                self.assertIn(str(faults.BUSY.explanation), page)
            self.assertNotIn(PASSWORD, page)
        self.assertEqual(visitor.ask("/admin/login/", fields).status, 302)
        self.assert_told("The database is busy. POST '/admin/login/'")

    def test_a_stamp_that_is_cut_off_removed_or_no_file_kills_no_process(self):
        (stamp,) = self.var.glob("last_change.*")
        for make in (lambda: os.truncate(stamp, 0), stamp.unlink, lambda: (stamp.unlink(), stamp.mkdir())):
            make()
            self.assert_readers_read()
            words = f"Words {uuid.uuid4().hex}"
            self.assertEqual(self.author.save(self.typed(words)).status, 302)
            self.assert_shown("/en/articles/one/", words)
            self.fresh = {path: self.read(path) for path in KEPT}
        # Told, with what was called, by Django, whose hook it is.
        stamp.rmdir()
        self.assertEqual(set(self.server.workers), self.before)
        self.assertTrue(any("Is a directory" in line for line in self.server.lines[self.seen :]))

    def test_an_image_that_is_missing_empty_or_unreadable_costs_the_page_nothing_and_is_told_once(self):
        form = self.author.opened()
        image = json.loads(self.author.upload(form, png()).content)
        self.assertEqual(self.author.save(form | {"body_en": [image["markdown"]["en"]], "_save": ["1"]}).status, 302)
        self.assert_shown("/en/articles/one/", "/media/")
        address = re.search(r"/media/[^\s\"]+", self.read("/en/articles/one/").decode())[0]
        file = self.var / address.removeprefix("/")
        whole = self.read(address)
        for damage in (file.unlink, lambda: file.write_bytes(b""), lambda: (file.unlink(), file.mkdir())):
            damage()
            for _ in range(2):
                self.read("/en/articles/one/")
                refused = self.server.get(address)
                self.assertEqual((refused.status, refused.headers["Cache-Control"]), (404, "no-cache"))
        file.rmdir()
        self.assert_told(f"{file.name}: Is a directory")
        told = "\n".join(self.server.lines[self.seen :])
        for reason in ("No such file", "it is empty", "Is a directory"):
            self.assertEqual(told.count(f"{file.name}: {reason}"), 1, told)
        # A damaged one is what it is; who uploads it again has it whole.
        file.write_bytes(b"damaged")
        self.assertEqual(self.read(address), b"damaged")
        file.unlink()
        self.assertEqual(self.author.upload(form, png()).status, 200)
        self.assertEqual(self.read(address), whole)

    def test_a_renderer_that_is_killed_costs_no_text(self):
        for _ in range(2):
            words = f"Words {uuid.uuid4().hex}"
            self.assertEqual(self.author.save(self.typed(words)).status, 302)
            self.assert_shown("/en/articles/one/", words)
            self.assertEqual(kill_renderers(self.server.workers), 1)

    def test_a_writer_who_does_not_end_costs_nobody_a_text(self):
        self.assert_nothing_is_lost(faults.BUSY, writers_locked(self.database))

    def test_a_database_that_is_gone_and_back_costs_nobody_a_text(self):
        self.assert_nothing_is_lost(faults.AWAY, self.for_a_while(database_away(self.database)))

    @skipIf(IS_SQLITE, "Nobody can end a connection to a file.")
    def test_a_connection_that_ends_in_the_middle_of_a_save_leaves_nothing_half_done(self):
        words = f"Words {uuid.uuid4().hex}"
        form = self.typed(words)
        with ThreadPoolExecutor(1) as pool, writers_locked(None):
            saving = pool.submit(self.author.save, form)
            end_who_waits_for_a_turn()
            refused = saving.result()
        self.assertEqual(refused.status, 503)
        self.assertFalse(Revision.objects.filter(body=words).exists())
        self.assert_told(f"{faults.AWAY.name}. POST '{self.author.form}'")
        self.assertEqual(self.author.save(fields_of(refused.content.decode(), "again-form")).status, 302)
        self.assert_shown("/en/articles/one/", words)

    @contextmanager
    def for_a_while(self, made: AbstractContextManager) -> Iterator[None]:
        """Let a fault last longer than a connection to a file, which would go on with that file; and so afterwards."""
        seconds = CONNECTION_SECONDS + 0.05 if IS_SQLITE else 0
        with made:
            time.sleep(seconds)
            yield
        time.sleep(seconds)


@skipIf(IS_SQLITE, "The processes that are killed are the server’s: it is the same on both.")
class KillTests(ServerTestCase):
    def test_a_worker_that_is_killed_under_load_loses_its_own_requests_alone(self):
        author, answers, enough = Author.logged_in(self), [], threading.Event()

        def visit(path: str) -> None:
            while not enough.is_set():
                try:
                    answers.append(self.server.get(path).status)
                except (OSError, HTTPException) as error:
                    answers.append(error)
                # Enough of a load, and time for the author.
                time.sleep(0.02)

        paths = ("/en/", "/fr/articles/un/", "/en/search/?q=one", static("css/site.css"))
        saved = []
        with serving() as self.server, ThreadPoolExecutor(len(paths)) as pool:
            author.server = self.server
            self.wait_until(lambda: len(self.server.workers) == 2)
            before = set(self.server.workers)
            visitors = [pool.submit(visit, path) for path in paths]
            try:
                for number in range(4):
                    if number == 2:
                        os.kill(self.server.workers[0], signal.SIGKILL)
                    words = f"words {number}"
                    with suppress(OSError, HTTPException):
                        typed = {"note_en": [words], "title_en": [words], "_save": ["1"]}
                        if author.save(author.opened() | typed).status == 302:
                            saved.append(words)
                self.wait_until(lambda: len(now := set(self.server.workers)) == 2 and now != before)
            finally:
                enough.set()
            for visitor in visitors:
                visitor.result()
        failures = [answer for answer in answers if answer != 200]
        # Those that the process was at.
        self.assertLessEqual(len(failures), len(paths), failures)
        self.assertGreater(len(answers), 10 * len(paths))
        self.assertGreaterEqual(len(saved), 3)
        self.assertLessEqual(set(saved), set(Revision.objects.values_list("note", flat=True)))
        self.assertFalse([line for line in self.server.lines if "Traceback" in line])

    def wait_until(self, condition: Callable[[], bool], seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)


class ClockTests(ServerTestCase):
    @skipUnless(IS_SQLITE, "The clock that jumps is the server's: it is the same on both.")
    def test_a_clock_that_jumps_ahead_and_back_shows_the_right_texts_and_loses_none(self):
        make_article("later", en=live("Later news", published_at=timezone.now() + timedelta(days=300)))
        author = Author.logged_in(self)
        # Else the login would be over.
        Session.objects.update(expire_date=timezone.now() + timedelta(days=500))
        with tempfile.TemporaryDirectory() as name:
            clock = Path(name) / "clock"
            clock.write_text("0")
            with serving(workers=1, CLOCK=str(clock), DATA_DIR=name, **SETTINGS) as author.server:
                self.wait_for(author.server, lambda page: b"Later news" not in page.content)
                clock.write_text("400")
                self.wait_for(author.server, lambda page: b"Later news" in page.content)
                self.save(author, "Title of then")
                clock.write_text("0")
                self.wait_for(author.server, lambda page: b"Later news" not in page.content)
                # Without a date, each page would be made anew each second.
                self.wait_for(author.server, lambda page: page.headers["Last-Modified"])
                self.save(author, "Title of now")
                page = self.wait_for(author.server, lambda page: page.headers["Last-Modified"])
        self.assertLess(parsedate_to_datetime(page.headers["Last-Modified"]), timezone.now())
        self.assertLess(LastChange.objects.get().at, timezone.now())
        self.assertEqual(author.server.lines[1:], [])

    def save(self, author: Author, title: str) -> None:
        self.assertEqual(author.save(author.opened() | {"title_en": [title], "_save": ["1"]}).status, 302)
        self.wait_for(author.server, lambda page: title.encode() in page.content)

    def wait_for(self, server: Server, is_right: Callable[[HTTPResponse], object]) -> HTTPResponse:
        end = time.monotonic() + 20
        while not is_right(page := server.get("/en/")):
            self.assertLess(time.monotonic(), end, f"{page.headers}{server.lines}{page.content.decode()}")
            time.sleep(0.1)
        return page
