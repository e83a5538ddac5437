"""Backup and restore killed at any moment: the old site or the new one stands whole, and no archive is a half one."""

import contextlib
import hashlib
import json
import os
import sqlite3
from unittest import skipUnless

from django.db import connection
from django.test import tag

from articles.models import Image
from articles.tests.examples import make_article
from blog.backup.archive import Archive
from blog.backup.making import back_up
from blog.backup.trying import tried

from .killed_commands import KilledCommands
from .whole_site import SiteTestCase, picture

# Each is one restore and one backup; KILLS=50 tries them longer.
KILLS = int(os.environ.get("KILLS", "6"))

# Made anew by each restore, or no part of an archive.
PASSING = ("accounts_event", "blog_lastchange", "articles_search", "django_", "sqlite_", "auth_permission")


@tag("server")
@skipUnless(connection.vendor == "sqlite", "A file of SQLite is what a kill can tear; PostgreSQL has a server.")
class KillsTests(SiteTestCase):
    def test_nothing_is_lost_and_nothing_is_half(self):
        archives = [self.folder / "old.zip", self.folder / "new.zip"]
        back_up(archives[0], has_secrets=True)
        image = picture("other.png")
        make_article("more", en={"title": "More"})
        back_up(archives[1], has_secrets=True)
        self.sums = {name: hashlib.sha256(data).digest() for name, data in self.files().items()}
        self.commands = KilledCommands(self)
        backups = self.commands.folder / "backups"
        backups.mkdir()
        seconds, whole, when = 0.0, [], f"seed {self.commands.seed}"
        for archive in archives:
            seconds = self.commands.run("restore", str(archive), "--yes")
            whole.append(self.state())
        self.assertNotEqual(*whole)
        self.assertIn(image.stored_names()[0], whole[1])
        for number in range(KILLS):
            moment, earlier = (self.commands.chance.uniform(0, seconds) for _ in range(2))
            self.commands.run("restore", str(archives[number % 2]), "--yes", kill_after=moment)
            self.assertIn(self.state(), whole, when)
            self.commands.run("backup", str(backups), kill_after=earlier / 2)
            for path in backups.glob("*.zip"):
                with tried(path):
                    path.unlink()
        # What is acknowledged is there, whatever the killed ones left lying about.
        for archive, state in zip(archives, whole, strict=True):
            self.commands.run("restore", str(archive), "--yes")
            self.assertEqual(self.state(), state, when)
        self.assertEqual(list(self.commands.site.glob(".restore-*")), [])
        for path in (self.commands.site / "replaced").glob("*.zip"):
            with Archive(path) as archive:
                archive.check()

    def state(self) -> str:
        """Return all rows and names of files as one text; fail where database, search or a file is not whole."""
        names = sorted(name for (name,) in self.commands.rows("SELECT name FROM sqlite_master WHERE type = 'table'"))
        with contextlib.closing(sqlite3.connect(self.commands.database)) as database:
            kept = [name for name in names if not name.startswith(PASSING)]
            tables = {name: database.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in kept}
        indexed = self.commands.rows("SELECT rowid FROM articles_searchindex ORDER BY 1")
        self.assertEqual(indexed, self.commands.rows("SELECT id FROM articles_searchentry ORDER BY 1"))
        self.assertEqual(len(indexed), len(tables["articles_rendering"]))
        return repr([tables, self.named_files()])

    def named_files(self) -> list[str]:
        found = []
        images = self.commands.rows("SELECT digest, format, widths, is_animated FROM articles_image ORDER BY id")
        for digest, kind, widths, is_animated in images:
            image = Image(digest=digest, format=kind, widths=json.loads(widths), is_animated=is_animated)
            for name in (*image.stored_names(), f"originals/{digest}"):
                data = (self.commands.site / "media" / name).read_bytes()
                self.assertEqual(hashlib.sha256(data).digest(), self.sums[name])
                found.append(name)
        return found
