"""Whatever writes what readers see moves the version of the site in its own transaction, and announces it after."""

import json
import re
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from unittest import mock

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, RequestFactory, TransactionTestCase
from django.utils import timezone

from articles.models import Article, PreviewLink, Tag, UnsavedText
from articles.tests.examples import change, live, make_article
from blog import changes, site_version
from blog.finished_page import Answer
from blog.models import LastChange, Page, Site
from blog.page_store import SITE, PageStore

from .examples import make_page, shown
from .random_writes import Writer

WINDOW = site_version.KnownVersion.WINDOW
WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


def seen_tables() -> set[str]:
    """Return the tables that hold what readers may see."""
    models = [model for label in changes.APPLICATIONS for model in apps.get_app_config(label).get_models(True)]
    return {model._meta.db_table for model in models if model not in {*changes.UNSEEN, LastChange}}


class Watch:
    """Follows the statements of a connection: what was written without that its transaction moved the version."""

    def __init__(self) -> None:
        self.tables, self.pending, self.alone, self.moves = seen_tables(), set(), set(), 0
        self.has_moved = False

    def __call__(self, execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        if written := WRITE.match(sql):
            table = written[1]
            if table == LastChange._meta.db_table:
                self.pending.clear()
                self.moves += 1
                self.move()
            elif table in self.tables:
                if not self.has_moved:
                    self.pending.add(table)
                if not connection.in_atomic_block:
                    self.alone.add(table)
        return execute(sql, params, many, context)

    def move(self) -> None:
        """Keep in mind, as long as the transaction lasts, that it moved the version."""
        if connection.in_atomic_block:
            self.has_moved = True
            transaction.on_commit(self.end)

    def end(self) -> None:
        self.has_moved = False


class WriteTests(TransactionTestCase):
    """A store over Django in this process; what is written here is committed."""

    def setUp(self):
        self.article = make_article("news", en=live("News"), fr=live("Nouvelle"))
        Site.current()
        # A page of the second of a change has no date, and is kept for a second alone.
        LastChange.objects.update(at=timezone.now() - timedelta(minutes=1))
        self.store = PageStore(WSGIHandler())
        # A busy machine may take longer than half a second from one line to the next.
        self.enterContext(mock.patch.object(self.store.site, "WINDOW", 60))

    def ask(self, path: str) -> Answer:
        environ = RequestFactory().get(path, HTTP_HOST=SITE.netloc).environ
        return Answer.of(self.store, environ)

    def is_kept(self, path: str) -> bool:
        return self.store.kept(RequestFactory().get(path, HTTP_HOST=SITE.netloc).environ) is not None

    def watched(self, write: Callable[[], object]) -> Watch:
        watch = Watch()
        with connection.execute_wrapper(watch):
            write()
        return watch

    def assert_moves(self, kind: str, write: Callable[[], object]) -> None:
        before = LastChange.objects.get().token
        with self.subTest(kind):
            self.ask("/en/")
            watch = self.watched(write)
            self.assertEqual((watch.pending, watch.alone), (set(), set()))
            self.assertNotEqual(LastChange.objects.get().token, before)
            self.assertFalse(self.is_kept("/en/"))

    def test_every_kind_of_write_moves_the_version_in_its_transaction(self):
        writer = Writer(Random(8))
        for kind in Writer.KINDS:
            self.assert_moves(kind, getattr(writer, kind))

    def test_the_admin_moves_it(self):
        client = Client()
        client.force_login(get_user_model().objects.create_superuser("editor"))
        tag, pk = Tag.objects.create(key="tag", name_en="Tag"), self.article.pk
        page, site = make_page("about", en=shown("About")), Site.current()
        change_list = "/admin/articles/article/"

        def post(path: str, **fields) -> None:
            response = client.post(path, fields)
            self.assertEqual(response.status_code, 302, response.content.decode()[:10_000])

        texts = {"name_en": "Name", "name_fr": "Nom", "shows_lag": "on"}
        for kind, path, fields in (
            ("unpublish", change_list, {"action": "unpublish_en", "_selected_action": pk, "post": "yes"}),
            ("publish", change_list, {"action": "publish_en", "_selected_action": pk, "post": "yes"}),
            ("delete some", change_list, {"action": "delete_selected", "_selected_action": pk, "post": "yes"}),
            ("restore some", f"{change_list}?deleted=yes", {"action": "restore", "_selected_action": pk}),
            ("delete", f"{change_list}{pk}/delete/", {"post": "yes"}),
            ("restore", f"{change_list}{pk}/restore/", {}),
            ("tag", f"/admin/articles/tag/{tag.pk}/change/", {"key": "tag", "name_en": "Other"}),
            ("delete a tag", f"/admin/articles/tag/{tag.pk}/delete/", {"post": "yes"}),
            ("site", f"/admin/blog/site/{site.pk}/change/", texts),
        ):
            self.assert_moves(kind, lambda path=path, fields=fields: post(path, **fields))
        self.assertEqual(Page.objects.get(), page)

    def test_commands_move_it(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "articles"
            (folder / "summer").mkdir(parents=True)
            text = "---\ntitle: Summer\npublished_at: 2024-01-01\n---\n\nBody.\n"
            (folder / "summer" / "index.en.md").write_text(text)
            fixture = Path(name) / "fixture.json"
            call_command("dumpdata", "articles", "blog", output=str(fixture), verbosity=0)
            self.assert_moves("import", lambda: call_command("import_articles", folder, stdout=mock.Mock()))
            quiet = {"stdout": mock.Mock(), "stderr": mock.Mock()}
            self.assert_moves("render", lambda: call_command("render_articles", **quiet))
            self.assert_moves("index", lambda: call_command("rebuild_search", **quiet))
            self.assert_moves("loaddata", lambda: call_command("loaddata", fixture, verbosity=0))

    def test_a_fixture_does_not_bring_an_old_version_back(self):
        with tempfile.TemporaryDirectory() as name:
            fixture = Path(name) / "fixture.json"
            call_command("dumpdata", "articles", "blog", output=str(fixture), verbosity=0)
            # In whatever order.
            rows = json.loads(fixture.read_text())
            rows.sort(key=lambda row: row["model"] == "blog.lastchange")
            fixture.write_text(json.dumps(rows))
            old = LastChange.objects.get().token
            # Kept of the old version; this process asks for nothing until the fixture is there.
            self.ask("/en/")
            make_article("other", en=live("Other"))
            call_command("loaddata", fixture, verbosity=0)
        self.assertNotEqual(LastChange.objects.get().token, old)
        self.assertIn(b"Other", self.ask("/en/").body)

    def test_a_save_outside_any_transaction_is_seen_at_once(self):
        self.assertFalse(connection.in_atomic_block)
        for number, write in enumerate((
            lambda: Article.objects.filter(pk=self.article.pk).first().save(),
            lambda: Site.current().save(),
            lambda: self.article.tags.add(Tag.objects.create(key="t", name_en="T")),
            lambda: Tag.objects.all().delete(),
        )):  # fmt: skip
            self.ask("/en/")
            self.assertTrue(self.is_kept("/en/"), number)
            write()
            self.assertFalse(self.is_kept("/en/"), number)

    def test_what_is_rolled_back_ends_no_page(self):
        self.ask("/en/")
        with self.assertRaises(ZeroDivisionError), transaction.atomic():
            change(self.article, "en", title="Never")
            raise ZeroDivisionError
        self.assertTrue(self.is_kept("/en/"))
        self.assertNotIn(b"Never", self.ask("/en/").body)

    def test_what_a_transaction_writes_in_one_second_moves_it_once(self):
        # Of the future: what the test itself is slow at is earlier.
        start = timezone.now().replace(microsecond=0) + timedelta(hours=1)

        def write(*seconds: float) -> None:
            with transaction.atomic():
                for second in seconds:
                    with mock.patch("django.utils.timezone.now", return_value=start + timedelta(seconds=second)):
                        change(self.article, "en", title=f"Changed {second}")
                        change(self.article, "fr", title=f"Autre {second}")

        for seconds, moves in (((0, 0.999), 1), ((2, 2.5, 3.1), 2)):
            self.assertEqual(self.watched(lambda seconds=seconds: write(*seconds)).moves, moves)
        self.assertEqual(LastChange.objects.get().at, start + timedelta(seconds=3.1))

    def test_a_note_that_was_rolled_back_with_a_part_of_a_transaction_is_made_again(self):
        before, stamp = LastChange.objects.get().token, site_version.Stamp()
        seen = stamp.read()
        with transaction.atomic():
            with self.assertRaises(ZeroDivisionError), transaction.atomic():
                change(self.article, "en", title="Never")
                raise ZeroDivisionError
            self.assertEqual(LastChange.objects.get().token, before)
            change(self.article, "en", title="Changed")
        self.assertNotEqual(LastChange.objects.get().token, before)
        self.assertNotEqual(stamp.read(), seen)

    def test_a_write_is_announced_once_it_holds_and_not_before(self):
        stamp = site_version.Stamp()
        before = stamp.read()
        with transaction.atomic():
            change(self.article, "en", title="Changed")
            self.assertEqual(stamp.read(), before)
        self.assertNotEqual(stamp.read(), before)

    def test_what_readers_cannot_see_ends_no_page(self):
        user = get_user_model().objects.create_user("author")
        self.ask("/en/")
        PreviewLink.objects.create(article=self.article)
        UnsavedText.objects.create(form=uuid.uuid4(), language="en", user=user, article=self.article)
        self.assertTrue(self.is_kept("/en/"))

    def assert_right_within_the_window(self) -> None:
        self.ask("/en/")
        change(self.article, "en", title="Changed")
        # What is asked for later is right, however long an answer takes here.
        until, is_right = time.monotonic() + WINDOW + 0.2, False
        while not is_right:
            asked_at = time.monotonic()
            is_right = b"Changed" in self.ask("/en/").body
            self.assertTrue(is_right or asked_at < until)

    def test_a_writer_that_is_killed_before_it_announces_delays_the_new_page_by_half_a_second(self):
        with mock.patch("blog.site_version.announce"), mock.patch.object(self.store.site, "WINDOW", WINDOW):
            self.assert_right_within_the_window()

    def test_a_stamp_that_cannot_be_written_delays_it_no_more_and_is_told(self):
        with tempfile.TemporaryDirectory() as name:
            stamp = Path(name) / "last_change"
            # Nobody can write it or read it, not even root.
            stamp.symlink_to(Path(name) / "nowhere" / "last_change")
            with (
                mock.patch("blog.site_version.stamp_path", return_value=stamp),
                mock.patch.object(self.store.site, "WINDOW", WINDOW),
                self.assertLogs("django.db.backends.base", "ERROR") as logs,
            ):
                self.assert_right_within_the_window()
        self.assertIn("No such file or directory", "".join(logs.output))

    def test_a_stamp_that_somebody_removed_delays_it_no_more_and_is_made_again(self):
        with tempfile.TemporaryDirectory() as name:
            stamp = Path(name) / "last_change"
            with (
                mock.patch("blog.site_version.stamp_path", return_value=stamp),
                mock.patch.object(self.store.site, "WINDOW", WINDOW),
            ):
                self.ask("/en/")
                stamp.unlink(missing_ok=True)
                self.assert_right_within_the_window()
                self.assertTrue(stamp.exists())
                change(self.article, "en", title="Changed again")
                self.assertIn(b"Changed again", self.ask("/en/").body)
