import re
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import SimpleTestCase, TestCase

from articles.files.front_matter import read_markdown
from articles.markdown import render
from articles.tests.examples import live, make_article
from articles.tests.image_files import MediaMixin
from blog import style_page

LANGUAGES = [code for code, _ in settings.LANGUAGES]

# What authors may write, each with the HTML that shows it in use.
CONSTRUCTS = {
    "paragraph": r"<p>[^<]",
    "emphasis": r"<em>\w",
    "strong": r"<strong>\w",
    "both": r"<em><strong>\w",
    "code in a line": r"<p>[^<]*(?:<(?!/p)[^>]*>[^<]*)*<code>",
    "strikethrough": r"<del>\w",
    "inserted": r"<ins>\w",
    "mark": r"<mark>\w",
    "superscript": r"m<sup>2</sup>",
    "subscript": r"H<sub>2</sub>O",
    "keys": r'<span class="keys"><kbd>Ctrl</kbd><span>\+</span><kbd>',
    "abbreviation": r'<abbr title="[^"]+">ISO</abbr>',
    "words of another language": r'<span lang="\w\w">[“«]',
    "line break": r"<p>[^<]+<br>",
    "typography": r"<p>(?:“It’s|«\u202fDéjà\u202f\?\u202f»)[^<]*",
    "heading of level 2": r'<h2 id="[\w-]+">.*?href="#[\w-]+"',
    "heading of level 3": r'<h3 id="[\w-]+">.*?href="#[\w-]+"',
    "heading of level 4": r'<h4 id="[\w-]+">.*?href="#[\w-]+"',
    "heading with its own id": r'<h3 id="(?:own-address|adresse-a-soi)">',
    "list in a list in a list, twice": r"(?s)<ul>.*?(?:<li>[^<]*<ul>\s*<li>[^<]*<ul>.*?){2}",
    "list that starts at a number": r'<ol start="4">',
    "task that is done": r'<li class="task-list-item"><span [^>]*class="task task-done"',
    "task that is open": r'<li class="task-list-item"><span [^>]*class="task task-open"',
    "definition list": r"<dl>\s*<dt>[^<]+</dt>\s*<dd>",
    "term with two definitions": r"</dd>\s*<dd>",
    "link with a title": r'<a href="https:[^"]+" title="[^"]+">\w',
    "bare address": r'<a href="(https:[^"]+)">\1</a>',
    "e-mail address": r'<a href="mailto:([^"]+)">\1</a>',
    "link to an article": r'<a href="article:python-flask-vs-django">\w',
    "link to a heading": r'<a href="#(?:own-address|adresse-a-soi)">\w',
    "quotation": r"<blockquote>\s*<p>",
    "quotation in a quotation": r"<blockquote>\s*<p>[^<]+</p>\s*<blockquote>",
    "list in a quotation": r"(?s)<blockquote>\s*<p>[^<]+</p>\s*<ol>",
    **{
        f"call-out: {kind}": rf'<div class="callout callout-{kind}" role="note">\s*<p class="callout-title">\w'
        for kind in ("note", "tip", "important", "warning", "caution")
    },
    "call-out with its own title": r'<p class="callout-title">\w+ \w+ \w',
    "call-out that opens": r'<details class="callout callout-tip">\s*<summary>\w',
    "details": r"<details>\s*<summary>\w",
    "footnote": r'<a class="footnote-ref" href="#fn:\w+"',
    "footnote that is named twice": r'<sup id="fnref2:',
    "footnote of two paragraphs": r'<li id="fn:[^"]+">\s*<p>.*</p>\s*<p>',
    "table": r'<div [^>]*class="table-box"[^>]*><table>',
    "column to the left": r'<td class="align-left">',
    "column in the middle": r'<td class="align-center">',
    "column to the right": r'<td class="align-right">',
    "caption of a table": r"<table><caption>\w",
    "wide table": r"<caption>[^\n]*<thead>\n<tr>\n(?:<th class=[^\n]*</th>\n){9}",
    "language of code": r'<span class="n">',
    "title of code": r'<span class="filename">\w+\.py</span>',
    "numbered lines": r'<span class="linenos" data-linenos="9 ">',
    "highlighted lines": r'<span class="hll">',
    "long line of code": r'<code><span class="n">\w+</span>[^\n]{800,}\n',
    "code in a list": r'(?s)<ol>\s*<li>\s*<p>[^<]+</p>\s*<div class="highlight">',
    "console": r'<span class="gp">\$ </span>',
    "source beside it": r'<code><span class="ge">\*\w+\*</span>',
    "figure with a caption": r"<figure><img [^>]*><figcaption>\w[^<]*<em>",
    "alternative text": r'<img alt="[^"]{40,}"',
    "rule": r"</p>\n<hr>\n<p>",
}


