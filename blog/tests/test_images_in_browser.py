import base64
import re
import threading
from unittest import mock

from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.test import tag
from playwright.sync_api import expect

from articles import image_store
from articles.models import Article, Image
from articles.tests.examples import live, make_article
from articles.tests.image_files import SVG, MediaMixin, jpeg, png, store

from .browser import BrowserTestCase
from .test_writing_in_browser import WIDE

# Files as [name, type, bytes in base 64].
TRANSFER = """files => files.reduce((transfer, [name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  transfer.items.add(new File([bytes], name, { type }));
  return transfer;
}, new DataTransfer())"""
CLIPBOARD = """parts => navigator.clipboard.write([new ClipboardItem(Object.fromEntries(
  Object.entries(parts).map(([type, data]) => {
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
    return [type, new Blob([bytes], { type })];
  })))])"""
ENGLISH, FRENCH = "#id_body_en", "#id_body_fr"
UPLOAD = "**/admin/articles/image/upload/"


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


@tag("editor")
class ImagesTestCase(MediaMixin, BrowserTestCase):
    def editor(self, article: Article, **options):
        """Return a page with the form of an article."""
        page = self.page(**{"viewport": WIDE, "locale": "en-GB"} | options)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.log_in(page)
        page.goto(f"/admin/articles/article/{article.pk}/change/")
        return page

    def article(self, english="One.\n\nTwo.", french="Un.\n\nDeux.") -> Article:
        return make_article("a", en=live("The harbour", slug="the-harbour", body=english), fr=live("Port", body=french))

    def put_cursor(self, page, text: str, offset: int) -> None:
        page.focus(text)
        page.evaluate("([text, at]) => document.querySelector(text).setSelectionRange(at, at)", [text, offset])

    def paste(self, page, text: str, **parts: bytes) -> None:
        """Paste what the clipboard holds: image_png=…, text_html=…"""
        types = {name.replace("_", "/"): encoded(data) for name, data in parts.items()}
        page.evaluate(CLIPBOARD, types)
        page.focus(text)
        page.keyboard.press("Control+v")

    def transfer(self, page, *files: tuple[str, str, bytes]):
        return page.evaluate_handle(TRANSFER, [[name, kind, encoded(data)] for name, kind, data in files])

    def drop(self, page, place: str, *files: tuple[str, str, bytes], **event) -> None:
        page.dispatch_event(place, "drop", {"dataTransfer": self.transfer(page, *files)} | event)

    def ask(self, page, text: str) -> None:
        page.locator(f".pane:has({text}) [data-action=image]").click()

    def dialog(self, page):
        return page.locator(".image-dialog")

    def hold_uploads(self, page) -> None:
        """Let no upload end before the test."""
        page.route(UPLOAD, lambda route: self.addCleanup(route.abort))

    def wait_until_stored(self, page) -> None:
        expect(page.locator(".image-stored")).to_be_visible()

    def assert_no_faults_but_failed_requests(self):
        self.assertEqual([fault for fault in self.faults if "Failed to load resource" not in fault], [])


