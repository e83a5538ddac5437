from axe_playwright_python.sync_playwright import Axe

from articles.models import PreviewLink
from articles.tests.examples import live, make_article

from .browser import BrowserTestCase
from .test_pages_in_browser import NARROW
from .test_writing_in_browser import WIDE

SCREENS = (("light", WIDE), ("dark", NARROW))
BODY = "Words.\n\n## One\n\n```python\nx = 1\n```\n\n## Two\n\n## Three"


class PreviewTests(BrowserTestCase):
    def assertNoViolation(self, page):  # noqa: N802, like Django's own
        results = Axe().run(page)
        self.assertEqual(results.violations_count, 0, results.generate_report())
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), page.viewport_size["width"])

    def test_an_author_gives_a_link_away_and_somebody_without_an_account_reads_the_draft(self):
        article = make_article("a", en={"title": "Draft", "body": BODY}, fr={"title": "Brouillon", "body": BODY})
        page = self.page(viewport=WIDE, locale="en-GB")
        self.log_in(page)
        page.goto(f"/admin/articles/article/{article.pk}/change/")
        page.click("text=Preview links")
        page.check("text=30 days")
        page.click("text=Make a link")
        address = page.get_by_label("Français", exact=True).input_value()
        path = address.partition("//")[2].partition("/")[2]

        guest = self.page()
        guest.goto(f"/{path}")
        self.assertEqual(guest.locator("h1").inner_text(), "Brouillon")
        guest.click(".language-switch a")
        self.assertEqual(guest.locator("h1").inner_text(), "Draft")
        self.assertIn("This is a draft.", guest.locator(".preview-notice").inner_text())
        self.assertEqual(guest.context.cookies(), [])
        self.assertEqual(guest.locator("script").count(), 0)
        self.assertEqual(self.faults, [])

        page.click("text=Revoke this link")
        self.assertIn("shows nothing any more", page.locator(".messagelist").inner_text())
        self.assertEqual(self.faults, [])
        self.assertEqual(guest.request.get(f"/{path}").status, 410)

    def test_the_address_is_told_to_no_site_that_the_text_links_to(self):
        article = make_article("a", en={"title": "Draft", "body": "[there](/en/style/)"})
        link = PreviewLink.objects.create(article=article)
        page = self.page()
        page.goto(f"/en/preview/{link.token}/")
        page.click("text=there")
        page.wait_for_url("**/en/style/")
        self.assertEqual(page.evaluate("document.referrer"), "")

    def test_an_address_is_selected_as_soon_as_somebody_goes_to_it(self):
        article = make_article("a", en=live("T"))
        link = PreviewLink.objects.create(article=article)
        page = self.page(viewport=WIDE, locale="en-GB")
        self.log_in(page)
        page.goto(f"/admin/articles/article/{article.pk}/previews/")
        page.get_by_label("English", exact=True).focus()
        self.assertIn(f"/en/preview/{link.token}/", page.evaluate("getSelection().toString()"))

    def test_what_a_preview_shows_is_accessible_to_all(self):
        article = make_article("a", en={"title": "Draft", "body": BODY})
        link = PreviewLink.objects.create(article=article)
        ended = PreviewLink.objects.create(article=article, revoked_at=link.created_at)
        for scheme, viewport in SCREENS:
            page = self.page(viewport=viewport, color_scheme=scheme)
            for path in (f"en/preview/{link.token}", f"fr/apercu/{link.token}", f"en/preview/{ended.token}"):
                page.goto(f"/{path}/")
                self.assertNoViolation(page)

    def test_the_admin_s_pages_are_accessible_to_all_and_need_no_script(self):
        article = make_article("a", en={"title": "Draft", "body": "![](https://example.org/a.png)"})
        make_article("b", en=live("Links", body="[x](article:a)"))
        link = PreviewLink.objects.create(article=article)
        PreviewLink.objects.create(article=article, revoked_at=link.created_at)
        for scheme, viewport in SCREENS:
            page = self.page(viewport=viewport, color_scheme=scheme, locale="en-GB")
            self.log_in(page)
            page.goto(f"/admin/articles/article/{article.pk}/previews/")
            self.assertNoViolation(page)
            page.goto(f"/admin/articles/article/{article.pk}/delete/")
            self.assertNoViolation(page)
            page.goto("/admin/articles/article/?q=Draft")
            page.locator("input.action-select").check()
            page.select_option("[name=action]", "publish_en")
            page.click("button[name=index]")
            self.assertIn("no alternative text", page.locator(".concern").inner_text())
            self.assertNoViolation(page)
        self.assertEqual(self.faults, [])
        page = self.page(java_script_enabled=False, viewport=WIDE, locale="en-GB")
        self.log_in(page)
        page.goto(f"/admin/articles/article/{article.pk}/previews/")
        page.click("text=Make a link")
        self.assertEqual(PreviewLink.objects.open().count(), 2)
