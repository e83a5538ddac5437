import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qs

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from articles.models import Article, UnsavedText
from articles.tests.examples import live, make_article

from .browser import PASSWORD, BrowserTestCase
from .ports import free_port

WIDE = {"width": 1440, "height": 1000}
KEPT = re.compile(r"^Kept on the server at .+ as unsaved text$")
ADD = "/admin/articles/article/add/"


class UnsavedTestCase(BrowserTestCase):
    def editor(self, **options):
        """Return a page of somebody who is logged in."""
        page = self.page(**{"viewport": WIDE, "locale": "en-GB"} | options)
        self.log_in(page)
        return page

    def url(self, article):
        return f"/admin/articles/article/{article.pk}/change/"

    def state(self, page):
        return page.locator(".unsaved-status span")

    def assert_nothing_but_failed_requests(self):
        self.assertEqual([fault for fault in self.faults if "Failed to load resource" not in fault], [])


class KeepingTests(UnsavedTestCase):
    def test_on_the_way_back_the_form_shows_what_stands_and_saving_it_takes_nothing_from_others(self):
        article = make_article("a", en=live("Title", body="One.\n\nTwo.\n\nThree.\n"))
        mine, theirs = self.editor(), self.editor()
        for page, old, new in ((mine, "One.", "One, mine."), (theirs, "Three.", "Three, theirs.")):
            page.goto(self.url(article))
            page.fill("#id_body_en", page.input_value("#id_body_en").replace(old, new))
            with page.expect_navigation():
                page.click("[name=_continue]")
        whole = "One, mine.\n\nTwo.\n\nThree, theirs.\n"
        mine.go_back()
        expect(mine.locator("#id_body_en")).to_have_value(whole)
        with mine.expect_navigation():
            mine.click("[name=_continue]")
        article.refresh_from_db()
        self.assertEqual(article.body_en, whole)

    def test_typed_text_survives_a_closed_tab_and_is_offered_until_it_is_saved(self):
        article = make_article("a", en=live("Title"), fr=live("Titre"))
        page = self.editor()
        page.goto(self.url(article))
        expect(self.state(page)).to_have_text("")
        page.focus("#id_body_fr")
        page.keyboard.press("Control+End")
        page.keyboard.type(" Une phrase")
        expect(self.state(page)).to_have_text("Not saved yet")
        expect(self.state(page)).to_have_text(KEPT)
        page.keyboard.type(" de plus")
        expect(self.state(page)).to_have_text("Not saved yet")
        expect(self.state(page)).to_have_text(KEPT)
        typed = page.locator("#id_body_fr").input_value()
        page.close()

        page = page.context.new_page()
        page.goto(self.url(article))
        expect(page.locator("#id_body_fr")).to_have_value("The body of Titre.")
        expect(page.locator(".unsaved-texts ins")).to_have_text("Une phrase de plus")
        page.click("text=Continue with this text")
        expect(page.locator("#id_body_fr")).to_have_value(typed)
        page.locator("#id_title_en").fill("Another title")
        expect(self.state(page)).to_have_text(KEPT)
        self.assertEqual(UnsavedText.objects.count(), 2)
        self.press(page, "[name=_continue]")
        article.refresh_from_db()
        self.assertEqual((article.body_fr, article.title_en), (typed, "Another title"))
        expect(page.locator(".unsaved-texts")).to_have_count(0)
        self.assertFalse(UnsavedText.objects.exists())
        self.assertEqual(self.faults, [])

    def test_what_was_typed_a_moment_before_the_tab_is_closed_is_kept(self):
        article = make_article("a", en=live("Title"))
        page = self.editor()
        page.goto(self.url(article))
        page.locator("#id_body_en").press_sequentially(" Last words")
        page.close()
        deadline = time.monotonic() + 30
        while not UnsavedText.objects.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertIn("Last words", UnsavedText.objects.get().fields["body"])

    def test_who_types_without_a_pause_is_kept_all_the_same(self):
        page = self.editor()
        page.goto(ADD)
        started = time.monotonic()
        while not UnsavedText.objects.exists() and time.monotonic() < started + 40:
            page.locator("#id_body_en").press_sequentially("never a pause ", delay=20)
        self.assertLess(time.monotonic() - started, 30)

    def test_leaving_is_asked_about_only_while_text_is_not_on_the_server(self):
        article = make_article("a", en=live("Title"))
        page = self.editor()
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto(self.url(article))
        page.locator("#id_body_en").press_sequentially("x")
        page.reload()
        self.assertEqual(asked, ["beforeunload"])
        page.locator("#id_body_en").press_sequentially("y")
        expect(self.state(page)).to_have_text(KEPT)
        page.goto("/admin/")
        page.goto(self.url(article))
        page.locator("#id_body_en").press_sequentially("z")
        self.press(page, "[name=_save]")
        self.assertEqual(asked, ["beforeunload"])

    def test_the_button_that_was_pressed_is_the_one_that_the_server_hears_of(self):
        page = self.editor()
        page.goto(ADD)
        page.fill("#id_title_en", "Title")
        page.fill("#id_body_en", "Body")
        page.fill("#id_summary_en", "Summary")
        self.press(page, "[name=_publish_now_en]")
        self.assertEqual(Article.objects.get().live_languages(), ["en"])

    def test_two_windows_that_go_on_with_one_text_both_find_theirs_again(self):
        article = make_article("a", en=live("Title"))
        page = self.editor()
        page.goto(self.url(article))
        page.fill("#id_body_en", "One")
        expect(self.state(page)).to_have_text(KEPT)
        form = UnsavedText.objects.get().form
        first, second = page.context.new_page(), page.context.new_page()
        for window in (first, second):
            window.goto(f"{self.url(article)}?unsaved={form}")
        for window, text in ((first, "By the first"), (second, "By the second")):
            window.bring_to_front()
            window.fill("#id_body_en", text)
            expect(self.state(window)).to_have_text(KEPT)
        kept = {row.fields["body"] for row in UnsavedText.objects.all()}
        self.assertEqual(kept, {"By the first", "By the second"})

    def test_a_text_that_is_typed_back_to_what_is_saved_is_kept_no_more_and_not_said_to_be(self):
        article = make_article("a", en=live("Title"))
        page = self.editor()
        page.goto(self.url(article))
        page.fill("#id_body_en", "Typed")
        expect(self.state(page)).to_have_text(KEPT)
        page.fill("#id_body_en", "The body of Title.")
        expect(self.state(page)).to_have_text("")
        self.assertFalse(UnsavedText.objects.exists())

    def test_a_text_that_is_too_long_is_said_to_be_not_saved_and_why(self):
        page = self.editor()
        page.goto(ADD)
        page.fill("#id_body_en", "x" * 200_001)
        expect(self.state(page)).to_contain_text("Not saved: ")
        expect(self.state(page)).to_contain_text("English – Write at most 200,000 characters.")
        page.fill("#id_title_fr", "Un titre")
        expect(self.state(page)).to_contain_text("English – Write at most 200,000 characters.")
        self.assertEqual(UnsavedText.objects.get().language, "fr")
        page.fill("#id_body_en", "Short")
        expect(self.state(page)).to_have_text(KEPT)
        self.assert_nothing_but_failed_requests()


