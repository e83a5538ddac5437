import tempfile
from pathlib import Path

import yaml
from django.test import TestCase

from articles.importers.conversion import write_native
from articles.importers.converted import reader

from .importing import SAMPLES, page_path


def feed_path(language: str, slug: str) -> str:
    return f"/{language}/new/{slug}"


class FeedTests(TestCase):
    def redirects(self, source: str, sample: Path) -> dict[str, str]:
        posts, _notes = reader(source).read(sample, "en")
        with tempfile.TemporaryDirectory() as folder:
            write_native(posts, Path(folder), page_path, feed_path)
            return yaml.safe_load((Path(folder) / "redirects.yaml").read_text())

    def test_who_subscribed_to_a_feed_of_the_old_site_is_led_to_that_of_this_one(self):
        for source, expected in {
            "hugo": {
                "/blog/index.xml": "/en/new/",
                "/blog/fr/posts/index.xml": "/fr/new/",
                "/blog/fr/tags/python/index.xml": "/fr/new/le-python",
            },
            "jekyll": {"/journal/feed.xml": "/en/new/", "/journal/fr/feed.xml": "/fr/new/"},
            "wordpress": {"/feed/": "/en/new/", "/fr/feed/": "/fr/new/", "/tag/sea/feed/": "/en/new/sea"},
            "ghost": {"/rss/": "/en/new/", "/tag/recipes/rss/": "/en/new/recipes"},
            "pelican": {"/notes/feeds/all.atom.xml": "/en/new/", "/notes/feeds/all-fr.atom.xml": "/fr/new/"},
            "nikola": {"/rss.xml": "/en/new/", "/fr/rss.xml": "/fr/new/"},
        }.items():
            with self.subTest(source):
                redirects = self.redirects(source, SAMPLES / source)
                self.assertEqual({old: redirects.get(old) for old in expected}, expected)
                # What has nothing to do with feeds is not led to them.
                self.assertNotIn("/", redirects)
