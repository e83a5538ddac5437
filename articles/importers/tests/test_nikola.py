from articles.files.problems import ImportProblems
from articles.importers import nikola
from articles.models import Article, ArticleImage

from .samples_imported import SampleTestCase, utc


class NikolaTests(SampleTestCase):
    reader, sample = nikola, "nikola"

    def test_the_files_of_a_text_are_its_languages_and_the_one_without_a_code_is_the_original(self):
        posts = self.posts()
        self.assertEqual(
            set(posts),
            {
                *("hello en", "hello fr", "hello de", "trips/road en", "trips/road fr", "two-files en", "two-files fr"),
                *("toml en", "html en", "draft en", "private en", "seul fr", "about en*", "about fr*"),
            },
        )
        originals = {key for key, post in posts.items() if post.is_original}
        self.assertEqual(originals, {"hello en", "trips/road en", "two-files en", "about en*"})

    def test_the_code_may_stand_after_the_ending(self):
        root = self.copied()
        settings = root / "conf.py"
        settings.write_text(settings.read_text().replace("{path}.{lang}.{ext}", "{path}.{ext}.{lang}"))
        for path in [*root.rglob("*.fr.*"), *root.rglob("*.de.*")]:
            base, code, ending = path.name.split(".")
            path.rename(path.with_name(f"{base}.{ending}.{code}"))
        self.assertEqual(set(self.posts(root)), set(self.posts()))
        self.assertEqual(self.posts(root)["two-files fr"].title, "Deux fichiers")

    def test_old_addresses_are_those_of_each_language_and_of_what_was_shown_untranslated(self):
        posts = self.posts()
        first = {key: post.addresses[0] for key, post in posts.items()}
        self.assertEqual(first["hello en"], "/posts/hello/")
        self.assertEqual(first["hello fr"], "/fr/posts/bonjour/")
        self.assertEqual(first["trips/road fr"], "/fr/posts/trips/road/")
        self.assertEqual(first["about fr*"], "/fr/textes/a-propos/")
        self.assertEqual(first["two-files fr"], "/fr/posts/two-files/")
        self.assertIn("/older/hello.html", posts["hello en"].addresses)
        self.assertIn("/fr/posts/of-toml/", posts["toml en"].addresses)
        self.assertIn("/posts/seulement/", posts["seul fr"].addresses)
        tags = {term.key: term.addresses[0] for term in posts["hello fr"].tags}
        self.assertEqual(tags["tea"], "/fr/categories/the/")
        self.assertEqual(tags["in-general"], "/fr/categories/cat_life/in-general/")
        root = self.copied()
        with (root / "conf.py").open("a") as settings:
            settings.write('PRETTY_URLS = False\nSITE_URL = "https://example.org/blog/"\n')
        posts = self.posts(root)
        self.assertEqual(posts["hello fr"].addresses, ["/blog/fr/posts/bonjour.html"])
        self.assertEqual(posts["hello en"].tags[2].addresses, ("/blog/categories/cat_life-in-general.html",))

    def test_what_the_head_says_arrives_whatever_its_notation(self):
        posts = self.posts()
        hello = posts["hello en"]
        self.assertEqual((hello.title, hello.summary), ("Hello: a title with a colon", "What it is about"))
        self.assertEqual((hello.authors, hello.published_at), (["Ada Martin"], utc("2021-07-14T21:30")))
        self.assertEqual([term.name for term in hello.tags], ["café", "tea", "in general"])
        self.assertEqual([term.name for term in posts["hello fr"].tags], ["café", "thé", "in general"])
        # What a translation does not say is the original's, but for the summary, which would be in another language.
        self.assertEqual((posts["hello fr"].published_at, posts["hello fr"].summary), (hello.published_at, ""))
        self.assertEqual(posts["trips/road fr"].title, "The road")
        self.assertEqual(posts["trips/road en"].published_at, utc("2022-01-05T09:00"))
        self.assertEqual((posts["two-files en"].title, posts["two-files fr"].title), ("Two files", "Deux fichiers"))
        self.assertEqual((posts["toml en"].slug, posts["toml en"].published_at), ("of-toml", utc("2022-04-01T00:00")))
        self.assertEqual((posts["draft en"].published_at, posts["private en"].published_at), (None, None))
        self.assertEqual([term.name for term in posts["draft en"].tags], ["tea"])

    def test_links_by_name_short_codes_and_teasers_are_written_as_this_site_reads_them(self):
        posts = self.posts()
        for words in (
            "[the road](/posts/trips/road/#food), [the same](/posts/trips/road/),",
            "[tea](/categories/tea/), [the page](/about/), [nothing](link://slug/gone) and `link://slug/road`.",
            "\n<!-- more -->\n",
            '![A square](/images/square.png "Drawn by hand") and [a plan](/plan.pdf).',
            "\n{{% not a short code %}}\n",
            "\n<https://www.youtube.com/watch?v=8ljfkx0lHGs>\n",
            "\n<https://gist.github.com/1234567>\n",
            '\n![A square](/images/square.png "Drawn again")\n',
            "\n[The road](/posts/trips/road/)\n",
            '\n```python\nprint("listed")\n```\n',
            "\n{{% chart Bar",
        ):
            self.assertIn(words, posts["hello en"].body)
        self.assertEqual(posts["html en"].body.strip(), "Words with *stress* and [a link](/posts/trips/road/).")
        self.assertIn("[la route](/fr/posts/trips/road/)", posts["hello fr"].body)

    def test_what_is_left_out_is_told_with_its_line(self):
        embedded = "embedded, and a link now:"
        no_equivalent = "a short code without an equivalent, left as it is:"
        video = "https://www.youtube.com/watch?v=8ljfkx0lHGs"
        self.assertEqual(
            self.said(self.read()[1]),
            {
                "conf.py:1: leads to no text that is imported: the redirection from gone.html",
                "posts/hello.md:7: left out: the front-matter key link",
                "posts/hello.md:10: left out: the front-matter key previewimage",
                "posts/hello.md:11: left out: the front-matter key hidetitle",
                "posts/hello.md:15: leads to nothing that is here: the link link://slug/gone",
                f"posts/hello.md:21: {no_equivalent} not",
                f"posts/hello.md:23: {embedded} {video}",
                f"posts/hello.md:25: {embedded} https://gist.github.com/1234567",
                f"posts/hello.md:33: {embedded} youtube {video}",
                f"posts/hello.md:35: {no_equivalent} chart",
                f"posts/hello.md:38: {embedded} https://gist.github.com/1",
                "posts/old.rst:1: left out, since reStructuredText is not converted: A text of reStructuredText",
                "posts/private.md:8: no state of this site, so it comes as a draft: the status private",
                "posts/trips/road.fr.md:1: without a title, so it has that of the original ",
            },
        )

    def test_a_blog_comes_in_with_its_pairs_images_and_addresses(self):
        self.brought_in()
        article = Article.objects.get(key="hello")
        self.assertEqual((article.slug_en, article.slug_fr, article.source_language), ("hello", "bonjour", "en"))
        self.assertIn("(article:road#food)", article.body_en)
        self.assertEqual([use.name for use in ArticleImage.objects.filter(article=article)], ["square.png"])
        self.assertEqual({tag.name_fr for tag in article.tags.all()}, {"café", "thé", "in general"})
        self.assert_leads("/posts/hello/", "/en/articles/hello/")
        self.assert_leads("/older/hello.html", "/en/articles/hello/")
        self.assert_leads("/fr/posts/bonjour/", "/fr/articles/bonjour/")
        self.assert_leads("/fr/posts/of-toml/", "/en/articles/of-toml/")
        self.assert_leads("/posts/seulement/", "/fr/articles/seulement/")

    def test_nothing_outside_of_the_blog_is_read(self):
        root = self.copied()
        (root.parent / "secret.md").write_text(".. title: Secret\n.. date: 2020-01-01\n\nWords.\n")
        (root / "posts/linked.md").symlink_to(root.parent / "secret.md")
        with (root / "conf.py").open("a") as settings:
            settings.write('POSTS += (("../*.md", "x", ""), ("/etc/*.md", "y", ""))\n')
            settings.write('POSTS = (("posts/*.md", "posts", ""), ("../*.md", "x", ""), ("/etc/*.md", "y", ""))\n')
        posts, notes = self.read(root)
        self.assertNotIn("Secret", {post.title for post in posts})
        self.assertLessEqual(
            {
                "conf.py:1: leads out of the blog, and is not read: ../*.md",
                "conf.py:1: leads out of the blog, and is not read: /etc/*.md",
                "posts/linked.md:1: not read: a link that leads out of the folder, or to no file ",
            },
            self.said(notes, root),
        )

    def test_settings_and_texts_that_are_broken_are_named_by_file_and_line(self):
        for file, text, line, reason in (
            ("conf.py", "A = 1\nB = (\n", 2, "broken Python"),
            ("posts/hello.md", "<!--\n.. title: A\n.. date: sometime\n-->\n", 3, "invalid date “sometime”"),
            ("posts/hello.md", "---\ntitle: A\n\nWords.\n", 1, "no end"),
            ("posts/toml.md", "+++\ntitle = \n+++\n", 2, "broken TOML"),
        ):
            root = self.copied()
            (root / file).write_text(text)
            with self.assertRaises(ImportProblems) as caught:
                self.read(root)
            problem = caught.exception.problems[0]
            self.assertEqual((problem.path, problem.line), (root / file, line), problem)
            self.assertIn(reason, problem.reason)
