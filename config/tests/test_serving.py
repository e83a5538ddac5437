"""The real server: what both kinds of worker answer; how it starts, restarts and stops."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from unittest import skipUnless
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.templatetags.static import static
from django.test import tag

from .caller import Caller, ServerTestCase, request
from .server import GTHREAD, Server, serving


@tag("wire")
class BothWorkersTests(ServerTestCase):
    """The asgi worker, and gunicorn's threads with WSGI, which config/gunicorn.py names as the way back."""

    # They tell of the process, or of the moment.
    OF_THE_SERVER = {"server", "date", "connection", "last-modified", "expires", "set-cookie", "x-request-id"}

    def test_every_address_has_the_same_answer_from_both(self):
        with serving(workers=1) as asgi, serving(*GTHREAD, workers=1) as gthread:
            paths = [urlsplit(line.split("<")[0]).path for line in self.sitemap(asgi)]
            self.assertGreater(len(paths), 8)
            paths += ["/", "/robots.txt", "/sitemap.xml", "/healthz", "/readyz"]
            paths += ["/en/feed.xml", "/fr/feed.json", "/en/nothing/"]
            paths += [
                "/en/articles",
                "//en/",
                "/en/%61rticles/",
                "/en/%ff/",
                "/en/?page=2",
                "/en/?x=1",
                "/en/search/?q=one",
            ]
            paths += ["/admin/", "/static/none.css", "/media/none.png", "http://example.org/en/"]
            for path in paths:
                for method in ("GET", "HEAD"):
                    with self.subTest(path=path, method=method):
                        self.assertEqual(*(self.answer(server, path, method) for server in (asgi, gthread)))
            for options in (
                {"method": "OPTIONS"},
                {"method": "POST"},
                {"Accept_Encoding": "br"},
                {"Accept_Language": "fr"},
                {"If_None_Match": "*"},
            ):
                for path in ("/", "/en/articles/one/", static("admin/css/base.css")):
                    with self.subTest(path=path, **options):
                        self.assertEqual(*(self.answer(server, path, **options) for server in (asgi, gthread)))
            # A page that Django compresses has other bytes each time.
            for path in ("/", static("admin/css/base.css")):
                with self.subTest(path=path, coding="gzip"):
                    self.assertEqual(*(self.answer(server, path, Accept_Encoding="gzip") for server in (asgi, gthread)))
            cookie = self.session()
            for path in ("/admin/login/", "/admin/", "/admin/articles/article/", "/admin/articles/article/add/"):
                # Each answer has a token of its own in its forms.
                pages = [server.get(path, Cookie=cookie) for server in (asgi, gthread)]
                with self.subTest(path=path):
                    self.assertEqual(*(self.headers(page) for page in pages))
            time.sleep(0.1)
            for server in (asgi, gthread):
                said = [line for line in server.lines if "django.security.csrf" not in line]
                self.assertEqual(len(said), 1, said)
                self.assertTrue(said[0].startswith(f"Serving {settings.SITE_URL}/ "))
                # The site's address is that of a proxy.
                self.assertIn(f"listening on 127.0.0.1:{server.port}.", said[0])

    def sitemap(self, server: Server) -> list[str]:
        return server.get("/sitemap.xml").content.decode().split("<loc>")[1:]

    def answer(self, server: Server, path: str, method: str = "GET", **headers: str) -> tuple:
        response = server.get(path, method, **headers)
        self.assertFalse(method == "HEAD" and response.content)
        return response.status, self.headers(response), response.content

    def headers(self, response) -> list[tuple[str, str]]:
        named = [(name.lower(), value) for name, value in response.getheaders()]
        return sorted(pair for pair in named if pair[0] not in self.OF_THE_SERVER)


@tag("wire")
class LifeTests(ServerTestCase):
    @contextmanager
    def visited(self, server: Server) -> Iterator[list]:
        """Ask for a page all the time; the list grows by what came of it."""
        answers, enough = [], threading.Event()

        def visit():
            while not enough.is_set():
                try:
                    answers.append(server.get("/en/articles/one/").status)
                except (OSError, HTTPException) as error:
                    answers.append(error)

        visitor = threading.Thread(target=visit)
        visitor.start()
        try:
            yield answers
        finally:
            enough.set()
            visitor.join()

    def test_the_server_starts_restarts_and_stops_without_losing_a_visitor(self):
        with serving() as server:
            self.assert_nothing_is_made_before_the_fork(server)
            self.wait_until(lambda: len(self.workers(server)) == 2, seconds=30)
            before = self.workers(server)
            with self.visited(server) as answers:
                server.process.send_signal(signal.SIGHUP)
                self.wait_until(lambda: len(now := self.workers(server)) == 2 and not before & now, seconds=30)
            self.assertEqual(set(answers), {200})
            killed, survivor = sorted(self.workers(server))
            os.kill(killed, signal.SIGKILL)
            self.wait_until(lambda: len(self.workers(server) - {killed}) == 2, seconds=20)
            self.assertIn(survivor, self.workers(server))
            self.assertEqual(server.get("/en/").status, 200)
            # What is under way when the server stops is answered.
            caller = Caller(server, request("POST /en/", "Content-Length: 3", body=b"a"))
            time.sleep(0.2)
            began = time.monotonic()
            server.process.terminate()
            time.sleep(1.2)
            caller.send(b"bc")
            self.assertEqual(caller.status(), 403)
            server.process.wait(20)
            self.assertLess(time.monotonic() - began, 15)
            self.assertEqual(server.process.returncode, 0)
        unexpected = [line for line in server.lines if "SIGKILL" not in line and "csrf" not in line]
        self.assertEqual(len(unexpected), 1, unexpected)

    def test_the_interrupt_key_stops_the_server_also_after_a_restart(self):
        with serving(*GTHREAD) as server:
            self.wait_until(lambda: len(self.workers(server)) == 2, seconds=30)
            before = self.workers(server)
            server.process.send_signal(signal.SIGHUP)
            self.wait_until(lambda: len(now := self.workers(server)) == 2 and not before & now, seconds=30)
            self.assertEqual(server.get("/en/").status, 200)
            workers = self.workers(server)
            for process in (server.process.pid, *workers):
                os.kill(process, signal.SIGINT)
            server.process.wait(20)
            self.assertEqual(server.process.returncode, 0)

    def assert_nothing_is_made_before_the_fork(self, server: Server) -> None:
        process = Path(f"/proc/{server.process.pid}")
        self.assertEqual(len(list((process / "task").iterdir())), 1, "A thread")
        files = []
        for descriptor in (process / "fd").iterdir():
            with suppress(OSError):
                files.append(str(descriptor.readlink()))
        self.assertEqual([name for name in files if "sqlite" in name or "eventpoll" in name], [])
        # The one that listens; no connection to a database.
        self.assertEqual(sum(name.startswith("socket:") for name in files), 1, files)

    def workers(self, server: Server) -> set[int]:
        return set(server.workers)

    def wait_until(self, condition, seconds: float):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    @skipUnless(connection.vendor == "postgresql", "SQLite counts no connections.")
    def test_connections_to_the_database_do_not_grow_with_the_requests(self):
        with serving() as server:
            visitors = [threading.Thread(target=self.visit, args=[server]) for _ in range(10)]
            for visitor in visitors:
                visitor.start()
            for visitor in visitors:
                visitor.join()
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
                # In each process one for each thread and one for the store, and that of this test.
                self.assertLessEqual(cursor.fetchone()[0], 2 * (4 + 1) + 1)

    def visit(self, server: Server) -> None:
        for number in range(20):
            server.get(f"/en/search/?q={number}")
