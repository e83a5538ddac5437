from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.test import SimpleTestCase, TestCase, override_settings

from articles.models import Tag
from articles.tests.examples import TOMORROW, change, live, make_article
from blog.misses import split_language
from blog.models import Site

# What a page asks of the database for its frame.
FRAME = 2
# And whether a redirect leads on.
NOT_FOUND = FRAME + 1

# (address, Accept-Language): (status, address that it leads to). Nothing leads to what leads on.
ANSWERS = {
    # Articles: both languages, with former slugs; English alone; a French draft; deleted; one slug for two articles.
    ("/en/articles/summer/", ""): (200, None),
    ("/fr/articles/summer/", "en"): (301, "/fr/articles/ete/"),
    ("/fr/articles/old-summer/", "en"): (301, "/fr/articles/ete/"),
    ("/en/articles/vieil-ete/", "fr"): (301, "/en/articles/summer/"),
    ("/fr/articles/alone/", "en"): (404, None),
    ("/fr/articles/brouillon/", ""): (404, None),
    ("/fr/articles/plus-tard/", ""): (404, None),
    ("/en/articles/gone/", ""): (410, None),
    ("/en/articles/withdrawn/", ""): (404, None),
    # Without the last slash.
    ("/en/articles/summer", ""): (301, "/en/articles/summer/"),
    ("/en/articles/old-summer", ""): (301, "/en/articles/summer/"),
    ("/fr/articles/summer", ""): (301, "/fr/articles/ete/"),
    ("/fr/articles/alone", ""): (404, None),
    ("/en/articles/gone", ""): (410, None),
    ("/fr/articles/brouillon", ""): (404, None),
    ("/en", "fr"): (301, "/en/"),
    ("/en/structure", "fr"): (301, "/en/structure/"),
    ("/admin", ""): (302, "/admin/"),
    # A region, capitals, an underscore.
    ("/fr-ca/", "en"): (301, "/fr/"),
    ("/fr-CA", "en"): (301, "/fr/"),
    ("/FR/", "en"): (301, "/fr/"),
    ("/fr_FR/structure", "en"): (301, "/fr/structure/"),
    ("/en-US/articles/summer/", "fr"): (301, "/en/articles/summer/"),
    ("/en-Latn-GB/articles/ete", "fr"): (301, "/en/articles/summer/"),
    ("/fr-ca/articles/vieil-ete", "en"): (301, "/fr/articles/ete/"),
    ("/fr-ca/articles/summer/", "en"): (301, "/fr/articles/ete/"),
    ("/fr-ca/articles/alone/", "en"): (404, None),
    ("/fr-ca/articles/nothing/", "en"): (404, None),
    ("/EN/articles/gone", "fr"): (410, None),
    ("/de/articles/summer/", "fr"): (404, None),
    ("/fr-ca/fr-ca/", ""): (404, None),
    # Without a language: that of the slug.
    ("/articles/summer/", "fr"): (301, "/en/articles/summer/"),
    ("/articles/summer", "fr"): (301, "/en/articles/summer/"),
    ("/articles/ete", "en"): (301, "/fr/articles/ete/"),
    ("/articles/old-summer", "fr"): (301, "/en/articles/summer/"),
    ("/articles/vieil-ete/", "en"): (301, "/fr/articles/ete/"),
    ("/articles/alone/", "fr"): (301, "/en/articles/alone/"),
    ("/articles/gone/", ""): (410, None),
    ("/articles/nothing/", ""): (404, None),
    ("/articles/brouillon/", "fr"): (404, None),
    ("/articles/withdrawn/", ""): (404, None),
    # Of two, the browser decides.
    ("/articles/same/", "fr;q=0.9, en;q=0.8"): (302, "/fr/articles/same/"),
    ("/articles/same", "en"): (302, "/en/articles/same/"),
    ("/articles/same", "en;q=0"): (302, "/fr/articles/same/"),
    ("/structure/", "fr"): (302, "/fr/structure/"),
    ("/tags/t/feed.xml", "fr"): (301, "/en/tags/t/feed.xml"),
    ("/fr-ca/etiquettes/e/feed.json", ""): (301, "/fr/etiquettes/e/feed.json"),
    ("/structure", "de"): (302, "/en/structure/"),
    # Words of one language alone say which.
    ("/tags/t/", "fr"): (301, "/en/tags/t/"),
    ("/etiquettes/e", "en"): (301, "/fr/etiquettes/e/"),
    # Words of another language than the address's.
    ("/fr/tags/e/", "en"): (301, "/fr/etiquettes/e/"),
    ("/en-GB/etiquettes/t", "fr"): (301, "/en/tags/t/"),
    ("/fr/tags/nothing/", ""): (404, None),
    # What lists articles: a former slug, and another language's, behind all that.
    ("/fr/etiquettes/t/", "en"): (301, "/fr/etiquettes/e/"),
    ("/en-GB/etiquettes/old-t", "fr"): (301, "/en/tags/t/"),
    ("/tags/old-t", "fr"): (301, "/en/tags/t/"),
    # Their feeds, below the slug.
    ("/fr/tags/t/feed.xml", "en"): (301, "/fr/etiquettes/e/feed.xml"),
    ("/tags/old-t/feed.json", "fr"): (301, "/en/tags/t/feed.json"),
    ("/fr-ca/etiquettes/e/feed.xml", "en"): (301, "/fr/etiquettes/e/feed.xml"),
    ("/fr/tags/nothing/feed.xml", ""): (404, None),
    # Nothing.
    ("/nothing", ""): (404, None),
    ("/en/nothing/", ""): (404, None),
    ("/articles/", ""): (302, "/en/archive/"),
    ("/french/articles/summer/", ""): (404, None),
    ("/static/nothing.css", ""): (404, None),
    ("/media/nothing.avif", ""): (404, None),
}

