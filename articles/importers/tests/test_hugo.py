from datetime import UTC, datetime
from pathlib import Path

from django.test import SimpleTestCase

from articles.importers import hugo
from articles.importers.hugo.addresses import Place, alias_path, permalink
from articles.importers.hugo.config import Config, Language
from articles.importers.hugo.dialect import translated
from articles.importers.hugo.fences import fence_attributes
from articles.importers.hugo.shortcodes import ShortCodes
from articles.importers.lines import Text
from articles.importers.post import every_line
from articles.models import Article

from .importing import SAMPLES, ImporterTestCase

SITE = SAMPLES / "hugo"


class SampleTests(ImporterTestCase):
    def test_a_site_comes_in_with_pairs_redirects_links_images_and_a_note_on_all_else(self):
        notes = self.bring(SITE)
        expected = (SAMPLES / "hugo_notes.txt").read_text()
        self.assertEqual("\n".join(self.noted(notes, SITE)) + "\n", expected)

        keys = {article.key: article.live_languages() for article in Article.objects.all()}
        self.assertEqual(keys, {"hello": ["en", "fr"], "pictures": ["en", "fr"], "pictures-2": [], "draft": []})
        hello = Article.objects.get(key="hello")
        self.assertEqual((hello.source_language, hello.part, hello.series.key), ("en", 1, "beginnings"))
        self.assertEqual([hello.title_fr, hello.series.title_fr], ["Bonjour", "Débuts"])
        self.assertEqual(sorted(author.name for author in hello.authors.all()), ["Ada Lovelace", "Bob"])
        self.assertEqual(sorted(tag.key for tag in hello.tags.all()), ["notes", "python", "web"])
        self.assertEqual(hello.tags.get(key="python").name_fr, "Le Python")
        self.assertEqual(hello.published_at_en, datetime(2019, 12, 31, 23, 30, tzinfo=UTC))

        for old in ("/blog/2020/01/hello/", "/blog/2020/01/hello", "/blog/2020/01/earlier/", "/blog/old/hello.html"):
            self.assert_leads_to(old, "/en/articles/hello/")
        self.assert_leads_to("/blog/fr/2020/01/bonjour/", "/fr/articles/bonjour/")
        self.assert_leads_to("/blog/2021/02/with-pictures/?from=feed", "/en/articles/with-pictures/?from=feed")
        self.assertEqual(self.client.get("/blog/2022/03/draft/").status_code, 404)

        page = self.client.get("/en/articles/hello/").content.decode()
        self.assertIn('<a href="/en/articles/with-pictures/#the-elements">by address</a>', page)
        self.assertIn('<a href="/en/articles/with-pictures/">With pictures</a>', page)
        self.assertIn('<a href="/fr/articles/bonjour/">in French</a>', page)
        self.assertIn('<a href="#ete">this heading</a>', page)
        self.assertIn('<div class="callout callout-warning" role="note">', page)
        self.assertIn('data-linenos="10 "', page)
        self.assertNotIn("<iframe", page)

        page = self.client.get("/en/articles/with-pictures/").content.decode()
        self.assertEqual(page.count('src="/media/'), 7)
        self.assertIn("<figcaption>Mine and nobody’s</figcaption>", page)
        self.assertIn('With <em>words</em> <a href="https://example.org/ada">Ada</a></figcaption>', page)
        self.assertIn('<a href="https://old.example/blog/2021/02/with-pictures/gone.jpg">Missing</a>', page)

    def test_a_second_import_changes_nothing(self):
        self.bring(SITE)
        before = list(Article.objects.values_list("key", "updated_at", "imported"))
        self.bring(SITE)
        self.assertEqual(list(Article.objects.values_list("key", "updated_at", "imported")), before)


