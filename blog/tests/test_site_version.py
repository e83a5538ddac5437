"""How a process knows whether the pages that it made are still right."""

import os
import tempfile
import threading
from datetime import timedelta
from pathlib import Path
from unittest import mock, skipUnless

from django.db import OperationalError, connection, connections
from django.test import TestCase
from django.utils import timezone

from articles.models import Article, PreviewLink, Tag
from articles.tests.examples import change, live, make_article
from blog import site_version
from blog.models import LastChange
from blog.site_version import KnownVersion, Stamp, Version, announce, current_version

from .examples import count_as_committed


class SiteVersionTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.article = make_article("a", en=live("Summer"))

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.now = 1000.0
        for patcher in (
            mock.patch.object(site_version, "stamp_path", return_value=Path(folder.name) / "last_change"),
            mock.patch("time.monotonic", lambda: self.now),
            # Each question would close the connection, and with it the transaction of the test.
            mock.patch.object(connections["default"], "close_if_unusable_or_obsolete"),
        ):
            patcher.start()
            self.addCleanup(patcher.stop)
        count_as_committed()

    def known(self) -> KnownVersion:
        site = KnownVersion()
        site.refresh()
        return site


class CurrentVersionTests(SiteVersionTests):
    def test_it_is_the_same_until_something_is_written_that_readers_see(self):
        before = current_version()
        self.assertEqual(current_version(), before)
        PreviewLink.objects.create(article=self.article)
        self.assertEqual(current_version(), before)
        writes = (
            lambda: change(self.article, "en", title="Winter"),
            lambda: Tag.objects.create(key="t", name_en="Tag"),
            lambda: self.article.tags.add(Tag.objects.get()),
            lambda: Tag.objects.get().delete(),
        )
        for write in writes:
            count_as_committed()
            before = current_version()
            write()
            self.assertNotEqual(current_version(), before)

    def test_it_names_the_next_text_to_go_live_of_all_languages(self):
        self.assertIsNone(current_version().next_live_at)
        now = timezone.now().replace(microsecond=0)
        soon, later = (now + timedelta(hours=hours) for hours in (1, 2))
        make_article("b", en=live("Later", published_at=later))
        self.assertEqual(current_version().next_live_at, later)
        make_article("c", fr=live("Bientôt", published_at=soon))
        self.assertEqual(current_version().next_live_at, soon)

    def test_it_costs_two_queries(self):
        with self.assertNumQueries(2):
            current_version()

    @skipUnless(connection.vendor == "sqlite", "Each database tells its plan in its own words.")
    def test_the_database_finds_the_next_text_to_go_live_by_its_index(self):
        for code in ("en", "fr"):
            plan = Article.objects.scheduled(code).newest_first(code).reverse().explain()
            self.assertIn(f"article_newest_{code}", plan)
            self.assertNotIn("TEMP B-TREE", plan)

    def test_a_site_that_nobody_wrote_to_has_one_as_well(self):
        # Unheard: who deletes it in the ordinary way writes, and makes it anew.
        LastChange.objects.all()._raw_delete("default")
        self.assertEqual(current_version(), Version(None, None))


class AnnouncementTests(SiteVersionTests):
    def test_each_one_is_seen(self):
        stamp = Stamp()
        seen = [stamp.read()]
        for _ in range(20):
            announce()
            seen.append(stamp.read())
        self.assertEqual(len(set(seen)), len(seen))

    def test_a_save_holds_also_where_it_cannot_be_announced(self):
        with (
            mock.patch.object(site_version, "_stamp_file", side_effect=PermissionError),
            self.assertLogs("django.test", "ERROR"),
            self.captureOnCommitCallbacks(execute=True),
        ):
            change(self.article, "en", title="Winter")
        self.article.refresh_from_db()
        self.assertEqual(self.article.title_en, "Winter")


