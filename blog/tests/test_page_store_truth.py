"""The store of pages is never wrong: real servers beside each other, held against Django itself after each write."""

import os
import re
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client, TransactionTestCase
from django.utils import timezone

from articles.models import Article, Tag
from articles.tests.examples import change
from blog.models import Site
from config.tests.server import GTHREAD, Server, serving

from .random_writes import Writer, kinds_in_order
from .truth import CODINGS, Comparison, decoded, fresh_pages

# A long run: STORE_ROUNDS=20 STORE_SEED=7; then each worker is asked for every address in every coding.
SEED, ROUNDS = int(os.environ.get("STORE_SEED", "8")), int(os.environ.get("STORE_ROUNDS", "1"))
STARTS = ("/en/", "/fr/", "/sitemap.xml", "/robots.txt", "/feed.xml", "/feed.json")
WATCHED = {"DJANGO_SETTINGS_MODULE": "blog.tests.watched_settings", "workers": 1}
TOKEN = "t" * 32


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
        self.writer = Writer(self.random)
        self.pool = ThreadPoolExecutor(4)
        self.addCleanup(self.pool.shutdown)
        self.known: dict[str, None] = {}

    def warm_up(self) -> None:
        """Have the style page made, one process after another: each gives itself two seconds, however busy it is here."""
        for server in (*self.here, self.elsewhere):
            for path in ("/en/style/", "/fr/style/"):
                self.assertTrue(any(server.get(path).status == 200 for _ in range(5)), path)

    def pages(self) -> dict[str, HttpResponse]:
        """Return what Django makes of each address, those that led somewhere earlier included."""
        texts = [f"{path[:-1]}.md" for article in Article.objects.all() for path in article.addresses().values() if path]
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
                # So that each worker has most pages of before, and each of its answers another coding.
                if thorough or (number + place + step) % 3 == 0 or path in STARTS:
                    some = codings if thorough else [codings[(number // 3 + step) % 3]]
                    comparison.compare(server, path, fresh, some)

        list(self.pool.map(compare, [(number, *pair) for number, pair in enumerate(pages.items())]))
        self.assertEqual(comparison.faults, [], f"After {said}; STORE_SEED={SEED}\n{self.log()}")

    def log(self) -> str:
        return "\n".join(line for server in (*self.here, self.elsewhere) for line in server.lines)

    def post(self, server: Server, path: str, **data) -> None:
        """Send a form of the admin as an author's browser does."""
        fields = [(name, one) for name, value in data.items() for one in (value if isinstance(value, list) else [value])]
        parts = "".join(
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{one}\r\n'
            for name, one in [*fields, ("csrfmiddlewaretoken", TOKEN)]
        )
        response = server.get(
            path,
            "POST",
            f"{parts}--b--\r\n".encode(),
            Content_Type="multipart/form-data; boundary=b",
            Cookie=f"{self.session}; csrftoken={TOKEN}",
        )
        self.assertEqual(response.status, 302, response.content.decode())

    def test_every_address_is_right_at_every_worker_after_each_write(self):
        print(f"STORE_SEED={SEED}", end=" ", flush=True)
        is_long = ROUNDS > 1
        self.warm_up()
        self.assert_true(self.pages(), "the start", thorough=True)
        for step, kind in enumerate(kinds_in_order(self.random, ROUNDS)):
            getattr(self.writer, kind)()
            # The very next request of each worker.
            first = list(self.pool.map(lambda server: server.get("/sitemap.xml"), self.here))
            t = time.time()
            pages = self.pages()
            print(kind, len(pages), round(time.time() - t, 2), end=" ", flush=True)
            t = time.time()
            for response in first:
                self.assertEqual(decoded(response), pages["/sitemap.xml"].content, kind)
            self.assert_true(pages, kind, step, thorough=is_long)
            print(round(time.time() - t, 2), flush=True)
        pages = self.pages()
        self.assert_true(pages, "the end", thorough=True)
        self.assert_kept(pages)

    def assert_kept(self, pages: dict[str, HttpResponse]) -> None:
        """All that is there came from the store by now: it was not right by being empty."""
        time.sleep(1.2)
        self.assert_true(pages, "the end", thorough=True)
        self.renders.unlink()
        self.assert_true(pages, "the end", thorough=True)
        rendered = re.findall(r"(?m)^GET (.*)$", self.renders.read_text()) if self.renders.exists() else []
        there = {path for path, page in pages.items() if page.status_code == 200}
        self.assertEqual(there.intersection(rendered), set())
        self.assertGreater(len(there), 60)
