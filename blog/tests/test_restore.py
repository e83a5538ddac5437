"""A site brought back from an archive: wholly, or not at all."""

from io import StringIO
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import TestCase
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor
from articles import link_findings
from articles.link_findings import Place
from articles.link_verdict import Reason, dead
from articles.models import Article, Image, LinkCheck, LinkFinding, PreviewLink, Revision, Tag, Translation
from articles.search.index import search
from articles.search.query import Query
from articles.tests.examples import change, make_article
from blog.backup import restoring
from blog.backup.connections import scratch_database
from blog.backup.making import back_up
from blog.backup.rows import applied_migrations, empty, kept_models, known_migrations, models_after
from blog.models import LastChange

from .whole_site import FolderMixin, SiteTestCase, account, parts_of, picture, rows_of


def restore(*args: object) -> str:
    output = StringIO()
    call_command("restore", *args, stdout=output)
    return output.getvalue()


def empty_site() -> None:
    """Leave what a new site has."""
    models = kept_models(models_after(known_migrations()), has_secrets=True)
    empty(model for model in models if model._meta.label_lower not in restoring.OF_EVERY_SITE)


class RestoreTests(SiteTestCase):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "site.zip"

    def test_what_comes_back_is_what_was_there(self):
        back_up(self.path, has_secrets=True)
        empty_site()
        stored = self.files()
        for path in self.media.rglob("*.*"):
            path.unlink()
        self.assertNotIn("Replaced", restore(self.path))
        self.assertEqual(self.files(), stored)
        again = self.folder / "again.zip"
        back_up(again, has_secrets=True)
        self.assertEqual(parts_of(again), parts_of(self.path))
        with connection.cursor() as cursor:
            connection.check_constraints()
            self.assertEqual(search(Query("vital", "fr")), [self.article.pk])
            cursor.execute("SELECT count(*) FROM articles_searchindex")
            self.assertEqual(cursor.fetchone(), (Article.objects.get(pk=self.article.pk).search_entries.count() + 1,))

    def test_who_writes_next_gets_a_number_that_nobody_has(self):
        back_up(self.path)
        restore(self.path, "--yes")
        self.assertGreater(Tag.objects.create(key="next").pk, Tag.objects.earliest("pk").pk)
        change(Article.objects.get(key="first"), "en", title="Changed")
        self.assertEqual(Revision.objects.latest("pk").title, "Changed")

    def test_running_processes_hear_of_it(self):
        back_up(self.path)
        before = LastChange.objects.get()
        # Each entry of the index would be a change as well, and a site without articles has none.
        with patch.object(restoring, "index_renderings"):
            restore(self.path, "--yes")
        self.assertNotEqual(LastChange.objects.get().token, before.token)
        self.assertGreater(LastChange.objects.get().at, before.at)

    def test_what_was_found_wrong_with_the_links_of_other_texts_goes_with_them(self):
        link_findings.replace({Place.of(self.article, "en"): {"/x/": dead(Reason.NOT_FOUND, 404)}}, links=1, unasked=0)
        back_up(self.path)
        restore(self.path, "--yes")
        self.assertFalse(LinkFinding.objects.exists() or LinkCheck.objects.exists())

    def test_a_site_is_replaced_only_when_that_is_confirmed_and_what_goes_is_kept_aside(self):
        back_up(self.path)
        late = picture("late.png")
        make_article("late", en={"title": "Late"})
        with self.assertRaisesMessage(CommandError, "--yes"):
            restore(self.path)
        self.assertTrue(Article.objects.filter(key="late").exists())
        output = restore(self.path, "--yes")
        # Whoever made the archive may have added an account.
        self.assertIn("Accounts in it that may do everything: ", output)
        self.assertFalse(Article.objects.filter(key="late").exists())
        self.assertFalse(set(late.stored_names()) & self.files().keys())
        [aside] = (self.folder / "replaced").iterdir()
        self.assertIn(str(aside), output)
        # Whoever wants it back has all of it, to the passwords.
        restore(aside, "--yes")
        self.assertTrue(Article.objects.filter(key="late").exists())
        self.assertLessEqual(set(late.stored_names()), self.files().keys())
        self.assertTrue(PreviewLink.objects.exists())
        self.assertEqual(self.passwords()["writer"], "pbkdf2_sha256$1$salt-of-writer$hash-of-writer")

    def test_accounts_come_back_without_a_password_that_the_site_does_not_know(self):
        back_up(self.path)
        get_user_model().objects.filter(username="owner").delete()
        account("stranger")
        output = restore(self.path, "--yes")
        self.assertEqual(self.passwords()["writer"], "pbkdf2_sha256$1$salt-of-writer$hash-of-writer")
        self.assertFalse(get_user_model().objects.get(username="owner").has_usable_password())
        self.assertGreater(len(self.passwords()["owner"]), 40)
        self.assertIn("./run manage changepassword owner\n", output)
        self.assertNotIn("changepassword writer", output)
        self.assertNotIn("stranger", self.passwords())
        self.assertFalse(PreviewLink.objects.exists())

    def test_a_second_factor_stays_with_its_account_and_comes_back_with_passwords_alone(self):
        back_up(self.path)
        back_up(self.folder / "guarded.zip", has_secrets=True)
        user = get_user_model().objects.get(username="writer")
        second_factor.prepare(user)
        [key] = self.keys()
        codes = set(StaticToken.objects.values_list("token", flat=True))
        # The same account, with another number than in the archive; and one that the archive knows not.
        get_user_model().objects.filter(pk=user.pk).update(username="stranger")
        owner = get_user_model().objects.filter(username="owner")
        owner.update(username="writer")
        second_factor.prepare(get_user_model().objects.get(username="writer"))
        restore(self.path, "--yes")
        [device] = TOTPDevice.objects.select_related("user")
        self.assertEqual(device.user.username, "writer")
        self.assertNotEqual(device.key, key)
        self.assertFalse(StaticToken.objects.exists())
        restore(self.folder / "guarded.zip", "--yes")
        self.assertNotIn(key, self.keys())
        self.assertEqual(set(StaticToken.objects.values_list("token", flat=True)), codes)

    def test_what_fails_half_way_changes_nothing(self):
        back_up(self.path)
        make_article("late", en={"title": "Late"})
        late = picture("late.png")
        with (
            patch.object(restoring, "index_renderings", side_effect=OSError(28, "No space left on device")),
            self.assertRaisesMessage(CommandError, "Nothing was changed"),
        ):
            restore(self.path, "--yes")
        self.assertTrue(Article.objects.filter(key="late").exists())
        self.assertLessEqual(set(late.stored_names()), self.files().keys())
        self.assertEqual(list((self.folder / "replaced").iterdir()), [])
        self.assertEqual([path.name for path in self.folder.glob(".restore-*")], [])

    def test_a_damaged_image_file_is_made_whole(self):
        back_up(self.path)
        whole, name = self.files(), Image.objects.get().stored_names()[0]
        (self.media / name).write_bytes(b"damaged")
        restore(self.path, "--yes")
        self.assertEqual(self.files(), whole)

    def keys(self) -> list[str]:
        return list(TOTPDevice.objects.values_list("key", flat=True))

    def passwords(self) -> dict[str, str]:
        return dict(get_user_model().objects.values_list("username", "password"))


