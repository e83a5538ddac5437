"""Real proxies in front of the real site, as the documented files set them up, and who attacks the pair.

Where two programs do not agree on where a request ends, a visitor can put one of their own into somebody else's
connection (request smuggling). Here a proxy's log and the site's are held against each other: whatever was sent, the
site heard no request that the proxy did not send on.
"""

import json
import random
import re
import socket
import ssl
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.test import tag
from django.urls import reverse

from config.security_headers import HEADERS
from config.throttling import RATES

from . import http2_frames
from .caller import ServerTestCase
from .haproxy import HAProxyMixin
from .nginx import NginxMixin
from .server import serving
from .smuggling import HTTP2, HTTP11, NUMBER, SECOND, Attack
from .smuggling import SITE as NAME

# What the site hears, as it hears it, before it does anything.
RECORDER = """
import json, os
from config.asgi import application as site

async def application(scope, receive, send):
    target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    headers = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"]]
    with open(os.environ["RECORD"], "a") as file:
        file.write(json.dumps([scope["method"], target.decode("latin-1"), headers]) + "\\n")
    await site(scope, receive, send)
"""
CONFIG = """
import sys
sys.path.insert(0, "{folder}")
from config.gunicorn import *
wsgi_app = "recorder:application"
"""
# Invented by a visitor who wants to be somebody else, or elsewhere.
INVENTED = {
    "X-Forwarded-For": "203.0.113.9",
    "X_Forwarded_For": "203.0.113.9",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.example.net",
    "X-Forwarded-Port": "8443",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Protocol": "ssl",
    "X-Forwarded-Ssl": "off",
    "X-Real-IP": "203.0.113.9",
    "X-Request-ID": "invented",
    "Forwarded": "for=203.0.113.9;proto=http;host=evil.example.net",
    "Proxy": "http://evil.example.net",
    "Script_Name": "/evil",
}
SET_BY_PROXY = {"x-forwarded-for", "x-forwarded-proto", "x-request-id"}


