"""Which requests the store answers, what it keeps, and that what it says is what Django says."""

import gzip
import io
import re
from datetime import timedelta
from unittest import mock
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

import brotli
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test import SimpleTestCase, TestCase
from django.utils import timezone

from articles.models import Tag
from articles.tests.examples import live, make_article
from blog import page_store
from blog.finished_page import Answer
from blog.models import LastChange, Site
from blog.page_store import TRACKING, TRACKING_PREFIXES, PageStore, is_for_everybody, needed_part
from blog.site_version import Version

from .test_finished_page import answer, named

HOST = urlsplit(settings.SITE_URL).netloc


def request(target: str = "/en/", method: str = "GET", **variables: str) -> dict:
    """Return a request as a server hands it to a WSGI application."""
    path, _, query = target.partition("?")
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": HOST}
    environ["wsgi.input"] = io.BytesIO()
    environ |= variables
    setup_testing_defaults(environ)
    environ["SCRIPT_NAME"] = variables.get("SCRIPT_NAME", "")
    return environ


class AddressTests(SimpleTestCase):
    def assertAddress(self, expected: tuple | None, target: str = "/en/", method: str = "GET", **variables: str):  # noqa: N802
        self.assertEqual(PageStore.address_of(request(target, method, **variables)), expected)

    def test_a_page_is_known_by_its_path_and_its_number(self):
        self.assertAddress(("/en/", ""))
        self.assertAddress(("/en/", ""), method="HEAD")
        self.assertAddress(("/en/", "page=2"), "/en/?page=2")
        self.assertAddress(("/en/", ""), "/en/?")
        self.assertAddress(("/sitemap.xml", ""), "/sitemap.xml")
        self.assertAddress(("/en/articles/\xc3\xa9t\xc3\xa9/", ""), "/en/articles/\xc3\xa9t\xc3\xa9/")

    def test_what_writes_is_for_django(self):
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "QUERY"):
            self.assertAddress(None, method=method)

    def test_one_host_alone_is_known(self):
        for host in ("", "localhost", f"{HOST}:1", HOST.upper() + ".", f"www.{HOST}", f"{HOST},{HOST}"):
            self.assertAddress(None, HTTP_HOST=host)
        without = request()
        del without["HTTP_HOST"]
        self.assertIsNone(PageStore.address_of(without))

    def test_behind_tls_only_what_came_by_it_is_known(self):
        site = page_store.SITE._replace(scheme="https")
        with mock.patch.object(page_store, "SITE", site):
            self.assertAddress(None)
            self.assertAddress(None, HTTP_X_FORWARDED_PROTO="http")
            self.assertAddress(None, HTTP_X_FORWARDED_PROTO="https,http")
            self.assertAddress(("/en/", ""), HTTP_X_FORWARDED_PROTO="https")

    def test_a_proxy_s_word_for_the_root_of_the_site_is_for_django(self):
        self.assertAddress(None, SCRIPT_NAME="/elsewhere")

    def test_files_and_the_admin_are_elsewhere(self):
        for path in ("/static/css/site.css", "/media/a.png", "/admin/", "/admin/login/", "/readyz"):
            self.assertAddress(None, path)

    def test_a_request_with_a_body_is_for_django(self):
        self.assertAddress(None, CONTENT_LENGTH="5")
        self.assertAddress(None, HTTP_TRANSFER_ENCODING="chunked")
        self.assertAddress(("/en/", ""), CONTENT_LENGTH="")
        self.assertAddress(("/en/", ""), CONTENT_LENGTH="0")

    def test_who_says_who_they_are_is_for_django(self):
        names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME)
        for name in names:
            self.assertAddress(None, HTTP_COOKIE=f"{name}=x")
            self.assertAddress(None, HTTP_COOKIE=f"a=b; {name}=x; c=d")
        self.assertAddress(None, HTTP_AUTHORIZATION="Basic eDp5")
        self.assertAddress(("/en/", ""), HTTP_COOKIE="_ga=GA1.2.3; consent=yes")

    def test_conditions_of_writers_are_for_django(self):
        self.assertAddress(None, HTTP_IF_MATCH='"x"')
        self.assertAddress(None, HTTP_IF_UNMODIFIED_SINCE="Sat, 28 Nov 2026 10:00:00 GMT")

    def test_an_unknown_query_is_for_django(self):
        for query in ("q=word", "page=0", "page=01", "page=-1", "page=x", "page=2&page=3", "page=2&x=1", "PAGE=2", "x"):
            self.assertAddress(None, f"/en/?{query}")
        for query in ("page=1234567", "page=1٢", "page=2;x=1", "page=2%26", "utm", "utm=1", "page", "=", "page=2&q="):
            self.assertAddress(None, f"/en/?{query}")


