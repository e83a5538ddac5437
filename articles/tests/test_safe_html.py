import time

from django.test import SimpleTestCase

from articles.markdown.plain_text import plain_text
from articles.markdown.safe_html import escape, tokens
from articles.markdown.sanitising import sanitise

AWKWARD = """
<p title='a"b<c>&nbsp;&amp;'>x &quot; > &lt;i> &amp;lt; &nbsp;<br/>y <img src=a.png alt="a>b"></p><pre>

<b>z</pre>
"""


class TokenTests(SimpleTestCase):
    def test_sources_together_are_the_html(self):
        for html in (sanitise(AWKWARD), "", "words", "a < b > c", "<", "<p", "<p>"):
            with self.subTest(html):
                self.assertEqual("".join(token.source for token in tokens(html)), html)

    def test_a_block_of_code_that_nobody_looks_into_is_one_run(self):
        code = '<span class="k">def</span>'
        html = f"<p>a</p><pre>{code}</pre><b>c</b><pre></pre>"
        found = [token.source for token in tokens(html, into_code=False)]
        self.assertEqual(found, ["<p>", "a", "</p>", "<pre>", code, "</pre>", "<b>", "c", "</b>", "<pre>", "</pre>"])
        for html in (f"<pre>{code}<pre>{code}</pre>{code}</pre>", sanitise(AWKWARD), "<pre>", f"<pre>{code}"):
            self.assertEqual("".join(token.source for token in tokens(html, into_code=False)), html)
            self.assertEqual(plain_text(f"{html}"), plain_text(html.replace("<pre>", '<pre id="a">')))

    def test_text_and_attributes_are_read_without_their_escapes(self):
        _, paragraph, text, line_break, _, image, *_ = tokens(sanitise(AWKWARD))
        self.assertEqual(paragraph.attributes, {"title": 'a"b<c>\u00a0&'})
        self.assertEqual(text.text, 'x " > <i> &lt; \u00a0')
        self.assertEqual((line_break.name, image.name), ("br", "img"))
        self.assertEqual(image.attributes, {"src": "a.png", "alt": "a>b"})

    def test_tags_open_or_close_and_have_classes(self):
        opening, closing = tokens('<span class="a b"></span>')
        self.assertEqual((opening.name, opening.is_closing, opening.classes), ("span", False, {"a", "b"}))
        self.assertEqual((closing.name, closing.is_closing, closing.classes), ("span", True, set()))

    def test_what_is_escaped_is_what_the_sanitiser_writes(self):
        text = "1 < 2 & 3 > 2 \"'"
        self.assertEqual(escape(text), sanitise(escape(text)))

    def test_time_grows_no_faster_than_the_text(self):
        line = '<span class="k">def</span> <span class="n">f</span>(x):\n'
        nested = "<pre>" * 40_000 + "</pre>" * 40_000
        for html in (nested, f"<pre>{line * (400_000 // len(line))}</pre>", "<a" * 50_000, "<" * 100_000):
            with self.subTest(html[:10]):
                for into_code in (True, False):
                    start = time.process_time()
                    self.assertEqual("".join(token.source for token in tokens(html, into_code=into_code)), html)
                    self.assertLess(time.process_time() - start, 3)


class PlainTextTests(SimpleTestCase):
    def test_blocks_and_line_breaks_part_words(self):
        html = "<table><caption>a</caption><tr><td>b</td><td>c<br>d</td></tr></table><hr><p>e</p>f"
        self.assertEqual(plain_text(html), "a\nb\nc\nd\ne\nf")

    def test_inline_elements_part_nothing(self):
        self.assertEqual(plain_text("<p>XX<sup>e</sup> <em>si</em>è<b>cle</b></p>"), "XXe siècle")

    def test_code_blocks_and_signs_of_the_page_are_left_out_and_what_follows_is_not(self):
        html = '<h2>a<a class="heading-link" href="#a">#</a></h2><pre><code>x <a href="y">z</a></code></pre><p>b</p>'
        self.assertEqual(plain_text(html), "a\nb")
