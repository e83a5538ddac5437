"""The editor: two panes in step, and the page beside them while it is typed."""

import re

from django.templatetags.static import static
from django.test import tag
from playwright.sync_api import expect

from articles.models import Article
from articles.tests.examples import live, make_article

from .browser import BrowserTestCase

WIDE = {"width": 1440, "height": 900}

ENGLISH = "Opening words of the text.\n\n" + "".join(
    f"## Section {number}\n\nIn English, paragraph {number} says what it has to say.\n\n" * 1 for number in range(1, 41)
)
# Longer, and with a paragraph that the other has not.
FRENCH = "Premiers mots du texte.\n\nUn paragraphe de plus, qui n’a pas son pareil.\n\n" + "".join(
    f"## Partie {number}\n\n{'En français, le texte est souvent plus long. ' * 6}\n\n" for number in range(1, 41)
)

# The band that marks a block, in pixels from the top of the text, and how far the text is scrolled.
MARKED = """(area) => {
  const style = area.style, top = parseFloat(style.getPropertyValue("--block-top"));
  return { top, height: parseFloat(style.getPropertyValue("--block-height")), scroll: area.scrollTop };
}"""


# Of each text: how far it is scrolled, and how far it can be.
SCROLLED = """[...document.querySelectorAll(".article-body-source")]
  .map((area) => [area.scrollTop, area.scrollHeight - area.clientHeight])"""

# Puts the page in another language into the frame and, before that is loaded, the one that is there; its language then.
PUT_BACK = """async (address) => {
  const { putPage } = await import(address), frame = document.querySelector(".live-preview iframe");
  const shown = frame.contentDocument.documentElement.outerHTML;
  await Promise.all([putPage(frame, shown.replace('lang="en"', 'lang="fr"')), putPage(frame, shown)]);
  return frame.contentDocument.documentElement.lang;
}"""


