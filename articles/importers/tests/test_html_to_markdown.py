import re
import time

from django.test import SimpleTestCase

from articles.importers.html_to_markdown import HtmlRefused, html_to_markdown
from articles.importers.html_to_markdown.nodes import Element, Text
from articles.importers.html_to_markdown.tree import parsed
from articles.markdown import render

# HTML, and exactly the Markdown that it becomes.
CASES = [
    ("<h1>One</h1><h2>Two</h2><h6>Six</h6>", "## One\n\n### Two\n\n###### Six"),
    ("<h2>Two</h2><h3><strong>Three</strong></h3>", "## Two\n\n### Three"),
    ("<p>Bonjour&nbsp;: «&nbsp;oui&nbsp;»&nbsp;!</p><p>&nbsp;</p>", "Bonjour\u00a0: «\u00a0oui\u00a0»\u00a0!"),
    ("<p>a<br>b<br/>\nc</p>", "a\\\nb\\\nc"),
    ("<p>a <b>b </b>c <i>d</i>e <s>f</s></p>", "a **b** c *d*e ~~f~~"),
    ("<p>snake_case and *stars* and _lines_</p>", "snake_case and \\*stars\\* and \\_lines\\_"),
    ("<p>5 * 3, a &lt; b, &lt;b&gt;, [x](y), &amp;amp;</p>", "5 * 3, a < b, \\<b>, \\[x](y), &amp;amp;"),
    ("<p># a</p><p>1. b</p><p>- c</p><p>+ d</p><p>2026) e</p>", "\\# a\n\n1\\. b\n\n\\- c\n\n\\+ d\n\n2026\\) e"),
    ("<ul><li>a<ul><li>b<ol start='3'><li>c</li></ol></li></ul></li></ul>", "- a\n    - b\n        3. c"),
    ("<ul><li>a</li><ul><li>b</li></ul></ul><ul><li>c</li></ul>", "- a\n    - b\n- c"),
    ("<ul><li><input type=checkbox checked> a</li><li><input type=checkbox> b</li></ul>", "- [x] a\n- [ ] b"),
    ("<ul><li>a<h2>b</h2></li></ul>", "- a\n\n  ## b"),
    ("<p>C:\\ a\\<code>b</code> <mark>http://x.org/a</mark></p>", "C:\\\\ a\\\\`b` ==<http://x.org/a>=="),
    ("<blockquote><p>Q</p><cite>Ada</cite></blockquote>", "> Q\n>\n> — Ada"),
    ("<pre class='wp-block-code'><code>a &lt; b\n\n  c</code></pre>", "```\na < b\n\n  c\n```"),
    ("<pre class='brush: php; title: ; notranslate'>x</pre>", "```php\nx\n```"),
    ("<pre><code class='language-js hljs'>a<br>```</code></pre>", "````javascript\na\n```\n````"),
    ("<pre class='EnlighterJSRAW' data-enlighter-language='generic'>x</pre>", "```\nx\n```"),
    ("<p><code>a`b</code> <kbd>Ctrl</kbd> H<sub>2</sub>O m<sup>a b</sup></p>",
     "`` a`b `` <kbd>Ctrl</kbd> H~2~O m<sup>a b</sup>"),
    ("<p><abbr title='World'>W</abbr> <span lang='la'>et</span> <mark>m</mark> <ins>i</ins> <q>q</q></p>",
     '<abbr title="World">W</abbr> <span lang="la">et</span> ==m== ^^i^^ "q"'),
    ("<dl><dt>A</dt><dd>b</dd><dd><p>c</p><p>d</p></dd></dl>", "A\n: b\n: c\n\n    d"),
    ("<details><summary>More</summary><p>x</p></details>", '??? "More"\n    x'),
    ("<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td align='right'>3<br>4</td></tr></table>",
     "| a | b |\n| --- | --: |\n| 1\\|2 | 3<br>4 |"),
    ("<figure><table><tr><th>a</th><th>b</th></tr></table><figcaption>C</figcaption></figure>",
     "| a | b |\n| --- | --- |\n\nTable: C"),
    ('<figure class="wp-block-image"><img src="/a.jpg" alt="A [b]"><figcaption>The <em>"C"</em></figcaption></figure>',
     '![A \\[b\\]](/a.jpg "The *\\"C\\"*")'),
    ("<figure><a href='/u/a.jpg'><img src='/u/a-300x200.jpg' alt='A'></a></figure>", "![A](/u/a.jpg)"),
    ("<p><a href='https://x.org'><img src='/a.jpg' alt='A' title='a'></a></p>", "[![A](/a.jpg)](https://x.org)"),
    ("<img src='data:image/gif;base64,R0' data-src='/real.jpg'><noscript><img src='/real.jpg'></noscript>",
     "![](/real.jpg)"),
    ("<p><a href='/a b/(c)' title='T'>x</a> <a href='https://x.org/'>https://x.org/</a></p>",
     '[x](/a%20b/(c) "T") <https://x.org/>'),
    ("<h2 id='one'>One</h2><p><a href='#one'>go</a></p>", "## One {#one}\n\n[go](#one)"),
    ("<p>x<sup><a href='#fn:1' id='fnref:1'>1</a></sup></p><hr><div class='footnotes'><ol><li id='fn:1'><p>Note "
     "<a href='#fnref:1'>↩</a></p></li></ol></div>", "x[^1]\n\n[^1]: Note"),
    ("<div class='alert alert-warning'><p>Beware</p></div>", "> [!WARNING]\n> Beware"),
    ("<p>a</p><!--more--><p>b</p>", "a\n\n<!-- more -->\n\nb"),
    ("<p>a<p>b<ul><li>c<li>d</ul></i>e", "a\n\nb\n\n- c\n- d\n\ne"),
    # The cards of Ghost.
    ("<div class='kg-card kg-callout-card'><div class='kg-callout-emoji'>💡</div><div class='kg-callout-text'>Do"
     "</div></div>", "> [!TIP]\n> Do"),
    ("<div class='kg-toggle-card'><h4 class='kg-toggle-heading-text'>Q</h4><button></button><div "
     "class='kg-toggle-content'><p>A</p></div></div>", '??? "Q"\n    A'),
    ("<figure class='kg-bookmark-card'><a class='kg-bookmark-container' href='https://x.org/a'><div "
     "class='kg-bookmark-title'>T</div><div class='kg-bookmark-description'>D</div></a></figure>",
     "[T](https://x.org/a)\\\nD"),
    ("<figure class='kg-card kg-gallery-card'><div class='kg-gallery-image'><img src='/a.jpg'></div><div "
     "class='kg-gallery-image'><img src='/b.jpg'></div><figcaption>C</figcaption></figure>",
     "![](/a.jpg)\n\n![](/b.jpg)\n\nC"),
    ("<figure class='kg-code-card'><pre><code class='lang-python'>x</code></pre><figcaption>C</figcaption></figure>",
     "```python\nx\n```\n\nC"),
    ("<div class='kg-card kg-file-card'><a class='kg-file-card-container' href='/f.pdf'><div "
     "class='kg-file-card-title'>F</div></a></div>", "[F](/f.pdf)"),
    ("<div class='kg-card kg-audio-card'><audio src='/a.mp3'></audio><div class='kg-audio-title'>S</div></div>",
     "[S](/a.mp3)"),
    ("<div class='kg-card kg-button-card'><a href='/go/' class='kg-btn'>Go</a></div>", "[Go](/go/)"),
]  # fmt: skip

