import threading
from unittest import mock
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory, SimpleTestCase, TestCase, TransactionTestCase, override_settings
from django.urls import get_resolver

from articles.tests.examples import live, make_article
from config import throttling
from config.counters import MemoryCounters
from config.throttling import too_many

from .redis_server import RedisServer
from .server import GTHREAD, serving

NEW_PREVIEW = "/admin/articles/article/add/preview/en/"


@override_settings(THROTTLING=True)
class ThrottlingTests(TestCase):
    def setUp(self):
        self.now = 1000.0
        self.enterContext(mock.patch.object(throttling, "COUNTERS", MemoryCounters(lambda: self.now)))
        rates = {name: (kind, rate._replace(number=2)) for name, (kind, rate) in throttling.RATES.items()}
        self.enterContext(mock.patch.object(throttling, "RATES", rates))

    def statuses(self, *addresses: str, **headers: str) -> list[int]:
        return [self.client.get(address, **headers).status_code for address in addresses]

    def test_200_200_429_as_the_article_shows_it(self):
        statuses = []
        for _ in range(3):
            response = self.client.get("/en/search/?q=django")
            statuses.append(response.status_code)
            self.now += 1
        self.assertEqual(statuses, [200, 200, 429])
        # The window opened with the first.
        self.assertEqual(response.headers["Retry-After"], "58")
        self.now += 57
        self.assertEqual(self.statuses("/en/search/?q=django"), [200])

    def test_a_visitor_reads_in_their_language_when_to_come_again_and_no_cache_keeps_it(self):
        for address, language, words in (
            ("/en/search/?q=a", "en", "Try again in 60 seconds."),
            ("/fr/recherche/?q=a&page=2", "fr", "Réessayez dans 60 secondes."),
        ):
            self.statuses(*[address] * 2)
            response = self.client.get(address)
            self.assertEqual(response.status_code, 429)
            self.assertEqual(response.headers["Content-Language"], language)
            self.assertContains(response, f'<html lang="{language}"', status_code=429)
            self.assertEqual(response.headers["Cache-Control"], "no-store")
            self.assertContains(response, f'href="{address.replace("&", "&amp;")}"', status_code=429)
            self.assertContains(response, words, status_code=429)
            self.now += 60

    def test_scripts_get_what_they_can_read(self):
        for headers, kind in (
            ({"Accept": "application/json"}, "application/json"),
            ({"Accept": "*/*", "Sec-Fetch-Dest": "empty"}, "application/json"),
            # A charset that does not exist.
            ({"Accept": "text/html;q*=nonsense''1"}, "text/html; charset=utf-8"),
            ({"Accept": "*/*"}, "text/html; charset=utf-8"),
            ({}, "text/html; charset=utf-8"),
        ):
            response = too_many(RequestFactory().get("/", headers=headers), 1)
            self.assertEqual((response.headers["Content-Type"], response.headers["Retry-After"]), (kind, "1"))
            self.assertIn("Try again in 1 second.", response.content.decode())

    def test_each_visitor_is_counted_alone_whatever_their_headers_say(self):
        search = ["/en/search/?q=a"]
        forged = {"headers": {"X-Forwarded-For": "203.0.113.9"}}
        self.assertEqual(self.statuses(*search * 2, REMOTE_ADDR="192.0.2.1"), [200, 200])
        self.assertEqual(self.statuses(*search, REMOTE_ADDR="192.0.2.1", **forged), [429])
        self.assertEqual(self.statuses(*search, REMOTE_ADDR="192.0.2.2"), [200])
        # One customer has all of this.
        statuses = [self.statuses(*search, REMOTE_ADDR=f"2001:db8::{last}")[0] for last in (1, 2, 3)]
        self.assertEqual(statuses, [200, 200, 429])
        with override_settings(TRUSTED_PROXIES=1):
            self.assertEqual(self.statuses(*search * 3, REMOTE_ADDR="192.0.2.1", **forged), [200, 200, 429])
        # Where nobody can be told from the others, all may.
        self.assertEqual(self.statuses(*search * 5, REMOTE_ADDR=""), [200] * 5)

    def test_what_is_read_is_never_counted_and_every_way_to_a_search_is(self):
        make_article("a", en=live("Title"))
        paths = ["/en/articles/title/", "/en/", "/en/search/", "/healthz", "/readyz"]
        self.assertEqual(self.statuses(*paths * 3), [200] * 15)
        self.assertEqual(self.statuses("/en/search?q=a", "/fr/search/?q=a"), [301, 301])
        ways = ("/en/search/?q=a", "/fr/recherche/?q=a", "/en/search/?page=2", "/en/search?q=a", "/search/?q=a")
        self.assertEqual(self.statuses(*ways), [429] * len(ways))

    def test_authors_are_counted_by_their_account_and_one_address_may_have_many(self):
        for name in ("one", "two"):
            author = Client()
            author.force_login(get_user_model().objects.create_superuser(name))
            statuses = [
                author.post(NEW_PREVIEW, {"body_en": "B"}, headers={"Accept": "application/json"}).status_code
                for _ in range(3)
            ]
            self.assertEqual(statuses, [200, 200, 429])
            # To look at the form is no upload.
            self.assertEqual([author.get("/admin/articles/image/add/").status_code for _ in range(3)], [200] * 3)
            uploads = ("/admin/articles/image/upload/", "/admin/articles/image/add/")
            self.assertEqual([author.post(address).status_code for address in uploads * 2][2:], [429, 429])

    def test_who_tries_one_name_after_another_waits_as_well(self):
        # Each costs the site the time of a password.
        addresses = ("/admin/login/", "/admin/articles/article/login-again/", "/admin/login/")
        statuses = [
            self.client.post(address, {"username": f"name{number}", "password": "x"}).status_code
            for number, address in enumerate(addresses)
        ]
        self.assertEqual(statuses, [200, 401, 429])
        self.assertEqual(self.statuses(*["/admin/login/"] * 4), [200] * 4)

    def test_large_bodies_of_who_is_not_logged_in_are_counted_wherever_they_are_sent(self):
        # To take one apart takes longer than to make any page.
        large = {"body_en": "a" * throttling.LARGE_BODY}
        with mock.patch.object(throttling, "LARGE", throttling.LARGE._replace(number=4)):
            addresses = (NEW_PREVIEW, "/admin/articles/article/add/", "/admin/articles/article/1/change/", "/en/")
            statuses = [self.client.post(address, large).status_code for address in addresses]
            self.assertNotIn(429, statuses)
            refused = self.client.post("/admin/articles/article/add/", large)
            self.assertContains(refused, "what you typed is still in the form", status_code=429)
            small = {"body_en": "a"}
            self.assertEqual(self.client.post("/admin/articles/article/add/", small).status_code, 401)
            # Authors send as many as they like.
            self.client.force_login(get_user_model().objects.create_superuser("author"))
            statuses = [self.client.post("/admin/articles/article/add/", large).status_code for _ in range(5)]
            self.assertEqual(statuses, [200] * 5)

    def test_nobody_at_an_unwatched_screen_tries_one_old_password_after_the_other(self):
        self.client.force_login(get_user_model().objects.create_superuser("author"))
        statuses = [
            self.client.post("/admin/password_change/", {"old_password": str(number)}).status_code
            for number in range(3)
        ]
        self.assertEqual(statuses, [200, 200, 429])

    def test_every_rate_is_of_an_address_that_is_there(self):
        names = {f"blog:{name}" for name in _names("blog")} | {f"articles:{name}" for name in _names("articles")}
        names |= {f"admin:{name}" for name in _names("admin")} | {f"accounts:{name}" for name in _names("accounts")}
        self.assertLessEqual(throttling.RATES.keys(), names)


