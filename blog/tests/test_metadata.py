import io
import json
import re
import tempfile
from datetime import timedelta
from pathlib import Path

import extruct
from django.conf import settings
from django.test import TestCase, override_settings
from PIL import Image

from articles import languages
from articles.models import Article, Author, Series, Tag
from articles.tests.examples import TOMORROW, YESTERDAY, change, live, make_article
from blog.models import Site
from blog.set_up import prepare_data_folder

from .browser import BrowserTestCase
from .crawler import crawl

SITE = "https://blog.example"


def data_of(page: str, syntax: str) -> list[dict]:
    return extruct.extract(page, base_url=SITE, syntaxes=[syntax])[syntax]


@override_settings(SITE_URL=SITE)
class ArticleMetadataTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.article = make_article(
            "a",
            fr=live("L'été", summary='Un "résumé" & plus.', body="mot " * 500),
            en=live("Summer", summary="A summary.", body="word " * 500),
        )
        cls.article.source = "https://example.org/source"
        cls.article.save(update_fields=["source"])
        cls.article.tags.add(Tag.objects.create(key="t", name_en="Tag", name_fr="Étiquette"))
        cls.article.authors.add(Author.objects.create(name="Ada"))

    def page(self, path: str) -> str:
        return self.client.get(path).content.decode()

    def posting(self, path: str) -> dict:
        return next(d for d in data_of(self.page(path), "json-ld") if d["@type"] == "BlogPosting")

    def test_search_engines_find_all_of_a_posting(self):
        posting = self.posting("/fr/articles/l-ete/")
        self.assertEqual(posting["@id"], f"{SITE}/fr/articles/l-ete/")
        self.assertEqual(posting["headline"], "L’été")
        self.assertEqual(posting["inLanguage"], "fr")
        self.assertEqual(posting["datePublished"], YESTERDAY.isoformat())
        self.assertEqual(posting["author"], [{"@type": "Person", "name": "Ada", "url": f"{SITE}/fr/auteurs/ada/"}])
        self.assertEqual(posting["keywords"], ["Étiquette"])
        self.assertEqual(posting["isBasedOn"], "https://example.org/source")
        self.assertEqual(posting["timeRequired"], "PT3M")
        self.assertTrue(posting["image"].startswith(f"{SITE}/social/a.fr."))
        self.assertEqual(posting["publisher"]["name"], "Recto Verso")
        self.assertLessEqual({"dateModified", "description", "mainEntityOfPage", "isPartOf"}, posting.keys())

    def test_an_original_names_its_translations_and_a_translation_its_original(self):
        french, english = self.posting("/fr/articles/l-ete/"), self.posting("/en/articles/summer/")
        self.assertEqual([work["@id"] for work in french["workTranslation"]], [english["@id"]])
        self.assertEqual(english["translationOfWork"]["@id"], french["@id"])
        self.assertNotIn("translationOfWork", french)
        self.assertNotIn("workTranslation", english)

    def test_what_is_not_live_is_named_nowhere(self):
        change(self.article, "en", published_at=TOMORROW)
        page = self.page("/fr/articles/l-ete/")
        self.assertNotIn("workTranslation", page)
        self.assertNotIn("og:locale:alternate", page)
        self.assertNotIn("hreflang", page.partition("<body")[0])

    def test_a_part_of_a_series_says_so(self):
        make_article("b", fr=live("Suite"))
        series = Series.objects.create(key="s", title_fr="Saisons")
        Article.objects.update(series=series)
        posting = self.posting("/fr/articles/l-ete/")
        self.assertEqual([whole["@type"] for whole in posting["isPartOf"]], ["Blog", "CreativeWorkSeries"])
        self.assertEqual(posting["isPartOf"][1]["@id"], f"{SITE}/fr/series/saisons/")
        self.assertEqual(posting["position"], 1)
        self.assertIn('"item":"https://blog.example/fr/series/saisons/"', self.page("/fr/articles/l-ete/"))

    def test_the_way_to_an_article_begins_at_home(self):
        crumbs = next(d for d in data_of(self.page("/fr/articles/l-ete/"), "json-ld") if d["@type"] == "BreadcrumbList")
        addresses = [item["item"] for item in crumbs["itemListElement"]]
        self.assertEqual(addresses, [f"{SITE}/fr/", f"{SITE}/fr/archives/", f"{SITE}/fr/articles/l-ete/"])

    def test_social_networks_find_title_language_dates_and_picture(self):
        found = dict(data_of(self.page("/fr/articles/l-ete/"), "opengraph")[0]["properties"])
        self.assertEqual(found["og:title"], "L’été")
        self.assertEqual(found["og:type"], "article")
        self.assertEqual(found["og:url"], f"{SITE}/fr/articles/l-ete/")
        self.assertEqual((found["og:locale"], found["og:locale:alternate"]), ("fr_FR", "en_US"))
        self.assertEqual(found["article:published_time"], YESTERDAY.isoformat())
        self.assertEqual((found["article:author"], found["article:tag"]), ("Ada", "Étiquette"))
        self.assertEqual(found["og:description"], "Un «\u202frésumé\u202f» & plus.")
        self.assertTrue(found["og:image"].startswith(f"{SITE}/social/a.fr."))
        self.assertIn('name="twitter:card" content="summary_large_image"', self.page("/fr/articles/l-ete/"))

    def test_indie_readers_find_an_entry_and_lists_are_feeds_of_entries(self):
        entry = next(d for d in data_of(self.page("/en/articles/summer/"), "microformat") if d["type"] == ["h-entry"])
        properties = entry["properties"]
        self.assertEqual(properties["name"], ["Summer"])
        self.assertEqual(properties["url"], [f"{SITE}/en/articles/summer/"])
        self.assertEqual(properties["category"], ["Tag"])
        self.assertEqual(properties["author"][0]["properties"]["name"], ["Ada"])
        self.assertIn("word word", properties["content"][0]["value"])
        self.assertEqual(properties["summary"], ["A summary."])
        self.assertIn("published", properties)
        for path in ("/en/", "/en/tags/tag/", "/en/authors/ada/"):
            feed = next(d for d in data_of(self.page(path), "microformat") if d["type"] == ["h-feed"])
            self.assertEqual(feed["children"][0]["properties"]["name"], ["Summer"], path)

    def test_an_author_s_text_gives_no_part_of_the_entry(self):
        change(self.article, "en", body='<p class="p-name h-card u-url dt-published">Forged</p>')
        page = self.page("/en/articles/summer/")
        self.assertIn("<p>Forged</p>", page)
        entry = next(d for d in data_of(page, "microformat") if d["type"] == ["h-entry"])
        self.assertEqual(entry["properties"]["name"], ["Summer"])

    def test_an_article_without_a_summary_is_described_by_its_beginning(self):
        change(self.article, "en", summary="")
        self.assertTrue(self.posting("/en/articles/summer/")["description"].startswith("word word"))

    def test_no_title_breaks_out_of_the_data(self):
        title = "</script><script>alert(1)</script> & \" ' <!--"
        change(self.article, "en", title=title)
        page = self.page("/en/articles/summer/")
        self.assertNotIn("<script>", page)
        self.assertIn("</script><script>alert(1)", self.posting("/en/articles/summer/")["headline"])

    def test_every_page_that_may_be_indexed_has_an_address_and_a_card(self):
        self.article.series = Series.objects.create(key="s", title_en="Series", title_fr="Série")
        self.article.save(update_fields=["series"])
        pages = [document for document in crawl("/en/", "/fr/").values() if document.is_indexable_page]
        self.assertGreater(len(pages), 18)
        for page in pages:
            with self.subTest(page.path):
                self.assertEqual(page.canonical, page.path)
                self.assertRegex(page.text, '<meta name="description" content="[^"]+">')
                self.assertIn('<meta name="twitter:card"', page.text)
                found = dict(data_of(page.text, "opengraph")[0]["properties"])
                self.assertEqual(found["og:url"], SITE + page.path)
                self.assertEqual(found["og:type"], "article" if re.search("/articles/.", page.path) else "website")
                self.assertTrue(found["og:title"].strip() and found["og:description"].strip())
        self.assertIn(f'<link rel="canonical" href="{SITE}/en/">', self.page("/en/?utm_source=x&page=1"))

    def test_an_error_page_has_no_address(self):
        for path in ("/en/nothing/", "/fr/articles/nothing/"):
            page = self.page(path)
            self.assertNotIn("canonical", page)
            self.assertIn('<meta name="robots" content="noindex">', page)


