import re
import time
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

from django.templatetags.static import static
from django.test import tag

from articles.markdown import render
from articles.tests.examples import live, make_article

from .browser import BrowserTestCase

# By the name of the program: the HTML that it puts on the clipboard, and the Markdown that is expected.
PIECES = Path(__file__).with_name("pasted.txt").read_text().split("\n=== ")[1:]
SAMPLES = {
    piece[1]: (piece[2], piece[3])
    for piece in (re.fullmatch(r"(.*?)\n(.*?)\n---->\n(.*?)\n*", piece, re.DOTALL) for piece in PIECES)
}
WORD, CODE_EDITOR = SAMPLES["Microsoft Word"][0], SAMPLES["a code editor"][0]

CONVERT = "async ([module, html]) => (await import(module)).htmlToMarkdown(html)"
PASTE = """([html, plain, file]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", plain);
  if (file) data.items.add(new File(["x"], "a.png", { type: "image/png" }));
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(event);
  return event.defaultPrevented;
}"""

# What is pasted, in one line, and the Markdown of it.
ELEMENTS = {
    "<h1>a</h1><h3>b</h3><h6>c</h6>": "## a\n\n#### b\n\n###### c",
    "<h2>a</h2><h3><b>b</b></h3>": "## a\n\n### b",
    "<h2>C #</h2><h2>x {#y}</h2>": "## C \\#\n\n## x \\{#y}",
    "<ul><li>a</li></ul><ul><li>b</li></ul>": "- a\n- b",
    "<ul><li>a<ol><li>b</li></ol></li></ul>": "- a\n    1. b",
    "<ul><li><p>a</p><p>b</p></li><li>c</li></ul>": "- a\n\n    b\n\n- c",
    "<ul><li><pre><code>a\n\nb</code></pre></li></ul>": "- ```\n  a\n\n  b\n  ```",
    "<p>a<br><br>b<br>c</p>": "a\n\nb\\\nc",
    "<p><b> </b><b>a </b>b<i></i></p>": "**a** b",
    "<b>a</b><b>b</b> <b>c</b>": "**ab c**",
    "<i>a <b>b</b></i>": "*a **b***",
    "<b>\u201ca\u201d</b>b": "<strong>\u201ca\u201d</strong>b",
    "<b>a<br><br>b</b>": "**a**\n\n**b**",
    "a<sup>b c</sup><sup>2</sup>": "a<sup>b c2</sup>",
    "<a href='https://example.org/'>https://example.org/</a>": "<https://example.org/>",
    "<a href='https://example.org/'>https://example.org</a>": "<https://example.org>",
    "<a href='mailto:a_b@example.org'>a_b@example.org</a>": "<a_b@example.org>",
    "<a href='https://example.org/)(?q=a b'>[w]</a>": "[\\[w\\]](https://example.org/%29%28?q=a%20b)",
    "<a href='https://t.example.org/?u=https%3A%2F%2Fe.org'>w</a>": "[w](https://t.example.org/?u=https%3A%2F%2Fe.org)",
    "<a href=' JavaScript:alert(1)'>w</a> <a href='data:text/html,x'>x</a> <b>y</b>": "w x **y**",
    "<a href='/somewhere'>w</a> <a href='https://example.org/'> </a><b>y</b>": "w **y**",
    "<img src='https://example.org/a.png' alt='A [b]'>": "![A \\[b\\]](https://example.org/a.png)",
    "<img src='http://example.org/a.png' alt='A'> <b>b</b>": "A **b**",
    "<code>a``b</code>": "``` a``b ```",
    "<table><tr><th>a</th><th>b</th></tr><tr><td colspan=2>c|d<p>e</p></td></tr></table>": (
        "| a | b |\n| --- | --- |\n| c\\|d<br>e |  |"
    ),
    "<p>a<sup><a href='https://e.org/#fn:x'>1</a></sup></p><ol><li><p>b <a href='#fnref:x'>↩</a></p></li></ol>": (
        "a[^x]\n\n[^x]: b"
    ),
    "<ol><li>a <a href='#fnref:x'>↩</a></li></ol>": "1. a",
    "<p>a<sup><a href='https://e.org/#fn1'>1</a></sup></p><p>b</p>": "a\n\nb",
    "<p>a</p><script>b</script><style>c</style><p hidden>d</p><p style='display:none'>e</p><p>f</p>": "a\n\nf",
    "<p>Oui\u00a0! \u00ab\u202fa\u202f\u00bb 5\u00a0kg&nbsp;&nbsp; b &nbsp;c</p><hr>": (
        "Oui\u00a0! \u00ab\u202fa\u202f\u00bb 5\u00a0kg b c\n\n---"
    ),
    "<p>\u201ca\u201d \u2018b\u2019 \u2026 \u2013</p><p>c</p>": "\u201ca\u201d \u2018b\u2019 \u2026 \u2013\n\nc",
}