# Nothing of these leads anywhere, least of all to another site; nor does any end in an error of ours.
ODD_PATHS = [
    "//evil.example/",
    "//evil.example/en/articles/summer/",
    "//en/articles/summer/",
    "/%2F/evil.example/",
    "/%2Fevil.example/..%2f",
    "/\\evil.example/",
    "/%5Cevil.example/",
    "/%5c%5cevil.example/",
    "/fr-ca//evil.example/",
    "/fr-ca/%2F%2Fevil.example",
    "/fr-ca/https://evil.example/",
    "/fr-ca/%0d%0aLocation:%20https://evil.example/",
    "/articles/%0d%0aSet-Cookie:a=b/",
    "/articles/summer%0a",
    "/articles/%00/",
    "/%00",
    "/fr-ca/%00",
    "/articles/%ff%fe/",
    "/%ed%b3%bf/",
    "/articles/%ed%b3%bf",
    "/fr-ca/articles/é",
    "/articles/" + "a" * 100_000,
    "/fr-ca/" + "a/" * 10_000,
    "/" + "fr-" * 10_000,
    "/fr" + "-ca" * 10_000 + "/articles/x/y/",
    "/{}/%s/%(path)s/",
    "/..",
    "/fr-ca/../admin",
    "/fr-/",
    "/-/",
    "/_",
]


class AddressTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        summer = make_article("a", en=live("S", slug="old-summer"), fr=live("É", slug="vieil-ete"))
        change(summer, "en", slug="summer")
        change(summer, "fr", slug="ete")
        tag = Tag.objects.create(key="t", name_en="T", name_fr="E", slug_en="old-t")
        summer.tags.add(tag)
        tag.slug_en = "t"
        tag.save()
        make_article("b", en=live("Alone"), fr={"title": "Brouillon"})
        make_article("c", en=live("Later"), fr={"title": "Plus tard", "body": "B", "published_at": TOMORROW})
        make_article("d", en=live("Gone"), fr=live("Parti")).delete()
        change(make_article("e", en=live("Withdrawn")), "en", published_at=None)
        make_article("f", en=live("F", slug="same"))
        make_article("g", fr=live("G", slug="same"))
        Site.current()

    def test_every_address_leads_to_the_page_that_it_means_in_one_step(self):
        for (path, header), expected in ANSWERS.items():
            for method in (self.client.get, self.client.head):
                with self.subTest(path, header=header, method=method.__name__):
                    response = method(path, HTTP_ACCEPT_LANGUAGE=header)
                    self.assertEqual((response.status_code, response.headers.get("Location")), expected)
                    if expected[1] and expected[1] != "/admin/":
                        self.assertEqual(self.client.get(expected[1]).status_code, 200)
                        self.assertEqual(response.headers["Cache-Control"], "no-cache")

    @override_settings(DEBUG=True)
    def test_addresses_lead_to_the_same_places_while_the_site_is_being_worked_on(self):
        for path in ("/fr-ca/articles/vieil-ete", "/articles/ete", "/fr/articles/summer/"):
            self.assertRedirects(self.client.get(path), "/fr/articles/ete/", 301)

    def test_what_a_browser_s_wish_decided_says_so_and_no_cookie_ever_does(self):
        self.client.cookies["django_language"] = "fr"
        for path in ("/articles/same/", "/structure/", "/nothing", "/articles/nothing/"):
            response = self.client.get(path, HTTP_ACCEPT_LANGUAGE="en")
            self.assertEqual(response.headers["Content-Language"], "en")
            self.assertIn("Accept-Language", response.headers["Vary"])
            self.assertNotIn("Cookie", response.headers["Vary"])
        self.assertNotIn("Accept-Language", self.client.get("/fr-ca/structure/").headers.get("Vary", ""))

    def test_a_query_string_goes_along(self):
        for path, target in {
            "/fr-ca/articles/summer?a=1&a=2": "/fr/articles/ete/?a=1&a=2",
            "/articles/ete?b=%26": "/fr/articles/ete/?b=%26",
            "/structure?c": "/en/structure/?c",
            "/?d": "/en/?d",
        }.items():
            self.assertEqual(self.client.get(path).headers["Location"], target)

    def test_a_page_of_a_list_that_is_not_there_is_not_led_to(self):
        self.assertEqual(self.client.get("/fr-ca/?page=99").status_code, 404)

    def test_only_reading_is_led_on(self):
        for method in (self.client.post, self.client.put, self.client.delete, self.client.options):
            for path in ("/articles/ete", "/fr-ca/", "/fr/articles/ete", "/nothing"):
                self.assertEqual(method(path).status_code, 404)

    def test_a_form_sent_to_nowhere_needs_no_cookie_to_be_told_so(self):
        client = self.client_class(enforce_csrf_checks=True)
        self.assertEqual(client.post("/nothing").status_code, 404)

    def test_odd_addresses_lead_nowhere(self):
        for path in ODD_PATHS:
            for header in ("", "fr"):
                with self.subTest(path[:60]):
                    # As a server passes it on: the test's own client would take "//host" for a host.
                    raw = unquote_to_bytes(path).decode("latin-1")
                    response = self.client.get("/", PATH_INFO=raw, HTTP_ACCEPT_LANGUAGE=header)
                    self.assertEqual(response.status_code, 404)
                    self.assertNotIn("Location", response.headers)

    @override_settings(SECURE_SSL_REDIRECT=True)
    def test_only_the_step_to_https_may_come_before(self):
        response = self.client.get("/fr-ca/articles/summer")
        self.assertEqual(response.headers["Location"], "https://testserver/fr-ca/articles/summer")
        response = self.client.get("/fr-ca/articles/summer", secure=True)
        self.assertEqual(response.headers["Location"], "/fr/articles/ete/")


class NotFoundTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        Site.current()

    def test_it_offers_home_search_and_the_other_language_and_is_not_for_search_engines(self):
        for language, other in (("en", "fr"), ("fr", "en")):
            page = self.client.get(f"/{language}/nothing/").content.decode()
            content = page.partition("<main")[2].partition("</main>")[0]
            self.assertIn(f'href="/{language}/"', content)
            self.assertIn(f'<a href="/{other}/" lang="{other}" hreflang="{other}">', page)
            self.assertIn('<meta name="robots" content="noindex">', page)
            self.assertNotIn('rel="alternate" hreflang', page)

    def test_random_addresses_cost_the_frame_and_the_look_for_a_redirect(self):
        for path in ("/wp-login.php", "/en/nothing/at/all", "/fr-ca/x", "/en/articles/Ä/"):
            with self.subTest(path), self.assertNumQueries(NOT_FOUND):
                self.client.get(path)

    def test_a_missing_article_costs_two_queries_in_each_language_it_may_be_in(self):
        for path, number in {"/en/articles/nothing": 2, "/articles/nothing/": 4}.items():
            with self.subTest(path), self.assertNumQueries(NOT_FOUND + number):
                self.client.get(path)

    def test_a_missing_file_costs_nothing_and_gets_a_line(self):
        for path in (f"{settings.STATIC_URL}css/old.css", f"{settings.MEDIA_URL}nothing.avif"):
            with self.subTest(path), self.assertNumQueries(0):
                self.assertEqual(self.client.get(path).content, b"Not found\n")


class SplitLanguageTests(SimpleTestCase):
    def test_the_first_segment_may_be_a_language_of_the_site_in_any_spelling(self):
        for path, parts in {
            "/en/a/": ("en", "a/"),
            "/fr": ("fr", ""),
            "/FR-ca/a": ("fr", "a"),
            "/fr_FR/": ("fr", ""),
            "/": (None, ""),
            "/de/a": (None, "de/a"),
            "/french/a": (None, "french/a"),
            "/fr.html": (None, "fr.html"),
            "/fr--ca/": (None, "fr--ca/"),
            "//fr/": (None, "/fr/"),
        }.items():
            with self.subTest(path):
                self.assertEqual(split_language(path), parts)
