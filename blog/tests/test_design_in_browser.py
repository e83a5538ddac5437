"""What the design promises of the style page, which holds every construct, of articles, and of the essay's own page."""

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import tag

from articles.files.importing import import_folder
from articles.models import Author, Tag
from articles.tests.examples import live, make_article
from articles.tests.image_files import MediaMixin
from blog import style_page

from .browser import BrowserTestCase

CALLOUTS = ("note", "tip", "important", "warning", "caution")
STYLE_PAGE = "/en/style/"
ARTICLES = ("/en/articles/article/", "/fr/articles/texte/")
SEARCH = "/en/search/?q=article"
PATHS = (STYLE_PAGE, ARTICLES[0], "/en/", "/fr/structure/", "/fr/archives/", "/en/tags/tag/", SEARCH)
# No line can be broken within.
LONG_ADDRESS = f"https://example.org/{'A' * 120}"
ESSAYS = ("/en/articles/python-flask-vs-django/", "/fr/articles/python-flask-vs-django/")

# https://www.w3.org/TR/WCAG22/#text-spacing
TEXT_SPACING = """* {
    line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
} p { margin-bottom: 2em !important; }"""

# Whatever hides a part of its own text, except what is hidden from sight on purpose.
CLIPPED = """[...document.querySelectorAll('body *')].filter(element => {
    const { overflowX, overflowY, overflowClipMargin, clipPath } = getComputedStyle(element);
    // What is clipped shows as much beside itself as its margin says.
    const room = (overflow) => overflow === 'clip' ? parseFloat(overflowClipMargin) || 0 : 0;
    return clipPath === 'none' && (
        (!['visible', 'auto'].includes(overflowX) && element.scrollWidth > element.clientWidth + room(overflowX)) ||
        (!['visible', 'auto'].includes(overflowY) && element.scrollHeight > element.clientHeight + room(overflowY)));
}).map(element => element.outerHTML.slice(0, 100))"""

# The mean number of characters on the full lines of the text's own paragraphs.
MEASURE = """() => {
    const lines = [];
    for (const paragraph of document.querySelectorAll('.article-body > p')) {
        const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT), counts = new Map();
        const range = document.createRange();
        while (walker.nextNode()) {
            for (let at = 0; at < walker.currentNode.length; at++) {
                range.setStart(walker.currentNode, at);
                range.setEnd(walker.currentNode, at + 1);
                const line = Math.round(range.getBoundingClientRect().bottom / 10);
                counts.set(line, (counts.get(line) || 0) + 1);
            }
        }
        lines.push(...[...counts.values()].slice(0, -1));
    }
    return lines.reduce((sum, count) => sum + count) / lines.length;
}"""

# The ink of a side, and that of the other side.
INKS = (".site-navigation a", ".language-line a")

# The element that has the focus, null where there is none or it had it before.
NEXT_FOCUS = """() => {
    const element = document.activeElement;
    if (element === document.body || element.hadFocus) return null;
    element.hadFocus = true;
    return element.outerHTML;
}"""

# How far the ring around it is from the top edge of the page.
RING_TOP = """() => {
    const style = getComputedStyle(document.activeElement);
    const ring = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
    return document.activeElement.getBoundingClientRect().top + scrollY - ring;
}"""

SCROLLS = "box => box.scrollWidth > box.clientWidth"

STYLE = "(element, [name, pseudo]) => getComputedStyle(element, pseudo)[name]"


@tag("reader")
class DesignTestCase(BrowserTestCase):
    def setUp(self):
        super().setUp()
        # The style page links to it: from the English one, to another language.
        make_article("python-flask-vs-django", fr=live("Deux cadriciels"))
        article = make_article("article", en=live("Article", body=f"See {LONG_ADDRESS}"), fr=live("Texte"))
        article.tags.add(Tag.objects.create(key="tag", name_en="Tag", name_fr="Étiquette"))
        article.authors.add(Author.objects.create(name="Ada Marchand"))
        make_article("newer", en=live("A newer article"))

    def open(self, path: str = STYLE_PAGE, **options):
        page = self.page(**options)
        page.goto(path)
        return page

    def style(self, page, selector: str, name: str, pseudo: str | None = None) -> str:
        return page.locator(selector).first.evaluate(STYLE, [name, pseudo])