class ExpiredLoginTests(UnsavedTestCase):
    def test_the_login_that_expired_is_renewed_in_another_tab_and_the_text_is_kept(self):
        article = make_article("a", en=live("Title"))
        page = self.editor()
        page.goto(self.url(article))
        Session.objects.all().delete()
        page.fill("#id_body_en", "After the end")
        expect(self.state(page)).to_contain_text("your login has expired")
        page.click("[name=_save]")
        page.wait_for_timeout(500)
        expect(page.locator("#id_body_en")).to_have_value("After the end")
        with page.context.expect_page() as opened:
            page.click("text=Log in in a new tab")
        tab = opened.value
        self.fill_in_login(tab)
        tab.close()
        expect(self.state(page)).to_have_text(KEPT)
        self.press(page, "[name=_save]")
        article.refresh_from_db()
        self.assertEqual(article.body_en, "After the end")
        self.assert_nothing_but_failed_requests()

    def test_without_scripts_the_text_comes_back_after_a_new_login(self):
        article = make_article("a", en=live("Title"), fr=live("Titre"))
        page = self.editor(java_script_enabled=False)
        page.goto(self.url(article))
        Session.objects.all().delete()
        body = "  First line\n\n## Second <b>line</b> & “more”\n"
        page.fill("#id_body_fr", body)
        self.press(page, "[name=_save]")
        self.assertIn("Your login has expired", page.content())
        for password in ("a wrong one", PASSWORD):
            page.fill("#id_username", "editor")
            page.fill("#id_password", password)
            page.click("[type=submit]")
        self.assertEqual(page.locator("#id_body_fr").input_value(), body)
        self.press(page, "[name=_save]")
        article.refresh_from_db()
        self.assertEqual(article.body_fr, body)
        self.assert_nothing_but_failed_requests()

    def test_a_login_in_another_window_makes_no_save_fail(self):
        article = make_article("a", en=live("Title"))
        for has_scripts in (True, False):
            page = self.editor(java_script_enabled=has_scripts)
            page.goto(self.url(article))
            text = f"Typed before, scripts: {has_scripts}"
            page.fill("#id_body_en", text)
            if has_scripts:
                expect(self.state(page)).to_have_text(KEPT)
            other = page.context.new_page()
            page.context.clear_cookies(name="sessionid")
            self.log_in_by_form(other)
            self.press(page, "[name=_save]")
            if not has_scripts:
                self.press(page, "#again-form [type=submit]")
            article.refresh_from_db()
            self.assertEqual(article.body_en, text)
        self.assertFalse(UnsavedText.objects.exists())
        self.assert_nothing_but_failed_requests()