# What is lost or carried otherwise: HTML, the Markdown, and the note with its line.
LOSSES = [
    ("<p>a</p>\n<script>x</script>", "a", (2, "left out: script", "")),
    ("\n\n<form action='/s'><input></form>", "", (3, "left out: form", "/s")),
    ("<p>a</p><iframe src='https://www.youtube.com/embed/ab?x=1'></iframe>",
     "a\n\n<https://www.youtube.com/watch?v=ab>",
     (1, "embedded, and a link now: iframe", "https://www.youtube.com/watch?v=ab")),
    ("<figure class='wp-block-embed'><div>\nhttps://vimeo.com/1\n</div></figure>", "<https://vimeo.com/1>",
     (1, "embedded, and a link now: block", "https://vimeo.com/1")),
    ("<p class='fancy'>a</p><p class='fancy'>b</p>", "a\n\nb",
     (1, "a class that means nothing to this site:", "fancy")),
    ("<p style='color:red'>a</p>", "a", (1, "a style that this site does not show:", "color")),
    ("<a href='javascript:x()'>a</a>", "a",
     (1, "a link that this site does not allow is plain words:", "javascript:x()")),
    ("<img src='/dot.gif' width=1 height=1>", "",
     (1, "left out: an image of one dot, which counts readers", "/dot.gif")),
    ("<video><source src='/v.mp4'></video>", "[v.mp4](/v.mp4)", (1, "embedded, and a link now: video", "/v.mp4")),
    ("<div class='kg-signup-card'><form></form></div>", "",
     (1, "left out: a card to sign up, to buy or to subscribe", "")),
]  # fmt: skip

CLASSIC = """First <em>para</em>
goes on.

Second <b>one</b>.<br />
Third line.
<ul>
<li>a</li>
<li>b</li>
</ul>

<pre>kept

as is</pre>
https://youtu.be/x
"""