class ScreenTests(MediaMixin, DesignTestCase):
    def setUp(self):
        super().setUp()
        style_page.keep_picture()

    def test_every_construct_is_there_to_be_looked_at(self):
        page = self.open()
        for selector in ("figure picture", ".table-box", ".filename", ".hll", "[data-linenos]", ".link-language"):
            self.assertTrue(page.locator(selector).first.is_visible(), selector)

    def test_every_construct_is_accessible_in_both_schemes(self):
        for scheme in ("light", "dark"):
            page = self.open(color_scheme=scheme)
            results = Axe().run(page)
            self.assertEqual(results.violations_count, 0, results.generate_report())

    def test_a_search_is_accessible_in_both_schemes(self):
        for scheme in ("light", "dark"):
            page = self.open(SEARCH, color_scheme=scheme)
            self.assertGreater(page.locator(".teaser mark").count(), 0)
            results = Axe().run(page)
            self.assertEqual(results.violations_count, 0, results.generate_report())

    def test_the_browser_s_own_frame_has_the_colour_of_the_paper(self):
        for scheme in ("light", "dark"):
            page = self.open(color_scheme=scheme)
            colour = page.locator(f"meta[name=theme-color][media*={scheme}]").get_attribute("content")
            red, green, blue = bytes.fromhex(colour.removeprefix("#"))
            self.assertEqual(self.style(page, "html", "backgroundColor"), f"rgb({red}, {green}, {blue})")

    def test_nothing_scrolls_sideways_at_320_pixels_but_what_has_a_box_of_its_own(self):
        page = self.page(viewport={"width": 320, "height": 700})
        for path in PATHS:
            page.goto(path)
            self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), 320, path)
        page.goto(STYLE_PAGE)
        for selector in (".table-box", "pre"):
            self.assertIn(True, [box.evaluate(SCROLLS) for box in page.locator(selector).all()], selector)

    def test_wider_text_spacing_clips_nothing(self):
        for width in (320, 1280):
            page = self.page(viewport={"width": width, "height": 900}, bypass_csp=True)
            for path in PATHS:
                page.goto(path)
                page.add_style_tag(content=TEXT_SPACING)
                self.assertEqual(page.evaluate(CLIPPED), [], path)
                self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), width, path)

    def test_twice_the_letters_fit_on_a_telephone(self):
        page = self.page(viewport={"width": 360, "height": 800}, bypass_csp=True)
        for path in PATHS:
            page.goto(path)
            size = float(self.style(page, "p", "fontSize")[:-2])
            page.add_style_tag(content=f"html {{ font-size: {2 * size}px !important }}")
            self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), 360, path)

    def test_small_signs_do_not_push_the_lines_apart(self):
        page = self.open(viewport={"width": 1280, "height": 900})
        for sign in ("sup", "sub", ".footnote-ref", ".link-language", "kbd", "code", "mark", "abbr"):
            paragraph = page.locator(f".article-body > p:has({sign})").first
            lines = paragraph.evaluate("p => p.clientHeight / parseFloat(getComputedStyle(p).lineHeight)")
            self.assertAlmostEqual(lines, round(lines), places=1, msg=sign)

    def test_whatever_takes_the_focus_shows_it(self):
        page = self.open()
        seen = []
        page.keyboard.press("Tab")
        while focus := page.evaluate(NEXT_FOCUS):
            seen.append(focus)
            self.assertEqual(self.style(page, ":focus", "outlineStyle"), "solid", focus)
            self.assertGreaterEqual(float(self.style(page, ":focus", "outlineWidth")[:-2]), 2, focus)
            self.assertEqual(self.style(page, ":focus", "opacity"), "1", focus)
            self.assertGreaterEqual(page.evaluate(RING_TOP), 0, focus)
            page.keyboard.press("Tab")
        for part in ("heading-link", "<pre", "table-box", "<summary", "footnote-backref", 'hreflang="fr"'):
            self.assertIn(part, "".join(seen))

    def test_what_is_touched_is_24_pixels_high(self):
        page = self.page(viewport={"width": 360, "height": 800}, has_touch=True)
        around = "nav, .site-header, .teaser-more, .language-line, .article-source, .site-footer, .facts, .tags"
        alone = f":is({around}, .list-kind, .catalogue) a, summary"
        for path in PATHS:
            page.goto(path)
            for link in page.locator(f"{alone}, .heading-link, .footnote-ref, .footnote-backref").all():
                self.assertGreaterEqual(link.bounding_box()["height"], 24, link.inner_text())

    def test_forced_colours_leave_every_sign(self):
        page = self.open(forced_colors="active")
        self.assertEqual(self.style(page, ".language-switch a", "outlineStyle"), "solid")
        self.assertNotEqual(self.style(page, "mark", "backgroundColor"), self.style(page, "body", "backgroundColor"))
        for selector in ("pre", ".task", "kbd", "table", "hr", ".hll", ".callout-note", "body"):
            widths = self.style(page, selector, "borderWidth")
            self.assertNotEqual(widths, "0px", selector)
        looks = {self.style(page, f".callout-{kind}", "borderInlineStart") for kind in CALLOUTS}
        self.assertEqual(len(looks), len(CALLOUTS))

    def test_the_way_back_from_a_note_ends_at_a_sign_that_hides_no_letter(self):
        page = self.open(f"{STYLE_PAGE}#fnref:office")
        self.assertEqual(self.style(page, "sup:target", "boxShadow"), "none")
        grounds = {self.style(page, selector, "backgroundColor") for selector in ("sup:target", "html")}
        self.assertEqual(len(grounds), 2)

    def test_callouts_are_told_apart_without_colour(self):
        page = self.open()
        signs = {self.style(page, f".callout-{kind} > :first-child", "content", "::before") for kind in CALLOUTS}
        self.assertEqual(len(signs), len(CALLOUTS))

    def test_the_two_languages_are_mirror_images(self):
        english, french = (self.open(path, viewport={"width": 1280, "height": 900}) for path in ARTICLES)
        recto, verso = (page.locator("body").bounding_box() for page in (english, french))
        self.assertAlmostEqual(recto["x"], 1280 - verso["x"] - verso["width"], delta=12)
        here, there = ([self.style(page, name, "color") for page in (english, french)] for name in INKS)
        self.assertEqual(here, there[::-1])
        self.assertNotEqual(*here)


