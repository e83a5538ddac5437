import os
import tempfile
import time
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.test import SimpleTestCase, TestCase

from articles.files.problems import ImportProblems
from articles.importers import wordpress
from articles.importers.post import Post, Term
from articles.importers.wordpress.php import unserialized
from articles.importers.wordpress.posts import SIZED
from articles.importers.wordpress.short_codes import Expansion, expanded, with_blocks
from articles.models import Article, Redirect

SAMPLES = Path(__file__).parent / "samples"
HARBOUR = SAMPLES / "wordpress"
HEAD = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<rss xmlns:wp="http://wordpress.org/export/1.2/" '
    b'xmlns:content="http://purl.org/rss/1.0/modules/content/">\n<channel>\n'
)
ITEM = (
    b"<item>\n<title>T</title>\n<content:encoded><![CDATA[%s]]></content:encoded>\n<wp:post_id>1</wp:post_id>\n"
    b"<wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>\n"
)
END = b"</channel></rss>"

HARBOUR_EN = """\
![](https://old.example.org/wp-content/uploads/2020/01/far.jpg)

Hello\u00a0: the **harbour** at [dawn](https://old.example.org/fr/2020/01/le-port-de-l-ete/), \
and [a draft](/?p=103).[^1]

<!-- more -->

![The port](https://old.example.org/wp-content/uploads/2020/01/port.png "At *five*")

```javascript
let a = 1 < 2;
```

Said everywhere.

<https://youtu.be/abc>

[^1]: A *note*."""

HARBOUR_FR = """\
Bonjour\u00a0: le **port**.\\
Deuxième ligne.

![Le port](https://old.example.org/wp-content/uploads/2020/01/port.png "À *cinq* heures")

```php
<?php
echo [[1]];

// kept
```

![The port, seen from above](https://old.example.org/wp-content/uploads/2020/01/port.png "The port")

Il a dit [sic] que[^1] oui.

<https://youtu.be/abc>

[^1]: Une note."""

NOTES = {
    (47, "it stood at the top of the home page: no article does so here", ""),
    (47, "left out: comments:", "1"),
    (47, "left out: the custom field", "rating"),
    (47, "left out: what it is filed under as “post_format”:", "Aside"),
    (47, "the featured image stands at the top of the text:", "https://old.example.org/wp-content/uploads/2020/01/far.jpg"),
    (72, "left out: the block", "latest-posts"),
    (75, "embedded, and a link now: block", "https://youtu.be/abc"),
    (135, "left out: pictures of a gallery that the export does not hold:", "999"),
    (137, "left out: the short code", "contact-form-7"),
    (141, "embedded, and a link now: short code", "https://youtu.be/abc"),
    (179, "a draft now: it was private", ""),
    (200, "a draft now: a password protected it", ""),
    (242, "left out: it was thrown away:", "“Gone”"),
    (269, "left out: a text in a language that this site does not have:", "de"),
    (356, "left out: a text of another type,", "product: “Mug”"),
    (398, "left out: what WordPress calls nav_menu_item:", "1"),
}  # fmt: skip


def by_title(posts: list[Post]) -> dict[str, Post]:
    return {post.title: post for post in posts}


class WordpressTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.list, cls.notes = wordpress.read(HARBOUR, "en")
        cls.posts = by_title(cls.list)

    def test_an_export_is_recognised_alone_and_in_its_folder(self):
        self.assertTrue(wordpress.recognises(HARBOUR))
        self.assertTrue(wordpress.recognises(next(HARBOUR.glob("*.xml"))))
        self.assertFalse(wordpress.recognises(SAMPLES / "ghost"))

    def test_polylang_pairs_texts_and_terms_and_names_languages_by_their_locales(self):
        english, french = self.posts["The harbour"], self.posts["Le port de l’été"]
        self.assertEqual((english.language, french.language), ("en", "fr"))
        self.assertEqual((english.pair, french.pair), ("pll_5e11/the-harbour",) * 2)
        self.assertEqual(english.tags[0], Term("news", "News & more", ("/category/news/",)))
        self.assertEqual(french.tags, [Term("news", "Actualités", ("/fr/category/actualites/",))])

    def test_wpml_pairs_texts_by_its_fields_and_its_copies_and_by_the_address(self):
        posts = by_title(wordpress.read(SAMPLES / "wordpress_wpml", "en")[0])
        pairs = {title: (post.language, post.pair, post.is_original) for title, post in posts.items()}
        self.assertEqual(
            pairs,
            {
                "Bread": ("en", "wpml-g7/bread", True),
                "Pain": ("fr", "wpml-g7/bread", False),
                "Salt": ("en", "copies-3/salt", False),
                "Sel": ("fr", "copies-3/salt", False),
                "Poivre": ("fr", "5/poivre", False),
            },
        )
        self.assertEqual(posts["Pain"].addresses, ["/blog/fr/pain/", "/blog/?p=2"])

    def test_bodies_of_both_editors_become_clean_markdown(self):
        self.assertEqual(self.posts["The harbour"].body, HARBOUR_EN)
        self.assertEqual(self.posts["Le port de l’été"].body, HARBOUR_FR)

    def test_each_line_of_a_body_knows_its_line_of_the_export(self):
        lines = next(HARBOUR.glob("*.xml")).read_text().split("\n")
        post = self.posts["The harbour"]
        for number, line in enumerate(post.body.split("\n")):
            if line.startswith("Hello"):
                self.assertIn("<p>Hello", lines[post.lines[number] - 1])
            if line.startswith("let a"):
                self.assertIn("let a", lines[post.lines[number] - 1])

    def test_dates_are_those_of_the_zone_in_which_they_stand(self):
        dates = {title: post.published_at for title, post in self.posts.items()}
        self.assertEqual(dates["The harbour"], datetime(2020, 1, 5, 9, 0, tzinfo=UTC))
        # Without the date in UTC, that of the site.
        self.assertEqual(dates["Le port de l’été"].strftime("%Y-%m-%d %H:%M"), "2020-01-06 08:30")
        self.assertEqual(dates["Later"].year, 2098)
        self.assertEqual([dates[title] for title in ("A draft", "Private", "Locked")], [None] * 3)

    def test_old_addresses_are_the_permalink_the_number_and_former_slugs(self):
        self.assertEqual(
            self.posts["The harbour"].addresses, ["/2020/01/the-harbour/", "/?p=101", "/2020/01/the-port/"]
        )
        self.assertEqual(self.posts["About"].addresses, ["/about/", "/?page_id=120"])
        self.assertEqual(self.posts["A draft"].addresses, [])
        self.assertTrue(self.posts["About"].is_page)

    def test_authors_summaries_and_slugs_are_read_as_people_see_them(self):
        self.assertEqual(self.posts["The harbour"].authors, ["Ada L’Heureux"])
        self.assertEqual(self.posts["The harbour"].summary, "The harbour, at dawn.")
        self.assertEqual(self.posts["Le port de l’été"].slug, "le-port-de-lété")

    def test_all_that_is_left_out_or_changed_is_noted_with_its_line(self):
        self.assertEqual({(note.line, note.text, note.about) for note in self.notes}, NOTES)

    def test_uploads_beside_the_export_are_found_and_nothing_outside(self):
        post = self.posts["The harbour"]
        self.assertTrue(post.local_file("https://old.example.org/wp-content/uploads/2020/01/port.png"))
        self.assertTrue(post.local_file("http://www.old.example.org/wp-content/uploads/2020/01/port.png"))
        self.assertIsNone(post.local_file("/wp-content/uploads/../../harbour.WordPress.2025-01-05.xml/../../x"))

    def test_only_maps_of_words_and_numbers_are_read_of_what_php_serialised(self):
        self.assertEqual(unserialized('a:2:{s:2:"en";i:1;s:2:"fr";s:3:"é!";}'), {"en": 1, "fr": "é!"})
        for broken in ('O:8:"stdClass":0:{}', 'a:2:{s:2:"en";i:1;}', 'a:1:{s:9:"en";i:1;}', "a:9:{", "x" * 9, ""):
            self.assertEqual(unserialized(broken), {})
        self.assertEqual(unserialized("a:1:{i:0;" * 50 + "i:1;" + "}" * 50), {})

    def test_short_codes_are_words_where_they_only_look_like_codes(self):
        for text, expected, about in (
            ("a [sic] [1] [x](y)", "a [sic] [1] [x](y)", []),
            ("[[gallery]]", "&#91;gallery]", []),
            ("[box]in[/box]", "in", ["box"]),
            ("<pre>[box]in[/box]</pre>", "<pre>[box]in[/box]</pre>", []),
            ("[unclosed_code] a", " a", ["unclosed_code"]),
            (
                "[embed]https://x.org/a[/embed]",
                '<p><a href="https://x.org/a">https://x.org/a</a></p>',
                ["https://x.org/a"],
            ),
            ("[python]a < b[/python]", '<pre data-language="python">a &lt; b</pre>', []),
        ):
            with self.subTest(text):
                expansion = Expansion()
                self.assertEqual(expanded(text, expansion), expected)
                self.assertEqual([loss.about for loss in expansion.losses], about)