class SiteTests(ImporterTestCase):
    def test_each_language_may_have_a_folder_of_its_own(self):
        self.write(
            {
                "config/_default/hugo.yaml": "baseURL: https://old.example/\ndefaultContentLanguageInSubdir: true\n",
                "config/_default/languages.yaml": "en: {contentDir: content/en}\nfr-FR: {contentDir: content/fr}\n",
                "content/en/post/one.md": "---\ntitle: One\ndate: 2020-01-01\n---\n![A](a.png)\n[Other](two.md)\n",
                "content/fr/post/one.md": '+++\ntitle = "Un"\ndate = 2020-01-01T10:00:00Z\n+++\nCorps.\n',
                "content/en/post/two/index.md": '{"title": "Two", "date": "Jan 2, 2020"}\n\n![B](b.png)\n',
                "content/fr/post/two/index.md": "---\ntitle: Deux\ndate: 2020-01-02\n---\n![B](b.png)\n",
                "content/en/post/two/b.png": (SITE / "static/img/static.png").read_bytes(),
            }
        )
        notes = self.bring(self.folder)
        self.assertEqual(
            self.noted(notes, self.folder),
            ["content/en/post/one.md:5: there is no such image, linked by its old address instead: a.png"],
        )
        self.assertEqual(sorted(Article.objects.values_list("title_en", "title_fr")), [("One", "Un"), ("Two", "Deux")])
        self.assert_leads_to("/fr-fr/post/one/", "/fr/articles/one/")
        self.assertIn("[Other](article:two)", Article.objects.get(key="one").body_en)
        # The bundle of one language lends its files to those of the others.
        self.assertIn('src="/media/', self.client.get("/fr/articles/two/").content.decode())

    def test_folders_outside_of_the_site_are_not_read(self):
        config = "languages:\n  en:\n  fr: {contentDir: ../secret}\nstaticDir: /etc\n"
        self.write(
            {"hugo.yaml": config, "content/posts/a.fr.md": "---\ntitle: A\ndate: 2020-01-01\n---\n![](/hosts)\n"}
        )
        (self.folder.parent / "secret").mkdir()
        (self.folder.parent / "secret" / "s.md").write_text("Secret.")
        notes = self.noted(self.bring(self.folder), self.folder)
        self.assertEqual(notes[0], "../secret:1: not read: a folder outside of the site")
        self.assertEqual(
            notes[1:], ["content/posts/a.fr.md:5: there is no such image, linked by its old address instead: /hosts"]
        )
        self.assertEqual([article.title_fr for article in Article.objects.all()], ["A"])

    def test_a_refusal_names_the_file_and_line_of_the_author(self):
        body = "Words.\n\n{{< comment >}}\nMany\nlines.\n{{< /comment >}}\n\n" + "> " * 30 + "Deep.\n"
        self.write(
            {
                "hugo.toml": "",
                "content/posts/deep.md": f"---\ntitle: Deep\ndate: 2020-01-01\n---\n\n{body}",
                "content/posts/fine.md": "---\ntitle: Fine\ndate: 2020-01-01\n---\nWords.\n",
            }
        )
        [problem] = self.problems("hugo")
        self.assertIn("content/posts/deep.md:13: Quotes or lists are nested too deeply.", problem)

    def test_what_is_broken_is_told_whole_and_nothing_is_imported(self):
        self.write(
            {
                "hugo.toml": "",
                "content/posts/a.md": "---\ntitle: [\n---\n",
                "content/posts/b.md": '+++\ntitle = "B"\ndate = \n+++\n',
                "content/posts/c.md": '{"title": "C",\n "date": }\n',
                "content/posts/d.md": "---\ntitle: D\ndate: 2020-13-01\n---\n",
                "content/posts/e.md": b"---\ntitle: E\n---\n\n\xff\n",
                "content/posts/f.md": "---\ntitle: F\n---\nNull \x00\n",
                "content/posts/g.md": "---\na: &a [1]\nb: *a\n---\n",
                "content/posts/h.md": "---\ntitle: H\n",
                "content/posts/i.md": "+++\n" + "x = 1\n" * 1_000_000,
            }
        )
        problems = self.problems("hugo")
        places = [problem.split(": ")[0] for problem in problems]
        lines = {"a": 3, "b": 3, "c": 2, "d": 3, "e": 5, "f": 4, "g": 3, "h": 1, "i": 1}
        self.assertEqual(places, [f"content/posts/{name}.md:{line}" for name, line in lines.items()])
        self.assertIn("too large", problems[-1])

    def test_links_out_of_the_folder_are_not_followed_and_told(self):
        outside = self.folder.parent / "secret.md"
        outside.write_text("---\ntitle: Secret\ndate: 2020-01-01\n---\nSecret.\n")
        self.write({"hugo.toml": "", "content/posts/a.md": "---\ntitle: A\ndate: 2020-01-01\n---\n![S](s.png)\n"})
        (self.folder / "content/posts/b.md").symlink_to(outside)
        (self.folder / "content/posts/s.png").symlink_to(outside)
        (self.folder / "content/loop").symlink_to(self.folder / "content")
        self.assertEqual(
            self.noted(self.bring(self.folder), self.folder),
            [
                "content/loop:1: not read: a link to a folder",
                "content/posts/a.md:5: there is no such image, linked by its old address instead: s.png",
                "content/posts/b.md:1: not read: a link that leads out of the folder, or to no file",
            ],
        )
        self.assertEqual([article.key for article in Article.objects.all()], ["a"])

    def test_a_site_of_hugo_is_known_by_its_configuration(self):
        self.assertTrue(hugo.recognises(SITE))
        self.assertFalse(hugo.recognises(SAMPLES / "jekyll"))
        self.assertFalse(hugo.recognises(SITE / "hugo.toml"))


