import re
from datetime import UTC, datetime, timedelta
from unittest import mock
from urllib.parse import urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.test import TestCase, override_settings

from articles import languages
from articles.models import Article, Author, Series, Tag
from articles.tests.examples import TOMORROW, YESTERDAY, change, live, make_article
from blog import listed_pages
from blog.models import LastChange, Page

CODES = languages.codes()
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
# https://www.w3.org/TR/NOTE-datetime, with a time zone
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


class SitemapTestCase(TestCase):
    def entries(self, path: str = "/sitemap.xml") -> dict[str, ElementTree.Element]:
        """Return the entries by their paths on this site."""
        response = self.client.get(path)
        self.assertEqual(response.headers["Content-Type"], "application/xml")
        root = ElementTree.fromstring(response.content)
        self.assertEqual(root.tag, f"{{{NAMES['s']}}}urlset")
        return {self.path_of(url.findtext("s:loc", "", NAMES)): url for url in root.findall("s:url", NAMES)}

    def path_of(self, address: str) -> str:
        self.assertTrue(address.startswith(settings.SITE_URL + "/"), address)
        return address.removeprefix(settings.SITE_URL)

    def alternates(self, entry: ElementTree.Element) -> dict[str, str]:
        return {link.get("hreflang"): self.path_of(link.get("href")) for link in entry.findall("x:link", NAMES)}

    def changed(self, entry: ElementTree.Element) -> str | None:
        return entry.findtext("s:lastmod", None, NAMES)


