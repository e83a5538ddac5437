import fcntl
import gzip
import http.server
import json
import re
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from unittest import mock
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import urlopen

import brotli
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase, TransactionTestCase, override_settings, tag

from articles.models import Article, Redirect, Tag
from articles.tests.examples import TOMORROW, change
from blog.static_site import ExportError, export, listing
from blog.static_site.addresses import file_of, place_of, relative_link
from blog.static_site.folder import Folder

from .static_copies import SECRET, CopyMixin, Quiet, links_of

LEFT_OUT = ("/admin/", "/healthz", "/readyz", "/en/preview/", "/fr/apercu/")


class AddressTests(SimpleTestCase):
    def test_a_further_page_of_a_list_has_a_path_of_its_own(self):
        self.assertEqual(place_of("/en/?page=2"), "/en/page/2/")
        self.assertEqual(file_of("/en/page/2/"), "en/page/2/index.html")
        self.assertEqual(file_of("/en/articles/x.md"), "en/articles/x.md")

    def test_no_path_leads_out_of_the_folder_or_to_a_hidden_file(self):
        for path in (
            "/../x/",
            "/a/../../x",
            "//etc/passwd",
            "/.git/config",
            "/a\x00",
            "/a\\..\\b",
            f"/{'é' * 150}/",
            "x",
        ):
            self.assertIsNone(file_of(path), path)

    def test_a_relative_link_leads_from_a_page_to_a_place(self):
        cases = (
            ("/en/", "/en/page/2/", "../../"),
            ("/en/", "/en/", "./"),
            ("/static/a.css", "/en/articles/x/", "../../../static/a.css"),
            ("/en/feed.xml", "/en/", "feed.xml"),
            ("/fr/", "/en/articles/x.md", "../../fr/"),
            ("/a.html", "/404.html", "a.html"),
        )
        for place, base, link in cases:
            self.assertEqual(relative_link(place, base), link)
            self.assertEqual(urljoin(base, link), place)


