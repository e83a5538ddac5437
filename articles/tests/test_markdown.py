import ast
import re
import string
from pathlib import Path

from django.test import SimpleTestCase

from articles import markdown
from articles.markdown import render
from articles.markdown.converter import SIGNS, make_converter
from articles.markdown.words import words_in

from .constructs import constructs


class ConstructTests(SimpleTestCase):
    maxDiff = None

    def test_each_construct_gives_exactly_its_html(self):
        for name, (source, html) in constructs().items():
            with self.subTest(name):
                self.assertEqual(render(source, "en").html, html)

    def test_each_construct_gives_the_same_html_among_the_others(self):
        # Notes, abbreviations and references are gathered from the whole text; a fence without an end takes the rest.
        gathered = ("[^", "*[HTML]", "]: ", "TOC")
        alone = {n: c for n, c in constructs().items() if not any(sign in c[0] for sign in gathered)}
        del alone["a fence without an end"]
        whole = render("\n\nBetween.\n\n".join(source for source, _ in alone.values()), "en").html
        for name, (_, html) in alone.items():
            with self.subTest(name):
                # The second of two equal headings has another anchor.
                self.assertTrue("<h2" in html or html in whole, html)

    def test_a_line_is_broken_by_two_spaces_at_its_end(self):
        self.assertEqual(render("one  \ntwo", "en").html, "<p>one<br>\ntwo</p>")

    def test_the_pipeline_s_own_words_are_in_the_language_of_the_text(self):
        source = "## A\n\nb[^1]\n\n> [!TIP]\n> c\n\n- [x] d\n\n|a|\n|-|\n|b|\n\n++shift++\n\n[^1]: n"
        html = render(source, "fr").html
        for words in ("Lien vers cette section", "Retour à l’appel de note 1", "Astuce", "Fait", "Tableau", ">Maj<"):
            self.assertIn(words, html)


class InlinePatternTests(SimpleTestCase):
    def test_a_pattern_finds_nothing_in_a_text_without_its_sign(self):
        patterns = make_converter("en", words_in("en"), lambda text: None).inlinePatterns
        texts = [*(source for source, _html in constructs().values()), string.printable * 2]
        for name, sign in SIGNS.items():
            expression = patterns[name].getCompiledRegExp()
            with self.subTest(name):
                # Whatever stands where the sign did.
                bare = [text.replace(sign, other) for text in texts for other in ("", "x", " ")]
                found = [text for text in bare if sign not in text and next(expression.finditer(text), None)]
                self.assertEqual(found, [])


class RenderingTests(SimpleTestCase):
    def test_headings_have_anchors_by_the_rules_of_the_language(self):
        self.assertIn('<h2 id="l-ete">', render("## L'été\n\ntexte", "fr").html)

    def test_equal_headings_have_different_anchors(self):
        html = render("## A\n\n## A\n\n## 日本", "en").html
        for anchor in ("a", "a_1", "section"):
            self.assertIn(f'id="{anchor}"', html)

    def test_no_id_stands_twice_and_none_is_the_page_s_own(self):
        html = render('## A\n\n<p id="a">x</p>\n\n<p id="page_main">y</p>', "en").html
        self.assertEqual(html.count('id="a"'), 1)
        self.assertNotIn("page_main", html)

    def test_a_body_with_level_one_headings_is_moved_below_the_title(self):
        html = render("# One\n\n## Two", "en").html
        self.assertNotIn("<h1", html)
        self.assertIn('<h2 id="one">', html)
        self.assertIn('<h3 id="two">', html)

    def test_levels_of_headings_leave_no_gap_and_keep_who_stands_below_whom(self):
        for written, given in {
            "## #### #### ### ##": "2 3 3 3 2",
            "# ## # ###": "2 3 2 3",
            "### ## ####": "2 2 3",
            "# ## ### #### ##### ######": "2 3 4 5 6 6",
        }.items():
            html = render("\n\n".join(f"{signs} H" for signs in written.split()), "en").html
            self.assertEqual(re.findall(r"<h(\d)", html), given.split(), written)

    def test_contents_are_a_tree_with_plain_names(self):
        contents = render("## A *b* & `c`\n\n### D\n\n## E", "en").contents
        self.assertEqual([entry["name"] for entry in contents], ["A b & c", "E"])
        self.assertEqual(contents[0]["children"][0]["id"], "d")

    def test_an_unknown_language_of_code_is_plain_text(self):
        self.assertIn("whatever = 1", render("```nosuchthing\nwhatever = 1\n```", "en").html)

    def test_code_carries_no_style_of_its_own(self):
        self.assertNotIn("style=", render("```python\ndef f(): pass\n```", "en").html)

    def test_the_excerpt_is_the_prose_before_the_mark_and_the_mark_is_not_shown(self):
        rendered = render("First *words*[^1].\n\n## Head\n\n<!-- more -->\n\nRest.\n\n[^1]: Note", "en")
        self.assertEqual(rendered.excerpt, "First words.\nHead")
        self.assertNotIn("more", rendered.html)
        self.assertIn("Rest.", rendered.html)

    def test_without_the_mark_there_is_no_excerpt_and_a_mark_in_code_is_none(self):
        for source in ("Words.", "`<!-- more -->`", "```html\n<!-- more -->\n```"):
            self.assertEqual(render(source, "en").excerpt, "")

    def test_a_class_that_is_the_page_s_is_taken_away(self):
        html = render('<p class="skip-link k">x</p>\n\ny\n{.site-header .callout}', "en").html
        self.assertEqual(html, '<p class="k">x</p>\n\n<p class="callout">y</p>')

    def test_control_characters_do_not_reach_the_page(self):
        self.assertEqual(render("a\x0b\x1b\x85\ufffe b", "en").html, "<p>a b</p>")

    def test_one_text_leaves_nothing_in_the_next(self):
        first = render("## A\n\nx[^1]\n\n[^1]: n", "en")
        render("## A\n\n[ref]: https://example.org\n\nx[^1]\n\n[^1]: other", "en")
        self.assertEqual(render("## A\n\nx[^1]\n\n[^1]: n", "en"), first)

    def test_prose_holds_words_and_neither_code_nor_signs(self):
        text = render("## Head\n\nSome *words*[^1] & `inline`.\n\n```\ncode\n```\n\n- item\n\n[^1]: Note.", "en").text
        self.assertEqual(text.split(), ["Head", "Some", "words", "&", "inline.", "item", "Note."])

    def test_words_of_two_blocks_stay_apart(self):
        self.assertEqual(render("| a | b |\n|---|---|\n| 1 | 2 |", "en").text.split(), ["a", "b", "1", "2"])


class BorderTests(SimpleTestCase):
    def test_the_pipeline_knows_no_database_and_no_request(self):
        for module in Path(markdown.__file__).parent.rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text())):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                for name in names:
                    self.assertFalse(name.startswith(("django.db", "django.http", "articles.models")), module)