class PastedImageTests(ImagesTestCase):
    def test_an_image_is_pasted_described_and_inserted_in_both_texts_by_keyboard_alone_and_undone_in_each(self):
        page = self.editor(self.article())
        self.put_cursor(page, ENGLISH, 4)
        self.paste(page, ENGLISH, image_png=png())
        expect(page.locator("[name=alt_en]")).to_be_focused()
        page.keyboard.type("A [small] boat")
        page.keyboard.press("Tab")
        page.keyboard.type("Un petit bateau")
        self.wait_until_stored(page)
        page.keyboard.press("Enter")
        english = "One.\n\n![A \\[small\\] boat](image:the-harbour)\n\nTwo."
        french = "Un.\n\n![Un petit bateau](image:the-harbour)\n\nDeux."
        expect(page.locator(ENGLISH)).to_have_value(english)
        expect(page.locator(FRENCH)).to_have_value(french)
        expect(page.locator(ENGLISH)).to_be_focused()
        self.assertEqual(page.evaluate("document.activeElement.selectionStart"), english.index("\n\nTwo"))
        image = Image.objects.get()
        self.assertEqual((image.alt_en, image.alt_fr), ("A [small] boat", "Un petit bateau"))
        for text, before in ((ENGLISH, "One.\n\nTwo."), (FRENCH, "Un.\n\nDeux.")):
            page.focus(text)
            page.keyboard.press("Control+z")
            expect(page.locator(text)).to_have_value(before)
        self.assertEqual(self.faults, [])

    def test_an_image_stands_among_the_words_or_as_a_block_as_the_cursor_does(self):
        page = self.editor(self.article())
        image = "![a](image:the-harbour)"
        for before, after, result in (
            ("", "", image),
            ("", "One.", f"{image}\n\nOne."),
            ("One.", "", f"One.\n\n{image}"),
            ("One.\n", "", f"One.\n\n{image}"),
            ("One.\n", "\nTwo.", f"One.\n\n{image}\n\nTwo."),
            ("One.\n\n", "\n\nTwo.", f"One.\n\n{image}\n\nTwo."),
            ("One.\n\n", "Two.", f"One.\n\n{image}\n\nTwo."),
            ("One ", " two.", f"One {image} two."),
            ("One", "\ntwo.", f"One{image}\ntwo."),
        ):
            with self.subTest(before=before, after=after):
                page.fill(ENGLISH, before + after)
                self.put_cursor(page, ENGLISH, len(before))
                self.paste(page, ENGLISH, image_png=png())
                self.wait_until_stored(page)
                page.fill("[name=alt_en]", "a")
                page.uncheck("[name=everywhere]")
                page.click("[name=insert]")
                expect(page.locator(ENGLISH)).to_have_value(result)
        self.assertEqual(Image.objects.count(), 1)

    def test_words_that_come_with_their_picture_are_pasted_as_words(self):
        page = self.editor(self.article())
        self.put_cursor(page, ENGLISH, 0)
        html = b"<p>A cell</p>"
        self.paste(page, ENGLISH, image_png=png(), text_html=html, text_plain=b"A cell")
        expect(page.locator(ENGLISH)).to_have_value(re.compile("^A cell"))
        expect(self.dialog(page)).to_be_hidden()
        # An image that is copied from a page has HTML without words.
        self.paste(page, ENGLISH, image_png=png(), text_html=b'<img src="https://example.org/a.png" alt="">')
        self.wait_until_stored(page)

    def test_a_text_that_may_not_be_written_or_is_out_of_view_is_treated_as_such(self):
        article = self.article()
        page = self.editor(article)
        page.check("[name=editor_view][value=fr]")
        self.put_cursor(page, FRENCH, 3)
        self.paste(page, FRENCH, image_png=png())
        self.wait_until_stored(page)
        page.fill("[name=alt_fr]", "Port")
        page.fill("[name=alt_en]", "Harbour")
        page.click("[name=insert]")
        expect(page.locator(FRENCH)).to_have_value(re.compile("Port"))
        expect(page.locator(ENGLISH)).to_have_value("One.\n\n![Harbour](image:port)\n\nTwo.")
        expect(page.locator(ENGLISH)).to_be_hidden()
        page.check("[name=editor_view][value=all]")
        page.fill(ENGLISH, "")
        self.paste(page, FRENCH, image_png=png())
        self.wait_until_stored(page)
        expect(page.locator("[name=everywhere]")).not_to_be_checked()

        translator = get_user_model().objects.create_user("translator", is_staff=True)
        codenames = ("view_article", "translate_article", "add_image")
        translator.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        page = self.page(viewport=WIDE)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.log_in(page, "translator")
        page.goto(f"/admin/articles/article/{article.pk}/change/")
        self.paste(page, FRENCH, image_png=png())
        self.wait_until_stored(page)
        expect(page.locator("[name=everywhere]")).to_be_hidden()
        expect(page.locator("[data-action=image]")).to_have_count(1)