class RatesTests(SimpleTestCase):
    def test_nobody_who_types_meets_a_limit(self):
        # preview.js asks no sooner than 200 milliseconds after the last key, and about one language at a time.
        self.assertGreaterEqual(throttling.PREVIEW.number, 2 * 60_000 / 200)
        self.assertEqual(throttling.PREVIEW.seconds, 60)

    def test_the_article_tells_readers_the_number_that_holds(self):
        text = (settings.BASE_DIR / "articles/content/api-rate-limiting/index.en.md").read_text()
        self.assertIn("Search more than sixty times within a minute", text)
        self.assertEqual((throttling.SEARCH.number, throttling.SEARCH.seconds), (60, 60))


def _names(namespace: str) -> set[str]:
    resolver = get_resolver()
    for pattern in [resolver, *resolver.url_patterns]:
        found = getattr(pattern, "namespace_dict", {})
        if namespace in found:
            return {name for name in found[namespace][1].reverse_dict if isinstance(name, str)}
    return set()


class SharedCountersTests(TransactionTestCase):
    """Real processes and a real Redis."""

    def test_processes_that_share_redis_count_together_and_without_it_readers_search_on(self):
        redis = RedisServer()
        self.addCleanup(redis.close)
        redis.start()
        limit = throttling.SEARCH.number
        variables = {"THROTTLING": "1", "REDIS_URL": redis.url, "TRUSTED_PROXIES": "1"}
        with serving(workers=2, **variables) as server:

            def statuses(number: int, visitor: str) -> list[int]:
                return [server.get("/en/search/?q=a", X_Forwarded_For=visitor).status for _ in range(number)]

            self.assertEqual(statuses(limit + 3, "192.0.2.1"), [200] * limit + [429] * 3)
            self.assertEqual(statuses(1, "192.0.2.2"), [200])
            redis.stop()
            self.assertEqual(statuses(5, "192.0.2.1"), [200] * 5)
            gone = [line for line in server.lines if "Redis does not answer" in line]
            self.assertTrue(1 <= len(gone) <= 2, server.lines)
        self.assertFalse([line for line in server.lines if "Traceback" in line])

    def test_a_redis_that_is_not_there_is_told_at_the_start(self):
        with serving(workers=1, REDIS_URL="redis://127.0.0.1:1/0") as server:
            server.get("/healthz")
            told = [line for line in server.lines if "Redis does not answer; each process counts for itself" in line]
        self.assertEqual(len(told), 1, server.lines)

    def test_the_older_worker_counts_as_well(self):
        limit = throttling.SEARCH.number
        with serving(*GTHREAD, workers=1, THROTTLING="1") as server:
            seen, lock = [], threading.Lock()

            def ask() -> None:
                for number in range(limit // 4 + 2):
                    status = server.get(f"/en/search/?q={quote(str(number))}").status
                    with lock:
                        seen.append(status)

            threads = [threading.Thread(target=ask) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual((seen.count(200), seen.count(429)), (limit, 8))
