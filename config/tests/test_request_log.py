import json
from types import SimpleNamespace
from unittest import mock

from django.templatetags.static import static
from django.test import TestCase, override_settings

from articles.models import PreviewLink
from articles.tests.examples import live, make_article
from config.log_lines import formatter
from config.request_log import WHOLE_AT

ID = "0b7d3f0a5f0e4c1e9a52d1f0c3b2a190"


class RequestIdTests(TestCase):
    def test_an_id_is_a_trusted_proxy_s_where_it_is_one_and_nobody_else_s(self):
        for proxies, sent, is_taken in (
            (1, ID, True),
            (1, "3f2504e0-4f89-11d3-9a0c-0305e82c3301", True),
            (0, ID, False),
            (1, "", False),
            (1, "short", False),
            (1, ID * 3, False),
            (1, f"{ID},{ID}", False),
            (1, f"{ID[:-1]}é", False),
            (1, "192.168.100.100:8000", False),
        ):
            with self.subTest(proxies=proxies, sent=sent), override_settings(TRUSTED_PROXIES=proxies):
                first, second = (self.client.get("/healthz", HTTP_X_REQUEST_ID=sent)["X-Request-ID"] for _ in range(2))
                self.assertEqual((first == sent, second == sent), (is_taken, is_taken))
                self.assertTrue(is_taken or first != second)

    def test_what_others_get_as_well_bears_no_id(self):
        make_article("one", en=live("One", slug="one"))
        for path in ("/en/", "/en/articles/one/", "/en/feed.xml", static("css/site.css")):
            self.assertNotIn("X-Request-ID", self.client.get(path).headers, path)
        for path in ("/", "/en/nothing/", "/en/search/?q=one", "/admin/", "/readyz"):
            self.assertIn("X-Request-ID", self.client.get(path).headers, path)


class SlowRequestTests(TestCase):
    def visit(self, path: str, seconds: float, **environ) -> None:
        """Ask for a page that takes so long by the clock."""
        clock = SimpleNamespace(monotonic=iter([100, 100 + seconds]).__next__)
        with mock.patch("config.request_log.time", clock), override_settings(SLOW_REQUEST_SECONDS=1):
            self.client.get(path, **environ)

    def line(self, path: str, kind: str = "json", **environ) -> str:
        with self.assertLogs("config.request_log") as logged:
            self.visit(path, 1.5, **environ)
        (record,) = logged.records
        return formatter(kind).format(record)

    def test_what_took_long_is_told_with_its_wait_for_a_thread(self):
        line = self.line("/en/search/?q=word", "text", **{WHOLE_AT: 98.0})
        self.assertRegex(line, r"WARNING config.request_log [0-9a-f]{16}: Slow: GET /en/search/ took 3.5 s, 2.0 s of ")
        told = json.loads(self.line("/en/search/", **{WHOLE_AT: 98.0}))
        told = {name: told[name] for name in ("method", "status", "seconds", "waited", "level")}
        self.assertEqual(told, {"method": "GET", "status": 200, "seconds": 3.5, "waited": 2, "level": "WARNING"})

    def test_what_did_not_take_long_is_not_told(self):
        with self.assertNoLogs("config.request_log"):
            self.visit("/en/search/", 0.9)
            with override_settings(SLOW_REQUEST_SECONDS=0):
                self.client.get("/en/search/", **{WHOLE_AT: -1000.0})

    def test_a_line_tells_nothing_of_who_asked_and_opens_nothing_to_who_reads_it(self):
        article = make_article("one", en=live("One", slug="one"), fr=live("Un", slug="un"))
        token = PreviewLink.objects.create(article=article).token
        for path, secret, shown in (
            ("/en/search/?q=illness", "illness", "/en/search/"),
            (f"/en/preview/{token}/", token, "/en/preview/…/"),
            (f"/fr/apercu/{token}/", token, "/fr/apercu/…/"),
            (f"/en/preview/{token}/more", token, "(an unknown address)"),
            ("/en/articles/illness/", "illness", "(an unknown address)"),
            ("/admin/new-password/MQ/secret-token/", "secret-token", "(an unknown address)"),
        ):
            sent = {"REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": "Own browser", "HTTP_REFERER": "http://a.example/"}
            for kind in ("text", "json"):
                with self.subTest(path=path, kind=kind):
                    line = self.line(path, kind, **sent)
                    self.assertIn(f"Slow: GET {shown} took", line)
                    for words in (secret, *sent.values()):
                        self.assertNotIn(words, line)
