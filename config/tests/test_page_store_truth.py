"""The store of pages is never wrong: real servers beside each other, held against Django itself after each write."""

import os
import re
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client, TransactionTestCase
from django.utils import timezone

from articles.models import Article, Tag
from articles.tests.examples import change, live, make_article
from blog.models import LastChange
from blog.tests.random_writes import Writer, kinds_in_order

from .server import GTHREAD, Server, serving
from .truth import CODINGS, Comparison, differences, fresh_pages

# A long run: STORE_ROUNDS=20 STORE_SEED=7; then each worker is asked for every address in every coding.
SEED, ROUNDS = int(os.environ.get("STORE_SEED", "8")), int(os.environ.get("STORE_ROUNDS", "1"))
STARTS = ("/en/", "/fr/", "/sitemap.xml", "/robots.txt", "/feed.xml", "/feed.json")
# Made of the code in each process, which takes seconds; one of them is enough.
DEAR = ("/structure/", "/style/")
# They name the newest articles and what the site is called.
WITNESSES = ("/en/", "/fr/")
WATCHED = {"DJANGO_SETTINGS_MODULE": "config.tests.watched_settings", "workers": 1}
TOKEN = "t" * 32


# A look takes its time, and so does the clock.
TOLERANCE = timedelta(seconds=0.05)


@dataclass(frozen=True)
class Look:
    """Whether a page showed a text, and when it was asked for and there."""

    port: int
    path: str
    starts_at: datetime
    ends_at: datetime
    shows: bool