class AccessibilityTests(UnsavedTestCase):
    def test_offers_discarding_and_the_new_login_have_no_barrier_in_light_and_dark_wide_and_narrow(self):
        article = make_article("a", en=live("Title"), fr=live("Titre"))
        page = self.editor()
        page.goto(self.url(article))
        page.fill("#id_body_en", "Typed, and a new paragraph.\n\nHere it is.")
        page.fill("#id_published_at_fr_0", "2026-1")
        expect(self.state(page)).to_have_text(KEPT)
        form, axe = UnsavedText.objects.first().form, Axe()
        for scheme, width in (("light", 1440), ("dark", 390)):
            page = self.editor(color_scheme=scheme, viewport={"width": width, "height": 900})
            page.goto(self.url(article))
            page.fill("#id_title_en", "Other")
            expect(self.state(page)).to_have_text(KEPT)
            for selector in (".unsaved-texts", ".unsaved-status"):
                results = axe.run(page, context=selector)
                self.assertEqual(results.violations_count, 0, results.generate_report())
            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)
            page.goto(f"/admin/articles/article/unsaved/{form}/discard/")
            self.assert_accessible(page, axe, width)
            page.goto(self.url(article))
            page.context.clear_cookies(name="sessionid")
            # As the form is sent where no script asks first.
            page.evaluate("document.getElementById('article_form').submit()")
            page.wait_for_selector("#login-form")
            self.assert_accessible(page, axe, width)

    def assert_accessible(self, page, axe, width):
        # The breadcrumbs are Django's own.
        results = axe.run(page, context="#content")
        self.assertEqual(results.violations_count, 0, results.generate_report())
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)


class KilledServerTests(UnsavedTestCase):
    """A server of its own, with a database of its own, that is killed while somebody writes."""

    def setUp(self):
        super().setUp()
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.port = free_port()
        self.environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"sqlite:///{folder / 'killed.sqlite3'}",
            "SECRET_KEY": "a key for the server that is killed",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "1",
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        }
        self.manage("migrate", "-v0")
        self.manage("createsuperuser", "--no-input", "--username", "editor", "--email", "editor@example.org")
        self.process = None
        self.start()
        self.addCleanup(self.kill)

    def manage(self, *arguments):
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=settings.BASE_DIR, env=self.environment, check=True, capture_output=True)

    def start(self):
        command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py"]
        self.process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=self.environment, stdout=subprocess.DEVNULL, start_new_session=True
        )
        self.wait_until(self.is_listening, "The server does not start.")

    def kill(self):
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
            # Until its last process is gone, the port takes connections that nobody answers.
            self.wait_until(lambda: not self.is_listening(), "The server does not die.")

    def is_listening(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def wait_until(self, condition, otherwise):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if condition():
                return
            time.sleep(0.1)
        self.fail(otherwise)

    def test_whatever_was_said_to_be_kept_is_there_after_the_server_was_killed_in_mid_sentence(self):
        site = f"http://127.0.0.1:{self.port}"
        page = self.page(viewport=WIDE, locale="en-GB")
        page.goto(f"{site}/admin/")
        self.fill_in_login(page)
        page.goto(site + ADD)
        acknowledged = []

        def note(response):
            is_kept = response.request.method == "POST" and "/unsaved/" in response.url
            if is_kept and response.status == 200:
                acknowledged.append(parse_qs(response.request.post_data)["typed_body"][0])

        page.on("response", note)
        body = page.locator("#id_body_en")
        for number in range(3):
            body.press_sequentially(f"Sentence {number} is kept. ")
            expect(self.state(page)).to_have_text(KEPT)
            body.press_sequentially("This one breaks ")
            page.wait_for_timeout(700 * number)
            self.kill()
            body.press_sequentially("off in the middle. ")
            expect(self.state(page)).to_contain_text("Not saved, retrying…")
            self.start()
            expect(self.state(page)).to_have_text(KEPT)
            self.assertEqual(acknowledged[-1], body.input_value())
        body.press_sequentially("Never seen by any server.")
        self.kill()
        page.close(run_before_unload=False)
        self.start()
        page = page.context.new_page()
        page.goto(site + ADD)
        page.click("text=Continue with this text")
        self.assertEqual(page.locator("#id_body_en").input_value(), acknowledged[-1])
        expected = re.compile("Failed to load resource")
        self.assertEqual([fault for fault in self.faults if not expected.search(fault)], [])
