from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import tag

from articles.files.importing import import_folder
from articles.models import Article
from articles.tests.examples import live, make_article

from .browser import BrowserTestCase

WIDTHS = (320, 1280)


@tag("reader")
class ReadingTests(BrowserTestCase):
    def setUp(self):
        super().setUp()
        import_folder(settings.BASE_DIR / "articles" / "content")
        self.companion = Article.objects.get(key="api-rate-limiting")

    def test_a_french_reader_walks_from_the_root_to_the_companion_and_across_both_languages(self):
        page = self.page(locale="fr-FR")
        page.goto("/")
        self.assertEqual(page.url, f"{self.live_server_url}/fr/")
        page.click("text=Python Flask vs Django")
        self.assertIn("/fr/articles/python-flask-vs-django/", page.url)
        self.assertEqual(page.locator("html").get_attribute("lang"), "fr")
        page.locator(".language-line a").first.click()
        self.assertTrue(page.url.endswith("/en/articles/python-flask-vs-django/"), page.url)
        page.click(".companions >> text=Continue reading")
        self.assertTrue(page.url.endswith(self.companion.get_absolute_url("en")), page.url)
        page.click(".language-switch a")
        self.assertTrue(page.url.endswith(self.companion.get_absolute_url("fr")), page.url)
        self.assertIn("débit", page.locator("h1").inner_text())
        self.assertEqual(self.faults, [])

    def test_an_article_in_french_alone_offers_no_english(self):
        make_article("alone", fr=live("Seulement en français"))
        page = self.page()
        page.goto("/fr/")
        page.click("text=Seulement en français")
        self.assertEqual(page.locator("a[hreflang=en]").count(), 0)
        self.assertIn("non disponible", page.locator(".language-switch").inner_text())
        page.goto("/en/")
        self.assertNotIn("Seulement", page.content())

    def pages(self):
        for language in ("en", "fr"):
            yield f"/{language}/"
            yield f"/{language}/structure/"
            yield f"/{language}/style/"
            yield f"/{language}/nothing/"
            for article in Article.objects.all():
                yield article.get_absolute_url(language)

    def test_pages_are_accessible_in_both_schemes_on_narrow_and_wide_screens(self):
        axe, page = Axe(), self.page()
        for path in self.pages():
            page.goto(path)
            # Each kind of page in all four combinations, two of them in each language.
            widths = WIDTHS if path.startswith("/en/") else reversed(WIDTHS)
            for scheme, width in zip(("light", "dark"), widths, strict=True):
                # Nothing but styles depends on either: one visit shows both.
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                results = axe.run(page)
                with self.subTest(path, scheme=scheme, width=width):
                    self.assertEqual(results.violations_count, 0, results.generate_report())

    def test_nothing_scrolls_sideways_at_320_pixels(self):
        page = self.page(viewport={"width": 320, "height": 700})
        for path in self.pages():
            page.goto(path)
            self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), 320, path)

    def test_a_reader_gets_no_cookie_and_no_request_leaves_the_site(self):
        page = self.page()
        for path in self.pages():
            page.goto(path)
        self.assertEqual(page.context.cookies(), [])
        self.assertEqual({url for url in self.requested if not url.startswith(self.live_server_url)}, set())
        faults = [fault for fault in self.faults if "404" not in fault]
        self.assertEqual(faults, [])

    def test_everything_can_be_read_without_scripts(self):
        page = self.page(java_script_enabled=False, locale="fr-FR")
        page.goto("/")
        page.click("text=Lire la suite >> nth=0")
        self.assertGreater(len(page.locator(".article-body").inner_text()), 3000)

    def test_the_first_tab_leads_past_the_header(self):
        page = self.page()
        page.goto("/en/")
        page.keyboard.press("Tab")
        self.assertEqual(page.locator(":focus").inner_text(), "Skip to the content")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        self.assertEqual(page.locator(":focus").inner_text(), "Python Flask vs Django")

    def test_colours_of_code_are_legible_in_both_schemes(self):
        contrast = """() => {
            const channel = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
            const luminance = colour => {
                const [r, g, b] = colour.match(/[\\d.]+/g).map(Number);
                return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
            };
            const ground = luminance(getComputedStyle(document.querySelector('pre')).backgroundColor);
            const code = document.querySelector('.highlight code');
            const classes = 'k kd kn nt cp nf nc nn na nb s s1 s2 se si m mi kc c c1 gp gd gi gr err'.split(' ');
            return Math.min(...classes.map(name => {
                const span = code.appendChild(document.createElement('span'));
                span.className = name;
                const [low, high] = [luminance(getComputedStyle(span).color), ground].sort((a, b) => a - b);
                return (high + 0.05) / (low + 0.05);
            }));
        }"""
        for scheme in ("light", "dark"):
            page = self.page(color_scheme=scheme)
            page.goto(self.companion.get_absolute_url("en"))
            self.assertGreaterEqual(page.evaluate(contrast), 4.5, scheme)