class SitemapTests(SitemapTestCase):
    def test_a_new_site_lists_what_stands_in_every_language(self):
        self.assertEqual(
            set(self.entries()),
            {"/en/", "/fr/", "/en/archive/", "/fr/archives/", "/en/structure/", "/fr/structure/"}
            | {"/en/style/", "/fr/style/", "/en/search/", "/fr/recherche/"},
        )

    def test_an_article_is_listed_where_it_is_live_with_links_to_each_live_language(self):
        make_article("both", en=live("Summer"), fr=live("Été"))
        make_article("french", en={"title": "Draft"}, fr=live("Seul"))
        make_article("later", en={"title": "Later", "body": "B", "published_at": TOMORROW})
        make_article("gone", en=live("Gone")).delete()
        entries = self.entries()
        articles = {path for path in entries if "/articles/" in path}
        self.assertEqual(articles, {"/en/articles/summer/", "/fr/articles/ete/", "/fr/articles/seul/"})
        both = {"en": "/en/articles/summer/", "fr": "/fr/articles/ete/"}
        for path in both.values():
            self.assertEqual(self.alternates(entries[path]), both | {"x-default": both["en"]})
        self.assertEqual(self.alternates(entries["/fr/articles/seul/"]), {})

    def test_readers_of_other_languages_are_sent_to_the_original(self):
        make_article("a", fr=live("Été"), en=live("Summer"))
        self.assertEqual(self.alternates(self.entries()["/en/articles/summer/"])["x-default"], "/fr/articles/ete/")

    def test_the_home_page_s_default_is_where_the_language_is_chosen(self):
        for number in range(11):
            make_article(f"a{number}", en=live(f"T{number}"), fr=live(f"T{number}"))
        entries = self.entries()
        self.assertEqual(self.alternates(entries["/fr/"]), {"en": "/en/", "fr": "/fr/", "x-default": "/"})
        second = {"en": "/en/?page=2", "fr": "/fr/?page=2", "x-default": "/en/?page=2"}
        self.assertEqual(self.alternates(entries["/fr/?page=2"]), second)

    def test_each_language_has_the_date_of_its_own_last_change(self):
        article = make_article("a", en=live("Summer"), fr=live("Été"))
        dates = {"en": datetime(2026, 1, 5, tzinfo=UTC), "fr": datetime(2026, 2, 5, tzinfo=UTC)}
        for code, date in dates.items():
            change(article, code, published_at=date - timedelta(days=9))
            setattr(article, languages.column("updated_at", code), date)
        article.save(update_fields=["updated_at_en", "updated_at_fr"])
        entries = self.entries()
        for path in ("/en/articles/summer/", "/en/"):
            self.assertEqual(self.changed(entries[path]), "2026-01-05T00:00:00+00:00")
        for path in ("/fr/articles/ete/", "/fr/", "/fr/archives/2026/", "/fr/archives/2026/01/"):
            self.assertEqual(self.changed(entries[path]), "2026-02-05T00:00:00+00:00")

    def test_lists_are_there_with_as_many_pages_as_each_language_fills(self):
        tag = Tag.objects.create(key="code", name_en="Code", name_fr="Le code")
        series = Series.objects.create(key="parts", title_en="Parts")
        author = Author.objects.create(name="Ada")
        for number in range(21):
            fr = {"fr": live(f"T{number}", published_at=datetime(2025, 3, 4, tzinfo=UTC))} if number < 11 else {}
            en = live(f"T{number}", published_at=datetime(2026, 3, 4, tzinfo=UTC))
            article = make_article(f"a{number}", en=en, **fr)
            article.tags.add(tag)
            article.authors.add(author)
            if number < 10:
                article.series = series
                article.save(update_fields=["series"])
        lists = {path for path in self.entries() if "/articles/" not in path}
        for path, pages in {
            "/en/": 3,
            "/fr/": 2,
            "/en/tags/code/": 3,
            "/fr/etiquettes/le-code/": 2,
            "/en/authors/ada/": 3,
            "/fr/auteurs/ada/": 2,
            "/en/series/parts/": 1,
            "/en/archive/2026/": 3,
            "/en/archive/2026/03/": 3,
            "/fr/archives/2025/": 2,
            "/fr/archives/2025/03/": 2,
        }.items():
            expected = {path} | {f"{path}?page={number}" for number in range(2, pages + 1)}
            self.assertEqual({each for each in lists if each.partition("?")[0] == path}, expected)
        self.assertFalse({path for path in lists if "/fr/series/" in path or "/archive/2025" in path})

    def test_every_address_is_a_page_and_every_set_of_links_is_the_same_from_each_side(self):
        tag = Tag.objects.create(key="code", name_en="Code", name_fr="Le code")
        for number in range(11):
            make_article(f"a{number}", en=live(f"T{number}"), fr=live(f"T{number}")).tags.add(tag)
        make_article("only", fr=live("Seul")).tags.add(tag)
        Page.objects.create(key="about", title_en="About", body_en="Us.", is_live_en=True, title_fr="À propos")
        entries = self.entries()
        self.assertIn("/en/pages/about/", entries)
        self.assertNotIn("/fr/pages/a-propos/", entries)
        for path, entry in entries.items():
            with self.subTest(path):
                self.assertEqual(self.client.get(path).status_code, 200)
                alternates = self.alternates(entry)
                self.assertTrue(not alternates or path in alternates.values())
                for code, other in alternates.items():
                    if code != "x-default":
                        self.assertEqual(self.alternates(entries[other]), alternates)

    @override_settings(SITE_URL="https://blog.example")
    def test_the_protocol_is_kept_and_the_host_is_the_site_s_own(self):
        make_article("a", en=live("Summer"), fr=live("Été"))
        response = self.client.get("/sitemap.xml", HTTP_HOST="localhost")
        root = ElementTree.fromstring(response.content)
        addresses = [element.text for element in root.iterfind(".//s:loc", NAMES)]
        self.assertEqual(len(set(addresses)), len(addresses))
        for url in root:
            order = [child.tag.partition("}")[2] for child in url]
            self.assertRegex(" ".join(order), r"^loc( lastmod)?( link)*$")
            self.assertTrue(DATE.fullmatch(self.changed(url) or "2026-01-01T00:00:00+00:00"))
        for address in [*addresses, *(link.get("href") for link in root.iterfind(".//x:link", NAMES))]:
            self.assertEqual(urlsplit(address)[:2], ("https", "blog.example"))
            self.assertLess(len(address), 2048)

    def test_it_is_the_same_for_every_browser(self):
        response = self.client.head("/sitemap.xml")
        self.assertEqual((response.status_code, response.content), (200, b""))
        self.assertFalse(response.cookies)
        self.assertNotIn("Accept-Language", response.headers.get("Vary", ""))