class KnownVersionTests(SiteVersionTests):
    def test_nothing_is_sure_before_the_first_question(self):
        self.assertFalse(KnownVersion().is_sure())
        self.assertTrue(self.known().is_sure())

    def test_it_is_sure_for_half_a_second(self):
        site = self.known()
        self.now += 0.499
        self.assertTrue(site.is_sure())
        self.now += 0.001
        self.assertFalse(site.is_sure())
        site.refresh()
        self.assertTrue(site.is_sure())

    def test_an_announcement_ends_it_at_once(self):
        site = self.known()
        for _ in range(3):
            announce()
            self.assertFalse(site.is_sure())
            site.refresh()
            self.assertTrue(site.is_sure())

    def test_a_stamp_that_was_taken_away_is_followed_to_its_new_file(self):
        site = self.known()
        os.remove(site_version.stamp_path())  # noqa: PTH107, as somebody may
        announce()
        self.now += 0.5
        self.assertFalse(site.is_sure())
        site.refresh()
        announce()
        self.assertFalse(site.is_sure())

    def test_a_stamp_that_was_cut_off_kills_nobody_and_tells_again(self):
        announce()
        site = self.known()
        site_version.stamp_path().write_bytes(b"")
        self.assertFalse(site.is_sure())
        site.refresh()
        self.assertTrue(site.is_sure())
        announce()
        self.assertFalse(site.is_sure())

    def test_a_scheduled_text_ends_it_in_its_second(self):
        version = Version(None, timezone.now() + timedelta(seconds=0.3))
        with mock.patch.object(site_version, "current_version", return_value=version):
            site = self.known()
        self.now += 0.25
        self.assertTrue(site.is_sure())
        self.now += 0.05
        self.assertFalse(site.is_sure())

    def test_the_same_version_is_the_same_object(self):
        site = self.known()
        before = site.version
        self.now += 1
        site.refresh()
        self.assertIs(site.version, before)
        Tag.objects.create(key="t", name_en="Tag")
        self.now += 1
        site.refresh()
        self.assertIsNot(site.version, before)

    def test_while_one_asks_for_other_machines_sake_the_others_go_on(self):
        site = self.known()
        self.now += 1
        with site._asking:
            self.assertTrue(site.is_sure())
            # What this machine wrote is another matter.
            announce()
            self.assertFalse(site.is_sure())

    def test_what_is_announced_while_the_database_answers_is_asked_for_again(self):
        site = KnownVersion()
        with mock.patch.object(site_version, "current_version", side_effect=lambda: announce() or Version(None, None)):
            site.refresh()
        self.assertFalse(site.is_sure())

    def test_of_many_who_wait_one_asks(self):
        site, threads = self.known(), []
        self.now += 1
        with mock.patch.object(site_version, "current_version", return_value=site.version) as asked:
            with site._asking:
                threads = [threading.Thread(target=site.refresh) for _ in range(5)]
                for thread in threads:
                    thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(asked.call_count, 1)

    def test_without_a_database_what_was_known_stands_and_the_log_says_so_once(self):
        site = self.known()
        before = site.version
        with (
            mock.patch.object(site_version, "current_version", side_effect=OperationalError("gone")),
            self.assertLogs("blog.site_version", "ERROR") as logs,
        ):
            for _ in range(3):
                self.now += 1
                site.refresh()
                self.assertTrue(site.is_sure())
        self.assertIs(site.version, before)
        self.assertEqual(len(logs.output), 1)
        self.assertIn("gone", logs.output[0])
        with self.assertLogs("blog.site_version", "ERROR") as logs:
            self.now += 1
            site.refresh()
        self.assertIn("answers again", logs.output[0])

    def test_without_a_database_a_text_that_went_live_does_not_stop_the_others(self):
        make_article("b", en=live("Later", published_at=timezone.now() + timedelta(seconds=30)))
        site = self.known()
        self.now += 31
        with (
            mock.patch.object(site_version, "current_version", side_effect=OperationalError("gone")),
            self.assertLogs("blog.site_version", "ERROR"),
        ):
            self.assertFalse(site.is_sure())
            site.refresh()
        self.assertTrue(site.is_sure())