class ProxyTests:
    """What holds behind each proxy. A class says how its proxy starts, and what it logs of a request."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        (folder / "recorder.py").write_text(RECORDER)
        (folder / "proxied.py").write_text(CONFIG.format(folder=folder))
        cls.record = folder / "record"
        variables = {"SITE_URL": f"https://{NAME}", "RECORD": str(cls.record)}
        cls.site = cls.enterClassContext(serving("--config", str(folder / "proxied.py"), workers=1, **variables))

    def setUp(self):
        super().setUp()
        self.record.write_text("")
        self.start_proxy()

    def heard(self) -> list[tuple[str, str, list]]:
        """Return the requests that the site heard of: the method, the target, the headers."""
        heard = [json.loads(line) for line in self.record.read_text().splitlines()]
        # HAProxy itself asks whether the site is well.
        return [each for each in heard if ["host", "localhost"] not in each[2]]

    def connection(self, *protocols: str) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        return self.certificate.trusted(*protocols).wrap_socket(plain, server_hostname=NAME)

    def ask(self, raw: bytes, wait: float = 10) -> bytes:
        """Send bytes through TLS, and return all that is answered until the proxy closes, or is silent for too long."""
        received = b""
        with self.connection("http/1.1") as connection, suppress(OSError):
            connection.settimeout(wait)
            connection.sendall(raw)
            while data := connection.recv(65_536):
                received += data
        return received

    def got(self, target: str, **headers: str) -> bytes:
        lines = [f"GET {target} HTTP/1.1", "Connection: close", f"Host: {NAME}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return self.ask("\r\n".join([*lines, "", ""]).encode())

    def test_what_comes_without_tls_is_led_to_the_site_whatever_it_says(self):
        for host in (NAME, "evil.example.net"):
            with socket.create_connection(("127.0.0.1", self.plain_port), timeout=10) as visitor:
                visitor.sendall(f"GET /en/?a=b HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
                answer = visitor.recv(65_536).lower()
            self.assertRegex(answer, rb"\Ahttp/1.1 301 ")
            self.assertIn(f"\r\nlocation: https://{NAME}/en/?a=b\r\n".encode(), answer)
        self.assertEqual(self.heard(), [])
        page = self.got("/en/")
        self.assertIn(b" 200 ", page[:20])
        self.assertIn(b"strict-transport-security: max-age=31536000", page.lower())
        self.assertIn(b"__Secure-", self.got("/admin/login/"))
        for target in ("/readyz", "/%72eadyz"):
            self.assertIn(b" 404 ", self.got(target)[:20])
        self.assertEqual([target for _, target, _ in self.heard() if "eadyz" in target], [])

    def test_the_site_hears_from_the_proxy_who_asks_and_nothing_that_they_invented(self):
        nominated = {"Connection": f"close, {', '.join([*INVENTED, 'Host', 'Cookie'])}", "Cookie": "a=b"}
        self.got("/en/", **INVENTED)
        self.got("/en/", **INVENTED | nominated)
        fields = [(b":method", b"GET"), (b":scheme", b"https"), (b":authority", NAME.encode()), (b":path", b"/en/")]
        fields += [(name.lower().encode(), value.encode()) for name, value in INVENTED.items()]
        with self.connection("h2") as connection:
            self.assertEqual(connection.selected_alpn_protocol(), "h2")
            http2_frames.answer(connection, http2_frames.request(fields))
        heard = self.heard()
        self.assertEqual(len(heard), 3)
        names = {name.lower() for name in INVENTED} - SET_BY_PROXY
        for _, _, headers in heard:
            said = dict(headers)
            # None of them twice.
            self.assertEqual(len(said), len(headers), headers)
            self.assertEqual((said["x-forwarded-for"], said["x-forwarded-proto"]), ("127.0.0.1", "https"))
            self.assertRegex(said["x-request-id"], r"\A[0-9a-f-]{32,36}\Z")
            self.assertEqual(said["host"], NAME)
            self.assertEqual(names & said.keys(), set())
        self.assertEqual(len({dict(headers)["x-request-id"] for *_, headers in heard}), 3)

    def test_searches_and_log_ins_are_bounded_before_they_reach_the_site(self):
        for number in range(110):
            answer = self.got(f"/en/search/?q={number}")
            if b" 429 " in answer[:20]:
                break
        # By nginx with a bucket that fills again meanwhile, by HAProxy with a window.
        self.assertIn(number, range(60, 100))
        self.assertEqual([target for _, target, _ in self.heard()], [f"/en/search/?q={each}" for each in range(number)])
        self.assertIn(b"retry-after: 60", answer.lower())
        for name in HEADERS:
            self.assertIn(f"\r\n{name}: ".lower().encode(), answer.lower())
        # What is read is not counted.
        self.assertIn(b" 200 ", self.got("/en/")[:20])

    def test_all_that_holds_a_password_against_its_hash_is_bounded_together(self):
        paths = [reverse(name) for name, (kind, _) in RATES.items() if kind == "login"]
        post = f"Host: {NAME}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

        def is_refused(path: str) -> bool:
            return b" 429 " in self.ask(f"POST {path} HTTP/1.1\r\n{post}".encode())[:20]

        let_through = next((number for number in range(60) if is_refused(paths[0])), 60)
        self.assertIn(let_through, range(30, 50))
        for path in paths:
            # The bucket of nginx may have room for one again.
            self.assertTrue(is_refused(path) or is_refused(path), path)

    def test_one_address_holds_a_hundred_connections_and_no_more(self):
        with ExitStack() as stack:
            for _ in range(100):
                held = stack.enter_context(self.connection("http/1.1"))
                held.sendall(f"POST /en/ HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 9\r\n\r\na".encode())
            self.assertTrue(self.comes_to_be(is_served=False))
        self.assertTrue(self.comes_to_be(is_served=True))

    def comes_to_be(self, *, is_served: bool) -> bool:
        """Return whether it is so within a while: the proxy has to take note of what was sent."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            answer = b""
            with suppress(OSError):
                answer = self.got("/en/")
            if (b" 200 " in answer[:20]) == is_served:
                return True
        return False

    def test_nobody_gets_a_request_of_their_own_into_the_connection_of_others(self):
        victim = Victim(self.connection("http/1.1"))
        attacks = [*HTTP11, *mutated(120)]
        for number, attack in enumerate(attacks):
            raw = numbered(attack.raw, number)
            self.ask(raw, wait=0.2)
            self.assertTrue(victim.is_well(), (attack.name, raw))
        for number, attack in enumerate(HTTP2, start=len(attacks)):
            fields = [(name, numbered(value, number)) for name, value in attack.fields]
            body = attack.body and numbered(attack.body, number)
            with self.connection("h2") as connection:
                connection.settimeout(0.3)
                http2_frames.answer(connection, http2_frames.request(fields, body, attack.trailers))
            self.assertTrue(victim.is_well(), (attack.name, fields))
        victim.connection.close()
        # A request within another one bears no id of the proxy's, or that of nothing that it knows.
        heard = {(dict(headers).get("x-request-id"), method, target) for method, target, headers in self.heard()}
        self.assertGreater(len(heard), len(attacks))
        # A line of the log is written when an answer is through.
        end = time.monotonic() + 10
        while (unknown := heard - set(self.sent_on())) and time.monotonic() < end:
            time.sleep(0.1)
        self.assertEqual(unknown, set())

    def sent_on(self) -> Iterator[tuple[str, str, str]]:
        """Give the requests that the proxy sent to the site, as its log tells them: the id, the method, the target."""
        for line in self.log.read_text(errors="replace").splitlines():
            if match := self.LOGGED.fullmatch(line):
                target, parts = match["target"], urlsplit(match["target"])
                target = target.removeprefix(f"{parts.scheme}://{parts.netloc}") or "/"
                yield match["id"], self.METHODS.get(match["method"], match["method"]), target


