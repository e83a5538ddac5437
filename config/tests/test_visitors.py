"""Visitors of the real server who are slow, odd, many or gone."""

import socket
import statistics
import struct
import tempfile
import time
import zlib
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import tag

from articles.models import Image
from config.request import MAX_BODY
from config.security_headers import HEADERS

from .caller import Caller, ServerTestCase, request
from .server import serving

# In seconds. The project's own are too long for a test.
LIMIT = 2
MANY = 60
IMPATIENT = f"""
from config import connection, request, settings
settings.MEDIA_ROOT = "{{media}}"
connection.SILENCE_LIMIT = request.SILENCE_LIMIT = request.PATIENCE = {LIMIT}
from config.gunicorn import *
worker_connections = {MANY}
"""


@tag("wire")
class VisitorTests(ServerTestCase):
    """Against one server with one process."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        impatient = Path(folder) / "impatient.py"
        impatient.write_text(IMPATIENT.format(media=folder))
        cls.server = cls.enterClassContext(serving("--config", str(impatient), workers=1))

    def setUp(self):
        super().setUp()
        self.seen = len(self.server.lines)

    def new_lines(self) -> list[str]:
        # The server's output comes through a pipe.
        time.sleep(0.1)
        return self.server.lines[self.seen :]

    def assert_in_good_health(self):
        """Stored pages come at once, and Django's as well."""
        times = []
        for _ in range(20):
            began = time.perf_counter()
            self.assertEqual(self.server.get("/en/articles/one/").status, 200)
            times.append(time.perf_counter() - began)
        # It is two milliseconds on a machine that has nothing else to do.
        self.assertLess(statistics.median(times), 0.3)
        self.assertEqual(self.server.get("/en/search/?q=one").status, 200)

    def assert_borne(self, *parts: bytes, drip: bytes = b"", receive_buffer: int = 0):
        """Assert that twenty such visitors are in nobody's way, and are sent away in time."""
        callers = [Caller(self.server, *parts, receive_buffer=receive_buffer) for _ in range(20)]
        began = time.monotonic()
        while drip and time.monotonic() < began + LIMIT / 2:
            for caller in callers:
                caller.send(drip)
            time.sleep(LIMIT / 10)
        self.assert_in_good_health()
        for caller in callers:
            caller.rest()
        self.assertLess(time.monotonic() - began, 10 * LIMIT)
        self.assertEqual(self.new_lines(), [])

    def test_visitors_who_send_nothing_or_half_headers_are_sent_away(self):
        self.assert_borne()
        self.assert_borne(b"GET /en/ HT")
        self.assert_borne(b"GET /en/ HTTP/1.1\r\nHost: ", drip=b"x")

    def test_visitors_who_send_half_a_body_are_told_and_sent_away(self):
        half = request("POST /admin/login/", "Content-Length: 9", body=b"half")
        caller = Caller(self.server, half)
        self.assert_borne(half)
        self.assertEqual(caller.status(), 408)

    def test_visitors_who_never_read_their_answers_are_sent_away(self):
        # The first pages go to the system's memory; then the server has to keep the rest.
        asked = request("GET /en/articles/one/") * 500
        callers = [Caller(self.server, receive_buffer=4096) for _ in range(20)]
        for caller in callers:
            caller.socket.setblocking(False)
            with suppress(BlockingIOError):
                for _ in range(20):
                    caller.socket.sendall(asked)
        self.assert_in_good_health()
        self.wait_until(lambda: self.connections() == 0, seconds=30)
        for caller in callers:
            caller.socket.close()
        self.assertEqual(self.new_lines(), [])

    def test_the_connection_of_who_has_left_is_not_kept(self):
        for _ in range(5):
            self.server.get("/en/articles/one/")
            Caller(self.server, request("GET /en/articles/one/")).socket.close()
        # Before the server takes it for silent.
        self.wait_until(lambda: self.connections() == 0, seconds=LIMIT * 0.8)

    def connections(self) -> int:
        """Return how many the server's process has open."""
        inodes = set()
        (worker,) = self.server.workers
        for descriptor in Path(f"/proc/{worker}/fd").iterdir():
            with suppress(OSError):
                inodes.add(str(descriptor.readlink()))
        port = f":{self.server.port:04X}"
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(row[1].endswith(port) and row[3] in ("01", "08") and f"socket:[{row[9]}]" in inodes for row in rows)

    def test_too_many_connections_are_closed_and_the_next_ones_are_welcome(self):
        callers = [Caller(self.server) for _ in range(MANY + 20)]
        began = time.monotonic()
        for caller in callers[MANY:]:
            self.assertEqual(caller.rest(), b"")
        self.assertLess(time.monotonic() - began, LIMIT / 2)
        for caller in callers[:MANY]:
            caller.rest()
        self.assert_in_good_health()

    def test_odd_requests_have_a_clear_answer_and_no_line_in_the_log(self):
        upgrade = ("Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
        chunked = ("Transfer-Encoding: chunked", "Connection: close")
        for status, raw in {
            403: request("GET /en/", "Upgrade: websocket", *upgrade),
            400: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            405: request("TRACE /admin/login/", "Connection: close"),
            404: request("CONNECT example.org:443"),
            414: b"GET /" + b"a" * 20_000,
            431: request("GET /en/", "X-Long: " + "a" * 9000),
            501: request("POST /en/", "Transfer-Encoding: rot13"),
        }.items():
            with self.subTest(raw=raw[:60]):
                self.assert_answered(raw, status)
        for raw in (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n",
            b"hello\r\n\r\n",
            request("get /en/"),
            request("GET *"),
            request("POST /en/", "Content-Length: -1"),
            request("POST /en/", "Content-Length: " + "9" * 5000),
            request("POST /en/", "Content-Length: 1", "Content-Length: 1"),
            request("POST /en/", *chunked, body=b"zz\r\n"),
            request("GET /en/é/"),
        ):
            with self.subTest(raw=raw[:60]):
                self.assert_answered(raw, 400)
        for raw in (
            request(
                "GET /en/", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings, close", "HTTP2-Settings: AAMAAABk"
            ),
            request("GET http://[::1/en/", "Connection: close"),
            request("GET /en/", *chunked, body=b"3\r\nabc\r\n0\r\n\r\n"),
            request("GET /en/", "Content-Length: 3", "Connection: close", body=b"abc"),
            request("OPTIONS /en/", "Connection: close"),
            # Neither is believed here.
            request("GET /en/", "X-Forwarded-Proto: https", "X-Forwarded-Ssl: off", "Connection: close"),
        ):
            with self.subTest(raw=raw[:60]):
                self.assert_answered(raw, 200)
        self.assertEqual(self.new_lines(), [])

    def assert_answered(self, raw: bytes, status: int) -> None:
        """Look at the status, and at what no answer may be without."""
        head, _, body = Caller(self.server, raw).rest().partition(b"\r\n\r\n")
        self.assertEqual(int(head.split()[1]), status)
        headers = message_from_bytes(head.partition(b"\r\n")[2])
        self.assertEqual({name: headers.get_all(name) for name in HEADERS}, {name: [HEADERS[name]] for name in HEADERS})
        self.assertNotIn("Server", headers)
        # What was sent is not sent back.
        self.assertNotIn(b"rot13", body)

    def test_a_stored_page_is_sent_with_all_that_protects_its_readers(self):
        stored = self.server.get("/en/articles/one/")
        for _ in range(2):
            for header in ({}, {"Accept_Encoding": "br"}, {"If_None_Match": stored.headers["ETag"]}):
                answer = self.server.get("/en/articles/one/", **header)
                self.assertEqual({name: answer.headers[name] for name in HEADERS}, HEADERS, header)

    def test_several_requests_sent_at_once_are_answered_in_their_order(self):
        pages = [f"GET /{code}/articles/{slug}/" for code, slug in (("en", "one"), ("fr", "un"))] * 3
        raw = b"".join(request(page) for page in pages) + request("HEAD /en/", "Connection: close")
        answers = Caller(self.server, raw).rest().split(b"HTTP/1.1 200 OK\r\n")[1:]
        self.assertEqual(
            [b'lang="fr" dir' in page or b'<html lang="fr"' in page for page in answers[:-1]], [False, True] * 3
        )
        self.assertTrue(answers[-1].endswith(b"\r\n\r\n"))

    def test_a_body_is_invited_where_the_visitor_asks_first(self):
        caller = Caller(
            self.server, request("POST /en/", "Content-Length: 3", "Expect: 100-continue", "Connection: close")
        )
        self.assertTrue(caller.socket.recv(100).startswith(b"HTTP/1.1 100 Continue\r\n\r\n"))
        caller.send(b"abc")
        self.assertEqual(caller.status(), 403)

    def test_more_than_the_site_takes_is_refused_before_and_while_it_comes(self):
        size = MAX_BODY + 1
        close = "Connection: close"
        caller = Caller(self.server, request("POST /en/", f"Content-Length: {size}", close))
        self.assertTrue(caller.socket.recv(1000).startswith(b"HTTP/1.1 413 "))
        # Who sends all and listens only then hears it as well.
        for _ in range(2):
            caller = Caller(self.server, request("POST /en/", f"Content-Length: {size}", close))
            caller.socket.sendall(b"x" * size)
            self.assertEqual(caller.status(), 413)
        chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (size, b"x" * size)
        raw = request("POST /en/", "Transfer-Encoding: chunked", close, body=chunk)
        self.assertEqual(Caller(self.server, raw).status(), 413)

    def form(self, session: str, path: str, fields: dict, file: bytes = b"") -> bytes:
        """Return a whole request that sends a form of the admin."""
        token = "t" * 32
        parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
        parts.append(f'name="csrfmiddlewaretoken"\r\n\r\n{token}'.encode())
        if file:
            parts.append(b'name="file"; filename="picture.png"\r\nContent-Type: image/png\r\n\r\n' + file)
        body = (
            b"".join(b"--limit\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts)
            + b"--limit--\r\n"
        )
        cookies = f"Cookie: {session}; {settings.CSRF_COOKIE_NAME}={token}"
        kind = "Content-Type: multipart/form-data; boundary=limit"
        return request(f"POST {path}", cookies, kind, f"Content-Length: {len(body)}", "Connection: close", body=body)

    def test_who_sends_a_whole_form_and_leaves_has_it_saved(self):
        user = get_user_model().objects.create_superuser("author", "author@example.org")
        path = f"/admin/auth/user/{user.pk}/change/"
        session = self.session()
        fields = {
            "username": "author",
            "first_name": "Colette",
            "date_joined_0": "2026-01-01",
            "date_joined_1": "10:00:00",
        }
        caller = Caller(self.server, self.form(session, path, fields))
        caller.socket.close()
        self.wait_until(lambda: get_user_model().objects.get(pk=user.pk).first_name == "Colette")
        # Half a form is none.
        half = self.form(session, path, fields | {"first_name": "Ignored"})
        Caller(self.server, half[:-10]).socket.close()
        # Who says that no more comes still gets the answer.
        caller = Caller(self.server, self.form(session, path, fields | {"first_name": "Sidonie"}))
        caller.socket.shutdown(socket.SHUT_WR)
        self.assertEqual(caller.status(), 302)
        self.assertEqual(get_user_model().objects.get(pk=user.pk).first_name, "Sidonie")

    def wait_until(self, condition, seconds: float = 30):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def test_the_largest_image_goes_into_the_library(self):
        picture = png(size=19 * 1024 * 1024)
        fields = {"key": "large", "alt_en": "A dot", "alt_fr": "Un point"}
        raw = self.form(self.session(), "/admin/articles/image/add/", fields, picture)
        self.assertEqual(Caller(self.server, raw).status(), 302)
        self.assertEqual(Image.objects.get().key, "large")


def png(size: int) -> bytes:
    """Return a picture of one dot that is as large as `size`, since it brings something that no program knows."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    ballast = chunk(b"orDo", bytes(size))
    return b"\x89PNG\r\n\x1a\n" + header + ballast + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
