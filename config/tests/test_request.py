"""What Django is told about a request is what gunicorn's threads tell it, for the same bytes."""

import asyncio
from contextlib import suppress
from types import SimpleNamespace
from unittest import IsolatedAsyncioTestCase, TestCase, mock

from gunicorn.asgi.parser import CallbackRequest, PythonProtocol
from gunicorn.asgi.protocol import ASGIProtocol, _RequestHeaderPolicy
from gunicorn.config import Config
from gunicorn.http import wsgi
from gunicorn.http.parser import RequestParser

from config import request
from config.request import environ_of

PROXY, STRANGER = ("127.0.0.1", 40_000), ("192.0.2.1", 40_000)
SERVER = ("127.0.0.1", 8000)
# What tells of the server and not of the request, and what Django reads nowhere.
OF_THE_SERVER = {"wsgi", "gunicorn", "SERVER_SOFTWARE", "RAW_URI", "REMOTE_PORT"}


def configuration() -> Config:
    settings = Config()
    settings.set("forwarder_headers", "")
    return settings


def of_threads(raw: bytes, client: tuple, server: tuple) -> dict:
    settings = configuration()
    request = next(RequestParser(settings, iter([raw]), client))
    _, environ = wsgi.create(request, mock.Mock(), client, server, settings)
    return environ


def of_asgi(raw: bytes, client: tuple, server: tuple) -> dict:
    parser = PythonProtocol()
    parser.feed(raw)
    request = CallbackRequest.from_parser(parser)
    _RequestHeaderPolicy(configuration(), client, request.scheme, request.version).apply(request)
    protocol = SimpleNamespace(_scope_addresses=None, _root_path="", worker=object())
    return environ_of(ASGIProtocol._build_http_scope(protocol, request, server, client))


def compared(environ: dict) -> dict:
    kept = {key: value for key, value in environ.items() if key.partition(".")[0] not in OF_THE_SERVER}
    return kept | {"wsgi.url_scheme": environ["wsgi.url_scheme"]}