class TruthTests(TransactionTestCase):
    """Three servers of one worker each on this machine, one of them with threads alone, and one on another machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cls.renders = folder / "renders"
        (folder / "var").mkdir()
        starts = [((), {}), ((), {}), (GTHREAD, {}), ((), {"DATA_DIR": str(folder / "var")})]
        with ThreadPoolExecutor() as pool:
            contexts = [serving(*options, RENDERS=str(cls.renders), **WATCHED, **more) for options, more in starts]
            *cls.here, cls.elsewhere = pool.map(stack.enter_context, contexts)

    def setUp(self):
        self.random = Random(SEED)
        self.pool = ThreadPoolExecutor(4)
        self.addCleanup(self.pool.shutdown)
        self.known: dict[str, None] = {}

    def pages(self) -> dict[str, HttpResponse]:
        """Return what Django makes of each address, those that led somewhere earlier included."""
        texts = [
            f"{path[:-1]}.md" for article in Article.objects.all() for path in article.addresses().values() if path
        ]
        pages = fresh_pages(*STARTS, *texts)
        former = [path for path in self.known if path not in pages]
        pages |= fresh_pages(*self.random.sample(former, min(len(former), 10)))
        self.known |= dict.fromkeys(pages)
        return pages

    def assert_true(self, pages: dict[str, HttpResponse], said: str, step: int = 0, thorough: bool = False) -> None:
        """Compare each address with each of the workers in turn; with all of them where it is to be thorough."""
        comparison, codings = Comparison(), list(CODINGS)

        def compare(job: tuple[int, str, HttpResponse]) -> None:
            number, path, fresh = job
            for place, server in enumerate(self.here):
                if place and path.endswith(DEAR):
                    continue
                # So that each worker has most pages of before, and each of its answers another coding.
                if thorough or (number + place + step) % 3 == 0 or path in STARTS:
                    some = codings if thorough else [codings[(number // 3 + step) % 3]]
                    comparison.compare(server, path, fresh, some)

        list(self.pool.map(compare, [(number, *pair) for number, pair in enumerate(pages.items())]))
        self.assertEqual(comparison.faults, [], f"After {said}; STORE_SEED={SEED}\n{self.log()}")

    def log(self) -> str:
        return "\n".join(line for server in (*self.here, self.elsewhere) for line in server.lines)

    def post(self, path: str, **fields) -> None:
        """Send a form of the admin to the first server, as an author's browser does."""
        editor = Client()
        editor.force_login(
            get_user_model().objects.get_or_create(username="editor", is_superuser=True, is_staff=True)[0]
        )
        cookies = f"{settings.SESSION_COOKIE_NAME}={editor.cookies[settings.SESSION_COOKIE_NAME].value}"
        form = urlencode(fields | {"csrfmiddlewaretoken": TOKEN})
        response = self.here[0].get(
            path,
            "POST",
            form.encode(),
            Content_Type="application/x-www-form-urlencoded",
            Cookie=f"{cookies}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
        )
        self.assertEqual(response.status, 302, response.content.decode())

    def test_every_address_is_right_at_every_worker_after_each_write(self):
        writer = Writer(self.random)
        for step, kind in enumerate(kinds_in_order(self.random, ROUNDS)):
            with self.subTest(kind, step=step):
                before = LastChange.objects.get().token
                getattr(writer, kind)()
                self.assertNotEqual(LastChange.objects.get().token, before)
                self.assert_new_at_once()
                if step % 6 == 0 or ROUNDS > 1:
                    self.assert_true(self.pages(), kind, step, thorough=ROUNDS > 1)
        self.assert_kept()

    def assert_new_at_once(self) -> None:
        """The very next request of each worker shows what was written."""
        jobs = [(server, path) for path in WITNESSES for server in self.here]
        said = list(self.pool.map(lambda job: job[0].get(job[1]), jobs))
        fresh = fresh_pages(*WITNESSES, follows=False)
        for (_server, path), response in zip(jobs, said, strict=True):
            self.assertEqual(differences(response, fresh[path], "identity"), [], path)

    def assert_kept(self) -> None:
        """All that is there comes from the store by now: it was not right by being empty."""
        # A page of the second of a change is made once more.
        time.sleep(1.1)
        pages = self.pages()
        for step in range(3):
            self.assert_true(pages, "the end", step)
        self.renders.unlink()
        self.assert_true(pages, "the end", thorough=True)
        rendered = re.findall(r"(?m)^GET (.*)$", self.renders.read_text()) if self.renders.exists() else []
        there = {path for path, page in pages.items() if page.status_code == 200}
        self.assertEqual(there.intersection(rendered), set())
        self.assertGreater(len(there), 60)

    def test_what_is_saved_in_the_admin_of_one_worker_is_read_at_all_of_them_at_once(self):
        article = make_article("news", en=live("News"), fr=live("Nouvelle"))
        tag = Tag.objects.create(key="tag", name_en="Before")
        article.tags.add(tag)
        change_list = "/admin/articles/article/"
        writes = {
            "Unpublish": (change_list, {"action": "unpublish_en", "_selected_action": article.pk, "post": "yes"}),
            "Publish": (change_list, {"action": "publish_en", "_selected_action": article.pk, "post": "yes"}),
            "Rename a tag": (f"/admin/articles/tag/{tag.pk}/change/", {"key": "tag", "name_en": "After"}),
            "Delete": (f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"}),
        }
        paths = ["/en/articles/news/", "/fr/articles/nouvelle/", "/en/", "/fr/feed.xml", "/sitemap.xml", "/en/archive/"]
        for server in self.here:
            for path in paths:
                self.assertEqual(server.get(path).status, 200)
        for kind, (address, fields) in writes.items():
            before = fresh_pages(*paths, follows=False)
            self.post(address, **fields)
            said = {(path, server.port): server.get(path) for server in self.here for path in paths}
            fresh = fresh_pages(*paths, follows=False)
            self.assertNotEqual(before["/en/archive/"].content, fresh["/en/archive/"].content)
            for (path, _port), response in said.items():
                self.assertEqual(differences(response, fresh[path], "identity"), [], f"{kind} {path}\n{self.log()}")

    def test_a_scheduled_text_appears_at_its_second(self):
        article = make_article("story", en=live("Story"), fr=live("Histoire"))
        paths = ["/en/", "/feed.json", "/sitemap.xml", "/en/articles/story/", "/fr/articles/demain/"]
        for server in self.here:
            for path in paths:
                server.get(path)
        # Dates are kept in whole seconds.
        moment = timezone.now().replace(microsecond=0) + timedelta(seconds=4)
        soon = make_article("soon", fr=live("Demain"), en=live("Tomorrow", body="Text.", published_at=moment))
        soon.companion_links.model.objects.create(article=article, companion=soon)
        looks = [
            look
            for looks in self.pool.map(lambda server: self.looks(server, paths, moment), self.here)
            for look in looks
        ]
        shown = [look for look in looks if look.starts_at >= moment + TOLERANCE]
        hidden = [look for look in looks if look.ends_at < moment]
        for some in (shown, hidden):
            self.assertEqual(len({(look.port, look.path) for look in some}), 3 * len(paths))
        self.assertEqual([look for look in shown if not look.shows], [])
        self.assertEqual([look for look in hidden if look.shows], [])

    def looks(self, server: Server, paths: list[str], moment: datetime) -> list["Look"]:
        """Ask again and again, the last time after the moment."""
        looks = []
        round_starts_at = timezone.now()
        while round_starts_at < moment + TOLERANCE:
            round_starts_at = timezone.now()
            for path in paths:
                starts_at = timezone.now()
                content = server.get(path).content
                looks.append(Look(server.port, path, starts_at, timezone.now(), b"articles/tomorrow/" in content))
            time.sleep(0.02)
        return looks

    def test_another_machine_hears_of_a_write_within_a_second(self):
        article = make_article("story", en=live("Story"), fr=live("Histoire"))
        paths = ["/en/articles/story/", "/fr/", "/en/feed.json"]
        for number in range(3):
            for path in paths:
                self.elsewhere.get(path)
            # At another place of the half second each time.
            time.sleep(0.15 * number)
            change(article, "en", title=f"Story {number}")
            change(article, "fr", title=f"Histoire {number}")
            written_at = time.monotonic()
            fresh = fresh_pages(*paths, follows=False)
            waiting, round_starts_at = set(paths), written_at
            # What is asked for a second later is right, however long the answers take here.
            while waiting and round_starts_at < written_at + 1:
                round_starts_at = time.monotonic()
                waiting = {path for path in waiting if differences(self.elsewhere.get(path), fresh[path], "identity")}
            self.assertEqual(waiting, set())