class TrackingTests(SimpleTestCase):
    # As they stand in links that these send people to.
    LINKS = {
        "Google Analytics": "utm_source=news&utm_medium=email&utm_campaign=a%20b&utm_content=&utm_term=x&utm_id=1",
        "Google Analytics, another of one's sites": "_ga=2.1.2&_gl=1*abc",
        "Google Ads": "gad_source=1&gad_campaignid=22&gclid=EAIa-_x&gbraid=0AAA&wbraid=Cj&gclsrc=aw.ds&dclid=x",
        "Google Shopping": "srsltid=AfmBOo",
        "Facebook": "fbclid=IwAR0&mibextid=abc",
        "Instagram": "igsh=MWx&igshid=x",
        "Microsoft Advertising": "msclkid=abc",
        "X": "twclid=2-abc",
        "TikTok": "ttclid=E.C.P",
        "LinkedIn": "li_fat_id=1-2",
        "Pinterest": "epik=dj0y",
        "Snapchat": "ScCid=1-2",
        "Reddit": "rdt_cid=1",
        "Yandex": "yclid=1&ysclid=l&_openstat=a",
        "Taboola and Outbrain": "tblci=GiA&dicbo=v2-x",
        "Mailchimp": "mc_cid=1&mc_eid=2",
        "HubSpot": "_hsenc=p2&_hsmi=1&hsa_acc=1&hsa_cam=2&__hstc=1&__hssc=2&__hsfp=3&hsCtaTracking=a%7Cb",
        "Klaviyo": "_kx=abc.XY",
        "Marketo": "mkt_tok=eyJ",
        "MailerLite": "ml_subscriber=1&ml_subscriber_hash=2",
        "Kit": "ck_subscriber_id=1",
        "beehiiv": "_bhlid=abc",
        "Ghost": "ref=a-newsletter",
        "Matomo": "mtm_campaign=a&mtm_kwd=b&pk_campaign=c&piwik_kwd=d&matomo_source=e",
        "Piano, once AT Internet": "at_medium=email&at_campaign=1&xtor=EPR-1",
        "in capitals": "UTM_SOURCE=x",
        "without a value": "fbclid",
    }

    def test_what_others_add_to_a_link_is_dropped(self):
        for source, query in self.LINKS.items():
            with self.subTest(source):
                self.assertEqual(needed_part(query), "")
                self.assertEqual(needed_part(f"page=2&{query}"), "page=2")
                self.assertEqual(needed_part(f"{query}&page=2"), "page=2")

    def test_no_parameter_of_ours_is_among_them(self):
        # Whatever a page's links and forms can ask for: the templates and the views say so.
        asked = {"page", "q"}
        for package in ("articles", "blog"):
            for path in (settings.BASE_DIR / package).rglob("*.py"):
                if not {"admin", "tests"} & set(path.parts):
                    asked |= set(re.findall(r"""GET(?:\.get\(|\[)["'](\w+)""", path.read_text()))
        for name in asked:
            self.assertIsNone(needed_part(f"{name}=x"), name)

    def test_what_only_looks_like_them_is_not_dropped(self):
        for query in ("utm", "xutm_source=1", "fbclid2=1", "my_ref=x", "reference=x", "q=fbclid=1", "fbclid%3D1"):
            self.assertIsNone(needed_part(query), query)

    def test_the_list_is_in_small_letters_without_repetitions(self):
        self.assertEqual({name.lower() for name in TRACKING}, TRACKING)
        self.assertFalse([name for name in TRACKING if name.startswith(TRACKING_PREFIXES)])


