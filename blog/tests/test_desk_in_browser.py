import re

from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.urls import reverse

from articles import link_findings
from articles.link_verdict import Reason, dead, moved
from articles.models import Article
from articles.tests.examples import TOMORROW, live, make_article
from articles.tests.test_desk import type_unsaved, write_copy

from .browser import BrowserTestCase

# What Django and its widgets put into a form.
OURS = {"exclude": [[".select2"], [".inline-group"]]}

LOGIN, INDEX, LIST = "/admin/login/", "/admin/", "/admin/articles/article/"

# The colour of the edge of each field of a form in view, and of the ground that it stands on.
EDGES = """() => [...document.querySelectorAll(
    'input:not([type=hidden], [type=submit], [type=checkbox], [type=radio], [type=file]), select, textarea'
)].filter(field => field.checkVisibility() && field.offsetWidth > 2 && !field.closest('.select2'))
  .map(field => {
    let ground = field;
    do ground = ground.parentElement; while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)');
    return [field.name, getComputedStyle(field).borderTopColor, getComputedStyle(ground).backgroundColor];
  })"""

CUT_OFF = """() => [...document.querySelectorAll('.model-article .results :is(th, td)')]
  .filter(cell => cell.getBoundingClientRect().right > innerWidth).map(cell => cell.className)"""


def luminance(colour: str) -> float:
    """Return the relative luminance of an opaque rgb() colour, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    channels = [int(part) / 255 for part in re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colour).groups()]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


class DeskInBrowserTests(BrowserTestCase):
    def setUp(self):
        super().setUp()
        self.editor = get_user_model().objects.create_superuser("editor")
        self.article = make_article("a", en=live("On both sides of a leaf"), fr={"title": "Des deux côtés"})
        make_article("b", en=live("Later", published_at=TOMORROW))
        Article.objects.update(created_by=self.editor)
        write_copy(self.article, "en", self.editor)
        self.form = type_unsaved(self.editor, "fr", self.article, "Des deux côtés d’une feuille")

    def test_every_page_is_accessible_in_each_language_light_and_dark_and_as_wide_as_a_telephone(self):
        axe = Axe()
        address = f"https://example.org/{'long/' * 40}"
        verdicts = {"/en/none/": dead(Reason.NOT_FOUND, 404), address: moved(f"{address}moved/")}
        link_findings.replace({link_findings.Place.of(self.article, "en"): verdicts}, links=9, unasked=1)
        form = reverse("admin:articles_article_change", args=[self.article.pk])
        paths = [
            INDEX,
            LIST,
            f"{LIST}translations/",
            f"{LIST}links/",
            form,
            "/admin/articles/image/",
            f"{form}delete/",
            "/admin/password_change/",
        ]
        # The checker takes its time: it sees each width, each scheme and each language, not all of their combinations.
        for locale, scheme, width, other in (("en", "light", 390, 1440), ("fr", "dark", 1440, 390)):
            page = self.page(locale=locale, color_scheme=scheme, viewport={"width": width, "height": 844})
            page.goto(LOGIN)
            self.assert_fit(page, axe)
            self.log_in(page)
            for path in paths:
                page.set_viewport_size({"width": width, "height": 844})
                page.goto(path)
                with self.subTest(path=path, scheme=scheme):
                    self.assertEqual(page.get_attribute("html", "lang"), locale)
                    self.assertEqual(self.faults, [])
                    self.assert_fit(page, axe)
                    page.set_viewport_size({"width": other, "height": 844})
                    page.goto(path)
                    self.assert_drawn_well(page)
                # What the checker itself asks of a page.
                self.faults.clear()

    def assert_fit(self, page, axe) -> None:
        found = axe.run(page, context=OURS)
        self.assertEqual(found.violations_count, 0, found.generate_report())
        self.assert_drawn_well(page)

    def assert_drawn_well(self, page) -> None:
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), page.viewport_size["width"])
        # No column of the list of articles is cut off, not on a telephone either.
        self.assertEqual(page.evaluate(CUT_OFF), [])
        for name, edge, ground in page.evaluate(EDGES):
            self.assertGreaterEqual(contrast(edge, ground), 3, (name, edge, ground))

    def test_the_choice_of_light_or_dark_counts_more_than_the_browser_s(self):
        page = self.page(color_scheme="light")
        page.goto(LOGIN)
        ground = "getComputedStyle(document.querySelector('#container')).backgroundColor"
        light = page.evaluate(ground)
        # From "as the browser says" to light, and to dark.
        for _ in range(2):
            page.click(".theme-toggle")
            seen = page.evaluate(ground)
            self.assertEqual(seen == light, page.get_attribute("html", "data-theme") == "light")

    def test_an_unsaved_text_is_one_click_from_the_desk(self):
        page = self.page()
        self.log_in(page)
        page.goto(INDEX)
        page.click("[aria-labelledby=desk_unsaved] a")
        self.assertEqual(page.input_value("#id_title_fr"), "Des deux côtés d’une feuille")
        page.goto(INDEX)
        page.click("[aria-labelledby=desk_untranslated] .desk-action a")
        self.assertIn("#id_title_fr", page.url)
