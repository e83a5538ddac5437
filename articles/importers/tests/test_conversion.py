import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from articles.files.importing import import_folder
from articles.files.problems import ImportProblems, Problem
from articles.importers.conversion import Conversion, write_native
from articles.importers.headings import new_ids
from articles.importers.lines import Text
from articles.importers.notes import note_lines
from articles.importers.post import Note, OldSite, Post, Term, every_line
from articles.models import Article, Redirect
from articles.tests.image_files import gradient, saved

from .importing import ImporterTestCase, page_path

DATE = datetime(2020, 1, 1, tzinfo=UTC)


class ConversionTests(ImporterTestCase):
    def post(self, name: str, body: str = "Words.", **values) -> Post:
        defaults = {"pair": name, "language": "en", "title": name.capitalize(), "published_at": DATE}
        defaults |= {"site": OldSite(self.folder, "https://old.example/", (("/", self.folder),))}
        defaults |= {"addresses": [f"/posts/{name}/"], "line": 4, "lines": every_line(4, body)}
        return Post(source=self.folder / f"{name}.md", body=body, **defaults | values)

    def converted(self, *posts: Post) -> Conversion:
        self.target = self.folder.parent / "native"
        self.target.mkdir()
        return write_native(posts, self.target, page_path)

    def body(self, key: str, language: str = "en") -> str:
        return (self.target / key / f"index.{language}.md").read_text().split("---\n\n", 1)[1]

    def notes(self, conversion: Conversion) -> list[str]:
        return self.noted(conversion.notes, self.folder)

    def test_a_hostile_body_takes_no_longer_than_a_large_one(self):
        for token in ("](", "![a](", "```\n", "\n[a]: x\n", "<!--"):
            with self.subTest(token=token):
                post = self.post("a", token * (60_000 // len(token)))
                started = time.process_time()
                self.converted(post)
                self.assertLess(time.process_time() - started, 3)
                shutil.rmtree(self.target)

    def test_every_address_of_a_post_leads_to_its_article(self):
        links = [
            *(
                "https://old.example/posts/b/",
                "http://www.old.example/posts/b",
                "//old.example/posts/b/",
                "/posts/b/",
                "/posts/b",
                "/posts/b/index.html",
            ),
            *("../b/", "../b", "/POSTS/B/", "/posts/b/?utm=x", "/?p=12", "/old/b.html", "b.md", "ref:b"),
        ]
        body = "\n".join(f"[x]({link}) [y](<{link}>)" for link in links)
        rest = '<a href="/posts/b/#end">z</a> ![](/posts/b/) `[x](/posts/b/)` [n](#here)\n[r]: ../b/ "t"'
        target = self.post("b", addresses=["/posts/b/", "/old/b.html", "/?p=12"], names=["ref:b"])
        self.write({"b.md": ""})
        self.converted(self.post("a", f"{body}\n{rest}"), target)
        lines = self.body("a").split("\n")
        self.assertEqual(set(lines[: len(links)]), {"[x](article:b) [y](article:b)"})
        self.assertEqual(
            lines[len(links) :],
            [
                '<a href="article:b#end">z</a> [b](https://old.example/posts/b/) `[x](/posts/b/)` [n](#here)',
                '[r]: article:b "t"',
            ],
        )

    def test_links_lead_to_the_language_that_they_led_to(self):
        both = [self.post("b", title="B"), self.post("b", language="fr", title="Bé", addresses=["/fr/b/"])]
        conversion = self.converted(
            self.post(
                "a", "[own](/posts/b/) [other](/fr/b/) [alone](/fr/c/) [page](/about/) <https://old.example/fr/b/>"
            ),
            *both,
            self.post("c", language="fr", addresses=["/fr/c/"]),
            self.post("about", is_page=True, addresses=["/about/"]),
        )
        self.assertEqual(
            self.body("a"),
            "[own](article:b) [other](/fr/articles/be/) [alone](article:c) [page](/en/pages/about/) /fr/articles/be/",
        )
        self.assertEqual(self.notes(conversion), [])

    def test_fragments_lead_to_the_headings_that_they_led_to(self):
        body = "# L’été à Paris!\n\n## C++ & co {#own}\n\nTwice\n-----\n\n## Twice\n\n```\n# no\n```\n"
        self.assertEqual(
            new_ids(body, "fr"),
            {
                **dict.fromkeys(("lété-à-paris", "lt--paris", "lete-a-paris"), "l-ete-a-paris"),
                "own": "own",
                "twice": "twice",
                "twice-1": "twice_1",
                "twice_1": "twice_1",
            },
        )
        self.converted(self.post("a", f"[x](#lété-à-paris) [y](/posts/a/#twice-1)\n\n{body}", language="fr"))
        self.assertTrue(self.body("a", "fr").startswith("[x](#l-ete-a-paris) [y](article:a#twice_1)\n"))

    def test_pairs_have_keys_of_their_own_and_a_language_stands_once_in_each(self):
        conversion = self.converted(
            self.post("x/Été", title="Summer"),
            self.post("x/Été", language="fr", title="L’été", addresses=["/fr/ete/"]),
            self.post("y/été", title="Summer", addresses=["/y/"]),
            self.post("x/Été", title="Again", addresses=["/z/"]),
            self.post("z/Last", title="", body=""),
            self.post("w", language="de"),
        )
        names = sorted(str(path.relative_to(self.target)) for path in self.target.rglob("*.md"))
        self.assertEqual(
            names,
            ["last/index.en.md", "x-ete-2/index.en.md", "x-ete/index.en.md", "x-ete/index.fr.md", "y-ete/index.en.md"],
        )
        self.assertEqual(
            self.notes(conversion),
            [
                "w.md:4: left out: a text in a language that this site does not have: de",
                "x/Été.md:4: an article of its own: its language stands twice in one pair, first in x/Été.md",
                "z/Last.md:4: a draft here: it has no words that could be published",
                "z/Last.md:4: without a title: it is called “Last”",
            ],
        )
        import_folder(self.target)
        self.assertEqual(Article.objects.get(key="y-ete").slug_en, "summer-2")

    def test_an_old_address_leads_to_one_text_alone(self):
        conversion = self.converted(
            self.post("a", addresses=["/a/", "/b/", "/", "//evil/", "/en/articles/a/", "/" + "x" * 500]),
            self.post("b", addresses=["/b/index.html", "/c/?p=1"], published_at=None),
        )
        import_folder(self.target)
        old = dict(Redirect.objects.values_list("old_path", "article__key"))
        self.assertEqual(old, {"/a/": "a", "/b/index.html": "b", "/c/?p=1": "b"})
        about = [note.partition(": ")[2][:44] for note in self.notes(conversion)]
        self.assertEqual(
            about,
            [
                "another text has the old address already; it",
                "no address that could redirect: //evil/",
                "the old site's home page does not redirect t",
                "too long an old address to redirect: /xxxxxx",
            ],
        )

    def test_tags_and_series_of_a_pair_are_one_for_both_languages(self):
        self.converted(
            self.post(
                "a", tags=[Term("k1", "Travel", ("/tag/travel/",)), Term("web", "Web")], series="Letters", part=2
            ),
            self.post(
                "a", language="fr", tags=[Term("k1", "Voyages"), Term("WEB", "web")], series="Lettres", addresses=[]
            ),
            self.post("b", language="fr", tags=[Term("autre", "Voyages")], series="Lettres", addresses=["/b/"]),
        )
        import_folder(self.target)
        article, other = Article.objects.get(key="a"), Article.objects.get(key="b")
        names = sorted((tag.key, tag.name_en or "", tag.name_fr or "") for tag in article.tags.all())
        self.assertEqual(names, [("k1", "Travel", "Voyages"), ("web", "Web", "web")])
        self.assertEqual([tag.key for tag in other.tags.all()], ["k1"])
        self.assertEqual((article.series.title_en, article.series.title_fr, article.part), ("Letters", "Lettres", 2))
        self.assertEqual(other.series, article.series)
        self.assertEqual((self.target / "redirects.yaml").read_text(), "/tag/travel/: /en/tags/travel/\n")

    def test_images_come_in_once_each_and_what_is_no_image_stays_a_link(self):
        image = saved(gradient(60, 40), "PNG")
        broken = image[: len(image) // 2]
        self.write(
            {
                "a/One two.PNG": image,
                "b/One two.PNG": saved(gradient(50, 40), "PNG"),
                "x.png": broken,
                "f.jpg": image,
            }
        )
        body = '![](<a/One two.PNG>) ![A](b/One%20two.PNG "T") ![](/a/One%20two.PNG) <img src=/f.jpg> ![B](x.png)'
        body += '\n<img alt="no end" src=gone.jpg'
        conversion = self.converted(
            self.post("p", body, beside=(self.folder,)),
            self.post("q", "![](/f.jpg)", is_page=True),
        )
        self.assertEqual(
            self.body("p"),
            '![](one-two.png) ![A](one-two-2.png "T") ![](one-two.png) <img src="f.jpg">'
            ' [B](https://old.example/posts/p/x.png)\n<img alt="no end" src=https://old.example/posts/p/gone.jpg',
        )
        [library] = (self.target / "_images").iterdir()
        self.assertRegex(library.name, r"\Af-[0-9a-f]{8}\.png\Z")
        self.assertIn(f"![](image:{library.stem})", (self.target / "_pages/q/index.en.md").read_text())
        self.assertIn("This image is damaged", self.notes(conversion)[0])
        self.assertIn("p.md:5: there is no such image: gone.jpg", self.notes(conversion))
        import_folder(self.target)
        self.assertEqual(Article.objects.get(key="p").image_files.count(), 3)

    def test_problems_of_the_import_are_those_of_the_source(self):
        post = self.post("a", "One.\n\nTwo.", summary="Some\nlines", head={"title": 2, "summary": 3})
        conversion = self.converted(post)
        path = self.target / "a" / "index.en.md"
        last = path.read_text().count("\n") + 1
        problems = [Problem(path, 2, "title"), Problem(path, 5, "summary"), Problem(path, last, "body")]
        explained = conversion.explained(ImportProblems(problems)).problems
        self.assertEqual([(each.path, each.line) for each in explained], [(post.source, line) for line in (2, 3, 6)])
        # All of an export's text stands at one line.
        origin = conversion.origins[path]
        origin.post, origin.body = replace(post, head={}, line=99), Text("One.", [])
        self.assertEqual([each.line for each in conversion.explained(ImportProblems(problems)).problems], [99] * 3)

    def test_html_that_pages_do_not_show_is_noted_and_what_is_embedded_is_linked(self):
        body = (
            '<div class="wide note" onclick="x()">\n<center>A</center>\n'
            '<video controls><source src="a.mp4"></video>\n</div>\n\n`<form>` <https://a.example/>\n'
            '<iframe src="//player.vimeo.com/video/5" title="Film"></iframe>'
        )
        conversion = self.converted(self.post("a", body))
        self.assertEqual(
            self.notes(conversion),
            [
                "a.md:10: embedded, and a link now: iframe https://vimeo.com/5",
                "a.md:4: a class that means nothing to this site: wide note",
                "a.md:4: an HTML attribute that this site leaves out: onclick in <div>",
                "a.md:5: HTML that this site does not show: <center>",
                "a.md:6: a link to a page of the old site that is not imported: a.mp4",
                "a.md:6: embedded, and a link now: video a.mp4",
            ],
        )
        self.assertIn('<a href="https://vimeo.com/5">Film</a>', self.body("a"))

    def test_addresses_that_are_none_stay_as_they_are(self):
        body = '[a](http://[x) <a href="//[y">b</a> <iframe src="//[z"></iframe> ![c](//[w) [d](ref:gone#x)'
        conversion = self.converted(self.post("a", body))
        self.assertIn('[a](http://[x) <a href="//[y">b</a> <a href="https://[z">[z</a>', self.body("a"))
        self.assertIn("a.md:4: a link to a page of the old site that is not imported: gone#x", self.notes(conversion))

    def test_a_text_of_a_year_that_no_article_may_be_of_is_a_draft(self):
        conversion = self.converted(self.post("a", published_at=datetime(9999, 12, 31, tzinfo=UTC)))
        self.assertEqual(self.notes(conversion), ["a.md:4: a draft here: no article of this site is of the year 9999"])
        self.assertNotIn("published_at", (self.target / "a/index.en.md").read_text())

    def test_notes_are_printed_by_kinds_and_counted(self):
        notes = [Note(Path(f"/x/{n:03}.md"), n, "left out: the key", f"k{n}\n") for n in range(1, 301)]
        lines = list(note_lines([*notes, *notes, Note(Path("/y.md"), 1, "other")], Path("/x")))
        self.assertEqual(lines[:3], ["Notes: 301.", "left out: the key (300)", "    001.md:1: k1 "])
        # The rare ones come last, and what is noted of one line stands on one.
        several = [Note(Path("/x"), 7, words, about) for words, about in (("b", ""), ("a", "1"), ("a", "2"))]
        self.assertEqual([*note_lines(several, Path("/x"))][1:], ["a (2)", "    x:7: 1, 2", "b (1)", "    x:7"])
        self.assertEqual(lines[-2:], ["other (1)", "    /y.md:1"])
