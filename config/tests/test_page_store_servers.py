"""The store in real servers: odd requests, crowds, and a database that is gone or does not answer."""

import contextlib
import socket
import sqlite3
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone

from articles.models import Tag
from articles.tests.examples import change, live, make_article
from blog import site_version
from blog.models import LastChange, Site
from blog.page_store import SITE
from config.environment import CONNECTION_SECONDS

from .server import GTHREAD, Server, serving
from .test_page_store_truth import WATCHED
from .truth import differences, fresh_pages

PATHS = ("/en/", "/en/articles/news/", "/fr/feed.xml", "/sitemap.xml")
GONE, BACK = "The database does not answer", "The database answers again"


@contextlib.contextmanager
def database_away(file: Path | None = None) -> Iterator[None]:
    """Let nobody reach the database of the tests; with SQLite, that of another file."""
    connection.close()
    if connection.vendor == "sqlite":
        file = file or Path(connection.settings_dict["NAME"])
        files = [file.with_name(file.name + end) for end in ("", "-wal", "-shm")]
        with tempfile.TemporaryDirectory(dir=file.parent) as name:
            away = [each.rename(Path(name) / each.name) for each in files if each.exists()]
            try:
                yield
            finally:
                for each in files:
                    # Who asks in the meantime makes an empty one.
                    each.unlink(missing_ok=True)
                for each in away:
                    each.rename(file.parent / each.name)
        return
    named = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{named}" ALLOW_CONNECTIONS false')
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [named])
        try:
            yield
        finally:
            cursor.execute(f'ALTER DATABASE "{named}" ALLOW_CONNECTIONS true')