class KnownSite:
    """What the store knows of the site, without a database."""

    def __init__(self) -> None:
        self.version, self.sure = Version(None, None), True

    def is_sure(self) -> bool:
        return self.sure

    def refresh(self) -> None:
        self.sure = True


class StoreTests(SimpleTestCase):
    def setUp(self):
        self.requests, self.answers = [], {}
        self.store = PageStore(self.application)
        self.store.site = KnownSite()

    def application(self, environ, start_response):
        self.requests.append(environ)
        got = self.answers.get(environ["PATH_INFO"], answer())
        start_response(got.status, got.headers)
        return [got.body]

    def ask(self, target: str = "/en/", method: str = "GET", **variables: str) -> Answer:
        return Answer.of(self.store, request(target, method, **variables))

    def test_what_one_reader_asked_for_the_next_ones_get_without_django(self):
        self.assertIsNone(self.store.kept(request()))
        first = self.ask()
        for target in ("/en/", "/en/?utm_source=x", "/en/?fbclid=y&utm_source=z"):
            self.assertEqual(self.ask(target), first)
        self.assertEqual(self.ask(method="HEAD").headers, first.headers)
        self.assertEqual(self.ask(HTTP_IF_NONE_MATCH=first.etag).status, "304 Not Modified")
        self.assertEqual(len(self.requests), 1)
        self.ask("/en/?page=2")
        self.assertEqual(len(self.requests), 2)

    def test_a_coding_that_is_wanted_later_is_made_of_what_is_there(self):
        self.ask()
        for coding, read in (("br", brotli.decompress), ("gzip", gzip.decompress)):
            self.assertIsNone(self.store.kept(request(HTTP_ACCEPT_ENCODING=coding)))
            self.assertEqual(read(self.ask(HTTP_ACCEPT_ENCODING=coding).body), answer().body)
            self.assertIsNotNone(self.store.kept(request(HTTP_ACCEPT_ENCODING=coding)))
        self.assertEqual(len(self.requests), 1)
        self.assertEqual(self.store.size, sum(kept.page.size for kept in self.store.pages.values()))

    def test_what_a_server_adds_to_its_answer_is_not_in_the_next_one(self):
        # PEP 3333 lets it change the list of headers, and the server of the standard library does.
        given = []
        for _ in range(3):
            self.store(request(), lambda status, headers: given.append(headers) or headers.append(("Date", "now")))
        self.assertEqual([[name for name, _ in headers].count("Date") for headers in given], [1, 1, 1])

    def test_django_is_asked_for_nobody_in_particular(self):
        self.ask(
            "/en/?utm_source=x&page=2",
            "HEAD",
            HTTP_ACCEPT_ENCODING="br",
            HTTP_COOKIE="_ga=1",
            HTTP_IF_NONE_MATCH='"x"',
            HTTP_IF_MODIFIED_SINCE="Sat, 28 Nov 2026 10:00:00 GMT",
            HTTP_RANGE="bytes=0-9",
            HTTP_IF_RANGE='"x"',
        )
        (asked,) = self.requests
        self.assertEqual((asked["REQUEST_METHOD"], asked["QUERY_STRING"]), ("GET", "page=2"))
        self.assertEqual([name for name in asked if name.startswith("HTTP_")], ["HTTP_HOST"])

    def test_a_range_is_ignored(self):
        # RFC 9110, section 14.2: a server may; who asked for a part gets the whole, and 200 says so.
        for _ in range(2):
            got = self.ask(HTTP_RANGE="bytes=0-9")
            self.assertEqual((got.status, got.body), ("200 OK", answer().body))

    def test_only_what_differs_for_nobody_is_kept(self):
        private = {
            "an error": answer(status="404 Not Found"),
            "a redirect": answer(status="302 Found", Location="/en/"),
            "part of a page": answer(status="206 Partial Content"),
            "a cookie": answer(Set_Cookie="a=b"),
            "a preview": answer(Cache_Control="no-store"),
            "a private page": answer(Cache_Control="private"),
            "a search": answer(Cache_Control="no-cache"),
            "no word of caches": answer(Cache_Control=""),
            "a file with a lasting name": answer(Cache_Control="public, max-age=31536000, immutable"),
            "a page by language": answer(Vary="Accept-Encoding, Accept-Language"),
            "a page by cookie": answer(Vary="Accept-Encoding, Cookie"),
            "a page by anything": answer(Vary="*"),
            "a page that does not say by what": answer(Vary=""),
        }
        for number, (kind, got) in enumerate(private.items(), start=1):
            with self.subTest(kind):
                self.answers["/en/"] = got
                self.assertFalse(is_for_everybody(got))
                self.assertEqual(self.ask(), got)
                self.assertEqual(self.ask().status, got.status)
                self.assertIsNone(self.store.kept(request()))
                self.assertEqual(len(self.requests), 2 * number)
        self.assertTrue(is_for_everybody(answer(Cache_Control="public, max-age=0, must-revalidate, s-maxage=1")))

    def test_django_sees_the_whole_query_where_its_answer_is_not_kept(self):
        self.answers["/"] = answer(status="302 Found", Cache_Control="no-cache")
        self.ask("/?utm_source=x")
        self.assertEqual(self.requests[-1]["QUERY_STRING"], "utm_source=x")

    def test_a_new_version_ends_every_page(self):
        self.ask("/en/")
        self.ask("/fr/")
        self.store.site.version = Version(None, None)
        self.assertIsNone(self.store.kept(request("/en/")))
        self.ask("/en/")
        self.assertEqual((len(self.requests), list(self.store.pages)), (3, [("/en/", "")]))

    def test_nothing_is_answered_before_it_is_surely_right(self):
        self.ask()
        self.store.site.sure = False
        self.assertIsNone(self.store.kept(request()))
        self.ask()
        self.assertEqual(len(self.requests), 1)

    def test_a_page_without_a_date_is_kept_for_a_second(self):
        self.answers["/en/"] = answer(Last_Modified="")
        self.ask()
        self.assertIsNotNone(self.store.kept(request()))
        (kept,) = self.store.pages.values()
        with mock.patch("time.monotonic", return_value=kept.ends_at):
            self.assertIsNone(self.store.kept(request()))


