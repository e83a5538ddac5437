"""nginx with the files of a static copy, beside the live site."""

import gzip

import brotli
from django.conf import settings
from django.test import TestCase, tag

from articles.media import CACHE_FOR_EVER
from blog.static_site import export
from blog.static_site.addresses import file_of, place_of
from blog.tests.crawler import crawl
from blog.tests.static_copies import CopyMixin, comparable
from config.middleware import CACHE_PUBLICLY
from config.security_headers import HEADERS

from .nginx import NginxMixin

FILE = settings.BASE_DIR / "docs" / "nginx_static.conf"
# What differs: a page that a search needs the live site, the choice of a language.
OTHER_BODIES = ("/", "/en/search/", "/fr/recherche/")


@tag("wire")
class StaticNginxTests(NginxMixin, CopyMixin, TestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.folder = cls.data / "copy"
        export(cls.folder, jobs=1)

    def setUp(self):
        super().setUp()
        self.start(FILE, **{"/srv/blog": str(self.folder)})

    def test_it_gives_the_bytes_and_the_types_of_the_live_site(self):
        paths = {path for path, page in crawl("/en/", "/fr/", "/feed.xml", "/feed.json").items() if page.status == 200}
        paths |= {"/sitemap.xml", "/robots.txt", "/feed.json"}
        for kind in ("media", "social", "static/css"):
            names = [path.name for path in (self.folder / kind).iterdir() if path.suffix not in (".gz", ".br")]
            paths |= {f"/{kind}/{name}" for name in names}
        for path in sorted(paths):
            with self.subTest(path):
                self.compare(path)

    def compare(self, path: str) -> None:
        live, place = self.client.get(path), place_of(path)
        body = live.getvalue() if live.streaming else live.content
        plain = self.get(place)
        self.assertEqual(plain.status, 200)
        self.assertEqual(plain.headers["Content-Type"], live.headers["Content-Type"].replace('"', ""))
        names = ("/media/", "/social/", "/static/")
        self.assertEqual(plain.headers["Cache-Control"], CACHE_FOR_EVER if path.startswith(names) else CACHE_PUBLICLY)
        self.compare_protection(plain, live)
        if path not in OTHER_BODIES and plain.content != body:
            # A list, or a text that links to a further page of one.
            self.assertIn(b"?page=", body)
            self.assertEqual(comparable(plain.content.decode(), place), comparable(body.decode(), path))
        compressed = self.get(place, Accept_Encoding="gzip")
        if compressed.headers["Content-Encoding"] == "gzip":
            self.assertEqual(gzip.decompress(compressed.content), plain.content)
            self.assertEqual(compressed.headers["Last-Modified"], plain.headers["Last-Modified"])
            beside = self.folder / f"{file_of(place)}.br"
            self.assertEqual(brotli.decompress(beside.read_bytes()), plain.content)
        else:
            self.assertTrue(len(body) < 600 or path.startswith(("/media/", "/social/")), path)

    def compare_protection(self, copied, live) -> None:
        for name in HEADERS:
            self.assertEqual(copied.headers.get_all(name), [live.headers[name]], name)

    def test_what_is_not_there_is_told_in_the_language_of_the_address(self):
        for path in ("/en/nothing/", "/fr/articles/rien/", "/nothing"):
            answer, live = self.get(path), self.client.get(path)
            self.assertEqual(answer.status, 404)
            self.assertEqual(answer.content, live.content)
            self.assertEqual(answer.headers["Cache-Control"], live.headers["Cache-Control"])
            self.compare_protection(answer, live)
        self.assertEqual(self.get("/.export_site/manifest.json").status, 404)

    def test_old_addresses_lead_where_the_live_site_leads(self):
        for path in ("/2020/01/hello/", "/?p=12", "/en/articles/former/", "/en/articles/former.md", "/atom.xml", "/en"):
            answer, live = self.get(path), self.client.get(path)
            self.assertEqual((answer.status, answer.headers["Location"]), (live.status_code, live.headers["Location"]))
            self.compare_protection(answer, live)
