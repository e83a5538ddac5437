import re
from unittest import mock

from django.test import override_settings, tag
from playwright.sync_api import expect

from articles.admin import live_preview
from articles.tests.examples import live, make_article
from blog.tests.browser import BrowserTestCase
from config import throttling
from config.throttling import Rate

WIDE = {"width": 1440, "height": 900}


@tag("editor")
class ThrottlingInBrowserTests(BrowserTestCase):
    def allow(self, number: int) -> None:
        """Let everybody send so many of these requests within two seconds."""
        rates = {name: (kind, Rate(number, 2)) for name, (kind, _) in throttling.RATES.items()}
        self.enterContext(mock.patch.object(throttling, "RATES", rates))

    def test_an_author_who_asks_too_often_is_told_for_how_long_and_then_goes_on(self):
        self.enterContext(override_settings(THROTTLING=True))
        self.allow(0)
        page = self.page(viewport=WIDE, locale="en-GB")
        self.log_in(page)
        page.goto(f"/admin/articles/article/{make_article('a', en=live('T', body='Words.')).pk}/change/")
        said, preview = page.locator(".live-preview p"), page.frame_locator(".live-preview iframe")
        expect(said).to_have_text(re.compile("too many requests in a short time. Try again in 2 seconds."))
        self.allow(9)
        expect(preview.locator(".article-body")).to_have_text("Words.")
        expect(said).to_be_empty()

        # A server that is busy for a second is not worth a word.
        with (
            live_preview.RENDERING,
            live_preview.RENDERING,
            mock.patch.object(live_preview, "PATIENCE", 0.01),
            page.expect_response(lambda response: response.status == 503),
        ):
            page.locator("#id_body_en").fill("More words.")
        expect(preview.locator(".article-body")).to_have_text("More words.")
        expect(said).to_be_empty()

        self.allow(0)
        page.locator("#id_body_en").focus()
        page.evaluate(
            """() => {
              const data = new DataTransfer();
              data.items.add(new File(["x"], "photo.png", { type: "image/png" }));
              const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
              document.activeElement.dispatchEvent(event);
            }"""
        )
        expect(page.get_by_role("alert")).to_have_text(re.compile("too many requests in a short time"))
        self.assertEqual(page.locator("#id_body_en").input_value(), "More words.")
