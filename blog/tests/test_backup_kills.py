"""Backup and restore killed at any moment: the old site or the new one stands whole, and no archive is a half one."""

import contextlib
import hashlib
import json
import os
import random
import sqlite3
from pathlib import Path
from unittest import skipUnless

from django.db import connection
from django.test import tag

from articles.models import Image
from articles.tests.examples import make_article
from blog.backup.archive import Archive
from blog.backup.making import back_up
from blog.backup.trying import tried

from .forking import Commands
from .whole_site import SiteTestCase, picture

# Each is one restore and one backup. All of it was tried 50 times.
KILLS = int(os.environ.get("KILLS", "6"))

# Made anew by each restore, or no part of an archive.
PASSING = ("blog_lastchange", "articles_search", "django_", "sqlite_", "auth_permission")


@tag("server")
@skipUnless(connection.vendor == "sqlite", "A file of SQLite is what a kill can tear; PostgreSQL has a server.")
class KillsTests(SiteTestCase):
    def setUp(self):
        super().setUp()
        self.site = self.folder / "site"
        self.backups = self.folder / "backups"
        self.site.mkdir()
        self.backups.mkdir()
        self.database = self.site / "db.sqlite3"
        with (
            contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"])) as made,
            contextlib.closing(sqlite3.connect(self.database)) as copy,
        ):
            made.backup(copy)

    def test_nothing_is_lost_and_nothing_is_half(self):
        chance = random.Random(seed := int(os.environ.get("SEED", random.SystemRandom().randrange(10**6))))
        archives = [self.folder / "old.zip", self.folder / "new.zip"]
        back_up(archives[0], has_secrets=True)
        image = picture("other.png")
        make_article("more", en={"title": "More"})
        back_up(archives[1], has_secrets=True)
        self.sums = {name: hashlib.sha256((self.media / name).read_bytes()).digest() for name in self.files()}
        commands = Commands(self.site, f"sqlite:///{self.database}")
        self.addCleanup(commands.close)
        whole, seconds = [], 0.0
        for archive in archives:
            seconds = commands.follow(["restore", str(archive), "--yes"])
            whole.append(self.state())
        self.assertNotEqual(*whole)
        self.assertIn(image.stored_names()[0], whole[1])
        for number in range(KILLS):
            when = f"seed {seed}, kill {number}"
            commands.follow(["restore", str(archives[number % 2]), "--yes"], kill_after=chance.uniform(0, seconds))
            self.assertIn(self.state(), whole, when)
            commands.follow(["backup", str(self.backups)], kill_after=chance.uniform(0, seconds / 2))
            for path in self.backups.glob("*.zip"):
                with tried(path):
                    path.unlink()
        # What is acknowledged is there, whatever the killed ones left lying about.
        for archive, state in zip(archives, whole, strict=True):
            commands.follow(["restore", str(archive), "--yes"])
            self.assertEqual(self.state(), state, f"seed {seed}")
        self.assertEqual(list(self.site.glob(".restore-*")), [])
        for path in (self.site / "replaced").glob("*.zip"):
            with Archive(path) as archive:
                archive.check()

    def state(self) -> str:
        """Return all rows as one text; fail where the database, the search or a file is not whole."""
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            tables = {name: database.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in names}
            indexed = database.execute("SELECT rowid FROM articles_searchindex ORDER BY 1").fetchall()
        entries = [(row[0],) for row in tables["articles_searchentry"]]
        self.assertEqual(indexed, entries)
        self.assertEqual(len(entries), len(tables["articles_rendering"]))
        return repr([rows for name, rows in sorted(tables.items()) if not name.startswith(PASSING)] + self.named())

    def named(self) -> list[str]:
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            columns = "digest, format, widths, is_animated"
            images = database.execute(f"SELECT {columns} FROM articles_image ORDER BY id").fetchall()
        found = []
        for digest, kind, widths, is_animated in images:
            image = Image(digest=digest, format=kind, widths=json.loads(widths), is_animated=is_animated)
            for name in (*image.stored_names(), f"originals/{digest}"):
                data = Path(self.site / "media" / name).read_bytes()
                self.assertEqual(hashlib.sha256(data).digest(), self.sums[name])
                found.append(name)
        return found
