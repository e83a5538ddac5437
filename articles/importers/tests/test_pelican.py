from articles.files.problems import ImportProblems
from articles.importers import pelican
from articles.models import Article, ArticleImage

from .samples_imported import SampleTestCase, utc


class PelicanTests(SampleTestCase):
    reader, sample = pelican, "pelican"

    def test_texts_pair_by_slug_and_the_one_in_the_default_language_is_the_original(self):
        posts = self.posts()
        self.assertEqual(
            set(posts),
            {
                *("hello en", "hello fr", "hello de", "road en", "road fr", "about en*", "about fr*"),
                *("a-draft en", "hidden en", "moved en", "elan-oeuvre-mots fr", "of-html en"),
            },
        )
        self.assertEqual({key for key, post in posts.items() if post.is_original}, {"hello en", "road en", "about en*"})
        root = self.copied()
        with (root / "pelicanconf.py").open("a") as settings:
            settings.write('ARTICLE_TRANSLATION_ID = "story"\n')
        (root / "content/one.md").write_text("Title: One\nDate: 2020-01-01\nStory: x\n\nA\n")
        (root / "content/un.md").write_text("Title: Un\nDate: 2020-01-01\nLang: fr\nStory: x\n\nA\n")
        self.assertLessEqual({"one en", "one fr"}, set(self.posts(root)))
        self.assertFalse([note for note in self.read(root)[1] if "story" in note.about])
        # Nothing makes these two a pair.
        self.assertLessEqual({"hello hello.md en", "hello hello-fr.md fr"}, set(self.posts(root)))

    def test_old_addresses_follow_the_patterns_of_the_settings(self):
        posts = self.posts()
        self.assertEqual(
            {key: post.addresses[0] for key, post in posts.items()},
            {
                "hello en": "/notes/2021/07/hello/",
                "hello fr": "/notes/fr/2021/07/hello/",
                "hello de": "/notes/de/2023/03/hello/",
                "road en": "/notes/2022/01/road/",
                "road fr": "/notes/fr_FR/2022/01/road/",
                "about en*": "/notes/pages/about.html",
                "about fr*": "/notes/pages/about-fr.html",
                "a-draft en": "/notes/drafts/a-draft.html",
                "hidden en": "/notes/2023/03/hidden/",
                "moved en": "/notes/old/place.html",
                "of-html en": "/notes/2020/05/of-html/",
                "elan-oeuvre-mots fr": "/notes/fr/2001/06/elan-oeuvre-mots/",
            },
        )
        tags = {term.key: term.addresses for term in posts["hello en"].tags}
        self.assertEqual(tags["python-3"], ("/notes/tag/python-3.html",))
        # One page for both languages: it leads to that of the first.
        self.assertEqual([term.addresses for term in posts["hello fr"].tags], [(), (), ("/notes/tag/the.html",)])
        self.assertEqual(tags["life-in-general"], ("/notes/category/life-in-general.html",))

    def test_what_the_head_says_arrives_whatever_its_notation(self):
        posts = self.posts()
        hello, road = posts["hello en"], posts["road en"]
        self.assertEqual(
            (hello.title, hello.summary), ("Hello: a title with a colon", "What it is about, over two lines.")
        )
        self.assertEqual(hello.published_at, utc("2021-07-14T21:30"))
        self.assertEqual(
            (hello.authors, hello.series, hello.part), (["Ada Martin", "Grace Doe, Jr."], "First steps", 2)
        )
        self.assertEqual([term.name for term in hello.tags], ["café", "Python 3", "tea", "Life in general"])
        self.assertEqual([term.name for term in posts["hello fr"].tags], ["café", "Python 3", "thé"])
        # YAML, with its date and its slug in the file's name and its category in the folder's.
        self.assertEqual((road.title, road.slug, road.summary), ("The road", "road", "Folded words."))
        self.assertEqual(road.published_at, utc("2022-01-04T23:00"))
        self.assertEqual([term.name for term in road.tags], ["Python 3", "tea", "travel"])
        self.assertEqual(posts["road fr"].title, "La route : un voyage")
        self.assertEqual(posts["road fr"].published_at, utc("2022-01-06T07:00"))
        self.assertEqual(posts["elan-oeuvre-mots fr"].published_at, utc("2001-06-28T08:00"))
        self.assertEqual(posts["of-html en"].title, "Of HTML & more")
        self.assertEqual([term.name for term in posts["of-html en"].tags], ["tea", "old"])
        self.assertEqual((posts["a-draft en"].published_at, posts["hidden en"].published_at), (None, None))

    def test_links_by_file_and_named_blocks_of_code_are_written_as_this_site_reads_them(self):
        hello = self.posts()["hello en"]
        for words in (
            "[the road](/notes/2022/01/road/#food)",
            "[the old style](/notes/2022/01/road/), [tea](/notes/tag/tea.html), [the home page](/notes/),",
            "[life](/notes/category/life-in-general.html), [somebody](/notes/author/grace-doe-jr.html)",
            "[nothing]({filename}gone.md)",
            '![A square](/notes/images/square.png "Drawn by hand") and [a plan](/notes/extra/plan.pdf).',
            '\n```python hl_lines="2"\ndef hello():\n    return "{filename}hello.md"\n\nprint(hello())\n```\n',
            '\n```sh\n#!/bin/sh\necho "a shebang stays"\n```\n',
            '- A list with code:\n\n    ```json\n    {"a": 1}\n    ```\n\n- `{static}/images/square.png` is code.',
            "\n<!-- more -->\n",
            "[ref]: /notes/pages/about.html\n",
        ):
            self.assertIn(words, hello.body)
        html = self.posts()["of-html en"].body
        self.assertIn("Words with *stress* and [a link](/notes/2021/07/hello/).", html)
        lines = hello.source.read_text().split("\n")
        for number, words in enumerate(hello.body.split("\n")):
            if "print(" in words or "shebang" in words or "A list" in words:
                self.assertEqual(lines[hello.lines[number] - 1].strip(), words.strip())

    def test_what_is_left_out_is_told_with_its_line(self):
        self.assertEqual(
            self.said(self.read()[1]),
            {
                "content/hello.md:3: left out: the date of the last change ",
                "content/hello.md:13: left out: the front-matter key cover",
                "content/hello.md:17: leads to nothing that is here: the link {filename}gone.md",
                "content/hidden.md:3: no state of this site, so it comes as a draft: the status hidden",
                "content/old.rst:1: left out, since reStructuredText is not converted: A text of reStructuredText",
                "content/page.html:10: embedded, and a link now: iframe https://example.org/widget",
                "content/travel/2022-01-05_road.md:9: left out: neither a text nor a list: the key cover",
            },
        )

    def test_a_blog_comes_in_with_its_pairs_images_and_addresses(self):
        notes = self.brought_in()
        article = Article.objects.get(key="hello")
        self.assertEqual((article.slug_en, article.slug_fr, article.source_language), ("hello", "hello", "en"))
        self.assertIn("(article:road#food)", article.body_en)
        self.assertIn("(article:road)", article.body_fr)
        self.assertEqual([use.name for use in ArticleImage.objects.filter(article=article)], ["square.png"])
        self.assertEqual(
            {tag.name_en for tag in article.tags.all()}, {"café", "Python 3", "tea", "Life in general", None}
        )
        self.assert_leads("/notes/2021/07/hello/", "/en/articles/hello/")
        self.assert_leads("/notes/fr/2021/07/hello/index.html", "/fr/articles/hello/")
        self.assertFalse([note for note in notes if note.text.startswith("another text has the old address")])
        self.assert_leads("/notes/old/place.html", "/en/articles/moved/")
        self.assertTrue(any("hello-de.md" in str(note) and note.about == "de" for note in notes))

    def test_settings_and_texts_that_are_broken_are_named_by_file_and_line(self):
        for file, text, line, reason in (
            ("pelicanconf.py", "A = 1\nB = (\n", 2, "broken Python"),
            ("pelicanconf.py", 'PATH = "../.."\n', 1, "no folder of this blog"),
            ("content/hello.md", "Title: A\nDate: sometime\n\nWords.\n", 2, "invalid date “sometime”"),
            ("content/hello.md", "---\nTitle: A\ntags:\n  - [b\n---\n", 4, "broken YAML"),
        ):
            root = self.copied()
            (root / file).write_text(text)
            with self.assertRaises(ImportProblems) as caught:
                self.read(root)
            problem = caught.exception.problems[0]
            self.assertEqual((problem.path, problem.line), (root / file, line), problem)
            self.assertIn(reason, problem.reason)
