import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.test import SimpleTestCase, TestCase

from articles import references
from articles.markdown import render
from articles.models import Image, Rendering
from articles.tests.constructs import constructs
from articles.tests.examples import live, make_article
from blog.feeds.content import ATTRIBUTES, portable

PAGE = "https://blog.example/en/articles/a/"

# What a page adds for its own style, keyboard and speed.
PAGE_ONLY = {"class", "style", "role", "tabindex", "loading", "decoding", "srcset", "sizes", "open"}


class Elements(HTMLParser):
    """The start tags of a text, and whether they are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag not in {"br", "hr", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"{tag} closes another element"


def written(source: str, language: str = "en") -> str:
    return portable(render(source, language).html, PAGE)


class PortableTests(SimpleTestCase):
    def test_no_construct_keeps_what_works_on_its_page_alone_and_every_address_is_absolute(self):
        for name, (source, _) in constructs().items():
            with self.subTest(name):
                elements = Elements(written(source))
                self.assertEqual(elements.open, [])
                for tag, attributes in elements.found:
                    self.assertLessEqual(set(attributes), ATTRIBUTES - PAGE_ONLY)
                    self.assertNotIn(tag, {"div", "section", "picture", "source", "details", "summary"})
                    for attribute in attributes.keys() & {"href", "src"}:
                        self.assertTrue(urlsplit(attributes[attribute]).scheme, attributes)

    def test_no_word_of_a_construct_is_lost(self):
        def words(html: str) -> list[str]:
            html = re.sub(r'<a class="heading-link".*?</a>', "", html)
            return re.sub(r"<[^>]*>|[☐☑]", " ", html).split()

        for name, (source, _) in constructs().items():
            self.assertEqual(words(written(source)), words(render(source, "en").html), name)

    def test_headings_lose_the_link_to_themselves_and_keep_their_ids(self):
        self.assertEqual(written("## Two *words*"), '<h2 id="two-words">Two <em>words</em></h2>')

    def test_code_is_plain_below_its_file_s_name(self):
        source = '```python title="a.py" linenums="1" hl_lines="2"\nx = 1\ny = 2 < 3\n```'
        self.assertEqual(written(source), "<p><strong>a.py</strong></p><pre><code>x = 1\ny = 2 &lt; 3\n</code></pre>")

    def test_tasks_are_signs(self):
        expected = "<ul>\n<li>☐ open</li>\n<li>☑ done</li>\n</ul>"
        self.assertEqual(written("- [ ] open\n- [x] done"), expected)

    def test_call_outs_and_details_are_quotes_below_their_titles(self):
        expected = "<blockquote>\n<p><strong>Mind <em>this</em></strong></p>\n<p>Words</p>\n</blockquote>"
        for source in ("> [!WARNING] Mind *this*\n> Words", "> [!TIP]- Mind *this*\n> Words"):
            self.assertEqual(written(source), expected)
        details = "<details lang=fr markdown><summary>Titre</summary>\n\nMots\n\n</details>"
        self.assertIn('<blockquote lang="fr">\n<p><strong>Titre</strong></p>\n<p>Mots</p>', written(details))

    def test_tables_are_tables_without_their_box(self):
        html = written("| a |\n|--:|\n| 1 |")
        self.assertTrue(html.startswith("<table>"), html)
        self.assertTrue(html.endswith("</table>"), html)

    def test_notes_lead_to_the_page_and_to_the_ids_that_are_there(self):
        html = written("a[^x]\n\n[^x]: Note")
        self.assertIn(f'<sup id="fnref:x"><a href="{PAGE}#fn:x">1</a></sup>', html)
        self.assertIn('<li id="fn:x">', html)
        self.assertIn(f'href="{PAGE}#fnref:x"', html)

    def test_addresses_of_all_kinds_are_absolute(self):
        for written_as, address in {
            "/en/": "https://blog.example/en/",
            "../b/": "https://blog.example/en/articles/b/",
            "//other.example/x": "https://other.example/x",
            "?a=1&b": f"{PAGE}?a=1&amp;b",
            "#part": f"{PAGE}#part",
            "mailto:a@b.example": "mailto:a@b.example",
            "tel:+33": "tel:+33",
            "https://other.example/?a=1&b=2": "https://other.example/?a=1&amp;b=2",
        }.items():
            self.assertEqual(written(f"[x]({written_as})"), f'<p><a href="{address}">x</a></p>')

    def test_what_is_no_address_is_left_out(self):
        self.assertEqual(portable('<a href="http://[">x</a>', PAGE), "<a>x</a>")

    def test_an_author_s_own_use_of_the_page_s_classes_breaks_nothing(self):
        for name in ("callout", "callout-title", "filename", "task", "heading-link"):
            for html in (f'<hr class="{name}">', f'<p>a<br class="{name}">b</p>', f'<p><b class="{name}">a</b> b</p>'):
                self.assertEqual(Elements(written(html)).open, [])

    def test_foreign_words_keep_their_language(self):
        self.assertEqual(written("The [bon mot]{lang=fr}"), '<p>The <span lang="fr">bon mot</span></p>')


class ResolvedTests(TestCase):
    def test_images_are_one_plain_file_and_links_to_another_language_say_so(self):
        Image.objects.create(
            key="leaf", file_name="leaf.jpg", digest="0" * 64, format="jpg", width=900, height=600, widths=[480, 900]
        )
        make_article("b", fr=live("Été"))
        article = make_article("a", en=live("A", body='![A "leaf"](image:leaf)\n\n[](article:b)'))
        body = references.resolved_apart(Rendering.objects.filter(article=article))[0]
        image, link = portable(body, PAGE).split("\n")
        self.assertRegex(
            image,
            r'^<p><img src="https://blog\.example/media/[^"]+\.jpg" alt="A “leaf”" width="900" height="600"></p>$',
        )
        self.assertEqual(
            link,
            '<p><a href="https://blog.example/fr/articles/ete/" hreflang="fr">'
            '<span lang="fr">Été</span> <span lang="fr">(fr)</span></a></p>',
        )
