"""The store has limits, makes each page once, and where it fails, the site goes on without it."""

import gc
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from unittest import mock

from django.test import RequestFactory, SimpleTestCase, override_settings

from blog.finished_page import Answer
from blog.page_store import SITE, PageStore
from blog.site_version import Version


class Pages:
    """A WSGI application of pages that say their path and how often any was asked for."""

    def __init__(self, length: int = 1000, pause: float = 0) -> None:
        self.asked: list[str] = []
        self.length, self.pause = length, pause
        self.status, self.more = "200 OK", {}

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        self.asked.append(environ["PATH_INFO"])
        number = len(self.asked)
        time.sleep(self.pause)
        body = f"{environ['PATH_INFO']} {number} ".encode().ljust(self.length, b".")
        headers = {
            "Cache-Control": "public, max-age=0, must-revalidate",
            "Content-Length": str(len(body)),
            "ETag": f'"{number}"',
            "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT",
            "Vary": "Accept-Encoding",
        }
        start_response(self.status, [pair for pair in (headers | self.more).items() if pair[1]])
        return [body]


def environ_of(path: str, coding: str = "identity") -> dict:
    return RequestFactory().get(path, HTTP_HOST=SITE.netloc, HTTP_ACCEPT_ENCODING=coding).environ


class BoundsTests(SimpleTestCase):
    def store_of(self, application: Pages) -> PageStore:
        store = PageStore(application)
        store.site = SimpleNamespace(version=Version(None, None), is_sure=lambda: True, refresh=mock.Mock())
        return store

    def ask(self, store: PageStore, path: str, coding: str = "identity") -> Answer:
        return Answer.of(store, environ_of(path, coding))

    def assert_size_is_counted(self, store: PageStore) -> None:
        self.assertEqual(store.size, sum(kept.size for kept in store.pages.values()))
        self.assertLessEqual(store.size, store.max_size)

    def test_the_page_that_was_used_least_lately_goes_first_where_there_are_too_many(self):
        store = self.store_of(pages := Pages())
        with mock.patch.object(PageStore, "MAX_PAGES", 3):
            for path in ("/a/", "/b/", "/c/", "/a/", "/d/"):
                self.ask(store, path)
            self.assertEqual(set(store.pages), {("/a/", ""), ("/c/", ""), ("/d/", "")})
            self.assertEqual(pages.asked, ["/a/", "/b/", "/c/", "/d/"])
            self.ask(store, "/c/")
            store.kept(environ_of("/a/"))
            self.ask(store, "/e/")
            self.assertEqual(set(store.pages), {("/a/", ""), ("/c/", ""), ("/e/", "")})
        self.assert_size_is_counted(store)

    @override_settings(PAGE_STORE_MEGABYTES=1)
    def test_the_bytes_of_all_pages_in_all_codings_stay_within_the_limit(self):
        store = self.store_of(Pages(length=100_000))
        for number in range(30):
            for coding in ("identity", "gzip", "br"):
                self.ask(store, f"/{number}/", coding)
            self.assert_size_is_counted(store)
        self.assertGreater(len(store.pages), 5)
        self.assertIn(("/29/", ""), store.pages)
        self.assertNotIn(("/0/", ""), store.pages)

    def test_what_is_counted_is_about_what_the_pages_take(self):
        store = self.store_of(pages := Pages(length=200))
        # What every page has besides.
        pages.more = {f"X-Header-{number}": "the same" for number in range(10)}
        self.ask(store, "/before/")
        counted = store.size
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        for number in range(500):
            self.ask(store, f"/{number}/")
            # As the server sends it.
            self.assertTrue(store.kept(environ_of(f"/{number}/")).messages)
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
        # There is room for answers to HEAD and 304; headers that no page shares with another would take it all.
        self.assertLess(taken, (store.size - counted) * 0.9)
        self.assertGreater(taken, (store.size - counted) * 0.7)

    @override_settings(PAGE_STORE_MEGABYTES=1)
    def test_one_large_page_does_not_drive_out_all_others(self):
        store = self.store_of(pages := Pages())
        self.ask(store, "/small/")
        pages.length = 900_000
        self.assertEqual(len(self.ask(store, "/large/").body), 900_000)
        self.assertEqual(set(store.pages), {("/small/", "")})

    @override_settings(PAGE_STORE_MEGABYTES=0)
    def test_without_room_every_page_comes_from_django(self):
        store = self.store_of(pages := Pages())
        for _ in range(2):
            self.assertEqual(self.ask(store, "/a/").status, "200 OK")
        self.assertEqual((len(store.pages), pages.asked), (0, ["/a/", "/a/"]))

    def test_an_address_is_rendered_once_however_many_ask_at_once(self):
        store = self.store_of(pages := Pages(pause=0.003))
        visitors, paths, codings = 24, [f"/{number}/" for number in range(60)], ["identity", "gzip", "br"]
        # Where one fails, the others shall not wait for it.
        start = threading.Barrier(visitors, timeout=30)

        def visit(number: int) -> set[tuple[str, str]]:
            found = set()
            for path in paths:
                start.wait()
                answer = self.ask(store, path, codings[number % 3])
                number_of_answer = answer.header("etag").strip('"').partition("-")[0]
                found.add((path, number_of_answer))
            return found

        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        # So that threads meet in each other's middle.
        sys.setswitchinterval(1e-6)
        with ThreadPoolExecutor(visitors) as pool:
            found = set().union(*pool.map(visit, range(visitors)))
        self.assertEqual(sorted(pages.asked), sorted(paths))
        self.assertEqual(len(found), len(paths))

    def test_different_addresses_do_not_wait_for_each_other(self):
        both = threading.Barrier(2, timeout=30)
        pages = Pages()

        def application(*args) -> Iterable[bytes]:
            both.wait()
            return pages(*args)

        store = self.store_of(application)
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda path: self.ask(store, path), ["/a/", "/b/"]))
        self.assertEqual([answer.status for answer in answers], ["200 OK"] * 2)

    def test_what_is_written_while_a_page_is_made_ends_it(self):
        store = self.store_of(pages := Pages())

        def writing(*args) -> Iterable[bytes]:
            store.site.version = Version(None, None)._replace(token="new")
            return pages(*args)

        store.application = writing
        self.ask(store, "/a/")
        self.assertIsNone(store.kept(environ_of("/a/")))

    def test_a_page_that_took_long_does_not_drive_out_those_of_a_newer_version(self):
        store = self.store_of(pages := Pages())
        entered, may_go_on = threading.Event(), threading.Event()

        def slow(*args) -> Iterable[bytes]:
            if args[0]["PATH_INFO"] == "/slow/":
                entered.set()
                may_go_on.wait(10)
            return pages(*args)

        store.application = slow
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(self.ask, store, "/slow/")
            entered.wait(10)
            # Something is written meanwhile.
            store.site.version = Version(None, None)._replace(token="new")
            self.ask(store, "/quick/")
            may_go_on.set()
            waiting.result()
        self.assertIsNotNone(store.kept(environ_of("/quick/")))
        self.assertIsNone(store.kept(environ_of("/slow/")))

    def test_a_page_that_was_to_get_its_date_is_served_without_where_django_cannot_make_it(self):
        store = self.store_of(pages := Pages())
        pages.more = {"Last-Modified": ""}
        first = self.ask(store, "/a/")
        pages.status = "500 Internal Server Error"
        with mock.patch("time.monotonic", return_value=time.monotonic() + 2):
            again = self.ask(store, "/a/")
            self.assertEqual((again.status, again.body, len(pages.asked)), ("200 OK", first.body, 2))
            # Something was written: nobody knows whether it is right.
            store.site.version = Version(None, None)._replace(token="new")
            self.assertEqual(self.ask(store, "/a/").status, "500 Internal Server Error")

    def test_a_store_that_fails_leaves_django_answering(self):
        for broken in ("_page", "_keep", "_made", "_turn", "address_of"):
            with self.subTest(broken), mock.patch.object(PageStore, broken, side_effect=ZeroDivisionError):
                store = self.store_of(Pages())
                with self.assertLogs("blog.page_store", "ERROR"):
                    self.assertEqual(self.ask(store, "/a/").status, "200 OK")
        for broken in ("is_sure", "refresh"):
            store = self.store_of(Pages())
            failing = mock.Mock(side_effect=ZeroDivisionError)
            store.site = SimpleNamespace(version=None, is_sure=lambda: False, refresh=failing)
            setattr(store.site, broken, failing)
            with self.subTest(broken), self.assertLogs("blog.page_store", "ERROR"):
                self.assertEqual(self.ask(store, "/a/").status, "200 OK")
