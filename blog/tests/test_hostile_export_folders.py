"""A folder that somebody else prepared before an export writes into it, and not in good faith."""

import os

from django.core.management import CommandError

from articles.files.target import TEMPORARY
from blog.models import Page

from .test_export_articles import ExportTestCase

GIGABYTE = 1_000_000_000


class HostileExportFolderTests(ExportTestCase):
    def setUp(self):
        super().setUp()
        Page.objects.create(key="about", title_en="About", slug_en="about", body_en="Us.", is_live_en=True)
        self.export()
        self.outside = self.folder.parent / "outside"
        self.outside.mkdir()
        self.victim = self.outside / "victim"
        self.victim.write_text("mine")

    def assert_nothing_outside_was_touched(self):
        self.assertEqual([path.name for path in self.outside.rglob("*")], ["victim"])
        self.assertEqual(self.victim.read_text(), "mine")

    def test_no_link_in_the_folder_leads_an_export_out_of_it(self):
        for name in ("a", "_pages", "_pages/about"):
            with self.subTest(name=name):
                place, aside = self.folder / name, self.folder.parent / "aside"
                place.rename(aside)
                place.symlink_to(self.outside)
                with self.assertRaisesMessage(CommandError, "is a link; an export writes within its own folder alone"):
                    self.export()
                self.assert_nothing_outside_was_touched()
                place.unlink()
                aside.rename(place)

    def test_a_link_in_the_place_of_the_file_that_is_being_written_is_not_followed(self):
        (self.folder / "tags.yaml").unlink()
        (self.folder / TEMPORARY).symlink_to(self.victim)
        self.assertIn("tags.yaml: written", self.export())
        self.assertFalse((self.folder / "tags.yaml").is_symlink())
        self.assert_nothing_outside_was_touched()

    def test_a_list_that_is_too_large_or_nested_too_deeply_is_not_read(self):
        listing = self.folder / "_images/images.yaml"
        listing.parent.mkdir()
        listing.touch()
        os.truncate(listing, GIGABYTE)
        self.assertIn("_images/images.yaml: removed", self.export())
        tags = self.folder / "tags.yaml"
        os.truncate(tags, GIGABYTE)
        with self.assertRaisesMessage(CommandError, "cannot be read; mend it"):
            self.export("--article", "a")
        tags.write_text("a: " + "[" * 10_000)
        with self.assertRaisesMessage(CommandError, "cannot be read; mend it"):
            self.export("--article", "a")
