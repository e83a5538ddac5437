from axe_playwright_python.sync_playwright import Axe
from django.test import tag
from playwright.sync_api import expect

from articles.tests.examples import live, make_article

from .browser import BrowserTestCase

WIDE = {"width": 1440, "height": 1000}


@tag("editor")
class SearchResultTests(BrowserTestCase):
    def opened(self, **options):
        article = make_article("a", en=live("Old title", summary="S"), fr=live("Titre", summary="S"))
        page = self.page(viewport=WIDE, **options)
        self.log_in(page)
        page.goto(f"/admin/articles/article/{article.pk}/change/")
        return page

    def asked(self) -> list[str]:
        return [url for url in self.requested if "search-result/" in url or "social-image/" in url]

    def test_it_follows_what_is_typed_while_somebody_looks_and_asks_for_nothing_else(self):
        page = self.opened()
        result = page.locator(".search-result[data-language=en]")
        page.fill("#id_title_en", "New title")
        page.wait_for_timeout(800)
        self.assertEqual(self.asked(), [])
        result.locator("summary").click()
        expect(result.locator(".search-result-title")).to_have_text("New title – Recto Verso")
        image = result.locator("img")
        expect(image).to_have_js_property("naturalWidth", 1200)
        image.evaluate("image => { image.isTheSame = true; }")
        page.fill("#id_summary_en", "")
        page.fill("#id_body_en", "What the *body* says")
        expect(result.locator(".search-result-description")).to_have_text("What the body says")
        # The picture shows the title alone, and stays.
        self.assertTrue(image.evaluate("image => image.isTheSame"))
        page.context.clear_cookies(name="sessionid")
        page.fill("#id_title_en", "Typed after the login expired")
        page.wait_for_timeout(1500)
        expect(result.locator(".search-result-title")).to_have_text("New title – Recto Verso")
        self.assertEqual(self.faults, [])

    def test_without_scripts_it_shows_what_is_saved(self):
        page = self.opened(java_script_enabled=False)
        result = page.locator(".search-result[data-language=fr]")
        result.locator("summary").click()
        expect(result.locator(".search-result-title")).to_have_text("Titre – Recto Verso")
        expect(result.locator("img")).to_be_visible()

    def test_it_is_accessible_in_both_schemes(self):
        for scheme in ("light", "dark"):
            with self.subTest(scheme):
                page = self.page(viewport=WIDE, color_scheme=scheme)
                self.log_in(page)
                page.goto("/admin/articles/article/add/")
                page.fill("#id_title_en", "A title " * 12)
                for summary in page.locator(".search-result summary").all():
                    summary.click()
                expect(page.locator(".search-result-lengths strong")).to_have_count(1)
                results = Axe().run(page, context=".search-result")
                self.assertEqual(results.violations_count, 0, results.generate_report())
