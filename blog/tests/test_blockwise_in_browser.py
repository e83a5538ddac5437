"""A translation from nothing to finished, passage by passage, by somebody who knows no Markdown."""

from importlib import import_module

from axe_playwright_python.sync_playwright import Axe
from django.apps import apps
from django.db import connection
from django.test import tag
from playwright.sync_api import expect

from articles.models import Article
from articles.tests.examples import change, live, make_article
from articles.tests.people import person

from .browser import BrowserTestCase

ENGLISH = "First words.\n\n## A heading\n\n- one\n- two\n\n```\ncode\n```\n\nSee [this](https://e.org/).\n"
FRENCH = "Premiers mots.\n\n## Un titre\n\n- un\n- deux\n\n```\ncode\n```\n\nVoir [ceci](https://e.org/)."
FIELD = "#passage-field"


@tag("editor")
class BlockwiseTests(BrowserTestCase):
    def setUp(self):
        super().setUp()
        # A browser test before this one emptied the database, and the groups of the roles went too.
        import_module("blog.migrations.0002_roles").make_groups(apps, connection.schema_editor())
        person("translator", "Translator")

    def translator(self, article, language, **options):
        page = self.page(locale="en-GB", **options)
        self.log_in(page, "translator")
        page.goto(f"/admin/articles/article/{article.pk}/translate/{language}/")
        return page

    def assert_accessible(self, page, width):
        results = Axe().run(page, context="#content")
        self.assertEqual(results.violations_count, 0, results.generate_report())
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)

    def test_next_by_next_a_small_article_is_translated_and_follows_its_original_in_both_directions(self):
        article = make_article("a", en=live("Title", summary="Summary", body=ENGLISH))
        page = self.translator(article, "fr", viewport={"width": 1440, "height": 900})
        # By keyboard alone: the cursor waits in each field.
        page.keyboard.type("Titre")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        for typed in ("Résumé", "Premiers mots.", "Un titre", "un\ndeux", "", "Voir [ceci](https://e.org/)."):
            expect(page.locator(FIELD)).to_be_focused()
            page.keyboard.type(typed)
            with page.expect_navigation():
                page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Everything is done.")).to_be_visible()
        text = Article.objects.get().text_in("fr")
        self.assertEqual((text.title, text.summary, text.body), ("Titre", "Résumé", FRENCH))
        # The original moves on; what stands there is followed, and typed words are not left behind unasked.
        change(article, "en", body=ENGLISH.replace("First words.", "First and last words."))
        page.reload()
        self.assert_accessible(page, 1440)
        expect(page.locator("ins")).to_have_text("and last ")
        page.fill(FIELD, "Premiers et derniers mots.")
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        page.click(".translating-form")
        page.wait_for_timeout(300)
        self.assertEqual((asked, page.input_value(FIELD)), (["beforeunload"], "Premiers et derniers mots."))
        self.press(page, "[name=_save]")
        self.assertEqual(Article.objects.get().body_fr, FRENCH.replace("mots", "et derniers mots", 1))
        # On the way back the browser fills nothing in: the field shows what stands.
        page.goto(page.url.partition("?")[0] + "?row=3")
        page.fill(FIELD, "Mots anciens.")
        self.press(page, "[name=_save]")
        change(Article.objects.get(), "fr", body=FRENCH)
        page.go_back()
        self.assertEqual(page.input_value(FIELD), "Premiers mots.")
        self.assertEqual(self.faults, [])

        # The other direction, on a phone, without scripts.
        article = make_article("b", fr=live("Titre deux", body=FRENCH))
        page = self.translator(
            article, "en", viewport={"width": 390, "height": 800}, color_scheme="dark", java_script_enabled=False
        )
        for typed in ("Second title", "First words.", "A heading", "one\ntwo", None, "See [this](https://e.org/)."):
            if typed:
                page.fill(FIELD, typed)
            self.press(page, "[name=_save]")
        expect(page.get_by_text("Everything is done.")).to_be_visible()
        self.assertEqual(Article.objects.get(key="b").body_en, ENGLISH.rstrip("\n"))
        self.assertEqual(Article.objects.get(key="b").body_fr, FRENCH)
        page = self.translator(article, "en", viewport={"width": 390, "height": 800}, color_scheme="dark")
        page.goto(page.url.partition("?")[0] + "?row=3")
        self.assert_accessible(page, 390)