class LargeSiteTests(SitemapTestCase):
    def setUp(self):
        tags = [Tag.objects.create(key=f"t{number}", name_en=f"Tag {number}") for number in range(4)]
        author = Author.objects.create(name="Ada")
        for number in range(12):
            date = datetime(2024 + number % 2, 3, 1 + number, tzinfo=UTC)
            article = make_article(f"a{number}", en=live(f"T{number}", published_at=date), fr=live(f"T{number}"))
            article.tags.add(*tags[: 1 + number % 3])
            article.authors.add(author)
        article.series = Series.objects.create(key="s", title_fr="Voyage")
        article.save(update_fields=["series"])
        Page.objects.create(key="about", title_en="About", body_en="Us.", is_live_en=True)

    def texts(self, path: str = "/sitemap.xml") -> list[bytes]:
        return [ElementTree.tostring(entry) for entry in self.entries(path).values()]

    def files(self) -> list[str]:
        root = ElementTree.fromstring(self.client.get("/sitemap.xml").content)
        self.assertEqual(root.tag, f"{{{NAMES['s']}}}sitemapindex")
        return [self.path_of(element.text) for element in root.iterfind("s:sitemap/s:loc", NAMES)]

    def test_past_a_limit_an_index_names_files_that_together_hold_every_address_once(self):
        whole = self.texts()
        with mock.patch.multiple(listed_pages, ARTICLES=5, SUBJECTS=2):
            files = self.files()
            parts = [self.texts(path) for path in files]
            nothing = ["articles-0", "articles-99", "years-1999", "years-0", "pages-2", "tags-9", "other-1", "1"]
            # More than a database or a calendar counts.
            for path in [*nothing, f"articles-{10**20}", f"tags-{10**20}", f"years-{10**20}", "years-10000"]:
                self.assertEqual(self.client.get(f"/sitemap-{path}.xml").status_code, 404, path)
        self.assertTrue(all(parts))
        self.assertEqual(sorted(text for part in parts for text in part), sorted(whole))
        self.assertGreater(len([path for path in files if "articles" in path]), 2)

    def test_a_file_without_an_address_is_not_named(self):
        Article.objects.filter(key__in=["a3", "a4", "a5"]).update(deleted_at=YESTERDAY)
        with mock.patch.multiple(listed_pages, ARTICLES=1, SUBJECTS=1):
            files = self.files()
            self.assertTrue(all(self.entries(path) for path in files))
        self.assertEqual(len([path for path in files if "articles" in path]), 9)

    def test_of_a_very_long_list_the_first_pages_are_listed(self):
        with mock.patch.object(listed_pages, "PAGES", 1):
            self.assertNotIn("/en/?page=2", self.entries())
        self.assertIn("/en/?page=2", self.entries())

    def test_the_index_costs_no_more_queries_for_more_files(self):
        LastChange.objects.update(at=YESTERDAY)
        with mock.patch.multiple(listed_pages, ARTICLES=5, SUBJECTS=2):
            self.files()
            # Whether the site is large; for each of tags, series, authors and articles the last one, and which files
            # hold any in each language; three for the years of a language; two for the date.
            with self.assertNumQueries(1 + 4 * 3 + 2 * 3 + 2):
                self.files()
        with mock.patch.multiple(listed_pages, ARTICLES=3, SUBJECTS=1), self.assertNumQueries(1 + 4 * 3 + 2 * 3 + 2):
            self.files()

    def test_a_small_site_has_no_parts(self):
        self.assertEqual(self.client.get("/sitemap-articles-1.xml").status_code, 404)

    def test_no_file_comes_near_the_protocol_s_own_limit(self):
        longest = listed_pages.PAGES * len(CODES)
        self.assertLess(max(listed_pages.SUBJECTS, 13) * longest, 50_000)
        self.assertLess(listed_pages.ARTICLES * len(CODES), 50_000)


class RobotsTests(TestCase):
    @override_settings(SITE_URL="https://blog.example")
    def test_robots_are_kept_from_the_admin_and_told_of_the_sitemap(self):
        response = self.client.get("/robots.txt")
        self.assertEqual(response.headers["Content-Type"], "text/plain")
        lines = response.content.decode().splitlines()
        self.assertEqual(lines[0], "User-agent: *")
        self.assertEqual(lines[1:4], ["Disallow: /admin/", "Disallow: /en/search/?", "Disallow: /fr/recherche/?"])
        self.assertEqual(lines[-1], "Sitemap: https://blog.example/sitemap.xml")
        self.assertNotIn("Disallow: /", lines)