WHOLE = """<h2>A <em>title</em> # with *signs* {x}</h2>
<p>1. Not a list, <strong>bold <em>and slanted</em></strong>, <a href="/a/?b=1&amp;c=2">a <code>link</code></a>.</p>
<p>- Not one either<br>+ nor this<br># nor a heading<br>&gt; nor a quote<br>| a | b |<br>--- | ---</p>
<p>2 * 3 * 4, a_b_c, _x_, ~~y~~, ^z^, ==w==, [a](b), [^1], &lt;b&gt;, &amp;copy;, C:\\*, `t`, {: .c}, !!! note,
++a++</p>
<h3>Lists</h3>
<ul><li>a<ol><li>b</li><li>c<ul><li>d</li></ul></li></ol></li><li>e</li></ul>
<ol start="7"><li><p>one</p><p>more</p><blockquote><p>quoted</p></blockquote></li><li><pre><code>x

  y</code></pre></li></ol>
<blockquote><p>Q <del>gone</del> <ins>new</ins></p><ul><li>in a quote</li></ul><p>— Ada</p></blockquote>
<pre><code>&lt;b&gt; *as it is* _x_
&amp;amp;</code></pre>
<table><tr><th>a | b</th><th>c</th></tr><tr><td><em>1</em></td><td>2<br><code>3</code></td></tr></table>
<dl><dt>Term</dt><dd>meaning</dd><dd>another</dd></dl>
<figure><img src="/a.jpg" alt="An &quot;image&quot; [a]"><figcaption>A <em>caption</em></figcaption></figure>
<hr>
<details><summary>More</summary><p>inside</p><pre><code>code</code></pre></details>
<p>H<sub>2</sub>O, x<sup>2</sup>, <kbd>Ctrl</kbd>, <abbr title="World">W</abbr>, <mark>m</mark>,
<strong>«q»</strong>s</p>
<h3>End</h3>"""

NOT_COMPARED = {"div", "section", "span", "thead", "tbody", "body"}
PARAGRAPHS_SAY_NOTHING = {"li", "dd", "blockquote", "td", "details"}


class HtmlToMarkdownTests(SimpleTestCase):
    def test_each_piece_of_html_becomes_exactly_the_markdown_of_this_site(self):
        for html, markdown in CASES:
            with self.subTest(html):
                self.assertEqual(html_to_markdown(html).markdown, markdown)

    def test_what_is_lost_is_noted_once_with_its_line(self):
        for html, markdown, loss in LOSSES:
            with self.subTest(html):
                written = html_to_markdown(html)
                self.assertEqual(written.markdown, markdown)
                self.assertEqual([(each.line, each.text, each.about) for each in written.losses], [loss])

    def test_nothing_is_noted_where_nothing_is_lost(self):
        for html, _markdown in CASES:
            with self.subTest(html):
                losses = [each.text for each in html_to_markdown(html).losses]
                self.assertFalse([text for text in losses if "card" not in text], losses)

    def test_blank_lines_part_the_paragraphs_of_a_classic_text_but_not_its_code(self):
        self.assertEqual(
            html_to_markdown(CLASSIC, keeps_lines=True).markdown,
            "First *para*\\\ngoes on.\n\nSecond **one**.\\\nThird line.\n\n- a\n- b\n\n```\nkept\n\nas is\n```\n\n"
            "https://youtu.be/x",
        )

    def test_each_line_of_the_markdown_knows_its_line_of_the_html(self):
        written = html_to_markdown("<p>a</p>\n<p>b<br>c</p>\n\n<ul>\n<li>d</li></ul>")
        self.assertEqual(len(written.lines), written.markdown.count("\n") + 1)
        self.assertEqual(written.lines, [1, 1, 2, 2, 2, 4])

    def test_notes_that_stand_elsewhere_become_footnotes(self):
        html = '<p>a<sup data-fn="x" class="fn"><a href="#x">1</a></sup></p>'
        self.assertEqual(html_to_markdown(html, notes={"x": "N <em>o</em>"}).markdown, "a[^1]\n\n[^1]: N *o*")

    def test_what_is_written_renders_to_the_same_text_and_structure(self):
        again = render(html_to_markdown(WHOLE).markdown, "en").html
        self.assertEqual(structure(again), structure(WHOLE))

    def test_hostile_html_is_refused_or_read_in_linear_time(self):
        for html, reason in (("<div>" * 200, "elements in each other"), ("<ul><li>" * 40, "in each other")):
            with self.assertRaisesRegex(HtmlRefused, reason):
                html_to_markdown(html)
        with self.assertRaisesRegex(HtmlRefused, "characters"):
            html_to_markdown("x" * 4_000_001)
        started = time.process_time()
        for piece in ("<", "<a ", "<!--", "</", "<a b='", "<script>", "<!", "*a ", "[x", "`", "&#", "<p>"):
            html_to_markdown(piece * 4_000)
        self.assertLess(time.process_time() - started, 3)


def structure(html: str) -> list[str]:
    """The elements and words of some HTML in order, without what typography and the page add."""
    found: list[str] = []

    def walk(element: Element) -> None:
        for node in element.children:
            if isinstance(node, Text):
                found.append(node.words)
            elif isinstance(node, Element) and "heading-link" not in node.classes:
                is_plain = node.name in NOT_COMPARED or (node.name == "p" and element.name in PARAGRAPHS_SAY_NOTHING)
                attributes = "".join(f" {name}={node.get(name)}" for name in ("href", "src", "alt", "start", "title"))
                found.append(" " if is_plain else f"<{node.name}{attributes.replace('<', '')}>")
                walk(node)
                found.append(" " if is_plain else f"</{node.name}>")

    walk(parsed(html))
    words = re.sub(r"[“”]", '"', "".join(found).replace("\u202f", "\u00a0").replace("×", "*"))
    return [each for each in re.split(r"(<[^<>]*>)|[ \n\u00a0]+", words) if each]
