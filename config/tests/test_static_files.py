"""What readers get beside the pages: names that change with the content, few bytes, kept for good."""

import re

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import SimpleTestCase, TestCase

from articles.tests.examples import live, make_article
from config.static_files import without_comments

STYLESHEETS = (
    "css/site.css",
    "css/code.css",
    "css/feed.css",
    "css/admin.css",
    "blog/structure.css",
    "articles/admin.css",
)
FILE = re.compile(r'(?:href|src)="(/static/[^"]+)"')


class CommentTests(SimpleTestCase):
    def test_comments_and_indentation_go(self):
        self.assertEqual(
            without_comments("/* One\n   more */\na {\n  color: red; /* why */\n\n  /* */ top: 0;\n}\n\n\nb {}\n"),
            "a {\ncolor: red;\ntop: 0;\n}\nb {}\n",
        )

    def test_text_in_quotes_and_licences_stay(self):
        for css in (
            'a::before { content: "/* no comment */  "; }\n',
            "a::before { content: '/* none \" either */'; }\n",
            'a { content: "\\"/*"; } b { content: "*/"; }\n',
            "/*! Licence: MIT */\na { top: 0; }\n",
            "a { background: url(a/b.png); width: calc(1px / 2 * 3); }\n",
        ):
            self.assertEqual(without_comments(css), css)

    def test_an_apostrophe_in_a_comment_opens_no_text(self):
        self.assertEqual(without_comments("/* a reader's */ a {} /* it's */\n"), "a {}\n")

    def test_nothing_else_changes(self):
        for name in STYLESHEETS:
            with open(finders.find(name)) as file:
                source = file.read()
            made = without_comments(source)
            self.assertEqual(without_comments(made), made)
            self.assertNotIn("/*", made)
            # Written in another way, for sheets of ours, whose quotes hold no comments.
            self.assertEqual(made.split(), re.sub(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/", "", source).split(), name)


class FileTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_article("a", en=live("Summer", body="```python\nx = 1\n```"))

    def test_every_file_of_a_readers_page_is_named_by_its_content_small_and_kept_for_good(self):
        pages = (
            "/en/",
            "/en/articles/summer/",
            "/en/structure/",
            "/en/style/",
            "/en/search/",
            "/en/nothing/",
            "/fr/feed.xml",
        )
        files = {file for page in pages for file in FILE.findall(self.client.get(page).content.decode())}
        self.assertGreaterEqual(len(files), 4)
        for file in files:
            with self.subTest(file):
                self.assertRegex(file, r"\.[0-9a-f]{12}\.\w+$")
                plain = b"".join(self.client.get(file))
                for coding in ("br", "gzip"):
                    response = self.client.get(file, headers={"Accept-Encoding": coding})
                    body = b"".join(response)
                    self.assertEqual(response.headers["Content-Encoding"], coding)
                    self.assertEqual(response.headers["Content-Length"], str(len(body)))
                    self.assertLess(len(body), len(plain))
                    self.assertIn("immutable", response.headers["Cache-Control"])
                    self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
                    self.assertEqual(response.headers["Vary"], "Accept-Encoding")
                    if coding == "br":
                        self.assertEqual(brotli.decompress(body), plain)

    def test_the_stylesheets_are_served_without_comments(self):
        for name in STYLESHEETS:
            self.assertNotIn(b"/*", b"".join(self.client.get(static(name))), name)

    def test_a_page_asks_for_its_style_and_its_sign_alone(self):
        for page, count in {
            "/en/": 2,
            "/en/archive/": 2,
            "/en/search/": 2,
            "/en/nothing/": 2,
            "/en/articles/summer/": 3,
        }.items():
            self.assertEqual(len(FILE.findall(self.client.get(page).content.decode())), count, page)
        make_article("b", en=live("Winter"))
        # Without code, none of its colours.
        self.assertEqual(len(FILE.findall(self.client.get("/en/articles/winter/").content.decode())), 2)

    def test_no_rule_of_style_is_for_a_class_that_no_page_can_have(self):
        words = set()
        for folder in ("articles", "blog", "templates"):
            for path in (settings.BASE_DIR / folder).rglob("*.*"):
                if path.suffix in (".html", ".py", ".md") and "tests" not in path.parts:
                    words |= set(re.findall(r"[\w-]+", path.read_text()))
        for name in ("css/site.css", "blog/structure.css"):
            with open(finders.find(name)) as file:
                css = re.sub(r'"[^"]*"|\{[^{}]*\}', "", without_comments(file.read()))
            for found in set(re.findall(r"\.([a-z][\w-]*)", css)):
                # The kind of a call-out is put behind a word and a hyphen.
                self.assertTrue({found, f"{found.partition('-')[0]}-"} & words, f"{name}: .{found}")
