"""One consistent archive of everything, made while the site is written to."""

import stat
import threading
from io import StringIO
from unittest.mock import patch

from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TransactionTestCase
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles import image_store
from articles.models import Article, Image, PreviewLink
from articles.tests.examples import make_article
from blog.backup import images, making
from blog.backup.archive import Archive
from blog.backup.making import back_up
from blog.backup.rows import LEFT_OUT, Rows
from blog.backup.trying import tried

from .whole_site import FolderMixin, SiteTestCase, parts_of, picture, rows_of


def backup(*args: object) -> str:
    output = StringIO()
    call_command("backup", *args, stdout=output)
    return output.getvalue()


class BackupTests(SiteTestCase):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "site.zip"

    def test_every_table_is_in_it_or_said_to_be_left_out(self):
        back_up(self.path, has_secrets=True)
        with Archive(self.path) as archive:
            kept = archive.labels()
        models = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
        self.assertEqual(kept | LEFT_OUT.keys(), models)
        self.assertEqual(kept & LEFT_OUT.keys(), set())
        # The example has a row in each, so that what is said below of all tables is said of something.
        self.assertEqual([label for label in kept if not rows_of(self.path, label)], [])

    def test_it_holds_no_secret_unless_it_is_asked_for(self):
        link = PreviewLink.objects.get()
        hashes = list(apps.get_model("auth", "User").objects.values_list("password", flat=True))
        back_up(self.path)
        everything = b"".join(parts_of(self.path).values()).decode(errors="replace")
        factors = [TOTPDevice.objects.get().key, *StaticToken.objects.values_list("token", flat=True)]
        for secret in (link.token, *factors, *filter(lambda value: not value.startswith("!"), hashes)):
            self.assertNotIn(secret, everything)
        self.assertEqual({row["password"] for row in rows_of(self.path, "auth.user")}, {"!"})
        backup(self.folder / "guarded.zip", "--with-passwords")
        guarded = self.folder / "guarded.zip"
        self.assertEqual(sorted(row["password"] for row in rows_of(guarded, "auth.user")), sorted(hashes))
        self.assertEqual([row["token"] for row in rows_of(guarded, "articles.previewlink")], [link.token])
        self.assertEqual({row["key"] for row in rows_of(guarded, "otp_totp.totpdevice")}, {factors[0]})
        self.assertEqual({row["token"] for row in rows_of(guarded, "otp_static.statictoken")}, set(factors[1:]))
        self.assertEqual(stat.S_IMODE(guarded.stat().st_mode), 0o600)

    def test_the_same_site_gives_the_same_bytes(self):
        back_up(self.path)
        with patch.object(making, "datetime") as clock:
            clock.now.return_value.isoformat.return_value = "2026-01-01T00:00:00+00:00"
            for name in ("one.zip", "two.zip"):
                back_up(self.folder / name)
        self.assertEqual((self.folder / "one.zip").read_bytes(), (self.folder / "two.zip").read_bytes())
        stored = {name.removeprefix("media/"): data for name, data in parts_of(self.path).items() if "media/" in name}
        self.assertEqual(stored, self.files())

    def test_a_file_that_is_there_already_is_not_overwritten(self):
        self.path.write_text("precious")
        with self.assertRaisesMessage(CommandError, "already"):
            backup(self.path)
        self.assertEqual(self.path.read_text(), "precious")

    def test_a_full_disk_leaves_no_half_archive(self):
        before = sorted(self.folder.iterdir())
        failure = OSError(28, "No space left on device")
        with patch.object(Rows, "read", side_effect=failure), self.assertRaisesMessage(CommandError, "No space left"):
            backup(self.path)
        self.assertEqual(sorted(self.folder.iterdir()), before)

    def test_in_a_folder_the_newest_are_kept_and_what_is_not_its_own_is_left_alone(self):
        folder = self.folder / "nightly"
        backup(f"{folder}/")
        (folder / "letter.zip").write_text("mine")
        for _ in range(2):
            output = backup(folder, "--keep", "2")
        names = sorted(path.name for path in folder.iterdir())
        self.assertEqual(len(names), 3)
        self.assertEqual(names[-1], "letter.zip")
        self.assertIn(f"Backup: {folder / names[1]}", output)
        self.assertIn("Deleted: ", output)

    def test_missing_image_files_are_told_and_older_backups_then_kept(self):
        folder = self.folder / "nightly"
        backup(folder, "--keep", "1")
        name = Image.objects.get().stored_names()[0]
        (self.media / name).unlink()
        with self.assertRaisesMessage(CommandError, name):
            backup(folder, "--keep", "1")
        self.assertEqual(len(list(folder.iterdir())), 2)
        with tried(max(folder.iterdir())) as found:
            self.assertEqual(found.archive.manifest.lost, {name})


class WhileWrittenToTests(FolderMixin, TransactionTestCase):
    def in_a_thread(self, write) -> None:
        """Let somebody else write, on a connection of their own, and wait for it."""

        def work() -> None:
            try:
                write()
            finally:
                connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

    def test_all_rows_are_of_one_moment(self):
        make_article("before", en={"title": "Before"})
        read = Rows.read

        def read_late(rows: Rows, model: type):
            # The first table is read already, the articles are not.
            if model._meta.label_lower == "articles.article":
                self.in_a_thread(lambda: make_article("meanwhile", en={"title": "Meanwhile"}))
            return read(rows, model)

        path = self.folder / "site.zip"
        with patch.object(Rows, "read", read_late):
            back_up(path)
        self.assertTrue(Article.objects.filter(key="meanwhile").exists())
        self.assertEqual([row["key"] for row in rows_of(path, "articles.article")], ["before"])
        self.assertEqual([row["title"] for row in rows_of(path, "articles.revision")], ["Before"])

    def test_an_image_may_be_deleted_while_its_files_are_read(self):
        kept, deleted = picture("kept.png"), picture("deleted.png")
        chunks, path = images.chunks, self.folder / "site.zip"
        deletions = [lambda: image_store.delete(deleted)]

        def read(file):
            if deletions:
                self.in_a_thread(deletions.pop())
            return chunks(file)

        with patch.object(images, "chunks", read):
            made = back_up(path)
        self.assertEqual(made.lost, [])
        self.assertEqual([row["key"] for row in rows_of(path, "articles.image")], ["kept"])
        with tried(path) as found:
            self.assertEqual({name for name in found.files if "/" not in name}, set(kept.stored_names()))
