"""The move that docs/postgresql.md documents."""

from unittest import skipUnless
from uuid import uuid4

import psycopg
from django.db import connection
from django.test import TransactionTestCase, tag

from blog.tests.whole_site import parts_of

from .documented_site import DocumentedSiteTestCase
from .server import database_url

EXAMPLE = "postgresql://blog:password@127.0.0.1/blog"


@tag("checkout")
@skipUnless(connection.vendor == "postgresql", "There is a server in the other run.")
class MoveTests(DocumentedSiteTestCase, TransactionTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.site / "var").mkdir()
        for command in ("migrate --verbosity 0", "import_articles articles/content"):
            cls.follow(cls.site, ".venv/bin/python", "manage.py", *command.split())

    def empty_database(self) -> str:
        """Return the address of a database of its own, which is there until the end of the test."""
        name = f"moved_{uuid4().hex}"
        self.as_administrator(f"CREATE DATABASE {name}")
        self.addCleanup(self.as_administrator, f"DROP DATABASE {name} WITH (FORCE)")
        return f"{database_url().rpartition('/')[0]}/{name}"

    def as_administrator(self, statement: str) -> None:
        with psycopg.connect(database_url(), autocommit=True) as opened:
            opened.execute(statement)

    def test_a_site_moves_to_postgresql_and_back_and_nothing_is_lost(self):
        address, var = self.empty_database(), self.site / "var"
        self.follow_page("docs/postgresql.md", self.site, **{EXAMPLE: address})
        with psycopg.connect(address) as opened:
            self.assertEqual(opened.execute("SELECT count(*) FROM articles_article").fetchone(), (2,))
        self.follow(self.site, ".venv/bin/python", "manage.py", "backup", "var/again.zip", "--with-passwords")
        there = parts_of(var / "there.zip")
        self.assertEqual(parts_of(var / "back.zip"), there)
        self.assertEqual(parts_of(var / "again.zip"), there)
