import ast
from pathlib import Path

from django.test import SimpleTestCase

from articles import markdown
from articles.markdown import render

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<svg onload=alert(1)></svg>",
    "<iframe src=https://example.org></iframe>",
    "<a href='vbscript:x' style='position:fixed'>x</a>",
    "<form action=/admin/><input name=a></form>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<style>body{display:none}</style>",
    "`<script>`\n\n    <script>alert(1)</script>",
]
FORBIDDEN = [
    "<script",
    "onerror",
    "onload",
    "javascript:",
    "data:",
    "vbscript:",
    "<iframe",
    "<style",
    "style=",
    "<form",
]
FORBIDDEN += ["<input", "<svg", "<math"]


class RenderingTests(SimpleTestCase):
    def test_headings_have_anchors_by_the_rules_of_the_language(self):
        html = render("## L'été\n\ntexte", "fr").html
        self.assertIn('<h2 id="l-ete">', html)
        self.assertIn('href="#l-ete"', html)
        self.assertIn('title="Lien vers cette section"', html)

    def test_equal_headings_have_different_anchors(self):
        html = render("## A\n\n## A\n\n## 日本", "en").html
        for anchor in ("a", "a_1", "section"):
            self.assertIn(f'id="{anchor}"', html)

    def test_a_body_with_level_one_headings_is_moved_below_the_title(self):
        html = render("# One\n\n## Two", "en").html
        self.assertNotIn("<h1", html)
        self.assertIn('<h2 id="one">', html)
        self.assertIn('<h3 id="two">', html)

    def test_contents_are_a_tree_with_plain_names(self):
        contents = render("## A *b* & `c`\n\n### D\n\n## E", "en").contents
        self.assertEqual([entry["name"] for entry in contents], ["A b & c", "E"])
        self.assertEqual(contents[0]["children"][0]["id"], "d")

    def test_code_is_coloured_by_classes_and_can_be_scrolled_by_keyboard(self):
        html = render("```python\ndef f(): pass\n```", "en").html
        self.assertIn('<span class="k">def</span>', html)
        self.assertIn('<pre tabindex="0">', html)
        self.assertNotIn("style=", html)

    def test_an_unknown_language_of_code_is_plain_text(self):
        self.assertIn("whatever = 1", render("```nosuchthing\nwhatever = 1\n```", "en").html)

    def test_tables_keep_their_alignment(self):
        html = render("| a | b |\n|---|--:|\n| 1 | 2 |", "en").html
        self.assertIn('<td align="right">2</td>', html)

    def test_footnotes_lead_there_and_back_in_the_language_of_the_text(self):
        html = render("Texte[^1].\n\n[^1]: Note.", "fr").html
        self.assertIn('href="#fn:1"', html)
        self.assertIn('title="Retour à l’appel de note 1"', html)

    def test_no_script_survives(self):
        for source in HOSTILE:
            html = render(source, "en").html.replace("&lt;script", "").lower()
            for word in FORBIDDEN:
                with self.subTest(source, word=word):
                    self.assertNotIn(word, html)

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
        for module in Path(markdown.__file__).parent.glob("*.py"):
            for node in ast.walk(ast.parse(module.read_text())):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                for name in names:
                    self.assertFalse(name.startswith(("django.db", "django.http", "articles.models")), module)
