"""From an empty desk to two live languages, with nothing but a keyboard."""

import time
from base64 import b64encode
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Article, Image
from articles.tests.image_files import MediaMixin, gradient, saved

from .browser import PASSWORD, BrowserTestCase

# What a screenshot leaves on the clipboard.
COPY = """async (data) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt());
  await navigator.clipboard.write([new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) })]);
}"""

ENGLISH = "The first **words**.\n\n## A section\n\nMore words."


class StoryTests(MediaMixin, BrowserTestCase):
    def tab_to(self, page: Page, selector: str) -> None:
        for _ in range(150):
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            page.keyboard.press("Tab")
        self.fail(f"The keyboard does not lead to {selector}.")

    def test_an_article_with_an_image_is_written_by_keyboard_and_each_language_goes_live_in_its_time(self):
        get_user_model().objects.create_superuser("writer", password=PASSWORD)
        page = self.page(viewport={"width": 1440, "height": 900}, locale="en-GB")
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto("/admin/")
        page.keyboard.type("writer")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#user-tools")
        self.tab_to(page, ".desk-begin a")
        page.keyboard.press("Enter")
        page.wait_for_selector(".live-preview iframe")
        # The cursor waits in the first title.
        page.keyboard.type("Summer days")
        self.tab_to(page, "#id_body_en")
        page.keyboard.type(ENGLISH)
        frame = page.frame_locator(".live-preview iframe")
        expect(frame.locator("h2", has_text="A section")).to_be_visible()
        page.evaluate(COPY, b64encode(saved(gradient(60, 40), "PNG")).decode())
        page.keyboard.press("Control+v")
        expect(page.locator("dialog.image-dialog")).to_be_visible()
        self.tab_to(page, "[name=alt_en]")
        page.keyboard.type("A red sun")
        page.keyboard.press("Tab")
        page.keyboard.type("Un soleil rouge")
        self.tab_to(page, "[name=everywhere]")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page.locator("dialog.image-dialog")).to_be_hidden()
        expect(frame.locator(".article-body img")).to_have_attribute("alt", "A red sun")
        self.tab_to(page, "#id_title_fr")
        page.keyboard.type("Jours d'été")
        self.tab_to(page, "#id_body_fr")
        page.keyboard.press("Control+Home")
        page.keyboard.type("Les premiers mots.\n\n")
        expect(frame.locator("h1")).to_have_text("Jours d’été")
        expect(frame.locator(".article-body img")).to_have_attribute("alt", "Un soleil rouge")
        # English now.
        began = time.monotonic()
        self.tab_to(page, "[name=_publish_now_en]")
        page.keyboard.press("Enter")
        # The checklist stops once: there is no summary.
        page.wait_for_selector(".errornote")
        self.tab_to(page, "[name=_publish_now_en]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".messagelist .success")
        article = Article.objects.get()
        self.assertEqual(article.live_languages(), ["en"])
        # French in some seconds: more of them where the machine is slow, which had about as much to do just now.
        due = timezone.localtime(timezone.now()).replace(microsecond=0)
        due += timedelta(seconds=6 + 2 * round(time.monotonic() - began))
        self.tab_to(page, "#id_published_at_fr_0")
        page.keyboard.type(f"{due:%Y-%m-%d}")
        self.tab_to(page, "#id_published_at_fr_1")
        page.keyboard.type(f"{due:%H:%M:%S}")
        self.tab_to(page, "[name=_schedule_fr]")
        page.keyboard.press("Enter")
        # Its remarks have been seen by now.
        page.wait_for_selector(".state-scheduled")
        page.wait_for_selector(".messagelist .success")
        reader = self.page()
        reader.goto("/en/articles/summer-days/")
        self.assertEqual(reader.locator(".article-body img").get_attribute("alt"), "A red sun")
        self.assertEqual(reader.locator(".article-body h2").inner_text().rstrip("#"), "A section")
        self.assertLess(timezone.now(), due)
        self.assertEqual(reader.request.get("/fr/articles/jours-d-ete/").status, 404)
        time.sleep(max(0, (due - timezone.now()).total_seconds()))
        reader.goto("/fr/articles/jours-d-ete/")
        self.assertEqual(reader.locator("h1").inner_text(), "Jours d’été")
        self.assertEqual(reader.locator(".article-body img").get_attribute("alt"), "Un soleil rouge")
        self.assertEqual(Image.objects.get().shown_in(), [article])
        self.assertEqual(self.faults, [])