class HostileExportTests(SimpleTestCase):
    def problem(self, content: bytes) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "export.xml")
            path.write_bytes(content)
            with self.assertRaises(ImportProblems) as raised:
                wordpress.read(path, "en")
            return str(raised.exception).removeprefix(str(path))

    def test_entities_and_document_types_are_refused_before_they_are_read(self):
        bomb = b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<rss>&b;</rss>'
        outside = b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<rss>&a;</rss>'
        for content in (bomb, outside, b'<!DOCTYPE rss SYSTEM "http://x.org/x.dtd"><rss/>'):
            self.assertIn("a document type declaration", self.problem(content))

    def test_broken_files_are_refused_with_their_line(self):
        for content, expected in (
            (HEAD + b"<item><title>T</item>", ":4: broken XML: mismatched tag"),
            (HEAD + ITEM % b"x", ":9: broken XML: no element found"),
            (HEAD + ITEM % b"caf\xe9" + END, ":6: not UTF-8"),
            (HEAD + ITEM % b"a\0b" + END, ":6: a null character"),
            (HEAD + b"<item><title>&hellip;</title></item>" + END, ":4: broken XML: undefined entity"),
            (b"<html><body>404</body></html>", ":1: no export of WordPress"),
            (HEAD + b"<a>" * 40, ":4: more than 30 elements in each other"),
            (HEAD + ITEM % (b"\n" + b"<div>" * 200) + END, ":7: more than 100 elements in each other"),
        ):
            with self.subTest(expected):
                self.assertTrue(self.problem(content).startswith(expected), self.problem(content))

    def test_a_file_of_a_gigabyte_of_nothing_is_refused_at_once(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "export.xml")
            with path.open("wb") as file:
                file.write(HEAD)
                os.truncate(file.fileno(), 1 << 30)
            with self.assertRaisesRegex(ImportProblems, "null character"):
                wordpress.read(path, "en")

    def test_hostile_bodies_are_read_in_linear_time(self):
        started = time.process_time()
        pieces = (
            "[caption]",
            "[a",
            "[/x]",
            "[x y=",
            "<pre ",
            "<!-- wp:code {",
            "<!-- wp:gallery {} -->",
            "/u/",
            "http://",
        )
        for piece in pieces:
            html = with_blocks(piece * 5_000, Expansion())
            expanded(html, Expansion())
            SIZED.sub("", html)
        self.assertLess(time.process_time() - started, 3)

    def test_controls_that_wordpress_exports_and_blank_lines_before_the_xml_are_no_fault(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "export.xml")
            path.write_bytes(b"\n\n" + HEAD + ITEM % b"a\x08\x0bb" + END)
            posts, notes = wordpress.read(path, "fr")
        self.assertEqual([(post.body, post.language, post.line) for post in posts], [("ab", "fr", 8)])
        self.assertEqual(notes[0].text, "a draft now: it is published, and its date cannot be read:")


class ImportedWordpressTests(TestCase):
    def test_an_export_is_imported_with_its_pairs_and_its_old_addresses_redirect(self):
        output = StringIO()
        call_command("import_articles", HARBOUR, stdout=output, stderr=output)
        self.assertIn("taken for a blog of WordPress", output.getvalue())
        article = Article.objects.get(key="the-harbour")
        self.assertEqual((article.title_en, article.title_fr), ("The harbour", "Le port de l’été"))
        self.assertEqual([tag.name_fr for tag in article.tags.all() if tag.name_fr], ["Actualités"])
        for old in ("/2020/01/the-harbour/", "/?p=101", "/2020/01/the-port/", "/fr/2020/01/le-port-de-l-ete/"):
            with self.subTest(old):
                language = "fr" if old.startswith("/fr/") else "en"
                answer = self.client.get(old, follow=True)
                self.assertEqual(answer.status_code, 200)
                self.assertIn(article.get_absolute_url(language), answer.redirect_chain[-1][0])
        self.assertIn(f"[dawn](/fr/articles/{article.slug_fr}/)", article.body_en)
        self.assertEqual(article.published_at_en, datetime(2020, 1, 5, 9, 0, tzinfo=UTC))
        self.assertTrue(Redirect.objects.filter(old_path="/about/").exists())
        again = StringIO()
        call_command("import_articles", HARBOUR, stdout=again, stderr=again)
        self.assertIn("Created 0, updated 0", again.getvalue())