class OlderArchiveTests(FolderMixin, TestCase):
    def test_an_archive_of_an_earlier_release_is_brought_to_this_one(self):
        path = self.folder / "older.zip"
        with scratch_database(self.folder / "older.sqlite3"):
            executor = MigrationExecutor(connection)
            leaves = {"articles": "0006_search", "blog": "0001_site_and_pages", "sessions": "0001_initial"}
            others = [node for node in executor.loader.graph.leaf_nodes() if node[0] not in leaves]
            executor.migrate([*others, *leaves.items()])
            self.fill(models_after(applied_migrations()))
            back_up(path)
        output = restore(path)
        self.assertIn("1 articles", output)
        article = Article.objects.get(key="old")
        self.assertEqual((article.title_en, article.title_fr, article.shows_lag), ("Old", "Vieux", True))
        # What later migrations fill in, and what each start makes.
        self.assertEqual(article.created_by.username, "writer")
        self.assertTrue(Translation.objects.filter(article=article, language="fr").exists())
        self.assertEqual(rows_of(path, "articles.revision")[0].get("kind"), None)
        self.assertEqual(Revision.objects.latest("pk").kind, Revision.Kind.SAVED)
        self.assertTrue(change(article, "fr", title="Neuf"))

    def test_one_that_knew_no_second_factor_takes_none_away(self):
        path = self.folder / "older.zip"
        with scratch_database(self.folder / "older.sqlite3"):
            executor = MigrationExecutor(connection)
            added = {"accounts", "axes", "otp_static", "otp_totp"}
            executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] not in added])
            models_after(applied_migrations()).get_model("auth", "User").objects.create(
                username="writer", password="old"
            )
            back_up(path, has_secrets=True)
        user = get_user_model().objects.create(username="writer", password="new")
        second_factor.prepare(user)
        TOTPDevice.objects.update(confirmed=True)
        second_factor.make_recovery_codes(user)
        restore(path, "--yes")
        writer = get_user_model().objects.get()
        self.assertEqual(writer.password, "old")
        self.assertIsNotNone(second_factor.device_of(writer))
        self.assertEqual(second_factor.recovery_codes_left(writer), second_factor.RECOVERY_CODES)

    def fill(self, apps) -> None:
        user = apps.get_model("auth", "User").objects.create(username="writer")
        texts = {f"{field}_{code}": f"{word}" for code, word in (("en", "Old"), ("fr", "Vieux")) for field in FIELDS}
        texts |= {"slug_en": "old", "slug_fr": "vieux"}
        article = apps.get_model("articles", "Article").objects.create(key="old", source_language="en", **texts)
        for code in ("en", "fr"):
            text = {field: texts[f"{field}_{code}"] for field in (*FIELDS, "slug")}
            apps.get_model("articles", "Revision").objects.create(
                article=article, language=code, created_by=user, **text
            )


FIELDS = ("title", "summary", "body")