class PrintTests(DesignTestCase):
    def setUp(self):
        super().setUp()
        self.paper = self.open(color_scheme="dark")
        self.paper.emulate_media(media="print", color_scheme="dark")

    def test_paper_bears_the_text_and_no_navigation(self):
        for path in PATHS:
            self.paper.goto(path)
            for selector in ("nav", ".site-footer", ".skip-link", ".heading-link", ".footnote-backref"):
                for element in self.paper.locator(selector).all():
                    self.assertFalse(element.is_visible(), selector)
            self.assertTrue(self.paper.locator(".site-name").is_visible())

    def test_paper_is_white_and_print_black_whatever_the_scheme(self):
        self.assertEqual(self.style(self.paper, "html", "backgroundColor"), "rgb(255, 255, 255)")
        self.assertEqual(self.style(self.paper, ".article-body p", "color"), "rgb(0, 0, 0)")
        light = self.open(color_scheme="light")
        self.assertEqual(self.style(self.paper, INKS[0], "color"), self.style(light, INKS[0], "color"))

    def test_the_address_of_a_link_to_another_site_stands_behind_it(self):
        link = '.article-body a[href="https://spec.commonmark.org/"]'
        self.assertIn("https://spec.commonmark.org/", self.style(self.paper, link, "content", "::after"))
        self.assertEqual(self.style(self.paper, ".article-body a[hreflang]", "content", "::after"), "none")

    def test_no_line_of_code_is_cut(self):
        self.paper.set_viewport_size({"width": 640, "height": 900})
        for selector in ("pre", ".table-box"):
            for box in self.paper.locator(selector).all():
                self.assertFalse(box.evaluate(SCROLLS), box.inner_text())

    def test_what_fits_on_a_page_is_not_divided(self):
        for selector in ("pre", "tr", ".callout"):
            self.assertEqual(self.style(self.paper, selector, "breakInside"), "avoid", selector)

    def test_headings_stay_with_their_text(self):
        for selector in ("h2", "h3", ".callout-title", "summary", ".filename"):
            self.assertEqual(self.style(self.paper, selector, "breakAfter"), "avoid", selector)

    def test_a_closed_block_is_printed_open(self):
        self.assertTrue(self.paper.locator("details:not(.callout) p").is_visible())


@tag("reader")
class EssayTests(BrowserTestCase):
    def setUp(self):
        super().setUp()
        import_folder(settings.BASE_DIR / "articles" / "content")

    def test_the_page_with_all_it_needs_fits_into_14_kilobytes_and_three_requests(self):
        for path in ESSAYS:
            page = self.page()
            network = page.context.new_cdp_session(page)
            network.send("Network.enable")
            sizes = []
            network.on("Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]))
            page.goto(path, wait_until="networkidle")
            self.assertEqual(page.locator('script:not([type="application/ld+json"])').count(), 0)
            # What browsers with a window ask for by themselves.
            page.goto(page.get_attribute("link[rel=icon]", "href"), wait_until="networkidle")
            page.wait_for_timeout(100)
            self.assertEqual(len(sizes), 3, path)
            self.assertLessEqual(sum(sizes), 14 * 1024, path)

    def test_nothing_moves_while_the_page_loads(self):
        shift = """new Promise(resolve => {
            let sum = 0;
            new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.value))
                .observe({ type: 'layout-shift', buffered: true });
            setTimeout(() => resolve(sum), 300);
        })"""
        for width in (360, 1280):
            page = self.page(viewport={"width": width, "height": 800})
            for path in ESSAYS:
                page.goto(path, wait_until="networkidle")
                self.assertEqual(page.evaluate(shift), 0, path)

    def test_a_line_holds_60_to_75_characters(self):
        page = self.page(viewport={"width": 1280, "height": 900})
        for path in ESSAYS:
            page.goto(path)
            self.assertGreaterEqual(page.evaluate(MEASURE), 60, path)
            self.assertLessEqual(page.evaluate(MEASURE), 75, path)