class EnvironTests(TestCase):
    maxDiff = None

    def assert_same(
        self, target: bytes, *headers: bytes, method=b"GET", version=b"1.1", client=STRANGER, server=SERVER
    ):
        lines = [b"%s %s HTTP/%s" % (method, target, version), b"Host: example.org", *headers]
        raw = b"\r\n".join(lines) + b"\r\n\r\n"
        with self.subTest(raw=raw):
            expected = compared(of_threads(raw, client, server))
            self.assertEqual(compared(of_asgi(raw, client, server)), expected)
            return expected

    def test_every_address_reaches_django_as_it_is_written(self):
        for target in (
            b"/en/",
            b"/",
            b"//en//articles/",
            b"///",
            b"/en/%61rticles/",
            b"/fr/%C3%A9t%C3%A9/",
            b"/en/%ff%FE/%00",
            b"/en/%zz%",
            b"/en/%2F%3F%23",
            b"/en/;a=b/+~!$&'()*,:@",
            b"/en/?",
            b"/en/?page=2&page=3",
            b"/en/?q=%E9%00&r=a+b?c=/d",
            b"/en/#part",
            b"/en/?page=2#part",
            b"/en/#part?page=2",
            b"http://example.org/en/?page=2",
            b"HTTPS://example.org:8443/en/http://x/",
        ):
            self.assert_same(target)

    def test_an_address_without_a_path_is_the_root_for_django(self):
        # Django takes "" for "/".
        raw = b"GET http://example.org HTTP/1.1\r\nHost: example.org\r\n\r\n"
        self.assertIn(of_asgi(raw, STRANGER, SERVER)["PATH_INFO"], ("", "/"))
        self.assertIn(of_threads(raw, STRANGER, SERVER)["PATH_INFO"], ("", "/"))

    def test_a_host_that_cannot_be_read_does_no_harm(self):
        raw = b"GET http://[::1/en/ HTTP/1.1\r\nHost: example.org\r\n\r\n"
        self.assertEqual(of_asgi(raw, STRANGER, SERVER)["PATH_INFO"], "/en/")

    def test_methods_and_versions_are_passed_on(self):
        for method in (b"HEAD", b"POST", b"TRACE", b"BREW", b"PROPFIND"):
            self.assert_same(b"/en/", method=method)
        self.assert_same(b"*", method=b"OPTIONS")
        self.assert_same(b"/en/", version=b"1.0")

    def test_headers_are_joined_and_named_as_in_cgi(self):
        environ = self.assert_same(
            b"/en/",
            b"Accept-Language: fr",
            b"accept-LANGUAGE: en;q=0.5",
            b"Cookie: a=1",
            b"Cookie: b=2",
            b"X-Empty:",
            b"X-Latin: \xe9\xff",
            b"X-Space: \t a  b \t",
            b"Content-Type: text/plain",
            b"Content-Length: 0",
        )
        self.assertEqual(environ["HTTP_ACCEPT_LANGUAGE"], "fr,en;q=0.5")

    def test_nobody_sets_a_variable_by_an_underscore(self):
        for client in (PROXY, STRANGER):
            environ = self.assert_same(
                b"/en/",
                b"X_Forwarded_Proto: https",
                b"SCRIPT_NAME: /en",
                b"PATH_INFO: /fr/",
                b"Content_Length: 5",
                b"Remote_User: author",
                client=client,
            )
            self.assertEqual((environ["SCRIPT_NAME"], environ["PATH_INFO"]), ("", "/en/"))
            self.assertNotIn("CONTENT_LENGTH", environ)

    def test_a_proxy_on_this_machine_says_how_it_was_reached(self):
        for client, scheme in ((PROXY, "https"), (STRANGER, "http")):
            environ = self.assert_same(b"/en/", b"X-Forwarded-Proto: https", client=client)
            self.assertEqual(environ["wsgi.url_scheme"], scheme)
            self.assertEqual(environ["HTTP_X_FORWARDED_PROTO"], "https")

    def test_addresses_of_ipv6_are_told(self):
        self.assert_same(b"/en/", client=("2001:db8::1", 40_000, 0, 0), server=("::1", 8000, 0, 0))


class BodyTests(IsolatedAsyncioTestCase):
    async def body(self, pieces: list[bytes], pause: float | None = None) -> bytes:
        messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
        messages[-1]["more_body"] = False

        async def receive() -> dict:
            if pause:
                await asyncio.sleep(pause)
            return messages.pop(0)

        with await request.whole_body({"HTTP_TRANSFER_ENCODING": "chunked"}, receive) as body:
            return body.read()

    async def test_a_body_that_comes_a_byte_at_a_time_needs_no_timer_for_each(self):
        loop = asyncio.get_running_loop()
        with mock.patch.object(loop, "call_at", wraps=loop.call_at) as timers:
            self.assertEqual(await self.body([b"a"] * 5000), b"a" * 5000)
        self.assertLess(timers.call_count, 10)

    async def test_a_piece_that_arrives_as_its_time_runs_out_does_no_harm(self):
        async def receive() -> dict:
            # As `asyncio.wait_for` of Python 3.11, which the server waits with.
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0.3)
            return {"type": "http.request", "body": b"a", "more_body": True}

        with mock.patch.object(request, "SILENCE_LIMIT", 0.1), self.assertRaisesRegex(request.RefusedError, "^408"):
            await request.whole_body({"HTTP_TRANSFER_ENCODING": "chunked"}, receive)

    async def test_a_body_may_take_its_time_as_long_as_it_does_not_pause(self):
        with mock.patch.object(request, "SILENCE_LIMIT", 0.4):
            self.assertEqual(await self.body([b"a"] * 8, pause=0.1), b"a" * 8)
            with self.assertRaisesRegex(request.RefusedError, "^408"):
                await self.body([b"a"], pause=0.8)