class DroppedImageTests(ImagesTestCase):
    def test_files_are_dropped_on_a_text_and_inserted_one_after_the_other(self):
        page = self.editor(self.article())
        files = [("One boat.jpg", "image/jpeg", jpeg()), ("b.png", "image/png", png()), ("c.png", "image/png", SVG)]
        page.dispatch_event(FRENCH, "dragover", {"dataTransfer": self.transfer(page, *files)})
        expect(page.locator(FRENCH)).to_have_class(re.compile("is-drop-target"))
        box = page.locator(FRENCH).bounding_box()
        self.put_cursor(page, FRENCH, 10)
        # On the first word.
        self.drop(page, FRENCH, *files, clientX=box["x"] + 20, clientY=box["y"] + 20)
        expect(page.locator(FRENCH)).not_to_have_class(re.compile("is-drop-target"))
        for number, alt in enumerate(("Un bateau", "Autre"), 1):
            expect(self.dialog(page)).to_contain_text(f"Image {number} of 3")
            # The dialog grows with what it shows of the image: a click on the button might miss it.
            self.wait_until_stored(page)
            page.fill("[name=alt_fr]", alt)
            page.uncheck("[name=everywhere]")
            page.click("[name=insert]")
        expect(self.dialog(page)).to_contain_text("SVG is not accepted")
        expect(page.locator("[name=skip]")).to_be_hidden()
        page.keyboard.press("Escape")
        expect(self.dialog(page)).to_be_hidden()
        expect(page.locator(FRENCH)).to_be_focused()
        expect(page.locator(FRENCH)).to_have_value("Un.\n\n![Un bateau](image:one-boat)\n\n![Autre](image:b)\n\nDeux.")
        self.assert_no_faults_but_failed_requests()

    def test_what_is_no_image_is_told_and_nothing_that_is_dropped_replaces_the_page(self):
        page = self.editor(self.article())
        self.drop(page, ENGLISH, ("notes.pdf", "application/pdf", b"%PDF"), ("b.png", "image/png", png()))
        expect(self.dialog(page)).to_contain_text("“notes.pdf” is no image.")
        self.assertFalse(any("/upload/" in url for url in self.requested))
        page.click("[name=skip]")
        self.wait_until_stored(page)
        page.click(".image-dialog [name=cancel]")
        is_kept = """transfer => !document.querySelector("#id_title_en").dispatchEvent(
          new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }))"""
        self.assertTrue(page.evaluate(is_kept, self.transfer(page, ("a.png", "image/png", png()))))
        expect(self.dialog(page)).to_be_hidden()


class ChosenImageTests(ImagesTestCase):
    def test_an_image_of_the_library_is_searched_chosen_and_inserted_by_keyboard_alone(self):
        store(jpeg(), key="harbour", alt_en="The harbour", alt_fr="Le port")
        store(png(), key="boat", alt_en="A boat")
        page = self.editor(self.article())
        self.put_cursor(page, ENGLISH, 3)
        self.ask(page, ENGLISH)
        expect(page.locator(".image-grid label")).to_have_count(2)
        expect(page.locator("[name=file]")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.type("nothing")
        expect(self.dialog(page)).to_contain_text("No image found.")
        page.keyboard.press("Control+a")
        page.keyboard.type("port")
        page.keyboard.press("Enter")
        expect(page.locator(".image-grid label")).to_have_text(["harbour"])
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        expect(page.locator(".image-grid label")).to_have_count(2)
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.locator("[name=alt_en]")).to_have_value("A boat")
        page.keyboard.press("Tab")
        page.keyboard.press("Control+a")
        page.keyboard.type("My boat")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("ArrowDown")
        expect(self.dialog(page).locator("figcaption")).to_contain_text("harbour")
        expect(page.locator("[name=alt_en]")).to_have_value("My boat")
        expect(page.locator("[name=alt_fr]")).to_have_value("Le port")
        page.fill("[name=alt_fr]", "")
        page.keyboard.press("Enter")
        expect(self.dialog(page)).to_contain_text("There is no alternative text yet (Français).")
        page.keyboard.press("Enter")
        expect(page.locator(ENGLISH)).to_have_value("One![My boat](image:harbour).\n\nTwo.")
        expect(page.locator(FRENCH)).to_have_value("Un.\n\n![](image:harbour)\n\nDeux.")
        self.assertEqual(Image.objects.get(key="harbour").alt_fr, "Le port")
        self.assertEqual(self.faults, [])

    def test_the_open_dialog_takes_what_is_pasted_and_what_is_dropped_on_it(self):
        page = self.editor(self.article())
        self.ask(page, FRENCH)
        self.paste(page, "[type=search]", image_png=png())
        self.wait_until_stored(page)
        expect(self.dialog(page)).to_contain_text("port")
        self.drop(page, ".image-dialog h2", ("boat.jpg", "image/jpeg", jpeg()))
        expect(self.dialog(page).locator("figcaption b")).to_have_text("boat")
        self.assertEqual(self.faults, [])

    def test_a_file_is_chosen_and_without_an_image_nothing_is_inserted(self):
        page = self.editor(self.article())
        self.ask(page, ENGLISH)
        page.click("[name=insert]")
        expect(self.dialog(page)).to_contain_text("Choose an image first.")
        file = {"name": "boat.png", "mimeType": "image/png", "buffer": png()}
        page.set_input_files("[name=file]", file)
        self.wait_until_stored(page)
        page.fill("[name=alt_en]", "A boat")
        page.fill("[name=alt_fr]", "Un bateau")
        page.click("[name=insert]")
        expect(page.locator(ENGLISH)).to_have_value(re.compile(r"!\[A boat\]\(image:boat\)"))
        self.assertEqual(self.faults, [])


