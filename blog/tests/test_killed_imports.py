"""An import killed at any moment: the site is as it was before, or has all of the folder."""

import json
import os
from unittest import skipUnless

from django.db import connection
from django.test import TestCase, tag

from articles.image_store import ORIGINALS
from articles.models import Image
from articles.tests.image_files import gradient, saved

from .killed_commands import KilledCommands

# All of it was tried 50 times.
KILLS = int(os.environ.get("KILLS", "6"))
KEYS = ("boats", "harbours", "winds")


@tag("server")
@skipUnless(connection.vendor == "sqlite", "A file of SQLite is what a kill can tear; PostgreSQL has a server.")
class KilledImportsTests(TestCase):
    def setUp(self):
        self.commands = KilledCommands(self)
        self.folder = self.commands.folder / "content"

    def write(self, number: int) -> None:
        """Write the folder once more, every text and every picture another one."""
        for position, key in enumerate(KEYS):
            place = self.folder / key
            place.mkdir(parents=True, exist_ok=True)
            for language in ("en", "fr"):
                head = f"title: {key} {number}\ntags: [tag-{number}]\n"
                text = f"---\n{head}---\n\nNumber {number}.\n\n![](picture.png)\n"
                (place / f"index.{language}.md").write_text(text)
            (place / "picture.png").write_bytes(saved(gradient(40 + number, 30 + position), "PNG"))

    def state(self) -> set[str]:
        """Return the titles, of which all or none belong to one folder, and fail where anything is half."""
        texts = self.commands.rows("SELECT title_en, title_fr, body_en FROM articles_article")
        rendered = self.commands.rows("SELECT html FROM articles_rendering")
        beside = self.commands.rows("SELECT article_id FROM articles_articleimage")
        numbers = {number for text in texts for number in self.numbers(*text)} | {
            number for (html,) in rendered for number in self.numbers(html)
        }
        self.assertEqual(len(texts), len(KEYS) if numbers else 0)
        self.assertEqual((len(rendered), len(beside)), (2 * len(texts), len(texts)))
        return numbers

    def numbers(self, *texts: str) -> set[int]:
        words = (word.strip(".") for text in texts for word in text.replace("</p>", " ").split())
        return {int(word) for word in words if word.isdigit()}

    def test_a_killed_import_leaves_the_site_as_it_was_and_the_next_one_completes(self):
        seconds = 0.0
        for number in (0, 1):
            # To change what is there takes longer than to make it.
            self.write(number)
            seconds = self.commands.run("import_articles", str(self.folder))
            self.assertEqual(self.state(), {number})
        number, completed = 2, 0
        for kill in range(KILLS):
            self.write(number)
            self.commands.run(
                "import_articles", str(self.folder), kill_after=self.commands.chance.uniform(0, 1.5 * seconds)
            )
            state = self.state()
            self.assertIn(state, ({number - 1}, {number}), f"seed {self.commands.seed}, kill {kill}")
            number, completed = (number + 1, completed + 1) if state == {number} else (number, completed)
        self.write(number)
        self.commands.run("import_articles", str(self.folder))
        self.assertEqual(self.state(), {number})
        self.assert_nothing_lies_about()
        if "KILLS" in os.environ:
            print(f"\n{KILLS} kills within {seconds:.2f} s: {completed} imports had been completed")

    def assert_nothing_lies_about(self):
        columns = "digest, format, widths, is_animated"
        images = [
            Image(digest=digest, format=kind, widths=json.loads(widths), is_animated=is_animated)
            for digest, kind, widths, is_animated in self.commands.rows(f"SELECT {columns} FROM articles_image")
        ]
        named = {name for image in images for name in (*image.stored_names(), f"{ORIGINALS}/{image.digest}")}
        media = self.commands.site / "media"
        stored = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}
        self.assertEqual(stored, named)
        self.assertEqual([path.name for path in media.iterdir() if path.is_dir()], [ORIGINALS])
