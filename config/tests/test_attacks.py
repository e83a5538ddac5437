"""Attacks on the real server, byte by byte: what two programs may read in two ways, what is no text, what climbs."""

import random

from django.conf import settings
from django.test import tag

from .caller import HOST, Caller, ServerTestCase, request
from .hostile_requests import BYTES, HOST_OF_OTHERS, PARTS
from .server import serving

CLOSE = "Connection: close"
SECOND = request("GET /en/second/", CLOSE)
SIZE = len(SECOND)
CHUNKED = "Transfer-Encoding: chunked"
END = b"0\r\n\r\n"


def sent(*headers: str, body: bytes = b"") -> bytes:
    return request("POST /en/", *headers, body=body)


# A proxy in front may take each of these for one request and another end of it: the second would be somebody else's.
READ_IN_TWO_WAYS = [
    sent("Content-Length: 6", CHUNKED, body=END),
    sent(CHUNKED, f"Content-Length: {SIZE + 5}", body=END),
    sent("Transfer-Encoding : chunked", "Content-Length: 5", body=END),
    sent("Transfer-Encoding: \x0bchunked", body=END),
    sent(CHUNKED, "Transfer-Encoding: identity", body=END),
    sent("Transfer-Encoding: chunked, identity", body=END),
    sent(CHUNKED, body=END).replace(b"HTTP/1.1", b"HTTP/1.0"),
    sent("Content-Length: 0", f"Content-Length: {SIZE}"),
    *(sent(f"Content-Length: {value}") for value in ("0, 0", "+0", "-0", "0x0", "0 0", "1_0", "٠", "", "1e1")),
    sent("Content-Length : 5"),
    sent("X-One: 1\r\n Content-Length: 5"),
    sent("X-One: 1\nContent-Length: 5"),
    sent("X-One: 1\rContent-Length: 5"),
    sent("X-One: 1\0", "Content-Length: 0"),
    sent("Content-Length\0: 5"),
    sent("no colon", "Content-Length: 0"),
    *(sent(CHUNKED, body=size + b"\r\nxx\r\n" + END) for size in (b"+2", b"-2", b"0x2", b"0_2", b" 2", b"2;\n", b"")),
    sent(CHUNKED, body=b"2\nxx\n0\n\n"),
    sent(CHUNKED, body=b"2\r\nxxyy" + END),
    sent(CHUNKED, body=b"0\r\nContent-Length: 50\r\nno colon\r\n\r\n"),
    request("GET /en/", f"Host: {HOST_OF_OTHERS}"),
    request("GET /en/ /fr/"),
    request("GET\t/en/\t"),
    request("GET /en/").replace(b"\r\n", b"\n"),
    request("GET /en/").replace(b"HTTP/1.1", b"HTTP/1.10"),
    b"GET /en/ HTTP/1.1\r\n Host: x\r\n\r\n",
    b"\r\n\r\n" + request("GET /en/"),
    # RFC 9112, section 3.2: what has no host is for nobody.
    b"GET /en/ HTTP/1.1\r\n\r\n",
]


