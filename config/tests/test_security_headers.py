"""What every answer says to protect its readers, and what it does not say."""

from http import HTTPStatus
from unittest import mock

from django.conf import settings
from django.templatetags.static import static
from django.test import Client, SimpleTestCase, TestCase, override_settings

from articles.tests.examples import live, make_article
from config.asgi import REFUSALS
from config.connection import whole_answer, write_error
from config.security_headers import CONTENT_SECURITY_POLICY, HEADERS

HSTS = "Strict-Transport-Security"
STYLE = static("css/site.css")


class AnswerTests(TestCase):
    """By path, the status of each kind of answer that Django gives."""

    KINDS = {
        "/en/": 200,
        "/en/articles/summer/": 200,
        "/en/articles/summer.md": 200,
        "/feed.xml": 200,
        "/en/feed.json": 200,
        "/robots.txt": 200,
        "/healthz": 200,
        "/readyz": 200,
        "/": 302,
        "/en": 301,
        "/en/none/": 404,
        "/static/none.css": 404,
        "/media/none.png": 404,
        "/en/\x00/": 404,
        "/admin/": 302,
        "/admin/login/": 200,
        "/admin/none/": 302,
        STYLE: 200,
    }

    @classmethod
    def setUpTestData(cls):
        make_article("a", en=live("Summer"))

    def assert_protected(self, response, about: object) -> None:
        self.assertLessEqual(HEADERS.items(), dict(response.headers).items(), about)
        self.assertNotIn("Access-Control-Allow-Origin", response.headers)
        self.assertNotIn("Server", response.headers)

    def test_every_answer_says_what_protects_its_readers(self):
        client = Client(raise_request_exception=False)
        for path, status in self.KINDS.items():
            response = client.get(path)
            self.assertEqual(response.status_code, status, path)
            self.assert_protected(response, path)
        for method in ("head", "post", "put", "delete", "options", "trace"):
            for path in ("/en/", "/admin/login/", "/media/none.png", STYLE):
                self.assert_protected(getattr(client, method)(path), (method, path))
        fresh = client.get(STYLE)
        known = client.get(STYLE, headers={"If-None-Match": fresh.headers["ETag"]})
        self.assertEqual(known.status_code, 304)
        self.assert_protected(known, "304")
        self.assert_protected(client.get(STYLE, headers={"Range": "bytes=9999999-"}), "416")
        with mock.patch("config.middleware.last_changed_at", side_effect=ValueError), self.assertLogs("django.request"):
            broken = client.get("/en/style/")
        self.assertEqual(broken.status_code, 500)
        self.assert_protected(broken, "500")

    @override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31536000)
    def test_a_site_with_tls_says_so_and_leads_there(self):
        client = Client()
        for path, status in self.KINDS.items():
            response = client.get(path, secure=True)
            self.assertEqual((response.status_code, response.headers[HSTS]), (status, "max-age=31536000"), path)
        without = client.get("/en/", headers={"Host": "127.0.0.1"})
        self.assertEqual(without.status_code, 301)
        self.assertNotIn(HSTS, without.headers)
        self.assert_protected(without, "to https")
        stranger = client.get("/en/", headers={"Host": "evil.example"})
        self.assertEqual(stranger.status_code, 400)
        self.assert_protected(stranger, "another host")

    def test_nothing_answers_before_the_headers_are_sure(self):
        self.assertEqual(settings.MIDDLEWARE[0], "config.middleware.SecurityHeadersMiddleware")

    def test_trace_is_refused_everywhere(self):
        for path in self.KINDS:
            response = Client().trace(path, headers={"X-Secret": "secret"})
            self.assertEqual((response.status_code, response.headers["Allow"]), (405, "GET, HEAD"), path)
            self.assertNotIn(b"secret", response.content)

    @override_settings(DEBUG=True)
    def test_the_pages_that_explain_an_error_to_a_developer_keep_their_style(self):
        response = Client().get("/en/none/")
        self.assertEqual(response.status_code, 404)
        self.assertNotIn("Content-Security-Policy", response.headers)
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")


class WithoutDjangoTests(SimpleTestCase):
    def test_the_policy_lets_nothing_in_that_stands_in_a_page(self):
        self.assertTrue(CONTENT_SECURITY_POLICY.startswith("default-src 'none'; "))
        for word in ("unsafe", "data:", "blob:", "*", "http:"):
            self.assertNotIn(word, CONTENT_SECURITY_POLICY)

    def test_what_the_server_answers_itself_says_the_same(self):
        for answer in REFUSALS.values():
            self.assertLessEqual(HEADERS.items(), dict(answer.headers).items())
        for status in (400, 403, 414, 431, 500, 501):
            head, _, body = whole_answer(status).decode().partition("\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
            self.assertLessEqual(HEADERS.items(), headers.items())
            self.assertEqual(headers["Content-Length"], str(len(body)))
            self.assertEqual(body, f"{HTTPStatus(status).phrase}.\n")

    def test_with_tls_it_says_that_as_well(self):
        with mock.patch("config.connection.HEADERS_WITHOUT_DJANGO", HEADERS | {HSTS: "max-age=1"}):
            self.assertIn(b"\r\nStrict-Transport-Security: max-age=1\r\n", whole_answer(400))

    def test_gunicorn_s_threads_repeat_nothing_of_a_broken_request(self):
        connection = mock.Mock()
        write_error(connection, 400, "Bad Request", "<script>")
        (sent,) = connection.sendall.call_args.args
        self.assertTrue(sent.startswith(b"HTTP/1.1 400 Bad Request\r\n"))
        self.assertNotIn(b"script>", sent)