SHOWN_SOURCE = re.compile(r"^(`{3,})markdown\n(.*?)^\1$", re.DOTALL | re.MULTILINE)


def source_in(language: str) -> str:
    return read_markdown(style_page.FOLDER / f"index.{language}.md")[1]


def sections(html: str) -> list[str]:
    """Return the text before the first section, each section, and the notes."""
    return re.split(r'(?=<h2 |<section [^>]*class="footnotes")', html)


def constructs(html: str) -> list[str]:
    return [name for name, expression in CONSTRUCTS.items() if re.search(expression, html)]


class StylePageTests(SimpleTestCase):
    def test_every_construct_is_shown_in_every_language(self):
        for language in LANGUAGES:
            html = style_page.in_language(language).rendering.html
            with self.subTest(language):
                self.assertEqual(constructs(html), list(CONSTRUCTS))

    def test_every_language_shows_the_same_in_the_same_sections(self):
        first, *others = [
            [constructs(section) for section in sections(style_page.in_language(language).rendering.html)]
            for language in LANGUAGES
        ]
        self.assertGreater(len(first), 8)
        for other in others:
            self.assertEqual(other, first)

    def test_what_stands_before_the_line_more_would_be_the_summary(self):
        for language in LANGUAGES:
            self.assertEqual(len(render(source_in(language), language).excerpt.splitlines()), 2, language)

    def test_each_source_that_is_shown_gives_a_construct(self):
        for language in LANGUAGES:
            sources = [match[2] for match in SHOWN_SOURCE.finditer(source_in(language))]
            self.assertGreater(len(sources), 15)
            for source in sources:
                with self.subTest(language, source=source):
                    self.assertTrue(set(constructs(render(source, language).html)) - {"paragraph"})

    def test_the_picture_that_it_shows_lies_beside_it(self):
        for language in LANGUAGES:
            names = re.findall(r"\]\(([\w-]+\.\w+)", source_in(language))
            self.assertEqual({(style_page.FOLDER / name).is_file() for name in names}, {True}, names)


class StyleViewTests(MediaMixin, TestCase):
    def test_a_language_without_a_text_shows_the_default_one_and_says_so(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        shutil.copy(style_page.FOLDER / "index.en.md", folder)
        self.addCleanup(style_page.in_language.cache_clear)
        style_page.in_language.cache_clear()
        with patch.object(style_page, "FOLDER", folder):
            page = self.client.get("/fr/style/")
        self.assertContains(page, '<article class="article" lang="en">')
        self.assertContains(page, "language-line")

    def test_its_picture_is_kept_in_the_library_once_and_shown(self):
        self.assertNotContains(self.client.get("/en/style/"), "<picture")
        self.assertEqual([style_page.keep_picture() for _ in range(2)], [True, False])
        for language in LANGUAGES:
            self.assertContains(self.client.get(f"/{language}/style/"), "</picture><figcaption>")

    def test_it_is_read_in_every_language_without_a_cookie(self):
        for language in LANGUAGES:
            response = self.client.get(f"/{language}/style/")
            self.assertContains(response, f'<html lang="{language}">')
            self.assertContains(response, 'class="contents"')
            self.assertFalse(response.cookies)

    def test_its_links_lead_to_articles_that_are_live(self):
        self.assertNotContains(self.client.get("/fr/style/"), 'href="article:')
        make_article("python-flask-vs-django", en=live("Two frameworks"))
        response = self.client.get("/fr/style/")
        self.assertContains(response, 'href="/en/articles/two-frameworks/" hreflang="en"')

    def test_authors_reach_it_from_every_page_of_the_admin(self):
        self.client.force_login(get_user_model().objects.create_superuser("editor"))
        self.assertContains(self.client.get("/admin/"), '<a href="/en/style/">')

    def test_it_is_rendered_once_and_not_for_each_reader(self):
        style_page.in_language.cache_clear()
        with patch("blog.style_page.render", wraps=render) as rendering:
            for _ in range(3):
                for language in LANGUAGES:
                    self.client.get(f"/{language}/style/")
        self.assertEqual(rendering.call_count, len(LANGUAGES))