@tag("wire")
class RawTests(ServerTestCase):
    """Against one server with one process."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(serving(workers=1))

    def tearDown(self):
        # Whatever was sent: the server is well, and its log tells of no fault of its own.
        self.assertEqual(self.server.get("/en/articles/one/").status, 200)
        self.assertEqual([line for line in self.server.lines if "Traceback" in line or " ERROR " in line], [])
        super().tearDown()

    def answered(self, raw: bytes) -> bytes:
        answer = Caller(self.server, raw).rest()
        self.assertNotIn(b"\r\nX-Injected:", answer)
        return answer

    def test_what_can_be_read_in_two_ways_is_refused_and_nothing_behind_it_is_answered(self):
        for raw in READ_IN_TWO_WAYS:
            with self.subTest(raw=raw):
                answer = self.answered(raw + SECOND)
                self.assertTrue(answer.startswith(b"HTTP/1.1 400 "), answer[:40])
                self.assertEqual(answer.count(b"HTTP/1.1 "), 1)

    def test_a_body_is_never_taken_for_the_next_request(self):
        for raw in (
            sent(f"Content-Length: {SIZE}", body=SECOND),
            request("GET /en/", f"Content-Length: {SIZE}", body=SECOND),
            request("OPTIONS /en/", f"Content-Length: {SIZE}", body=SECOND),
            request("GET /static/nothing.css", f"Content-Length: {SIZE}", body=SECOND),
            request("TRACE /en/", f"Content-Length: {SIZE}", body=SECOND),
            request("GET /healthz", CHUNKED, body=b"%x\r\n%b\r\n%b" % (SIZE, SECOND, END)),
            request("GET /en/", "Connection: Content-Length", f"Content-Length: {SIZE}", body=SECOND),
        ):
            with self.subTest(raw=raw[:60]):
                answer = self.answered(raw + request("GET /healthz", CLOSE))
                self.assertNotIn(b"HTTP/1.1 404 ", answer.replace(b"HTTP/1.1 404 ", b"", raw.count(b"nothing.css")))
                self.assertTrue(answer.endswith(b"ok\n") or answer.count(b"HTTP/1.1 ") == 1, answer[-60:])

    def test_no_path_leads_out_of_a_folder_of_files(self):
        for folder in (
            "/static/",
            "/media/",
            "/social/",
            "/static/css/",
            "/media/originals/",
            "/en/articles/",
            "/admin/",
        ):
            for part in PARTS:
                for path in (f"{folder}{part}", f"{folder}{part}/{part}/secret_key", f"{folder}{part}/settings.py"):
                    answer = self.answered(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{CLOSE}\r\n\r\n".encode())
                    with self.subTest(path=path[:200]):
                        self.assertIn(answer[9:12], (b"404", b"400", b"301", b"302", b"414"))
                        self.assertNotIn(settings.SECRET_KEY.encode(), answer)

    def test_bytes_that_are_no_text_are_answered_wherever_they_stand(self):
        for odd in (*BYTES, b"%ff%fe", b"%c0%af", b"%ed%a0%80", b"%00", b"%", b"%u0041"):
            for line, header in (
                (b"/en/articles/" + odd + b"/", b""),
                (b"/admin/" + odd, b""),
                (b"/en/search/?q=" + odd, b""),
                (b"/en/?" + odd + b"=1&page=" + odd, b""),
                (b"/admin/login/?next=/" + odd, b""),
                *((b"/en/search/?q=one", name + b": " + odd + b"\r\n") for name in (b"Accept-Language", b"Cookie")),
                *((b"/", name + b": " + odd + b"\r\n") for name in (b"Referer", b"User-Agent", b"If-None-Match")),
                (b"/admin/", b"Cookie: sessionid=" + odd + b"\r\n"),
                (b"/en/", b"X-" + odd + b": 1\r\n"),
                (b"/en/", b"Host: " + odd + b"\r\n"),
            ):
                host = b"" if header.startswith(b"Host") else f"Host: {HOST}\r\n".encode()
                answer = self.answered(b"GET %s HTTP/1.1\r\n%s%sConnection: close\r\n\r\n" % (line, host, header))
                with self.subTest(line=line, header=header):
                    self.assertIn(answer[9:10], (b"2", b"3", b"4"))

    def test_random_bytes_never_make_a_fault(self):
        chance = random.Random(10)
        whole = sent("Content-Length: 9", CLOSE, body=b"a=b&c=d&e")
        for _ in range(150):
            raw = bytearray(chance.randbytes(300) if chance.random() < 0.3 else whole)
            for _ in range(chance.randrange(8)):
                raw[chance.randrange(len(raw))] = chance.choice(b"\x00\r\n :%\xff;,0/") if chance.random() < 0.7 else 65
            caller = Caller(self.server, bytes(raw) + b"\r\n\r\n")
            caller.socket.shutdown(1)
            with self.subTest(raw=bytes(raw)):
                self.assertIn(caller.rest()[9:10], (b"", b"2", b"3", b"4"))

    def test_no_line_of_a_visitor_gets_among_the_headers_or_into_the_log(self):
        line = "%0d%0aX-Injected:%20yes%0d%0a%0d%0a<p>"
        for path in (
            *(
                f"/{line}",
                f"/en/articles/{line}",
                f"/en/articles/one/?{line}=1",
                f"/articles/one?x={line}",
                f"/?x={line}",
            ),
            *(f"/admin{line}", f"/admin?{line}", f"/en/archive?{line}", f"/admin/login/?next={line}", f"/media/{line}"),
        ):
            with self.subTest(path=path):
                self.answered(request(f"GET {path}", CLOSE))
                self.answered(request(f"POST {path}", "Content-Length: 0", CLOSE))
        for word in line.split("%0d%0a")[1:2]:
            self.assertEqual([told for told in self.server.lines if told.startswith(word.split(":")[0])], [])

    def test_a_host_that_is_not_the_site_s_is_refused_and_never_repeated(self):
        hosts = [HOST_OF_OTHERS, f"{HOST}.{HOST_OF_OTHERS}", f"{HOST}@{HOST_OF_OTHERS}", f"{HOST_OF_OTHERS}:80", "[::1"]
        hosts += [
            f"{HOST}/{HOST_OF_OTHERS}",
            f"{HOST}#{HOST_OF_OTHERS}",
            f"{HOST},{HOST_OF_OTHERS}",
            "",
            "a b",
            "*",
            ".",
        ]
        for host in hosts:
            for path in (
                "/",
                "/en/",
                "/admin",
                "/admin/login/",
                "/sitemap.xml",
                "/en/feed.xml",
                "/robots.txt",
                "/archive",
            ):
                with self.subTest(host=host, path=path):
                    answer = self.answered(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{CLOSE}\r\n\r\n".encode())
                    self.assertEqual(answer[9:12], b"400")
                    self.assertNotIn(HOST_OF_OTHERS.encode(), answer)
        for header in ("X-Forwarded-Host", "X-Host", "Forwarded: host", "X-Original-Host"):
            for path in ("/", "/en/", "/admin", "/admin/login/", "/sitemap.xml", "/archive"):
                answer = self.answered(request(f"GET {path}", f"{header}: {HOST_OF_OTHERS}", CLOSE))
                self.assertNotIn(HOST_OF_OTHERS.encode(), answer)