class AddressTests(SimpleTestCase):
    def test_addresses_are_those_of_hugo(self):
        date = datetime(2021, 3, 4, tzinfo=UTC)
        for values, place, expected in (
            ({}, Place("posts/Hello World"), "/posts/hello-world/"),
            ({}, Place("posts/a/b", slug="Été"), "/posts/a/été/"),
            ({"uglyurls": "true"}, Place("posts/a"), "/posts/a.html"),
            ({"uglyurls": {"posts": "true"}}, Place("notes/a"), "/notes/a/"),
            (
                {"permalinks": {"posts": "/:year/:slug"}},
                Place("posts/a", title="C’est là", date=date),
                "/2021/cest-là/",
            ),
            ({"permalinks": {"page": {"posts": "/:sections[1:]/:filename/"}}}, Place("posts/x/y/a"), "/x/y/a/"),
            (
                {"permalinks": {"posts": "/:yearday-:monthname/:contentbasename/"}},
                Place("posts/a", date=date),
                "/63-March/a/",
            ),
            (
                {"permalinks": [{"target": {"path": "/posts/**"}, "pattern": "/p/:slugorfilename/"}]},
                Place("posts/a"),
                "/p/a/",
            ),
            ({"baseurl": "https://old.example/blog/"}, Place("a", url="/x/y.html"), "/blog/x/y.html"),
        ):
            with self.subTest(expected):
                config = Config(Path(), values)
                self.assertEqual(permalink(config, Language("en", "en", [], ""), place), expected)
        french = Language("fr", "fr", [], "/fr")
        self.assertEqual(permalink(Config(Path(), {}), french, Place("a", url="x/")), "/fr/x/")
        self.assertEqual(permalink(Config(Path(), {}), french, Place("a", url="/x/")), "/x/")
        self.assertEqual(alias_path(Config(Path(), {}), french, "../old/", "/posts/new/"), "/old/")


class ShortCodeTests(SimpleTestCase):
    def rewritten(self, body: str) -> tuple[str, list[str]]:
        notes: list[str] = []
        codes = ShortCodes(
            "posts", lambda name: "1.2" if name == "version" else "", lambda *note: notes.append(note[1])
        )
        return codes.rewritten(Text(body, every_line(1, body))).body, notes

    def test_short_codes_become_what_this_site_writes(self):
        for there, here in (
            ("{{< highlight py >}}x{{< /highlight >}}", "```py\nx\n```"),
            ("{{< highlight md >}}\n```\n{{< /highlight >}}", "````md\n```\n````"),
            ('{{< highlight go "hl_inline=true" >}}x{{< /highlight >}}', "`x`"),
            ('{{<figure src="a.jpg" title="T" >}}', '![](a.jpg "T")'),
            ('{{< figure src="a b.jpg" alt="A [b]" link="/c/" />}}', "[![A (b)](<a b.jpg>)](/c/)"),
            ('[x]({{< relref "../a.md#b" >}})', "[x](ref:/a.md#b)"),
            ('{{% ref path="A.md" lang="fr" %}}', "[](ref:a.md?lang=fr)"),
            ("{{< ref `a.md` >}}", "[](ref:a.md)"),
            ("{{< youtube id=a-b start=5 >}}", "<https://www.youtube.com/watch?v=a-b&t=5s>"),
            ('{{< tweet user="ada" id="1" >}}', "<https://x.com/ada/status/1>"),
            ("{{< details Sum >}}\nIn {{< param version >}}\n{{< /details >}}",
             "<details>\n<summary>Sum</summary>\n\nIn 1.2\n\n</details>"),
            ('{{< video src="/a b.mp4" >}}', "[/a b.mp4](</a b.mp4>)"),
            (
                "{{< notice tip >}}\nA\n{{< alert >}}B{{< /alert >}}\n\nC\n{{< /notice >}}",
                "> [!TIP]\n> A\n> > [!NOTE]\n> B\n> \n> C\n",
            ),
            ("{{< rawhtml >}}<b>x</b>{{< /rawhtml >}}", "<b>x</b>"),
            ("a{{< comment >}}{{< youtube x >}}{{< /comment >}}b", "ab"),
            ("`{{</* ref \"a\" */>}}`", '`{{< ref "a" >}}`'),
            ("{{< unknown a=\"1\" >}}{{< /unknown >}} {{<", "{{< unknown a=\"1\" >}}{{< /unknown >}} {{<"),
        ):  # fmt: skip
            with self.subTest(there):
                self.assertEqual(self.rewritten(there)[0], here)
        self.assertEqual(self.rewritten("{{< unknown >}}{{< param no >}}")[1], ["unknown", "param"])

    def test_what_would_be_an_abbreviation_explained_here_stays_in_the_text(self):
        body = "*[CSS]: Sheets\n\n`*[x]: y`\n* [a]: b\n"
        text = translated(Text(body, every_line(1, body)), lambda *note: None, has_emoji=False)
        self.assertEqual(text.body, "\\" + body)

    def test_lines_and_marks_of_code_are_kept(self):
        self.assertEqual(fence_attributes('linenos=table, hl_lines=[1,"3-4"]'), ' {linenums="1" hl_lines="1 3-4"}')
        self.assertEqual(fence_attributes("linenos=false"), "")
