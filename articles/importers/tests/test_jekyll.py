from datetime import UTC, datetime

from django.test import SimpleTestCase

from articles.importers import jekyll
from articles.importers.jekyll.addresses import Place, page_address, post_address
from articles.importers.jekyll.kramdown import translated
from articles.importers.jekyll.liquid import Liquid
from articles.importers.lines import Text
from articles.importers.post import every_line
from articles.models import Article

from .importing import SAMPLES, ImporterTestCase

SITE = SAMPLES / "jekyll"


class SampleTests(ImporterTestCase):
    def test_a_site_comes_in_with_pairs_redirects_links_images_and_a_note_on_all_else(self):
        notes = self.bring(SITE)
        expected = (SAMPLES / "jekyll_notes.txt").read_text()
        self.assertEqual("\n".join(self.noted(notes, SITE)) + "\n", expected)

        keys = {article.key: article.live_languages() for article in Article.objects.all()}
        self.assertEqual(keys, {"first": ["en", "fr"], "trip": ["en"], "same": ["fr"], "idea": []})
        first = Article.objects.get(key="first")
        self.assertEqual(first.published_at_en, datetime(2020, 1, 2, 4, 30, tzinfo=UTC))
        self.assertEqual((first.series.title_en, first.series.title_fr), ("Letters", "Lettres"))
        self.assertEqual(sorted(author.name for author in first.authors.all()), ["Ada Lovelace", "Bob"])
        self.assertEqual(sorted(tag.key for tag in first.tags.all()), ["notes", "python", "web"])

        for old in (
            "/journal/notes/2020/01/01/first-letter.html",
            "/journal/notes/2020/01/01/first-letter",
            "/journal/old/first/",
            "/journal/older.html",
        ):
            self.assert_leads_to(old, "/en/articles/first-letter/")
        self.assert_leads_to("/journal/fr/2020/01/03/premiere.html", "/fr/articles/premiere/")
        self.assert_leads_to("/journal/fr/pareil/", "/fr/articles/same/")
        # Polyglot showed what it had no translation of below /fr/ as well.
        self.assert_leads_to("/journal/fr/travel/2021/05/06/trip.html", "/en/articles/trip/")

        page = self.client.get("/en/articles/first-letter/").content.decode()
        self.assertIn('<a href="/en/articles/trip/">the trip</a>', page)
        self.assertIn('<a href="/fr/articles/premiere/">in French</a>', page)
        self.assertIn('<a href="/en/articles/trip/#end">whole</a>', page)
        self.assertIn('<h2 id="summer">', page)
        self.assertIn("<figcaption>A “photo”</figcaption>", page)
        self.assertIn("{{ shown }}", page)
        self.assertIn("First letter of Old site", page)
        self.assertNotIn("Secret.", page)

    def test_broken_files_are_told_whole_and_nothing_is_imported(self):
        self.write(
            {
                "_config.yml": "title: x\n",
                "_posts/2020-01-01-a.md": "---\ntitle: [\n---\n",
                "_posts/2020-01-01-b.md": "---\ntitle: B\ndate: soon\n---\nB\n",
                "_posts/2020-13-45-c.md": "---\ntitle: C\n---\nC\n",
            }
        )
        problems = self.problems("jekyll")
        places = [problem.split(": ")[0] for problem in problems]
        self.assertEqual(places, ["_posts/2020-01-01-a.md:3", "_posts/2020-01-01-b.md:3", "_posts/2020-13-45-c.md:1"])

    def test_a_site_of_jekyll_is_known_by_its_configuration_or_its_posts(self):
        self.assertTrue(jekyll.recognises(SITE))
        self.assertFalse(jekyll.recognises(SAMPLES / "hugo"))