class MarkdownTests(TestCase):
    def test_the_markdown_of_an_article_is_at_its_address_with_md(self):
        make_article("a", en=live("Summer", body="Some *text*\r\n\n- a"), fr=live("Été"))
        page = self.client.get("/en/articles/summer/").content.decode()
        self.assertIn('<link rel="alternate" type="text/markdown" href="/en/articles/summer.md">', page)
        response = self.client.get("/en/articles/summer.md")
        self.assertEqual(response.content.decode(), "# Summer\n\nSome *text*\n\n- a")
        self.assertEqual(response.headers["Content-Type"], "text/markdown; charset=utf-8")
        self.assertEqual(response.headers["Link"], f'<{settings.SITE_URL}/en/articles/summer/>; rel="canonical"')

    def test_a_changed_slug_leads_on_and_what_is_not_live_is_not_found(self):
        article = make_article("a", en=live("Summer"), fr={"title": "Brouillon"})
        change(article, "en", slug="sun")
        self.assertRedirects(self.client.get("/en/articles/summer.md"), "/en/articles/sun.md", 301)
        for path in ("/fr/articles/brouillon.md", "/fr/articles/sun.md", "/en/articles/x.md"):
            self.assertEqual(self.client.get(path).status_code, 404, path)


class SocialImageTests(TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "social"
        settings_here = override_settings(DATA_DIR=folder.name)
        settings_here.enable()
        self.addCleanup(settings_here.disable)
        self.article = make_article("a", en=live("Summer"), fr=live("L'été"))

    def address(self, language: str = "en") -> str:
        article = Article.objects.get(pk=self.article.pk)
        page = self.client.get(article.get_absolute_url(language)).content.decode()
        return re.search(r'og:image" content="[^"]*(/social/[^"]*)"', page)[1]

    def test_each_language_of_an_article_has_its_picture(self):
        for language in languages.codes():
            response = self.client.get(self.address(language))
            self.assertEqual(response.headers["Content-Type"], "image/png")
            self.assertIn("immutable", response.headers["Cache-Control"])
            zipped = self.client.get(self.address(language), headers={"Accept-Encoding": "gzip"})
            self.assertNotIn("Content-Encoding", zipped.headers)
            self.assertEqual(Image.open(io.BytesIO(response.content)).size, (1200, 630))
        self.assertNotEqual(self.address("en"), self.address("fr"))

    def test_a_picture_says_its_own_language_whatever_the_browser_asks_for(self):
        response = self.client.get(self.address("fr"), HTTP_ACCEPT_LANGUAGE="en")
        self.assertEqual(response.headers["Content-Language"], "fr")
        self.assertNotIn("Accept-Language", response.headers.get("Vary", ""))

    def test_it_is_made_once(self):
        first = self.client.get(self.address()).content
        (file,) = self.folder.glob("*/*")
        file.write_bytes(b"kept")
        self.assertEqual(self.client.get(self.address()).content, b"kept")
        self.assertNotEqual(first, b"kept")

    def test_it_is_made_again_when_the_title_or_the_site_s_name_changes_and_the_old_address_leads_to_it(self):
        for write in (
            lambda: change(self.article, "en", title="Winter"),
            lambda: Site.objects.update(name_en="Another name"),
        ):
            old = self.address()
            before = self.client.get(old).content
            write()
            self.assertNotEqual(self.address(), old)
            self.assertNotEqual(self.client.get(self.address()).content, before)
            self.assertRedirects(self.client.get(old), self.address(), 302)
            self.assertEqual(len(list(self.folder.glob("a.en/*"))), 1)

    def test_the_set_up_removes_those_that_lie_where_they_are_not_looked_for_any_more(self):
        self.client.get(self.address())
        (self.folder / "a.en.0123456789abcdef.png").write_bytes(b"before")
        with override_settings(DATA_DIR=self.folder.parent):
            prepare_data_folder()
        self.assertEqual([path.is_dir() for path in self.folder.iterdir()], [True])
        self.assertEqual(len(list(self.folder.glob("*/*"))), 1)

    def test_nothing_is_made_for_what_is_not_live_or_for_a_made_up_name(self):
        address = self.address()
        change(self.article, "en", published_at=YESTERDAY + timedelta(days=9))
        for path in (address, "/social/b.en.0123456789abcdef.png", "/social/a.de.0123456789abcdef.png", "/social/x"):
            self.assertEqual(self.client.get(path).status_code, 404, path)
        self.assertEqual(list(self.folder.glob("*")), [])
        other = self.address("fr").replace(".png", "")[:-16] + "0" * 16 + ".png"
        self.assertEqual(self.client.get(other).status_code, 302)
        self.assertEqual(list(self.folder.glob("*")), [])


class BlogDataTests(TestCase):
    def test_the_home_page_says_what_the_site_is(self):
        page = self.client.get("/fr/").content.decode()
        data = json.loads(re.search(r"<script[^>]*>(.*?)</script>", page)[1])
        self.assertEqual((data["@type"], data["inLanguage"], data["name"]), ("Blog", "fr", "Recto Verso"))


class DataInBrowserTests(BrowserTestCase):
    def test_blocks_of_data_break_no_policy_and_run_nothing(self):
        make_article("a", en=live("</script><script>alert(1)</script><!--<script>", slug="t"))
        page = self.page()
        for path in ("/en/articles/t/", "/en/"):
            page.goto(path)
            blocks = page.locator("script").all()
            self.assertTrue(blocks)
            for block in blocks:
                self.assertEqual(block.get_attribute("type"), "application/ld+json")
                json.loads(block.text_content())
        self.assertEqual(self.faults, [])