# Word on the web: a list for each item.
ITEM = "<div class='ListContainerWrapper'><{0} start='{1}'><li data-aria-level='{2}'><p>{3}</p></li></{0}></div>"
ITEMS = [("ol", 1, 1, "a"), ("ul", 1, 2, "b"), ("ul", 1, 2, "c"), ("ol", 2, 1, "d")]
ELEMENTS["".join(ITEM.format(*item) for item in ITEMS)] = "1. a\n    - b\n    - c\n2. d"

# Plain HTML, which the site's own is compared with.
EVERYTHING = """<h1>Title</h1><p>Words <b>bold</b>, <i>slanted <b>both</b></i>, <s>gone</s>,
H<sub>2</sub>O, x<sup>2</sup>,
<code>a*b</code>, <a href="https://example.org/a_b_(c)?d=e">a <i>link</i></a>, and
5*3*2.</p>
<h2>Lists</h2><ul><li>a</li><li>b<ul>
<li>c<ol start="3"><li>d</li><li>e</li></ol></li></ul></li><li>f</li></ul>
<ol><li>One</li><li>Two</li></ol><h3>Table</h3>
<table>
<thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1|2</td><td><i>x</i></td></tr><tr><td>3</td><td><code>y|z</code></td>
</tr></tbody></table><blockquote><p>Quoted<br>twice</p><blockquote><p>within</p></blockquote></blockquote>
<pre><code>def f():
    return "*"
</code></pre><hr><figure><img src="https://example.org/a.png" alt="A"><figcaption>The <i>A</i></figcaption></figure><dl>
<dt>Recto</dt><dd>one</dd><dd>side</dd></dl><p>1. No list, # no heading, *no emphasis*.</p>"""

# Nothing that Markdown would keep is in these.
PLAIN = {
    "a code editor": CODE_EDITOR,
    "a terminal": "<pre style='font-family:monospace'>$ <b>ls</b></pre>",
    "lines": "<div>one</div><div><br></div><div>two<br>three</div>",
    "a span": "<meta charset='utf-8'><span style='font-weight: 400'>a * b</span>",
    "one paragraph": "<p>one</p>",
    "nothing": "<p>&nbsp;</p>",
    "depth": "<div>" * 10_000 + "<b>x</b>",
    "deep lists": "<ul><li>x" * 10_000,
    "deep tables": "<table><tr><td>x" * 10_000,
    "a hundred thousand spans": "<p><b>a</b>" + "<span>x</span>" * 100_000,
}

