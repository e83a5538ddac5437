"""A backup belongs to no engine: from PostgreSQL into SQLite, and back."""

from io import StringIO
from unittest import skipUnless

from django.core.management import call_command
from django.db import connection

from articles.search.index import search
from articles.search.query import Query
from blog.backup.making import back_up

from .forking import Commands
from .whole_site import SiteTestCase, parts_of


@skipUnless(connection.vendor == "postgresql", "A file for SQLite is made in a moment; a server for PostgreSQL is not.")
class EnginesTests(SiteTestCase):
    def test_a_backup_goes_into_the_other_engine_and_back_and_nothing_changes(self):
        first, second, third = (self.folder / f"{name}.zip" for name in ("first", "second", "third"))
        back_up(first, has_secrets=True)
        site = self.folder / "site"
        site.mkdir()
        commands = Commands(site, f"sqlite:///{site / 'db.sqlite3'}")
        self.addCleanup(commands.close)
        commands.follow(["migrate", "--verbosity=0"])
        commands.follow(["restore", str(first)])
        commands.follow(["backup", str(second), "--with-passwords"])
        self.article.tags.clear()
        self.article.delete()
        call_command("restore", second, "--yes", stdout=StringIO())
        back_up(third, has_secrets=True)
        self.assertEqual(parts_of(second), parts_of(first))
        self.assertEqual(parts_of(third), parts_of(first))
        self.assertEqual(search(Query("vital", "fr")), [self.article.pk])
