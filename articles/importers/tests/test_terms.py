import tempfile
from datetime import UTC, datetime
from pathlib import Path

import yaml
from django.test import TestCase

from articles.importers.conversion import write_native
from articles.importers.post import OldSite, Post, Term

from .importing import page_path


class NameTests(TestCase):
    def test_a_name_that_is_too_long_is_cut_and_a_note_says_so_once(self):
        tag, author, series = "t" * 101, "a" * 101, "s" * 201
        posts = [
            Post(
                source=Path("/old/a.md"),
                line=4,
                pair=pair,
                language="en",
                site=OldSite(Path("/old")),
                title=pair,
                body="Words.",
                published_at=datetime(2020, 1, 1, tzinfo=UTC),
                tags=[Term(tag, tag)],
                authors=[author],
                series=series,
            )
            for pair in ("one", "two")
        ]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            notes = write_native(posts, folder, page_path).notes
            self.assertEqual([note.about for note in notes], [f"“{tag}”", f"“{series}”", f"“{author}”"])
            self.assertEqual(
                {note.text for note in notes},
                {
                    "a name of more than 100 characters, whose end is left out: the tag",
                    "a name of more than 200 characters, whose end is left out: the series",
                    "a name of more than 100 characters, whose end is left out: the author",
                },
            )
            self.assertEqual([*yaml.safe_load((folder / "tags.yaml").read_text()).values()], [{"en": "t" * 99 + "…"}])
            [title] = yaml.safe_load((folder / "series.yaml").read_text()).values()
            self.assertEqual(title, {"en": {"title": "s" * 199 + "…"}})
            for pair in ("one", "two"):
                head = (folder / pair / "index.en.md").read_text()
                self.assertIn(f"authors: [{'a' * 99}…]\n", head)