@tag("editor")
class EditorTests(BrowserTestCase):
    def edit(self, article: Article | None = None, **options):
        page = self.page(**{"viewport": WIDE} | options)
        self.log_in(page)
        page.goto(f"/admin/articles/article/{f'{article.pk}/change' if article else 'add'}/")
        return page

    def put_cursor(self, page, language: str, words: str) -> None:
        page.evaluate(
            """([language, words]) => {
              const area = document.getElementById(`id_body_${language}`), place = area.value.indexOf(words);
              area.focus();
              area.setSelectionRange(place, place);
              area.blur();
              area.focus();
            }""",
            [language, words],
        )

    def preview(self, page):
        return page.frame_locator(".live-preview iframe")

    # Panes

    def test_what_answers_the_block_under_the_cursor_is_marked_and_stands_at_its_height(self):
        page = self.edit(make_article("a", en=live("T", body=ENGLISH), fr=live("T", body=FRENCH)))
        page.locator(".editor-views [type=checkbox]").uncheck()
        for words in ("## Section 20", "paragraph 33 says"):
            self.put_cursor(page, "en", words)
            page.wait_for_timeout(500)
            here, there = (page.evaluate(MARKED, page.query_selector(f"#id_body_{code}")) for code in ("en", "fr"))
            # One heading answers another, one paragraph the one below it.
            line = page.evaluate("parseFloat(getComputedStyle(document.getElementById('id_body_en')).lineHeight)")
            self.assertGreater(here["top"], 100)
            self.assertAlmostEqual(here["top"] - here["scroll"], there["top"] - there["scroll"], delta=2)
            self.assertEqual(round(here["height"] / line), 1)
            self.assertEqual(round(there["height"] / line) > 1, words.startswith("paragraph"))
        self.assertEqual(self.faults, [])

    def test_the_texts_scroll_in_step_and_both_ends_meet(self):
        page = self.edit(make_article("a", en=live("T", body=ENGLISH), fr=live("T", body=FRENCH)))
        page.hover("#id_body_en")
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(400)
        (english, _), (french, most) = page.evaluate(SCROLLED)
        self.assertGreater(english, 100)
        # The longer text goes faster.
        self.assertGreater(french, english)
        self.assertLess(french, most)
        page.mouse.wheel(0, 100_000)
        page.wait_for_timeout(400)
        for scroll, most in page.evaluate(SCROLLED):
            self.assertAlmostEqual(scroll, most, delta=2)
        page.mouse.wheel(0, -100_000)
        page.wait_for_timeout(400)
        self.assertEqual([scroll for scroll, _ in page.evaluate(SCROLLED)], [0, 0])

    def test_one_language_takes_the_whole_width_and_the_choice_is_remembered(self):
        article = make_article("a", en=live("T"), fr=live("T"))
        page = self.edit(article)
        page.locator(".editor-views [type=checkbox]").uncheck()
        half = page.locator("#id_body_fr").bounding_box()["width"]
        page.get_by_role("radio", name="Français").check()
        expect(page.locator("#id_body_en")).to_be_hidden()
        self.assertGreater(page.locator("#id_body_fr").bounding_box()["width"], 1.9 * half)
        page.goto("/admin/articles/article/add/")
        expect(page.locator("#id_body_en")).to_be_hidden()
        expect(page.locator(".live-preview")).to_be_hidden()
        # A link leads to what is out of view, as on the desk.
        page.goto(f"/admin/articles/article/{article.pk}/change/#id_title_en")
        expect(page.locator("#id_title_en")).to_be_visible()
        page.get_by_role("radio", name="Français").check()
        page.click(".publication-links a[href='#publication_en']")
        expect(page.locator("#publication_en")).to_be_in_viewport()
        expect(page.get_by_role("radio", name="English")).to_be_checked()
        # An error is never out of sight.
        page.reload()
        page.get_by_role("radio", name="Français").check()
        page.evaluate("document.getElementById('id_title_en').value = ''")
        self.press(page, "[name=_save]")
        expect(page.locator(".pane[data-language=en] .errorlist").first).to_be_visible()
        self.assertEqual(self.faults, [])

    # The preview

    def test_what_is_typed_is_seen_on_the_page_as_it_will_look(self):
        article = make_article("a", en=live("Title", body=ENGLISH), fr=live("Titre", body=FRENCH))
        page = self.edit(article, locale="en-GB")
        self.put_cursor(page, "fr", "## Partie 30")
        frame = self.preview(page)
        expect(frame.locator("h1")).to_have_text("Titre")
        expect(frame.locator("html")).to_have_attribute("lang", "fr")
        # It follows the cursor.
        expect(frame.locator("h2", has_text="Partie 30")).to_be_in_viewport()
        expect(frame.locator("h2", has_text=re.compile("Partie 1$"))).not_to_be_in_viewport()
        page.keyboard.type("« Vraiment ! »\n\n")
        expect(frame.locator("p", has_text="Vraiment")).to_have_text("«\u202fVraiment\u202f!\u202f»")
        expect(frame.locator("p", has_text="Vraiment")).to_be_in_viewport()
        self.assertEqual(frame.locator("body").evaluate("(body) => getComputedStyle(body).borderRightWidth"), "2px")
        page.fill("#id_title_fr", "L'autre")
        expect(frame.locator("h1")).to_have_text("L’autre")
        self.put_cursor(page, "en", "Opening")
        expect(frame.locator("html")).to_have_attribute("lang", "en")
        # Who turns from one language to the other and back at once sees the last one.
        self.assertEqual(page.evaluate(PUT_BACK, static("articles/editor/preview/page.js")), "en")
        article.refresh_from_db()
        self.assertEqual(article.title_fr, "Titre")
        self.assertEqual(self.faults, [])

    def test_the_page_at_the_foot_covers_no_field_that_has_the_focus(self):
        page = self.edit(viewport={"width": 1024, "height": 768})
        page.locator(".editor-views [type=checkbox]").check()
        for width, height in ((1024, 768), (820, 1180), (390, 800)):
            page.set_viewport_size({"width": width, "height": height})
            page.locator("#id_title_en").focus()
            for _ in range(12):
                page.keyboard.press("Tab")
                seen = page.evaluate(
                    """document.querySelector(".live-preview").getBoundingClientRect().top
                       - document.activeElement.getBoundingClientRect().top"""
                )
                self.assertGreater(seen, 10, (width, page.evaluate("document.activeElement.outerHTML")))

    def test_words_and_minutes_follow_what_is_typed(self):
        page = self.edit()
        page.fill("#id_body_fr", "mot " * 390)
        expect(page.locator("[data-language=fr] .text-length")).to_have_text("390 words · 2 minutes")

    def test_a_text_that_cannot_be_rendered_names_its_line_and_leads_there(self):
        page = self.edit()
        page.fill("#id_title_en", "T")
        page.fill("#id_body_en", "Fine.\n\n" * 100 + "> " * 30 + "deep\n\nEnd.")
        page.locator("#id_body_en").evaluate("(area) => { area.setSelectionRange(0, 0); area.scrollTop = 0; }")
        page.get_by_role("button", name="Go to line 201").click()
        place = "({ selectionStart: start, selectionEnd: end, scrollTop }) => [start, end, scrollTop]"
        start, end, scrolled = page.locator("#id_body_en:focus").evaluate(place)
        self.assertEqual((start, end), (700, 764))
        self.assertGreater(scrolled, 1000)
        # The browser's own word about the status 422.
        self.faults = [fault for fault in self.faults if "422" not in fault]
        page.keyboard.type("Better.")
        expect(self.preview(page).locator(".article-body")).to_contain_text("Better.")
        expect(page.locator(".live-preview p")).to_be_empty()
        self.assertEqual(self.faults, [])

    def test_no_script_of_a_text_runs_in_the_preview_and_its_links_open_beside_the_form(self):
        page = self.edit(make_article("a", en=live("T")))
        page.fill("#id_body_en", '<img src="https://127.0.0.1:1/x" onerror="alert(1)"> [out](/en/style/)\n\n## Part')
        frame = self.preview(page)
        expect(frame.locator("h2")).to_be_visible()
        self.assertNotIn("allow-scripts", page.get_attribute(".live-preview iframe", "sandbox"))
        with page.context.expect_page() as opened:
            frame.locator(".article-body a", has_text="out").click()
        expect(opened.value.locator("h1").first).to_be_visible()
        expect(frame.locator("h2")).to_be_visible()

    def test_an_expired_login_is_said_and_takes_nothing(self):
        page = self.edit(make_article("a", en=live("T")))
        expect(self.preview(page).locator("h1")).to_have_text("T")
        page.context.clear_cookies()
        page.fill("#id_body_en", "Typed.")
        expect(page.locator(".live-preview p")).to_contain_text("Your login has expired")
        # It is read out once, not after each pause.
        page.evaluate(
            """() => new MutationObserver(() => (window.isSaidAgain = true))
                 .observe(document.querySelector(".live-preview p"), { childList: true })"""
        )
        with page.expect_response("**/preview/en/"):
            page.fill("#id_body_en", "Typed again.")
        page.wait_for_timeout(100)
        self.assertIsNone(page.evaluate("window.isSaidAgain"))
        self.assertEqual(page.locator("#id_body_en").input_value(), "Typed again.")

    def test_the_whole_page_opens_with_scripts_and_without(self):
        article = make_article("a", en=live("T"), fr={"title": "Brouillon", "body": "Corps"})
        for has_scripts in (True, False):
            page = self.edit(article, java_script_enabled=has_scripts)
            page.fill("#id_body_fr", "Des mots tapés.")
            with page.context.expect_page() as opened:
                page.click("[data-language=fr] .preview-page")
            expect(opened.value.locator(".article-body")).to_have_text("Des mots tapés.")
            expect(opened.value.locator("html")).to_have_attribute("lang", "fr")
            self.assertEqual(page.locator("#id_body_fr").input_value(), "Des mots tapés.")
        article.refresh_from_db()
        self.assertEqual(article.body_fr, "Corps")