class AddressTests(SimpleTestCase):
    def test_addresses_are_those_of_jekyll(self):
        date = datetime(2020, 1, 2, tzinfo=UTC)
        place = Place("Hello-you", date=date, categories=["Big News", "x"])
        for template, expected in (
            ("date", "/big news/x/2020/01/02/Hello-you.html"),
            ("pretty", "/big news/x/2020/01/02/Hello-you/"),
            ("ordinal", "/big news/x/2020/002/Hello-you.html"),
            ("none", "/big news/x/Hello-you.html"),
            ("/:slugified_categories/:short_year/:i_month/:slug", "/big-news/x/20/1/hello-you"),
            ("blog/:title:output_ext", "/blog/Hello-you.html"),
        ):
            with self.subTest(template):
                self.assertEqual(post_address(template, place), expected)
        for template, place, expected in (
            ("date", Place("about"), "/about.html"),
            ("pretty", Place("about", "me"), "/me/about/"),
            ("/:year/:title/", Place("about"), "/about/"),
            ("date", Place("index", "me"), "/me/"),
        ):
            with self.subTest(expected):
                self.assertEqual(page_address(template, place), expected)


class DialectTests(SimpleTestCase):
    def test_liquid_becomes_what_this_site_writes(self):
        notes: list[str] = []
        liquid = Liquid("/blog", "https://old.example", {"page.title": "T"}.get, lambda *note: notes.append(note[1]))
        for there, here in (
            ('{%- highlight py mark_lines="1 2" -%}x{% endhighlight %}', '```py {hl_lines="1 2"}\nx\n```'),
            ("{{ site.url }}{{ site.baseurl }}/a", "https://old.example/blog/a"),
            ("{{ '/a' | relative_url }}", "/blog/a"),
            ("{{ 'a' | prepend: '/' | prepend: site.baseurl }}", "/blog/a"),
            ("[x]({{ site.baseurl }}{% link _posts/2020-01-01-a.md %}#b)", "[x](ref:_posts/2020-01-01-a.md#b)"),
            ("{% link /assets/a.png %}", "/blog/assets/a.png"),
            ("{% raw %}{% x %}{% endraw %}", "{% x %}"),
            ("{% include image.html path='a.png' alt=page.title %}", "![T](a.png)"),
            ('{% youtube "abc" %}', "<https://www.youtube.com/watch?v=abc>"),
        ):
            with self.subTest(there):
                self.assertEqual(liquid.rewritten(Text(there, every_line(1, there))).body, here)
        notes.clear()
        left = "{% for x in y %}{{ x | upcase }}{% endfor %}"
        self.assertEqual(liquid.rewritten(Text(left, [1])).body, left)
        self.assertEqual(notes, ["{% for x in y %}", "{{ x | upcase }}", "{% endfor %}"])

    def test_kramdown_becomes_what_this_site_writes(self):
        notes: list[str] = []
        for there, here in (
            ("1. x\n{:toc}\n\nA", "\nA"),
            ("## A\n{: #b .c}\n", "## A {#b}\n"),
            ('[a](b){:target="_blank"}', '[a](b){:target="_blank"}'),
            ('![a](b){: .big width="3"}', '![a](b){:width="3"}'),
            ("```\nx\n```\n{: .language-py}\n", "```py\nx\n```\n"),
            ("{::nomarkdown}<b>x</b>{:/nomarkdown}", "<b>x</b>"),
            ("    {: .code}\n\n`{: .x}`", "\n`{: .x}`"),
        ):
            with self.subTest(there):
                text = translated(Text(there, every_line(1, there)), lambda *note: notes.append(note[1]))
                self.assertEqual(text.body, here)
        self.assertIn("{: #b .c}", notes)

    def test_a_table_of_kramdown_has_one_head_and_one_body_here(self):
        for there, here in (
            ("| a | b |\n|---|---|\n| 1 | 2 |\n", "| a | b |\n|---|---|\n| 1 | 2 |\n"),
            (
                "| a | b |\n|:--|--:|\n| 1 | 2 |\n|-----|\n| 3 | 4 |\n|=====|\n| 5 | 6 |\n",
                "| a | b |\n|:--|--:|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |\n",
            ),
            ("X\n\n| 1 | 2 |\n| `a` | 4 |", "X\n\n|  |  |\n| --- | --- |\n| 1 | 2 |\n| `a` | 4 |"),
            ("|---|\n| 1 |\n", "|  |\n| --- |\n| 1 |\n"),
            ("```\n| 1 | 2 |\n```\n", "```\n| 1 | 2 |\n```\n"),
            ("Words\n| 1 | 2 |\n", "Words\n| 1 | 2 |\n"),
        ):
            with self.subTest(there):
                text = translated(Text(there, every_line(1, there)), lambda *note: None)
                self.assertEqual(text.body, here)