PATHS = ["/en/", "/fr/", "/en/?page=1", "/en/tags/tag/", "/en/archive/", "/en/search/"]
PATHS += ["/en/articles/summer/", "/en/articles/summer.md", "/sitemap.xml", "/feed.xml", "/fr/feed.json"]
# What the store leaves to Django.
OTHERS = ["/", "/en", "/en/nothing/", "/en/articles/winter/", "/fr/articles/summer/", "/en/?page=9", "/en/?x=1"]
OTHERS += ["/en/search/?q=summer", "/healthz", "/admin/", "/admin/login/", "/static/no.css", "/media/no.png"]


class DjangoTests(TestCase):
    """The same requests to Django alone and to the store in front of it."""

    @classmethod
    def setUpTestData(cls):
        text = {"body": "A word of summer.\n\n" * 60}
        article = make_article("a", en=live("Summer", **text), fr=live("Été", **text))
        article.tags.add(Tag.objects.create(key="t", name_en="Tag"))
        Site.current()
        # A page of the second of a change has no date yet: two of it may differ.
        LastChange.objects.update(at=timezone.now() - timedelta(minutes=1))

    def setUp(self):
        # Each request would close the connection, and with it the transaction of the test.
        patcher = mock.patch.object(connections["default"], "close_if_unusable_or_obsolete")
        patcher.start()
        self.addCleanup(patcher.stop)
        self.django = WSGIHandler()
        self.store = PageStore(self.django)
        # A busy machine may take longer for one page.
        self.store.site.WINDOW = 60

    def both(self, target: str, method: str = "GET", **variables: str) -> tuple[Answer, Answer]:
        """Return Django's answer and the store's, of a page that it kept where it keeps it."""
        alone = Answer.of(self.django, request(target, method, **variables))
        Answer.of(self.store, request(target, **variables))
        environ = request(target, method, **variables)
        got = self.store.kept(environ)
        self.assertEqual(got is None, target in OTHERS, target)
        return alone, got or Answer.of(self.store, environ)

    def test_a_plain_page_is_djangos_in_every_header_and_every_byte(self):
        for target in PATHS + OTHERS:
            with self.subTest(target):
                alone, got = self.both(target)
                ours, theirs = named(got), named(alone)
                # Each request has one of its own, and a page for all of them none.
                for headers in (ours, theirs):
                    self.assertEqual("x-request-id" in headers, target in OTHERS)
                    headers.pop("x-request-id", None)
                if target.startswith("/admin/"):
                    # Each form has a token of its own.
                    self.assertEqual(got.status, alone.status)
                    continue
                self.assertEqual((got.status, ours, got.body), (alone.status, theirs, alone.body))

    def test_head_is_djangos_in_every_header(self):
        for target in PATHS:
            with self.subTest(target):
                alone, got = self.both(target, "HEAD")
                self.assertEqual((got.status, named(got), got.body), (alone.status, named(alone), b""))

    def test_a_compressed_page_differs_in_its_bytes_alone_and_its_tag_is_strong(self):
        for target in PATHS:
            with self.subTest(target):
                alone, got = self.both(target, HTTP_ACCEPT_ENCODING="gzip")
                ours, theirs = named(got), named(alone)
                self.assertEqual(gzip.decompress(got.body), gzip.decompress(alone.body))
                # Django adds random bytes each time, so that its tag can only be weak.
                plain = theirs["etag"].removeprefix("W/")
                self.assertEqual((theirs.pop("etag"), ours.pop("etag")), (f"W/{plain}", f'{plain[:-1]}-gzip"'))
                lengths = (theirs.pop("content-length"), ours.pop("content-length"))
                self.assertEqual(lengths, (str(len(alone.body)), str(len(got.body))))
                self.assertEqual(ours, theirs)

    def test_a_304_is_djangos_with_the_headers_that_django_drops(self):
        for target in PATHS:
            with self.subTest(target):
                tag = self.both(target)[1].etag
                alone, got = self.both(target, HTTP_IF_NONE_MATCH=tag)
                self.assertEqual((got.status, alone.status, got.body), ("304 Not Modified",) * 2 + (b"",))
                ours, theirs = named(got), named(alone)
                self.assertEqual({name: ours[name] for name in theirs}, theirs)
                # Django makes its 304 from scratch, without what views and the middleware below have said.
                self.assertLessEqual(ours.keys() - theirs.keys(), {"x-frame-options", "link"})

    def test_who_has_djangos_compressed_page_gets_the_store_s_once(self):
        alone, _ = self.both("/en/", HTTP_ACCEPT_ENCODING="gzip")
        _, got = self.both("/en/", HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=alone.etag)
        self.assertEqual(got.status, "200 OK")

    def test_the_tag_follows_from_the_text_alone(self):
        for target in PATHS:
            first = self.both(target)[1].etag
            another = PageStore(WSGIHandler())
            self.assertEqual(Answer.of(another, request(target)).etag, first, target)

    def test_every_address_of_readers_is_kept(self):
        locations = re.findall(r"<loc>([^<]+)</loc>", Answer.of(self.django, request("/sitemap.xml")).body.decode())
        self.assertGreater(len(locations), 5)
        for path in ["/robots.txt", *(location.removeprefix(settings.SITE_URL) for location in locations)]:
            self.both(path)

    def test_a_search_for_words_is_never_kept(self):
        self.both("/en/search/?q=summer")
        self.assertFalse(self.store.pages)