@tag("wire")
class StaticSiteTests(CopyMixin, TestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.folder = cls.data / "copy"
        secrets = "[secret](/en/preview/preview-token/), [admin](/admin/), [health](/healthz)"
        change(Article.objects.get(key="moved"), "en", body=secrets)
        cls.summary = export(cls.folder, jobs=1)

    def test_every_link_of_every_page_leads_to_a_file(self):
        self.assertEqual(self.summary.dead, {"/en/preview/preview-token/": "/en/articles/latter/"})
        names = self.files().keys()
        self.assertTrue({"404.html", "en/404.html", "fr/404.html", "index.html", "robots.txt"} <= names)
        self.assertTrue({"fr/etiquettes/lumiere/feed.json", "en/page/2/index.html", "sitemap.xml"} <= names)
        for kind in ("social/.*png", "media/.*avif", r"static/css/site\..*css"):
            self.assertTrue(any(re.fullmatch(kind, name) for name in names), kind)
        linked = 0
        for name, path in self.files().items():
            if name.endswith((".html", ".css")):
                for link in links_of(path.read_text(), name.endswith(".css")):
                    address = urljoin(f"{settings.SITE_URL}/{name.removesuffix('index.html')}", link)
                    path_linked = urlsplit(address).path
                    if address.startswith(settings.SITE_URL) and not path_linked.startswith(LEFT_OUT):
                        linked += 1
                        self.assertIn(file_of(path_linked), names, f"{link} on {name}")
                        self.assertNotIn("?page=", link, name)
        self.assertGreater(linked, 1000)
        style = re.search(r'xml-stylesheet [^>]*href="/([^"]*)', (self.folder / "fr/feed.xml").read_text())[1]
        self.assertIn(style, names)
        sitemap = (self.folder / "sitemap.xml").read_text()
        for address in re.findall(r'<loc>([^<]*)|href="([^"]*)', sitemap):
            self.assertIn(file_of("".join(address).removeprefix(settings.SITE_URL)), names)

    def test_what_a_page_says_about_links_stays_as_it_was_written(self):
        self.assertIn('<code>href="/en/?page=2"</code>', (self.folder / "en/articles/rich/index.html").read_text())

    def test_drafts_scheduled_texts_previews_and_the_admin_are_not_in_it(self):
        for name, path in self.files().items():
            self.assertNotRegex(name, "preview-token|^admin|healthz|draft")
            self.assertNotIn(SECRET.encode(), path.read_bytes(), name)

    def test_old_addresses_lead_on(self):
        moved = {
            "en/articles/former": "/en/articles/latter/",
            "2020/01/hello": "/en/articles/rich/",
            "en/tags/lux": "/en/tags/lumen/",
            "en/articles": "/en/archive/",
        }
        for folder, path in moved.items():
            text = (self.folder / folder / "index.html").read_text()
            self.assertIn(f'<meta http-equiv="refresh" content="0; url={path}">', text)
            self.assertIn(f'<link rel="canonical" href="{settings.SITE_URL}{path}">', text)
        self.assertIn("url=/en/archive/", (self.folder / "old.html").read_text())
        lines = (self.folder / ".export_site/redirects.map").read_text().splitlines()
        self.assertIn('"/?p=12" "/fr/";', lines)
        self.assertIn('"/atom.xml" "/en/archive/";', lines)
        self.assertIn('"/%24price.php" "/en/?%24";', lines)
        self.assertIn('"/en/articles/former.md" "/en/articles/latter.md";', lines)
        self.assertIn("Rich", (self.folder / "en/articles/rich/index.html").read_text())

    def test_the_search_page_says_that_search_needs_the_live_site(self):
        text = (self.folder / "en/search/index.html").read_text()
        self.assertIn("a search needs the live site", text)
        self.assertIn('href="/en/archive/"', text)
        self.assertNotIn("<form", text)
        self.assertNotIn("<form", (self.folder / "fr/recherche/index.html").read_text())
        self.assertIn("<form", self.client.get("/en/search/").content.decode())

    def test_the_root_offers_every_language(self):
        text = (self.folder / "index.html").read_text()
        self.assertIn('<a href="/en/" hreflang="en">English</a>', text)
        self.assertIn('<a href="/fr/" hreflang="fr">Français</a>', text)

    def test_text_lies_there_compressed_as_well(self):
        for name, path in self.files().items():
            if name.endswith((".html", ".xml", ".json", ".md", ".css")) and path.stat().st_size > 2000:
                for end, decompress in ((".gz", gzip.decompress), (".br", brotli.decompress)):
                    beside = path.with_name(path.name + end)
                    self.assertEqual(decompress(beside.read_bytes()), path.read_bytes())
                    self.assertEqual(beside.stat().st_mtime_ns, path.stat().st_mtime_ns)

    def test_relative_links_work_below_any_path(self):
        self.folder = self.data / "server" / "some" / "path"
        self.export(is_relative=True)
        handler = partial(Quiet, directory=self.folder.parent.parent)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        start = f"http://127.0.0.1:{server.server_port}/some/path/"
        found: dict[str, str] = {}
        waiting = [start, *(f"{start}{name}" for name in self.files() if name.endswith(".html"))]
        while waiting:
            address = waiting.pop()
            if address in found:
                continue
            with urlopen(address) as response:
                found[address] = response.headers["Content-Type"]
                content = response.read()
            if address.endswith("feed.xml"):
                style = re.search(r'xml-stylesheet [^>]*href="([^"]*)', content.decode())[1]
                waiting.append(urljoin(address, style))
            if found[address] in ("text/html", "text/css"):
                links = links_of(content.decode(), found[address] == "text/css", heads=False)
                linked = {urldefrag(urljoin(address, link)).url for link in links}
                local = {link for link in linked if link.startswith(start) and "/preview/" not in link}
                others = {link for link in linked - local if not link.startswith("https:") and "/preview/" not in link}
                live = others - {f"{settings.SITE_URL}/admin/", f"{settings.SITE_URL}/healthz"}
                self.assertEqual(live if "404" not in address else set(), set(), address)
                waiting += local
        files = {name for name in self.files() if not name.endswith((".gz", ".br"))}
        reached = {file_of(urlsplit(address).path.removeprefix("/some/path")) for address in found}
        # What machines alone are told of by its full address.
        unlinked = files - reached
        self.assertEqual({name for name in unlinked if not re.match(r"social/|robots|sitemap|feed", name)}, set())
        text = (self.folder / "en/page/2/index.html").read_text()
        self.assertIn(f'<link rel="canonical" href="{settings.SITE_URL}/en/page/2/">', text)
        self.assertIn(f'href="{settings.SITE_URL}/en/"', (self.folder / "en/404.html").read_text())
        self.assertIn("url=../../../en/articles/rich/", (self.folder / "2020/01/hello/index.html").read_text())


@tag("wire")
class RunsTests(CopyMixin, TestCase):
    walks = 3

    def times(self) -> dict[str, int]:
        return {name: path.stat().st_mtime_ns for name, path in self.files().items()}

    def test_another_run_writes_only_what_changed_and_removes_what_is_gone(self):
        first = self.export()
        self.assertEqual((first.unchanged, first.removed), (0, 0))
        before = self.times()
        with mock.patch("blog.static_site.writing.Writer.write", side_effect=AssertionError):
            nothing = self.export()
        self.assertEqual((nothing.written, nothing.unchanged), (0, first.written))
        (self.folder / "CNAME").write_text("theirs")
        Article.objects.get(key="a2").delete()
        rich = Article.objects.get(key="rich")
        change(rich, "fr", body="Autre.")
        second = self.export()
        after = self.times()
        gone = before.keys() - after.keys()
        self.assertIn("en/articles/walk-2/index.html", gone)
        self.assertIn("en/articles/walk-2/index.html.br", gone)
        self.assertFalse((self.folder / "en/articles/walk-2").exists())
        self.assertEqual((self.folder / "CNAME").read_text(), "theirs")
        kept = {name for name in before.keys() & after.keys() if before[name] == after[name]}
        self.assertIn("fr/articles/promenade-0/index.html", kept)
        self.assertNotIn("fr/articles/riche/index.html", kept)
        self.assertLess(second.written, first.written * 2 / 3)
        self.assertGreater(second.removed, 2)

    def test_a_file_that_was_touched_is_written_again(self):
        self.export()
        path = self.folder / "en/index.html"
        whole = path.read_text()
        path.write_text("damaged")
        (self.folder / "fr/index.html.br").unlink()
        self.assertEqual(self.export().written, 2)
        self.assertEqual(path.read_text(), whole)
        self.assertTrue((self.folder / "fr/index.html.br").exists())

    @override_settings(SECURITY_CONTACT="mailto:security@example.org")
    def test_whom_to_write_to_about_a_hole_stands_there_as_on_the_live_site(self):
        name, now = ".well-known/security.txt", datetime(2026, 5, 4, 12, tzinfo=UTC)
        self.assertNotIn(name, self.files())
        with mock.patch("django.utils.timezone.now", lambda: now):
            self.export()
            self.assertEqual((self.folder / name).read_bytes(), self.client.get(f"/{name}").content)
            self.assertEqual(self.export().written, 0)
            # It is renewed long before it ends, whether anything else has changed or not.
            now += timedelta(days=31)
            self.assertEqual(self.export().written, 1)
            self.assertEqual((self.folder / name).read_bytes(), self.client.get(f"/{name}").content)
        with override_settings(SECURITY_CONTACT=""):
            self.assertEqual(self.export().removed, 1)
        self.assertNotIn(name, self.files())

    def test_a_scheduled_text_is_there_once_its_time_has_come(self):
        self.export()
        with mock.patch("django.utils.timezone.now", return_value=TOMORROW):
            self.assertGreater(self.export().written, 0)
        texts = [path.read_bytes() for name, path in self.files().items() if name.endswith("index.html")]
        self.assertTrue(any(SECRET.encode() in text for text in texts))

    def test_a_run_that_was_killed_leaves_nothing_that_the_next_one_does_not_know(self):
        Redirect.objects.create(old_path="/left/", new_path="/en/archive/")
        with mock.patch("blog.static_site.exporting.Run.finish", side_effect=KeyboardInterrupt):
            self.assertRaises(KeyboardInterrupt, self.export)
        self.assertTrue((self.folder / "left/index.html").exists())
        Redirect.objects.filter(old_path="/left/").delete()
        self.assertEqual(self.export().removed, 1)
        self.assertFalse((self.folder / "left").exists())

    def test_a_folder_that_holds_something_else_is_refused(self):
        self.folder.mkdir()
        (self.folder / "thesis.txt").write_text("x")
        with self.assertRaisesMessage(ExportError, "is not empty"):
            self.export()
        self.assertEqual([path.name for path in self.folder.iterdir()], ["thesis.txt"])

    def test_a_file_of_somebody_else_is_not_overwritten_and_no_link_is_followed_out(self):
        (self.folder / ".export_site").mkdir(parents=True)
        (self.folder / "en").symlink_to(self.data, target_is_directory=True)
        with self.assertRaisesMessage(ExportError, "leads out"):
            self.export()
        self.assertFalse((self.data / "index.html").exists())
        (self.folder / "en").unlink()
        (self.folder / "en").mkdir()
        (self.folder / "en/index.html").write_text("theirs")
        with self.assertRaisesMessage(ExportError, "in the way"):
            self.export()
        self.assertEqual((self.folder / "en/index.html").read_text(), "theirs")

    def test_what_is_gone_is_not_removed_through_a_link_that_leads_out(self):
        folder = Folder(self.folder)
        with folder.opened():
            folder.put("en/old.html", b"old", "text/html")
            (self.folder / "en").rename(self.data / "elsewhere")
            (self.folder / "en").symlink_to(self.data / "elsewhere", target_is_directory=True)
            folder.remove_all_but([])
        self.assertTrue((self.data / "elsewhere/old.html").exists())

    def test_two_runs_do_not_write_to_one_folder(self):
        (self.folder / ".export_site").mkdir(parents=True)
        with (self.folder / ".export_site/lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with self.assertRaisesMessage(ExportError, "Another run"):
                self.export()

    def test_a_page_of_the_site_that_does_not_answer_stops_it(self):
        self.enterContext(mock.patch.object(listing, "addresses", return_value=["/en/nothing/"]))
        with self.assertRaisesMessage(CommandError, "/en/nothing/ is part of the site and answers 404"):
            call_command("export_site", self.folder, jobs=1, stdout=StringIO())

    def test_the_command_says_what_it_did_and_which_links_lead_nowhere(self):
        change(Article.objects.get(key="rich"), "en", body="[a](/en/articles/typo/)")
        said = StringIO()
        call_command("export_site", self.folder, jobs=1, stdout=said)
        self.assertIn(
            "/en/articles/rich/ links to /en/articles/typo/, where the site has nothing either.", said.getvalue()
        )
        self.assertRegex(said.getvalue(), r"Files: \d+ written, 0 unchanged, 0 removed; \d+\.\d seconds\.\n$")


@tag("wire")
class ProcessesTests(CopyMixin, TransactionTestCase):
    walks = 2

    def test_several_processes_write_what_one_writes(self):
        Tag.objects.all().delete()
        self.make_all()
        self.export(jobs=2)
        several = {name: path.read_bytes() for name, path in self.files().items()}
        self.folder = self.folder.with_name("one")
        self.export()
        one = {name: path.read_bytes() for name, path in self.files().items()}
        self.assertEqual({name for name in several.keys() | one.keys() if several.get(name) != one.get(name)}, set())
        manifest = json.loads((self.folder / ".export_site/manifest.json").read_text())
        self.assertGreater(len(manifest["files"]), 80)
