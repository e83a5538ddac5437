"""What HTTP answers from one finished page: GET, HEAD and 304, in each coding."""

import gzip
import random
import time

import brotli
from django.test import SimpleTestCase
from django.utils.http import http_date

from blog.finished_page import Answer, FinishedPage

BODY = b"<!doctype html><title>A page</title>" + b"<p>The same words again and again.</p>" * 50
CHANGED_AT = 1_800_000_000
CODINGS = {"": "", "br": "-br", "gzip": "-gzip"}


def answer(body: bytes = BODY, status: str = "200 OK", **headers: str) -> Answer:
    """Return what Django answers; a header given as "" is left out."""
    named = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": "en",
        "Content-Length": str(len(body)),
        "Cache-Control": "public, max-age=0, must-revalidate",
        "Vary": "Accept-Encoding",
        "ETag": '"abc"',
        "Last-Modified": http_date(CHANGED_AT),
        "X-Content-Type-Options": "nosniff",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, [(name, value) for name, value in named.items() if value], body)


def ask(page: FinishedPage, method: str = "GET", **headers: str) -> Answer:
    """Return the answer to a request whose headers are named like Accept_Encoding."""
    environ = {"REQUEST_METHOD": method} | {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    page.code_for(environ)
    return page.answer_to(environ)


def named(answer: Answer) -> dict[str, str]:
    headers = {name.lower(): value for name, value in answer.headers}
    assert len(headers) == len(answer.headers), "A header is there twice."
    return headers


class CodingTests(SimpleTestCase):
    def test_each_coding_is_the_page_with_a_length_and_a_strong_tag_of_its_own(self):
        page = FinishedPage(answer())
        for coding, read in {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress}.items():
            got = ask(page, accept_encoding=coding)
            headers = named(got)
            self.assertEqual(read(got.body), BODY)
            self.assertEqual(headers["content-length"], str(len(got.body)))
            self.assertEqual(headers.get("content-encoding", ""), coding)
            self.assertEqual(headers["etag"], f'"abc{CODINGS[coding]}"')
            for name in ("vary", "content-language", "content-type", "last-modified", "cache-control"):
                self.assertEqual(headers[name], answer().header(name))

    def test_nothing_is_made_before_it_is_wanted(self):
        page = FinishedPage(answer())
        environ = {"REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": "br"}
        self.assertIsNone(page.answer_to(environ))
        page.code_for(environ)
        self.assertIs(page.answer_to(environ), page.answer_to(environ))

    def test_what_nobody_wants_takes_no_room_and_is_made_again_the_same(self):
        plain = answer()
        page = FinishedPage(plain)
        ask(page, accept_encoding="br")
        self.assertEqual(set(page.codings), {"br"})
        self.assertLess(page.size, len(BODY) + 2 * page.OVERHEAD)
        gzipped = ask(page, accept_encoding="gzip")
        self.assertEqual(gzipped, ask(FinishedPage(plain), accept_encoding="gzip"))
        again = ask(page)
        self.assertEqual((again.status, named(again), again.body), (plain.status, named(plain), plain.body))
        self.assertEqual(set(page.codings), {"identity", "br", "gzip"})

    def test_a_page_that_compression_would_not_shrink_stays_plain(self):
        page = FinishedPage(answer(b"short"))
        got = ask(page, accept_encoding="br")
        self.assertEqual((got.body, got.etag), (b"short", '"abc"'))
        self.assertNotIn("content-encoding", named(got))
        self.assertEqual(named(got)["vary"], "Accept-Encoding")

    def test_what_does_not_vary_by_coding_is_not_coded(self):
        for vary in ("", "Accept-Language"):
            self.assertEqual(ask(FinishedPage(answer(Vary=vary)), accept_encoding="br").body, BODY)
        both = FinishedPage(answer(Vary="Accept-Language, accept-encoding"))
        self.assertLess(len(ask(both, accept_encoding="br").body), len(BODY))

    def test_a_page_without_a_tag_gets_none_and_a_weak_one_stays_weak(self):
        self.assertEqual(ask(FinishedPage(answer(ETag="")), accept_encoding="gzip").etag, "")
        self.assertEqual(ask(FinishedPage(answer(ETag='W/"abc"')), accept_encoding="gzip").etag, 'W/"abc-gzip"')

    def test_errors_are_coded_and_never_unmodified(self):
        page = FinishedPage(answer(status="404 Not Found"))
        got = ask(page, accept_encoding="br", if_none_match="*")
        self.assertEqual((got.status, brotli.decompress(got.body)), ("404 Not Found", BODY))


class HeadTests(SimpleTestCase):
    def test_head_has_every_header_of_get_and_no_body(self):
        page = FinishedPage(answer())
        for coding in CODINGS:
            got, head = (ask(page, method, accept_encoding=coding) for method in ("GET", "HEAD"))
            self.assertEqual((head.status, head.headers, head.body), (got.status, got.headers, b""))

    def test_head_of_who_has_the_page_is_a_304(self):
        self.assertEqual(ask(FinishedPage(answer()), "HEAD", if_none_match='"abc"').status, "304 Not Modified")


class ConditionTests(SimpleTestCase):
    def assertStatus(self, status: int, **headers: str):  # noqa: N802, like Django's own
        for method in ("GET", "HEAD"):
            with self.subTest(method=method, **headers):
                self.assertEqual(int(ask(FinishedPage(answer()), method, **headers).status[:3]), status)

    def test_a_304_has_no_body_and_every_header_of_the_get_but_those_of_the_body(self):
        page = FinishedPage(answer())
        for coding, suffix in CODINGS.items():
            got = ask(page, accept_encoding=coding)
            known = ask(page, accept_encoding=coding, if_none_match=f'"abc{suffix}"')
            self.assertEqual((known.status, known.body), ("304 Not Modified", b""))
            of_the_body = {"content-type", "content-length", "content-encoding", "content-language"}
            expected = {name: value for name, value in named(got).items() if name not in of_the_body}
            self.assertEqual(named(known), expected)
            # Those that RFC 9110, section 15.4.5 asks for.
            self.assertLessEqual({"cache-control", "etag", "vary", "last-modified"}, set(expected))

    def test_the_tag_is_found_in_lists_weak_or_strong(self):
        for tags in ('"abc"', 'W/"abc"', '"x", "abc"', '"x",W/"abc" , "y"', '  "abc"', '"abc",', "*", " * "):
            self.assertStatus(304, if_none_match=tags)

    def test_what_is_not_the_tag_is_not_taken_for_it(self):
        for tags in ('"x"', '"abcd"', '"ab"', "abc", '"ABC"', 'w/"abc"', "", ",", '"abc', '"*"', '"x", *', "'abc'"):
            self.assertStatus(200, if_none_match=tags)

    def test_the_tag_of_one_coding_is_not_that_of_another(self):
        for wanted in CODINGS:
            for suffix in CODINGS.values():
                expected = 304 if CODINGS[wanted] == suffix else 200
                self.assertStatus(expected, accept_encoding=wanted, if_none_match=f'"abc{suffix}"')

    def test_the_date_decides_to_the_second(self):
        for seconds, expected in ((0, 304), (1, 304), (86_400, 304), (-1, 200), (-86_400, 200)):
            self.assertStatus(expected, if_modified_since=http_date(CHANGED_AT + seconds))

    def test_a_date_in_the_future_is_a_date(self):
        # RFC 9110, section 13.1.3 has dropped what RFC 2616 said of it.
        self.assertStatus(304, if_modified_since=http_date(max(CHANGED_AT, time.time()) + 10_000_000))

    def test_the_older_forms_of_a_date_are_read(self):
        moment = time.gmtime(CHANGED_AT)
        self.assertStatus(304, if_modified_since=time.strftime("%A, %d-%b-%y %H:%M:%S GMT", moment))
        self.assertStatus(304, if_modified_since=time.asctime(moment))

    def test_what_is_no_date_is_no_condition(self):
        for text in ("", "yesterday", "Sat, 99 Jan 2026 10:00:00 GMT", "0", str(CHANGED_AT), "\xff", "Sat, 30 Feb"):
            self.assertStatus(200, if_modified_since=text)

    def test_the_tag_wins_over_the_date_also_where_it_is_malformed(self):
        since = http_date(CHANGED_AT)
        for tags in ('"x"', "", "abc"):
            self.assertStatus(200, if_none_match=tags, if_modified_since=since)
        self.assertStatus(304, if_none_match='"abc"', if_modified_since=http_date(0))

    def test_a_page_without_a_date_knows_no_since(self):
        page = FinishedPage(answer(Last_Modified=""))
        self.assertEqual(ask(page, if_modified_since=http_date(CHANGED_AT)).status, "200 OK")
        self.assertEqual(ask(page, if_none_match='"abc"').status, "304 Not Modified")

    def test_no_list_whatever_is_taken_for_the_page_unless_it_names_it(self):
        chance = random.Random(9110)
        for _ in range(2000):
            parts = [chance.choice(['"abc-br"', '"abc"', 'W/"abc"', '"a"', "abc", '"', "W/", ""]) for _ in range(4)]
            tags = ",".join(parts)
            status = ask(FinishedPage(answer()), if_none_match=tags).status
            with self.subTest(tags):
                self.assertEqual(status[:3] == "304", bool({'"abc"', 'W/"abc"'} & set(parts)))


class AnswerTests(SimpleTestCase):
    def test_an_application_is_read_to_its_end_and_closed(self):
        closed = []

        class Parts(list):
            def close(self):
                closed.append(True)

        def application(environ, start_response):
            start_response("200 OK", [("A", "b")])
            return Parts([b"one ", b"two"])

        got = Answer.of(application, {})
        self.assertEqual((got.status, got.headers, got.body, closed), ("200 OK", [("A", "b")], b"one two", [True]))

    def test_of_two_starts_the_last_one_counts(self):
        def application(environ, start_response):
            start_response("200 OK", [])
            start_response("500 Internal Server Error", [], (None, None, None))
            return [b"broken"]

        self.assertEqual(Answer.of(application, {}).status, "500 Internal Server Error")

    def test_a_header_is_found_however_it_is_written(self):
        got = Answer("200 OK", [("eTaG", '"abc"')])
        self.assertEqual((got.header("etag"), got.header("vary"), got.etag), ('"abc"', "", '"abc"'))

    def test_asgi_gets_the_same_status_headers_and_body(self):
        start, body = answer(b"text").messages
        self.assertEqual((start["status"], body["body"]), (200, b"text"))
        self.assertIn((b"etag", b'"abc"'), start["headers"])
        self.assertEqual(len(start["headers"]), len(answer().headers))
        self.assertEqual(ask(FinishedPage(answer()), if_none_match="*").messages[0]["status"], 304)
