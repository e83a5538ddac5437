from axe_playwright_python.sync_playwright import Axe
from django.test import tag

from .browser import BrowserTestCase

# What is wider inside than its place, and would have to be scrolled sideways.
OVERFLOWING = """() => [...document.querySelectorAll('pre, code, dd')]
    .filter(element => element.clientWidth && element.scrollWidth > element.clientWidth + 1)
    .map(element => element.innerText)"""
# As it meets the eye, in pixels.
TEXT_SIZE = "text => parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.getScreenCTM().a"
BOXES = (
    """texts => texts.map(text => text.getBBox()).map(box => [box.x, box.y, box.x + box.width, box.y + box.height])"""
)
# Between the highest accent and the lowest tail of two lines is air that may be shared.
AIR = 4


@tag("reader")
class StructurePageTests(BrowserTestCase):
    def open(self, path: str = "/en/structure/", **options):
        page = self.page(**options)
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        return page

    def test_what_is_folded_away_is_accessible_too_and_never_wider_than_the_screen(self):
        for scheme, width in (("light", 320), ("dark", 1280)):
            page = self.open("/fr/structure/", color_scheme=scheme, viewport={"width": width, "height": 900})
            self.assertGreater(page.locator("details[open]").count(), 12)
            results = Axe().run(page)
            self.assertEqual(results.violations_count, 0, results.generate_report())
            self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), width)
            self.assertEqual(page.evaluate(OVERFLOWING), [])

    def test_the_words_of_the_drawing_can_be_read_on_a_telephone(self):
        for path in ("/en/structure/", "/fr/structure/"):
            page = self.open(path, viewport={"width": 320, "height": 700})
            texts = page.locator(".borders text")
            self.assertGreater(texts.count(), 8)
            for text in texts.all():
                self.assertGreaterEqual(text.evaluate(TEXT_SIZE), 11, text.text_content())

    def test_no_words_of_the_drawing_run_into_each_other_or_out_of_it(self):
        for path in ("/en/structure/", "/fr/structure/"):
            boxes = self.open(path).locator(".borders text").evaluate_all(BOXES)
            self.assertGreater(len(boxes), 8)
            for index, (left, top, right, bottom) in enumerate(boxes):
                self.assertLess(right, 360)
                for x, y, end, foot in boxes[index + 1 :]:
                    is_apart = right <= x or end <= left or bottom <= y + AIR or foot <= top + AIR
                    self.assertTrue(is_apart, (path, index))

    def test_a_link_to_a_model_opens_what_holds_it(self):
        page = self.page()
        page.goto("/en/structure/#page_model_series")
        self.assertTrue(page.locator("#page_model_series").is_visible())