# Signs that mean nothing where they stand, and signs that would.
AS_THEY_ARE = [
    *("2 * 3 * 4", "it's *", "snake_case_word", "_a", "x_y_z", "a == b", "C++ and C++", "[1]", "[a] [b]", "a < b"),
    *(
        "AT&T",
        "`",
        "#a",
        "-a",
        "~5",
        "2^10",
        "C:\\Users\\",
        "a|b",
        "a {#id}",
        "1.5",
        "C# and F#",
        "https://example.org/_a_/*",
    ),
]
ESCAPED = [
    *("*a*", "**a**", "5*3*2", "_a_", "__init__", "*args, **kwargs", "\\*a", "`a`", "~a~", "~~a~~", "x^2^", "^^a^^"),
    *(
        "==a==",
        "++ctrl++",
        "[a](b)",
        "![a](b)",
        "[[a](b)](c)",
        "[a]: b",
        "[^1]: a",
        "a [x]{lang=fr}",
        "<b>",
        "<!-- a -->",
    ),
    *("&amp;", "&#38;", "# a", "- a", "+ a", "* a", "1. a", "1) a", "> a", ": a", "!!! a", "??? a", "---", "***"),
    *("===", "~~~", "```", "[ ] a", "[TOC]", "[!NOTE] a", "{#id}", "*[HTML]: a", "|---|", "https://example.org/*a*"),
]

NAMES = {"b": "strong", "i": "em", "s": "del"}
NAMES |= {f"h{level}": f"h{level + 1}" for level in (1, 2, 3, 4, 5)}
LOOKS = {"div", "span", "tbody", "section"}


