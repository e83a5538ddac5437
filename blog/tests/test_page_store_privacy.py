"""What the store neither keeps nor gives away, and that nothing of one visitor reaches the next."""

from datetime import timedelta
from unittest import mock

from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory, TestCase
from django.utils import timezone
from django.utils.http import http_date

from articles.models import PreviewLink, Tag
from articles.tests.examples import TOMORROW, change, live, make_article
from blog.finished_page import Answer
from blog.models import LastChange, Site
from blog.page_store import SITE, PageStore

PATHS = ["/en/", "/fr/articles/nouvelle/", "/en/articles/news.md", "/en/feed.xml", "/feed.json", "/sitemap.xml",
         "/robots.txt", "/en/archive/", "/en/search/", "/fr/style/", "/en/tags/tag/feed.json"]  # fmt: skip


class PrivacyTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.article = make_article("news", en=live("News"), fr=live("Nouvelle"))
        cls.article.tags.add(Tag.objects.create(key="tag", name_en="Tag"))
        make_article("gone", en=live("Gone")).delete()
        make_article("draft", en=live("Draft", published_at=TOMORROW))
        Site.current()

    def setUp(self):
        # What the class made is older than any second of these tests.
        LastChange.objects.update(at=timezone.now() - timedelta(minutes=1))
        # The connection is the test's, whose transaction is open.
        self.enterContext(mock.patch("django.db.close_old_connections"))
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)
        self.asked = 0
        self.empty_store()

    def empty_store(self) -> None:
        django = WSGIHandler()

        def application(*args) -> object:
            self.asked += 1
            return django(*args)

        self.store = PageStore(application)

    def ask(self, path: str, method: str = "GET", **variables: str) -> Answer:
        """Ask as a WSGI server does; variables are those of WSGI."""
        environ = RequestFactory().generic(method, path, **({"HTTP_HOST": SITE.netloc} | variables)).environ
        # The factory gives each request an empty body of its own.
        return Answer.of(self.store, {key: value for key, value in environ.items() if key != "CONTENT_TYPE"})

    def kept(self) -> set:
        return set(self.store.pages)

    def assert_only_django_answers(self, path: str, method: str = "GET", **variables: str) -> Answer:
        """It is not kept, and is answered by Django also where the page is there for others."""
        self.empty_store()
        self.ask(path, method, **variables)
        self.assertEqual(self.kept(), set())
        plain = path.partition("?")[0]
        self.ask(plain)
        kept, asked = self.kept(), self.asked
        answer = self.ask(path, method, **variables)
        self.assertGreater(self.asked, asked)
        self.assertEqual(self.kept(), kept)
        return answer

    def test_pages_are_kept_at_all(self):
        for path in PATHS:
            first, asked = self.ask(path), self.asked
            again = self.ask(path)
            self.assertEqual((first.status, first.body, first.headers), (again.status, again.body, again.headers))
            self.assertEqual(self.asked, asked, path)
        self.assertEqual(self.kept(), {(path, "") for path in PATHS})

    def test_who_says_who_they_are_is_answered_by_django(self):
        client = Client()
        client.force_login(get_user_model().objects.create_superuser("editor"))
        session = client.cookies["sessionid"].value
        for variables in (
            {"HTTP_COOKIE": f"sessionid={session}"},
            {"HTTP_COOKIE": f"a=b; sessionid={session}; c=d"},
            {"HTTP_COOKIE": "csrftoken=x"},
            {"HTTP_COOKIE": "django_language=fr"},
            {"HTTP_AUTHORIZATION": "Basic YTpi"},
        ):
            with self.subTest(variables):
                self.assert_only_django_answers("/en/articles/news/", **variables)
        self.assertIn("200", self.assert_only_django_answers("/admin/", HTTP_COOKIE=f"sessionid={session}").status)

    def test_only_get_and_head_of_one_host_with_a_known_query_are_kept(self):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "HEAD "):
            with self.subTest(method):
                self.assert_only_django_answers("/en/", method)
        for host in (
            "evil.example",
            SITE.netloc.upper() + ".",
            "localhost",
            "127.0.0.1",
            f"{SITE.netloc},evil.example",
        ):
            with self.subTest(host):
                self.assert_only_django_answers("/en/", HTTP_HOST=host)
        unknown = (
            "q= q=news x=1 page page=2&page=3 page=01 page=0 page=-1 page=1&x=2 PAGE=1 utm_source=a&x=1 page=%31 ="
        )
        for query in (*unknown.split(), "page=1;page=2", "page=1234567", "page=\u0661"):
            for path in ("/en/", "/en/search/"):
                with self.subTest(path + "?" + query):
                    self.assert_only_django_answers(f"{path}?{query}")
        for variables in ({"CONTENT_LENGTH": "5"}, {"HTTP_TRANSFER_ENCODING": "chunked"}, {"SCRIPT_NAME": "/evil"}):
            with self.subTest(variables):
                self.assert_only_django_answers("/en/", **variables)

    def test_the_number_of_a_page_is_kept_where_the_address_has_pages_alone(self):
        for path in ("/en/articles/news/", "/en/archive/", "/fr/style/", "/sitemap.xml", "/en/feed.xml", "/robots.txt"):
            with self.subTest(path):
                self.assertIn("200", self.assert_only_django_answers(f"{path}?page=7").status)
        self.ask("/en/?page=1")
        self.ask("/en/?page=7")
        self.assertIn(("/en/", "page=1"), self.kept())
        self.assertNotIn(("/en/", "page=7"), self.kept())

    def test_neither_errors_nor_redirects_nor_private_pages_are_kept(self):
        self.client.force_login(get_user_model().objects.create_superuser("editor"))
        change(self.article, "en", slug="renamed")
        token = PreviewLink.objects.create(article=self.article).token
        for path, status in {
            "/": "302",
            "/en/nothing/": "404",
            "/en/articles/draft/": "404",
            "/fr/articles/gone/": "404",
            "/en/articles/gone/": "410",
            "/en/articles/news/": "301",
            "/en/articles/news.md": "301",
            "/archive/": "301",
            "/en/tags/": "301",
            f"/en/preview/{token}/": "200",
            "/healthz": "200",
            "/readyz": "200",
            "/admin/": "302",
            "/admin/login/": "200",
            "/static/nothing.css": "404",
        }.items():
            with self.subTest(path):
                self.assertIn(status, self.assert_only_django_answers(path).status)

    def test_an_error_of_the_server_is_not_kept(self):
        with mock.patch("blog.views.HomeView.get", side_effect=ZeroDivisionError), self.assertLogs("django.request"):
            self.assertIn("500", self.assert_only_django_answers("/en/").status)
        self.assertIn("200", self.ask("/en/").status)

    def test_tracking_parameters_lead_to_the_very_same_page_and_stay_on_redirects(self):
        plain = self.ask("/en/articles/news/")
        for query in ("utm_source=a", "utm_source=b&utm_campaign=c", "fbclid=x", "gclid=1&utm_medium=mail"):
            self.assertIs(self.ask(f"/en/articles/news/?{query}").body, plain.body)
        self.assertEqual((self.kept(), self.asked), ({("/en/articles/news/", "")}, 1))
        self.assertEqual(self.ask("/en/?utm_source=a&page=1").body, self.ask("/en/?page=1&fbclid=b").body)
        self.assertEqual(self.asked, 2)
        with self.captureOnCommitCallbacks(execute=True):
            change(self.article, "en", slug="renamed")
        answer = self.ask("/en/articles/news/?utm_source=a&fbclid=b")
        self.assertEqual(answer.header("location"), "/en/articles/renamed/?utm_source=a&fbclid=b")

    def test_nothing_of_the_first_visitor_reaches_the_second(self):
        future = http_date(timezone.now().timestamp() + 10_000)
        odd = [
            {"HTTP_X_FORWARDED_HOST": "evil.example"},
            {"HTTP_X_FORWARDED_PROTO": "https"},
            {"HTTP_X_FORWARDED_PORT": "1"},
            {"HTTP_X_FORWARDED_PREFIX": "/evil"},
            {"HTTP_FORWARDED": "host=evil.example;proto=https"},
            {"HTTP_X_ORIGINAL_URL": "/admin/", "HTTP_X_REWRITE_URL": "/admin/"},
            {"HTTP_X_HTTP_METHOD_OVERRIDE": "POST"},
            {"HTTP_ACCEPT_LANGUAGE": "fr;q=1, en;q=0.1"},
            {"HTTP_COOKIE": "theme=evil; messages=evil"},
            {"HTTP_USER_AGENT": "evil", "HTTP_REFERER": "http://evil.example/", "HTTP_ORIGIN": "http://evil.example"},
            {"HTTP_ACCEPT": "application/json", "HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
            {"HTTP_RANGE": "bytes=0-10", "HTTP_IF_RANGE": future},
            {"HTTP_IF_NONE_MATCH": "*"},
            {"HTTP_IF_MODIFIED_SINCE": future},
            {"HTTP_IF_MATCH": '"evil"'},
            {"HTTP_IF_UNMODIFIED_SINCE": "Thu, 01 Jan 1970 00:00:01 GMT"},
            {"HTTP_ACCEPT_ENCODING": "gzip"},
            {"HTTP_CACHE_CONTROL": "no-store", "HTTP_PRAGMA": "no-cache"},
            {"wsgi.url_scheme": "https", "HTTPS": "on"},
            {"SERVER_NAME": "evil.example", "SERVER_PORT": "1", "REMOTE_ADDR": "10.6.6.6", "REMOTE_USER": "evil"},
            {"SCRIPT_NAME": "/evil"},
            {"REQUEST_METHOD": "HEAD"},
            {"REQUEST_METHOD": "HEAD", "HTTP_ACCEPT_ENCODING": "br"},
            {"QUERY_STRING": "utm_source=%22%3E%3Cscript%3E&fbclid=evil"},
        ]
        for path in ("/fr/articles/nouvelle/", "/sitemap.xml", "/en/articles/news.md"):
            self.empty_store()
            plain = self.ask(path)
            for variables in odd:
                with self.subTest(path, **variables):
                    self.empty_store()
                    self.ask(path, **variables)
                    second = self.ask(path)
                    self.assertEqual((second.status, sorted(second.headers), second.body),
                                     (plain.status, sorted(plain.headers), plain.body))  # fmt: skip
