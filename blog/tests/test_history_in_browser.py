from axe_playwright_python.sync_playwright import Axe

from articles.models import Article, Revision, Tag
from articles.saving import set_aside
from articles.tests.examples import change, live, make_article
from articles.text import ArticleText

from .browser import BrowserTestCase

WIDE = {"width": 1440, "height": 1000}
NARROW = {"width": 390, "height": 844}
# No line can be broken within.
LONG_WORD = f"https://example.org/{'a' * 120}"
BODY = "First.\n\n" + "\n\n".join(f"Paragraph number {number}." for number in range(9)) + f"\n\n{LONG_WORD}\n"


class HistoryTests(BrowserTestCase):
    def setUp(self):
        super().setUp()
        self.article = make_article("a", en=live("Summer", body=BODY), fr=live("Été", body=BODY))
        self.first = self.article.latest_revision("fr")
        self.article.tags.add(Tag.objects.create(key="t", name_en="Tag", name_fr="Étiquette"))
        self.spoiled = change(
            self.article, "fr", title="Gâché", body=BODY.replace("First.", "Gâché.") + LONG_WORD[::-1]
        )
        text = ArticleText(title="Autre", body=LONG_WORD)
        self.aside = set_aside(self.article, "fr", text, based_on=self.first, by=None)
        english = self.article.latest_revision("en")
        Revision.objects.bulk_create(
            Revision(article=self.article, language="en", title="Summer", body=BODY, slug="summer", note=LONG_WORD)
            for _ in range(60)
        )
        self.deleted = make_article("b", en=live("Deleted"))
        self.deleted.delete()
        self.english = english

    def path(self, rest="history/", article=None):
        return f"/admin/articles/article/{(article or self.article).pk}/{rest}"

    def paths(self):
        yield self.path()
        yield self.path("history/?page=2")
        yield self.path(f"history/compare/?to={self.spoiled.pk}")
        yield self.path(f"history/compare/?from={self.english.pk}&to={self.aside.pk}")
        yield self.path(f"history/{self.first.pk}/restore/")
        yield self.path("history/", self.deleted)
        yield self.path("restore/", self.deleted)

    def test_the_pages_are_accessible_in_both_schemes_and_never_scroll_sideways(self):
        axe = Axe()
        for scheme, viewport, locale in (("light", NARROW, "en"), ("dark", WIDE, "fr-FR")):
            page = self.page(color_scheme=scheme, viewport=viewport, locale=locale)
            self.log_in(page)
            for path in self.paths():
                page.goto(path)
                results = axe.run(page)
                with self.subTest(path, scheme=scheme, width=viewport["width"]):
                    self.assertEqual(results.violations_count, 0, results.generate_report())
                    width = page.evaluate("document.documentElement.scrollWidth")
                    self.assertEqual(width, viewport["width"])
        self.assertEqual(self.faults, [])

    def test_with_the_keyboard_alone_last_week_s_french_is_restored_and_the_english_page_keeps_its_bytes(self):
        page = self.page(viewport=WIDE, java_script_enabled=False)
        self.log_in(page)
        english = page.request.get("/en/articles/summer/").body()
        page.goto(self.path("history/?language=fr"))
        page.locator(f"[name=to][value='{self.aside.pk}']").focus()
        page.keyboard.press("ArrowDown")
        page.locator(f"[name=from][value='{self.spoiled.pk}']").focus()
        page.keyboard.press("ArrowDown")
        page.locator("text=Compare the chosen versions").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/history/compare/?**")
        self.assertIn("Gâché", page.locator("ins").all_inner_texts())
        page.locator("a[rel=prev]").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**?to={self.first.pk}")
        page.locator("text=Restore this version").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/restore/")
        page.locator("text=Restore for readers").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/history/")
        self.assertIn("is restored", page.locator(".messagelist").inner_text())
        self.assertEqual(Article.objects.get(pk=self.article.pk).title_fr, "Été")
        self.assertEqual(page.request.get("/en/articles/summer/").body(), english)

    def test_unchanged_paragraphs_unfold_with_the_keyboard_and_the_whole_text_can_be_taken(self):
        page = self.page(viewport=NARROW)
        self.log_in(page)
        page.goto(self.path(f"history/compare/?to={self.spoiled.pk}"))
        hidden = page.locator("text=Paragraph number 4.").first
        self.assertFalse(hidden.is_visible())
        page.locator(".difference summary").first.focus()
        page.keyboard.press("Enter")
        self.assertTrue(hidden.is_visible())
        page.locator(".full-text summary").first.focus()
        page.keyboard.press("Enter")
        self.assertEqual(page.locator(".full-text textarea").first.input_value(), BODY)
        self.assertEqual(self.faults, [])
