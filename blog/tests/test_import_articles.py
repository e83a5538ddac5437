import tempfile
from io import StringIO
from pathlib import Path

from django.core.management import CommandError, call_command
from django.test import TestCase

from accounts.models import Event
from articles.importers import tests as importer_tests
from articles.models import Article
from articles.tests.image_files import MediaMixin
from blog.models import Page

SAMPLES = Path(importer_tests.__file__).parent / "samples"


class ForeignBlogTests(MediaMixin, TestCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_import(self, *arguments) -> str:
        output = StringIO()
        call_command("import_articles", *map(str, arguments), stdout=output, stderr=output)
        return output.getvalue()

    def test_a_blog_is_known_by_its_files_and_its_pages_and_old_addresses_come_in(self):
        told = self.run_import(SAMPLES / "hugo")
        self.assertIn("This is taken for a blog of Hugo; --from says otherwise.\n", told)
        # What it became on the way has a name that says nothing.
        self.assertEqual(Event.objects.get(kind=Event.Kind.IMPORTED).subject, "hugo")
        self.assertIn("\nNotes: 33.\na key of the front matter", told)
        self.assertIn("left out: the menus (1)\n    hugo.toml:1\n", told)
        self.assertIn(f"{SAMPLES / 'hugo/content/posts/hello.fr.md'}: created\n", told)
        page = Page.objects.get(key="about")
        self.assertEqual((page.title_en, page.title_fr, page.is_live_en), ("About", "À propos", True))
        for old, new in (
            ("/blog/about/", "/en/pages/about/"),
            ("/blog/fr/about/", "/fr/pages/about/"),
            ("/blog/tags/python/", "/en/tags/python/"),
            ("/blog/fr/tags/python/", "/fr/etiquettes/le-python/"),
            ("/blog/index.xml", "/en/feed.xml"),
            ("/blog/fr/tags/python/index.xml", "/fr/etiquettes/le-python/feed.xml"),
        ):
            answer = self.client.get(old)
            self.assertEqual((answer.status_code, answer.headers["Location"]), (301, new))
            self.assertEqual(self.client.get(new).status_code, 200)
        self.assertContains(self.client.get("/en/pages/about/"), 'src="/media/')

    def test_a_dry_run_changes_nothing_and_the_converted_folder_is_kept_where_it_is_asked_for(self):
        kept = self.folder / "kept"
        told = self.run_import(SAMPLES / "jekyll", "--dry-run", "--keep-converted", kept)
        self.assertIn("This is taken for a blog of Jekyll", told)
        self.assertFalse(Article.objects.exists())
        self.assertTrue((kept / "first/index.fr.md").is_file())
        # It is a folder like any other.
        self.assertIn("first/index.fr.md: created", self.run_import(kept))
        with self.assertRaises(CommandError):
            self.run_import(SAMPLES / "jekyll", "--keep-converted", kept)

    def test_a_blog_of_a_named_format_that_is_none_is_refused(self):
        with self.assertRaisesMessage(CommandError, "Nothing was imported. Problems: 1."):
            self.run_import(self.folder, "--from", "hugo")
