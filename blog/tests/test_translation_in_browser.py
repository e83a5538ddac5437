"""The editor of a translation: what moved on in the original, looked at, followed and answered."""

from django.test import tag
from playwright.sync_api import expect

from articles.models import Article
from articles.tests.examples import change, live, make_article
from articles.translating.kept import comparison

from .browser import BrowserTestCase

ENGLISH = """First words of the text.

## One heading

Third passage of the text and a comma that is missing.

```python
print("one")
```

- An item
- Another

Last words of the text, which say goodbye.
"""
FRENCH = """Premiers mots du texte.

## Un titre

Troisième passage du texte, et une virgule qui n’y est pas.

```python
print("one")
```

- Un élément
- Un autre

Derniers mots du texte, qui disent au revoir.
"""
CURSOR = "(area) => [document.activeElement === area, area.selectionStart, area.selectionEnd]"


@tag("editor")
class TranslationTests(BrowserTestCase):
    def edit(self, article: Article, **options):
        page = self.page(**{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | options)
        self.log_in(page)
        page.goto(f"/admin/articles/article/{article.pk}/change/")
        return page

    def passage(self, page, words: str):
        return page.locator(".moved-on-passage").filter(has_text=words)

    def cursor(self, page, language: str) -> int:
        has_focus, start, end = page.locator(f"#id_body_{language}").evaluate(CURSOR)
        self.assertTrue(has_focus)
        self.assertEqual(start, end)
        return start

    def test_a_comma_of_the_original_is_shown_and_one_click_clears_it(self):
        article = make_article("a", en=live("Words", body=ENGLISH), fr=live("Mots", body=FRENCH))
        address = article.addresses()["fr"]
        reader = self.page()
        before = reader.goto(address).body()
        change(article, "en", body=ENGLISH.replace("of the text and", "of the text, and"))
        self.assertEqual(reader.goto(address).body(), before)
        page = self.edit(article)
        expect(page.locator(".moved-on h3")).to_have_text("1 passage of the original has changed")
        expect(page.locator(".moved-on ins")).to_have_text(",")
        self.assertEqual(page.locator(".moved-on .field-difference").get_attribute("lang"), "en")
        # What is typed and not saved stays where it is.
        page.fill("#id_title_fr", "Mots à garder")
        page.get_by_role("button", name="Still right").click()
        line = page.get_by_text("Up to date with the original.", exact=True)
        expect(line).to_be_focused()
        expect(page.locator(".moved-on-status")).to_have_text("Noted. The text is up to date with the original.")
        expect(page.locator("[data-behind]").first).to_be_hidden()
        self.assertEqual(page.input_value("#id_title_fr"), "Mots à garder")
        self.assertEqual(comparison(article, "fr").changes, [])
        self.assertEqual(reader.goto(address).body(), before)
        page.get_by_role("button", name="Undo the last answer").press("Enter")
        expect(page.locator(".moved-on-passage h4")).to_be_focused()
        expect(page.locator("[data-behind]").first).to_have_text("1 passage behind")
        self.assertEqual(self.faults, [])

    def test_each_passage_leads_to_its_place_code_is_copied_and_the_focus_goes_on(self):
        article = make_article("a", fr=live("Mots", body=FRENCH), en=live("Words", body=ENGLISH))
        french = FRENCH.replace("du texte, et une", "du texte et une").replace(
            "Premiers mots", "Premiers mots, vraiment"
        )
        french = french.replace('"one"', '"un"').replace("- Un él", "Un passage qui est nouveau ici.\n\n- Un él")
        change(article, "fr", body=french)
        page = self.edit(article)
        text = page.locator("#id_body_en")
        # A paragraph more above, not saved: the places follow.
        text.fill("Typed above.\n\n" + ENGLISH)
        typed = text.input_value()
        for words, place in {
            "passage du texte": typed.index("Third passage"),
            # Where it belongs, behind what stands above.
            "Un passage qui est nouveau": typed.index("\n\n- An item"),
        }.items():
            self.passage(page, words).get_by_role("link", name="Edit").click()
            self.assertEqual(self.cursor(page, "en"), place)
            self.assertEqual(text.input_value(), typed)
        code = self.passage(page, "print")
        code.get_by_role("button", name="Copy").click()
        self.assertEqual(text.input_value(), typed.replace('"one"', '"un"'))
        page.keyboard.press("Control+z")
        self.assertEqual(text.input_value(), typed)
        expect(page.locator(".moved-on h3")).to_have_text("4 passages of the original have changed")
        # Without the pointer.
        self.passage(page, "Premiers").get_by_role("button", name="Still right").focus()
        page.keyboard.press("Enter")
        expect(self.passage(page, "passage du texte").locator("h4")).to_be_focused()
        expect(page.locator(".moved-on-status")).to_have_text("Noted. 3 passages are left.")
        # Somebody else's change in the meantime is shown before it is answered.
        change(article, "fr", body=french.replace("et une virgule", "et nulle virgule"))
        self.passage(page, "passage du texte").get_by_role("button", name="Still right").click()
        expect(page.locator(".moved-on-status")).to_contain_text("changed in the meantime")
        expect(self.passage(page, "nulle")).to_be_visible()
        page.get_by_role("button", name="Not needed in this language").last.click()
        expect(page.get_by_text("1 passage is left out here")).to_be_visible()
        page.get_by_role("button", name="All of it is still right").click()
        expect(page.get_by_text("Up to date with the original.", exact=True)).to_be_focused()
        # A refusal is no fault of the page: the browser notes it all the same.
        self.assertEqual([fault for fault in self.faults if "409" not in fault], [])

    def test_without_scripts_the_buttons_save_what_was_typed_and_answer(self):
        article = make_article("a", en=live("Words", body=ENGLISH), fr=live("Mots", body=FRENCH))
        change(article, "en", body=ENGLISH.replace('"one"', '"one", "two"'))
        page = self.edit(article, java_script_enabled=False, viewport={"width": 390, "height": 844})
        expect(page.get_by_role("button", name="Copy", exact=True)).to_be_hidden()
        page.fill("#id_body_fr", FRENCH.replace('"one"', '"one", "two"'))
        page.get_by_role("button", name="Still right").click()
        expect(page.get_by_text("Français – Noted.")).to_be_visible()
        self.assertIn('"two"', Article.objects.get().body_fr)
        self.assertEqual(comparison(article, "fr").changes, [])