class UploadTroubleTests(ImagesTestCase):
    def test_the_upload_shows_its_progress_and_insert_waits_for_it(self):
        page = self.editor(self.article())
        held, may_go_on, prepare = [], threading.Event(), image_store.prepare
        page.route(UPLOAD, lambda route: held.append(route))
        self.paste(page, ENGLISH, image_png=png())
        expect(page.locator(".image-progress")).to_contain_text("Uploading…")
        expect(page.locator(".image-dialog progress")).to_be_visible()
        page.fill("[name=alt_en]", "A boat")
        page.fill("[name=alt_fr]", "Un bateau")

        def prepare_later(*arguments):
            may_go_on.wait(20)
            return prepare(*arguments)

        with mock.patch("articles.image_store.prepare", prepare_later):
            held[0].continue_()
            expect(page.locator(".image-progress")).to_contain_text("being prepared…")
            page.click("[name=insert]")
            expect(page.locator("[name=insert]")).to_have_text("Being inserted…")
            expect(page.locator(ENGLISH)).to_have_value("One.\n\nTwo.")
            may_go_on.set()
            expect(page.locator(ENGLISH)).to_have_value(re.compile("A boat"))
        self.assertEqual(self.faults, [])

    def test_cancel_ends_the_upload(self):
        page = self.editor(self.article())
        self.hold_uploads(page)
        failed = []
        page.on("requestfailed", lambda request: failed.append(request.url))
        self.paste(page, ENGLISH, image_png=png())
        expect(page.locator(".image-progress")).to_be_visible()
        page.keyboard.press("Escape")
        expect(self.dialog(page)).to_be_hidden()
        page.wait_for_timeout(200)
        self.assertEqual([url.rpartition("/admin/")[2] for url in failed], ["articles/image/upload/"])
        self.assertFalse(Image.objects.exists())
        expect(page.locator(ENGLISH)).to_be_focused()
        expect(page.locator(ENGLISH)).to_have_value("One.\n\nTwo.")

    def test_whatever_fails_is_told_and_what_was_written_stays_until_it_works(self):
        page = self.editor(self.article())
        answers = [
            (lambda route: route.abort(), "The server does not answer."),
            (lambda route: route.fulfill(status=500, body="<html>"), "(error 500)"),
            (lambda route: route.fulfill(status=403, json={"error": "You may not."}), "You may not."),
        ]
        turns = iter([answer for answer, _words in answers])
        page.route(UPLOAD, lambda route: next(turns, lambda last: last.continue_())(route))
        self.paste(page, ENGLISH, image_png=png())
        for number, (_answer, words) in enumerate(answers):
            expect(self.dialog(page)).to_contain_text(words)
            page.fill("[name=alt_en]", f"Written {number}")
            page.click("[name=again]")
        self.wait_until_stored(page)
        expect(page.locator("[name=alt_en]")).to_have_value("Written 2")
        page.fill("[name=alt_fr]", "Écrit")
        page.context.set_offline(True)
        page.click("[name=insert]")
        expect(self.dialog(page)).to_contain_text("The server does not answer.")
        page.context.set_offline(False)
        page.click("[name=insert]")
        expect(page.locator(ENGLISH)).to_have_value(re.compile("Written 2"))
        self.assert_no_faults_but_failed_requests()

    def test_a_file_that_is_refused_gives_its_place_to_another(self):
        page = self.editor(self.article())
        self.drop(page, ENGLISH, ("a.svg", "image/svg+xml", SVG))
        page.fill("[name=alt_en]", "Written")
        expect(self.dialog(page)).to_contain_text("SVG is not accepted")
        page.evaluate("document.querySelector('.image-dialog').dataset.maxBytes = 10")
        page.set_input_files("[name=file]", {"name": "b.png", "mimeType": "image/png", "buffer": png()})
        expect(self.dialog(page)).to_contain_text("larger than 20 MB")
        page.evaluate("document.querySelector('.image-dialog').dataset.maxBytes = 10000000")
        page.set_input_files("[name=file]", {"name": "c.png", "mimeType": "image/png", "buffer": png()})
        self.wait_until_stored(page)
        expect(page.locator("[name=alt_en]")).to_have_value("Written")

    def test_a_login_that_expired_is_renewed_in_another_tab_and_the_upload_goes_on(self):
        page = self.editor(self.article())
        Session.objects.all().delete()
        self.paste(page, ENGLISH, image_png=png())
        page.fill("[name=alt_en]", "Written")
        expect(self.dialog(page)).to_contain_text("Your login has expired.")
        with page.context.expect_page() as opened:
            self.dialog(page).locator("a").click()
        tab = opened.value
        self.fill_in_login(tab)
        tab.close()
        page.click("[name=again]")
        self.wait_until_stored(page)
        expect(page.locator("[name=alt_en]")).to_have_value("Written")
        self.assert_no_faults_but_failed_requests()