@contextlib.contextmanager
def database_locked() -> Iterator[None]:
    """Hold a lock that lets nobody write, and on PostgreSQL lets nobody read the version either."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
    else:
        other = connection.copy()
        other.set_autocommit(False)
        other.cursor().execute("LOCK TABLE blog_lastchange IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


class ServersTests(TransactionTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        cls.renders = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "renders"
        with ThreadPoolExecutor() as pool:
            contexts = [serving(*options, RENDERS=str(cls.renders), **WATCHED) for options in ((), GTHREAD)]
            cls.server, cls.threaded = pool.map(stack.enter_context, contexts)

    def setUp(self):
        self.article = make_article("news", en=live("News"), fr=live("Nouvelle"))
        self.article.tags.add(Tag.objects.create(key="tag", name_en="Tag", name_fr="Sujet"))
        Site.current()
        # A page of the second of a change is made once more, for its date.
        LastChange.objects.update(at=timezone.now() - timedelta(minutes=1))

    def told(self, server: Server, words: str) -> int:
        """Return how often a server said something, once it did; its output comes through a pipe."""
        deadline = time.monotonic() + 20
        while not any(words in line for line in server.lines) and time.monotonic() < deadline:
            time.sleep(0.02)
        # For what should not be there twice.
        time.sleep(0.2)
        return sum(words in line for line in server.lines)

    def test_a_crowd_that_asks_for_a_new_page_has_it_made_once(self):
        for server in (self.server, self.threaded):
            self.renders.unlink(missing_ok=True)
            start = threading.Barrier(50)

            def visit(number: int, server: Server = server, start: threading.Barrier = start) -> tuple[int, bytes]:
                start.wait()
                path = f"/en/tags/tag/?utm_source={number}" if number % 2 else "/en/tags/tag/"
                response = server.get(path, X_Take_Your_Time="yes")
                return response.status, response.content

            with ThreadPoolExecutor(50) as pool:
                answers = set(pool.map(visit, range(50)))
            self.assertEqual([status for status, _ in answers], [200])
            self.assertEqual(self.renders.read_text(), "GET /en/tags/tag/\n")

    def test_no_odd_request_leaves_anything_for_the_next_visitor(self):
        host = SITE.netloc
        requests = [
            f"GET http://evil.example/en/ HTTP/1.1\r\nHost: {host}",
            f"GET http://{host}/en/ HTTP/1.1\r\nHost: evil.example",
            f"GET http://evil.example/en/?page=1 HTTP/1.1\r\nHost: {host}",
            f"GET /en/ HTTP/1.1\r\nHost: evil.example\r\nHost: {host}",
            f"GET /en/ HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Host: evil.example",
            f"GET /en/ HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Proto: https",
            f"GET /en/ HTTP/1.1\r\nHost: {host}\r\nX_Forwarded_Proto: https\r\nX_Forwarded_Host: evil.example",
            f"GET /evil/en/ HTTP/1.1\r\nHost: {host}\r\nSCRIPT_NAME: /evil",
            f"GET /en/ HTTP/1.1\r\nHost: {host}\r\nPATH_INFO: /fr/",
            f"GET /en/ HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: br\r\nAccept-Encoding: gzip",
            f"GET /en/ HTTP/1.1\r\nHost: {host}\r\nCookie: a=b\r\nCookie: sessionid=evil",
            f"GET /en/ HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic YTpi",
            f"GET /en/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\n\r\nevil!",
            f"GET /en/ HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nevil!\r\n0",
            f"HEAD /en/ HTTP/1.1\r\nHost: {host}\r\nRange: bytes=0-1",
            f"GET /%65%6e/ HTTP/1.1\r\nHost: {host}",
            f"GET /en%2f HTTP/1.1\r\nHost: {host}",
            f"GET /en%2F?page=1 HTTP/1.1\r\nHost: {host}",
            f"GET //en/ HTTP/1.1\r\nHost: {host}",
            f"GET /en/./ HTTP/1.1\r\nHost: {host}",
            f"GET /x/../en/ HTTP/1.1\r\nHost: {host}",
            f"GET /en/%00 HTTP/1.1\r\nHost: {host}",
            f"GET /en/%ff%fe HTTP/1.1\r\nHost: {host}",
            f"GET /en/#fr HTTP/1.1\r\nHost: {host}",
            f"GET /en/;x=1 HTTP/1.1\r\nHost: {host}",
            f"GET /en/?utm_source=%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: {host}",
            f"GET http://[::1/en/ HTTP/1.1\r\nHost: {host}",
            f"POST /en/ HTTP/1.1\r\nHost: {host}\r\nX-HTTP-Method-Override: GET\r\nContent-Length: 0",
            "GET /en/ HTTP/1.0\r\nX-Nothing: 1",
            f"GET /en/ HTTP/1.0\r\nHost: {host}",
        ]
        # All were started before: the date is that of the change.
        LastChange.objects.update(at=timezone.now())
        fresh = fresh_pages("/en/", follows=False)["/en/"]
        for server in (self.server, self.threaded):
            for request in requests:
                # Each comes first, to an empty store.
                LastChange.objects.update(token=uuid.uuid4())
                site_version.announce()
                raw_answer(server, request)
                self.assertEqual(differences(server.get("/en/"), fresh, "identity"), [], repr(request))

    def test_kept_pages_are_served_while_the_database_is_gone_and_all_is_right_after_it(self):
        fresh = {}
        for server in (self.server, self.threaded):
            fresh[server.port] = {path: server.get(path).content for path in PATHS}
        with database_away():
            # Longer than a version is trusted and a connection lasts.
            time.sleep(site_version.KnownVersion.WINDOW + CONNECTION_SECONDS["sqlite"])
            for _ in range(5):
                for server in (self.server, self.threaded):
                    for path in PATHS:
                        response = server.get(path)
                        self.assertEqual((response.status, response.content), (200, fresh[server.port][path]), path)
                    self.assertEqual(server.get("/en/archive/").status, 503)
                # Told of a write that nobody can ask for.
                site_version.announce()
                time.sleep(0.15)
        for server in (self.server, self.threaded):
            self.assertEqual(self.told(server, GONE), 1)
        time.sleep(site_version.KnownVersion.WINDOW)
        for server in (self.server, self.threaded):
            self.assertEqual(server.get("/en/archive/").status, 200)
            self.assertEqual(self.told(server, BACK), 1)
        change(self.article, "en", title="Later news")
        for server in (self.server, self.threaded):
            self.assertIn(b"Later news", server.get("/en/").content)
            self.assertEqual(self.told(server, GONE), 1)

    def test_kept_pages_are_served_while_the_database_does_not_answer(self):
        for path in PATHS:
            self.server.get(path)
        with ThreadPoolExecutor(1) as pool, database_locked():
            time.sleep(site_version.KnownVersion.WINDOW + 0.1)
            # One visitor's request asks for the version, and waits where it has to.
            asking = pool.submit(self.server.get, "/en/")
            time.sleep(0.2)
            for _ in range(5):
                for path in PATHS:
                    started_at = time.monotonic()
                    self.assertEqual(self.server.get(path).status, 200)
                    self.assertLess(time.monotonic(), started_at + 3)
                time.sleep(0.15)
            self.assertEqual(asking.done(), connection.vendor == "sqlite")
        self.assertEqual(asking.result().status, 200)
        change(self.article, "en", title="Later news")
        self.assertIn(b"Later news", self.server.get("/en/").content)


def raw_answer(server: Server, request: str) -> bytes:
    """Send bytes as they are, and return what comes back until the server closes or is silent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as visitor:
        line, _, rest = request.partition("\r\n")
        visitor.sendall(f"{line}\r\nConnection: close\r\n{rest}\r\n\r\n".encode("latin-1"))
        answer = b""
        with contextlib.suppress(OSError):
            while piece := visitor.recv(65536):
                answer += piece
    return answer