class Victim:
    """Who reads through the same proxy all the while, and must get what they ask for."""

    def __init__(self, connection: ssl.SSLSocket) -> None:
        self.connection = connection
        self.file = connection.makefile("rb")

    def is_well(self) -> bool:
        """Return whether an answer of the site is the one to the question."""
        self.connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
        status, length = self.file.readline(), 0
        while (line := self.file.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        return b" 200 " in status and self.file.read(length) == b"ok\n"


def numbered(raw: bytes, number: int) -> bytes:
    """Return an attack whose requests can be told from those of all others."""
    return raw.replace(NUMBER.encode(), b"%03d" % number)


def mutated(count: int) -> Iterator[Attack]:
    """Give known attacks with some of their bytes changed, dropped or doubled."""
    chance = random.Random(11)
    for _ in range(count):
        raw = bytearray(chance.choice(HTTP11).raw)
        for _ in range(chance.choice((1, 1, 2, 3))):
            place = chance.randrange(len(raw) - len(SECOND))
            raw[place : place + chance.choice((0, 1))] = chance.choice(
                (b"", b"\r", b"\n", b" ", b"\t", b"\0", b",", b"0")
            )
        yield Attack("mutated", bytes(raw))


@tag("wire")
class NginxTests(ProxyTests, NginxMixin, ServerTestCase):
    FORMAT = "log_format seen '$request_id $request_method $request_uri $upstream_addr';"
    LOGGED = re.compile(r"(?P<id>\S+) (?P<method>\S+) (?P<target>\S+) \d.*")
    # It keeps pages, and gives who asks for the head that of the page.
    METHODS = {"HEAD": "GET"}

    def start_proxy(self) -> None:
        self.log = Path(self.enterContext(tempfile.TemporaryDirectory())) / "log"
        other = {
            "access_log off;": f"access_log {self.log} seen;",
            "upstream blog": f"{self.FORMAT} upstream blog",
            "127.0.0.1:8000": f"127.0.0.1:{self.site.port}",
            # What a test says of itself, in place of the one address that all tests have.
            "client_max_body_size": "set_real_ip_from 127.0.0.1; real_ip_header X-Test; client_max_body_size",
        }
        self.start(settings.BASE_DIR / "docs" / "nginx.conf", **other)

    def test_a_customer_s_addresses_of_ipv6_are_one_and_the_next_customer_s_another(self):
        answers = [self.got("/nothing?q=a", **{"X-Test": f"2001:db8:0:1::{last:x}"}) for last in range(1, 80)]
        statuses = [int(answer[9:12]) for answer in answers]
        self.assertEqual((statuses[0], statuses[-1]), (404, 429))
        self.assertIn(b" 404 ", self.got("/nothing?q=a", **{"X-Test": "2001:db8:0:2::1"})[:20])


@tag("wire")
class HAProxyTests(ProxyTests, HAProxyMixin, ServerTestCase):
    LOGGED = re.compile(r"(?P<id>\S+) (?P<method>\S+) (?P<target>\S+) one")
    METHODS: dict[str, str] = {}

    def start_proxy(self) -> None:
        self.start_haproxy(self.site.port, **{"%HM %ST %B %Tr %ID": "%ID %HM %HU %s"})