class AccessibilityTests(ImagesTestCase):
    def test_the_dialog_has_no_barrier_in_light_and_dark_wide_and_narrow(self):
        store(jpeg(), key="harbour", alt_en="The harbour")
        article, axe = self.article(), Axe()
        for scheme, width in (("light", 1440), ("dark", 390)):
            page = self.editor(article, color_scheme=scheme, viewport={"width": width, "height": 900})
            self.hold_uploads(page)
            self.ask(page, ENGLISH)
            page.locator(".image-grid input").check()
            page.fill("[name=alt_fr]", "")
            page.click("[name=insert]")
            expect(page.locator(".image-problem")).to_be_visible()
            self.assert_accessible(page, axe)
            page.keyboard.press("Escape")
            self.paste(page, ENGLISH, image_png=png())
            expect(page.locator(".image-progress")).to_be_visible()
            self.assert_accessible(page, axe)

    def assert_accessible(self, page, axe):
        results = axe.run(page, context=".image-dialog")
        self.assertEqual(results.violations_count, 0, results.generate_report())
        elements = "[document.documentElement, document.querySelector('.image-dialog')]"
        self.assertTrue(page.evaluate(f"{elements}.every((element) => element.scrollWidth <= innerWidth)"))


class WithoutScriptsTests(ImagesTestCase):
    def test_an_image_is_uploaded_beside_the_text_and_its_markdown_is_there_to_copy(self):
        page = self.editor(self.article(), java_script_enabled=False)
        with page.context.expect_page() as opened:
            page.click(".text-foot a >> nth=0")
        tab = opened.value
        tab.set_input_files("[name=file]", {"name": "boat.png", "mimeType": "image/png", "buffer": png()})
        tab.fill("[name=alt_fr]", "Un bateau")
        self.press(tab, "[name=_save]")
        expect(tab.locator(".field-markdown")).to_contain_text("![Un bateau](image:boat)")
        self.assertEqual(self.faults, [])
