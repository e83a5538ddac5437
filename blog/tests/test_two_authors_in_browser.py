from axe_playwright_python.sync_playwright import Axe

from articles.models import Article, Revision
from articles.tests.examples import change, live, make_article

from .browser import BrowserTestCase

WIDE, NARROW = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}
BODY = "One.\n\nTwo.\n\nThree."
# The boxes in which tags are chosen, and the rows of companions, are Django's.
OURS = {"exclude": [[".select2"], [".inline-group"]]}
SAVED = ".messagelist .success"


class TwoAuthorsTests(BrowserTestCase):
    """Two browsers, each with a form of the same article that was opened before the other one saved."""

    def open(self, article, *names):
        pages = []
        for name in names:
            page = self.page(viewport=WIDE, locale="en-GB")
            self.log_in(page, name)
            page.goto(f"/admin/articles/article/{article.pk}/change/")
            pages.append(page)
        return pages

    def save(self, page, **fields):
        for name, text in fields.items():
            page.fill(f"#id_{name}", text)
        self.press(page, ".submit-row [name=_save]")

    def test_on_two_languages_both_keep_their_text(self):
        article = make_article("a", en=live("T"), fr=live("T"))
        first, second = self.open(article, "first", "second")
        self.save(first, body_en="English by the first")
        self.save(second, body_fr="Français par le second")
        article.refresh_from_db()
        self.assertEqual((article.body_en, article.body_fr), ("English by the first", "Français par le second"))
        self.assertEqual(self.faults, [])

    def test_on_two_blocks_of_one_language_both_find_their_words_and_the_second_is_told(self):
        article = make_article("a", en=live("T", body=BODY), fr=live("T"))
        first, second = self.open(article, "first", "second")
        self.save(first, body_en=BODY.replace("One.", "One, by the first."))
        self.save(second, body_en=BODY.replace("Three.", "Three, by the second."))
        self.assertIn("Both changes are in the text.", second.locator(".messagelist").inner_text())
        self.assertEqual(Article.objects.get().body_en, "One, by the first.\n\nTwo.\n\nThree, by the second.")

    def test_on_one_block_the_second_sees_three_texts_chooses_by_keyboard_and_both_are_kept(self):
        article = make_article("a", en=live("T", body=BODY), fr=live("T"))
        first, second = self.open(article, "first", "second")
        self.save(first, body_en=BODY.replace("One.", "One, by the first."))
        self.save(second, body_en=BODY.replace("One.", "One, by the second.").replace("Three.", "Three, too."))
        place = second.locator(".conflict-place")
        self.assertEqual(place.locator("ins").all_inner_texts(), ["One, by the first.", "One, by the second."])
        place.locator("[value=mine]").focus()
        second.keyboard.press("ArrowRight")
        self.assertTrue(place.locator("[value=theirs]").is_checked())
        self.save(second)
        self.assertEqual(Article.objects.get().body_en, "One, by the first.\n\nTwo.\n\nThree, too.")
        self.assertEqual(
            Revision.objects.get(kind=Revision.Kind.SET_ASIDE).body.partition("\n")[0], "One, by the second."
        )
        self.assertEqual(self.faults, [])

    def test_the_form_is_accessible_whatever_it_shows(self):
        article = make_article("a", en=live("T", body=BODY), fr=live("Été", summary=""))
        axe = Axe()
        for scheme, viewport, locale in (("light", WIDE, "en-GB"), ("dark", NARROW, "fr-FR")):
            page = self.page(color_scheme=scheme, viewport=viewport, locale=locale)
            self.log_in(page)
            page.goto(f"/admin/articles/article/{article.pk}/change/")
            page.fill("#id_body_fr", f"En cours, {scheme}.")
            self.press(page, "[name=_working_copy]")
            page.wait_for_selector(SAVED)
            page.goto(f"/admin/articles/article/{article.pk}/change/")
            change(article, "en", body=f"{scheme} by somebody else", title=f"{scheme} theirs")
            self.save(page, body_en=f"{scheme} mine", title_en=f"{scheme} mine")
            page.wait_for_selector(".conflict")
            with self.subTest(scheme):
                results = axe.run(page, context=OURS)
                self.assertEqual(results.violations_count, 0, results.generate_report())
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), viewport["width"])