class Shape(HTMLParser):
    """The elements and words of HTML without what is there for the looks."""

    def __init__(self, html: str, names: dict[str, str]) -> None:
        super().__init__()
        self.names, self.parts, self.skipped = names, [], 0
        self.feed(html)
        whole = re.sub(r"\s+", " ", "".join(self.parts))
        self.text = re.sub(r" ?(</?(?!strong|em|a|code|del|sub|sup|img)[^>]*>) ?", r"\1", whole)
        self.text = re.sub(r"<li><p>(.*?)</p>", r"<li>\1", self.text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.skipped += tag == "a" and attributes.get("class") == "heading-link"
        if not self.skipped and tag not in LOOKS:
            kept = "".join(f" {name}={attributes[name]}" for name in ("href", "src", "start") if name in attributes)
            self.parts.append(f"<{self.names.get(tag, tag)}{kept}>")

    def handle_endtag(self, tag):
        if self.skipped:
            self.skipped -= tag == "a"
        elif tag not in LOOKS:
            self.parts.append(f"</{self.names.get(tag, tag)}>")

    def handle_data(self, data):
        if not self.skipped:
            self.parts.append(data)


@tag("editor")
class ConversionTests(BrowserTestCase):
    def setUp(self):
        super().setUp()
        self.editor = self.page()
        self.log_in(self.editor)
        self.editor.goto("/admin/")

    def converted(self, html: str) -> str:
        return self.editor.evaluate(CONVERT, [static("articles/editor/paste/html_to_markdown.js"), html])

    def test_what_each_program_puts_on_the_clipboard_becomes_clean_markdown(self):
        for program, (html, markdown) in SAMPLES.items():
            with self.subTest(program):
                self.assertEqual(self.converted(html), markdown)
        # The policy of the admin forbids styles and handlers: not even reading them is a fault.
        self.assertEqual(self.faults, [])

    def test_each_element_has_its_markdown(self):
        for html, markdown in ELEMENTS.items():
            with self.subTest(html):
                self.assertEqual(self.converted(html), markdown)

    def test_where_plain_text_is_better_there_is_none_and_hostile_html_is_given_up_soon(self):
        for name, html in PLAIN.items():
            with self.subTest(name):
                start = time.monotonic()
                self.assertEqual(self.converted(html), "")
                self.assertLess(time.monotonic() - start, 20)

    def test_the_site_shows_the_structure_that_was_pasted(self):
        rendered = render(self.converted(EVERYTHING), "en").html
        self.assertEqual(Shape(rendered, {}).text, Shape(EVERYTHING, NAMES).text)

    def test_signs_are_escaped_where_they_would_be_markup_and_only_there(self):
        for words in AS_THEY_ARE:
            with self.subTest(words):
                self.assertEqual(self.converted(f"<p>{escape(words)}</p><hr>"), f"{words}\n\n---")
        for words in ESCAPED:
            with self.subTest(words):
                markdown = self.converted(f"<p>{escape(words)}</p><hr>")
                self.assertNotEqual(markdown, f"{words}\n\n---")
                html = render(markdown, "en").html
                shown = unescape(re.sub(r"</?a\b[^>]*>", "", html)).replace("\u2019", "'")
                self.assertEqual(shown.partition("\n")[0], f"<p>{words}</p>")

    def test_a_megabyte_of_a_word_processor_takes_less_than_a_second(self):
        head, _, rest = WORD.partition("<!--StartFragment-->")
        part = rest.partition("<div style='mso-element:footnote-list'>")[0]
        html = head + part * (1_000_000 // len(part) + 1)
        timed = """async ([module, html]) => {
          const { htmlToMarkdown } = await import(module), start = performance.now();
          return [htmlToMarkdown(html).length, performance.now() - start];
        }"""
        length, milliseconds = self.editor.evaluate(timed, [static("articles/editor/paste/html_to_markdown.js"), html])
        self.assertGreater(length, 100_000)
        self.assertLess(milliseconds, 1000)


@tag("editor")
class PastingTests(BrowserTestCase):
    BODY = "One.\nTwo.\n\n```sh\nls\n```\n"

    def test_what_is_pasted_is_inserted_and_taken_back_in_one_step(self):
        article = make_article("a", en=live("T"))
        page = self.page()
        self.log_in(page)
        page.goto(f"/admin/articles/article/{article.pk}/change/")
        page.fill("#id_body_en", self.BODY)

        def pasted(at: str, html: str, plain: str = "plain", has_file: bool = False) -> tuple[bool, str]:
            start = self.BODY.index(at)
            page.eval_on_selector("#id_body_en", "(area, at) => area.setSelectionRange(at, at)", start)
            is_taken = page.evaluate(PASTE, [html, plain, has_file])
            value = page.input_value("#id_body_en")
            if is_taken:
                page.keyboard.press("Control+z")
            self.assertEqual(page.input_value("#id_body_en"), self.BODY)
            return is_taken, value

        page.focus("#id_body_en")
        inline, blocks = "<b>bold</b>", "<h2>H</h2><p>P</p>"
        self.assertEqual(pasted("Two", inline), (True, self.BODY.replace("Two", "**bold**Two")))
        self.assertEqual(pasted("Two", blocks), (True, self.BODY.replace("Two", "\n## H\n\nP\n\nTwo")))
        self.assertEqual(pasted("wo.", blocks), (True, self.BODY.replace("Two", "T\n\n## H\n\nP\n\nwo")))
        untouched = (False, self.BODY)
        self.assertEqual(pasted("ls", inline), untouched)
        self.assertEqual(pasted("Two", CODE_EDITOR), untouched)
        self.assertEqual(pasted("Two", ""), untouched)
        # Words that come with a picture of themselves; a picture alone is for the dialog of images.
        self.assertTrue(pasted("Two", inline, has_file=True)[0])
        # Somebody at the text area itself comes first.
        page.eval_on_selector("#id_body_en", "area => area.addEventListener('paste', event => event.preventDefault())")
        page.eval_on_selector("#id_body_en", "area => area.setSelectionRange(0, 0)")
        page.evaluate(PASTE, [inline, "plain", False])
        self.assertEqual(page.input_value("#id_body_en"), self.BODY)
        self.assertEqual(self.faults, [])

    def test_a_footnote_takes_no_name_that_the_text_has(self):
        article = make_article("a", en=live("T", body="One.[^1]\n\n[^1]: Note\n\n"))
        page = self.page()
        self.log_in(page)
        page.goto(f"/admin/articles/article/{article.pk}/change/")
        page.focus("#id_body_en")
        page.keyboard.press("Control+End")
        page.evaluate(PASTE, [WORD, "plain", False])
        self.assertIn("[^1-2]: With dry hands.", page.input_value("#id_body_en"))
