"""A backup belongs to no engine: from PostgreSQL into SQLite, and back."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from unittest import skipUnless

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from articles.search.index import search
from articles.search.query import Query
from blog.backup.making import back_up

from .whole_site import SiteTestCase, parts_of


@skipUnless(connection.vendor == "postgresql", "A file for SQLite is made in a moment; a server for PostgreSQL is not.")
class EnginesTests(SiteTestCase):
    def test_a_backup_goes_into_the_other_engine_and_back_and_nothing_changes(self):
        first, second, third = (self.folder / f"{name}.zip" for name in ("first", "second", "third"))
        back_up(first, has_secrets=True)
        site = self.folder / "site"
        site.mkdir()
        self.follow(site, ["restore", str(first)], ["backup", str(second), "--with-passwords"])
        self.article.tags.clear()
        self.article.delete()
        call_command("restore", second, "--yes", stdout=StringIO())
        back_up(third, has_secrets=True)
        self.assertEqual(parts_of(second), parts_of(first))
        self.assertEqual(parts_of(third), parts_of(first))
        self.assertEqual(search(Query("vital", "fr")), [self.article.pk])

    def follow(self, site: Path, *commands: list[str]) -> None:
        """Follow commands on a site with a new database of SQLite."""
        ended = subprocess.run(
            [sys.executable, "-m", "blog.tests.forking", str(site)],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": f"sqlite:///{site / 'db.sqlite3'}", "SECRET_KEY": settings.SECRET_KEY},
            input="".join(f"{json.dumps(command)}\n" for command in commands),
            capture_output=True,
            text=True,
        )
        self.assertEqual(ended.stdout.split()[1::2], ["0"] * len(commands), ended.stderr)
