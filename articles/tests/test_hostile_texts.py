import re
from html.parser import HTMLParser
from unittest import mock

from django.test import SimpleTestCase

from articles.markdown import BodyRefused, Rendered, render, sanitising
from articles.markdown.rendering import Pipeline
from articles.markdown.sanitising import sanitise
from articles.markdown.words import words_in

from .hostile_texts import HOSTILE_TEXTS, RUN

VOID = {"br", "hr", "img"}
# An address with a scheme that may stand, or without any.
ADDRESS = re.compile(r"(?:https?|mailto|tel|article|image):|(?!\s*[a-z][a-z0-9+.-]*:)", re.IGNORECASE)
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Reader(HTMLParser):
    """Notes what is wrong with HTML that must be well-formed and hold nothing but what articles may hold."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag, attributes):
        if tag not in sanitising.TAGS:
            self.faults.append(f"<{tag}>")
        if tag not in VOID:
            self.open.append(tag)
        allowed = sanitising.ATTRIBUTES["*"] | sanitising.ATTRIBUTES.get(tag, set())
        allowed |= {"tabindex"} if tag == "pre" else set()
        for name, value in attributes:
            if name not in allowed:
                self.faults.append(f"<{tag} {name}>")
            self.look_at(name, value or "")

    def look_at(self, name: str, value: str) -> None:
        if UNSEEN.search(value) or (name in {"href", "src"} and not ADDRESS.match(value)):
            self.faults.append(f"{name}={value!r}")
        if name == "id":
            self.ids.append(value)
            if value.startswith("page_"):
                self.faults.append(f"id={value}")
        known = sanitising.CLASSES
        if name == "class" and not all(word in known or len(word) < 5 for word in value.split()):
            self.faults.append(f"class={value}")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data):
        if UNSEEN.search(data):
            self.faults.append(f"control sign in {data[:40]!r}")

    def handle_comment(self, data):
        self.faults.append(f"<!--{data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def faults(html: str) -> list[str]:
    """Return what is wrong with the HTML of a body; an empty list where nothing is."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    twice = {name for name in reader.ids if reader.ids.count(name) > 1}
    return [*reader.faults, *(f"id {name} twice" for name in twice), *(f"<{tag}> not closed" for tag in reader.open)]


def rendered(text: str, language: str = "en") -> Rendered | None:
    """Return the rendering, None where the text is refused; anything else that is raised is a fault."""
    try:
        return render(text, language)
    except BodyRefused:
        return None


class HostileTextTests(SimpleTestCase):
    def test_each_is_refused_or_becomes_html_that_holds_nothing_but_what_articles_may_hold(self):
        for name, text in HOSTILE_TEXTS.items():
            for language in ("en", "fr"):
                with self.subTest(name, language=language):
                    result = rendered(text, language)
                    self.assertEqual(faults(result.html if result else ""), [])

    def test_none_breaks_the_renderer(self):
        failed = []
        for name, text in HOSTILE_TEXTS.items():
            try:
                render(text, "en")
            except BodyRefused as refusal:
                failed += [name] if refusal.reason == "failed" else []
        self.assertEqual(failed, [])

    def test_what_comes_out_is_read_by_a_parser_as_it_stands(self):
        for name, text in HOSTILE_TEXTS.items():
            if result := rendered(text):
                with self.subTest(name):
                    self.assertEqual(sanitise(result.html), result.html)

    def test_a_text_is_rendered_after_all_others_as_by_a_new_renderer(self):
        words = words_in("en")
        used = Pipeline("en", words, lambda piece: None)
        for text in HOSTILE_TEXTS.values():
            if rendered(text):
                used.rendered(text)
        for name in list(HOSTILE_TEXTS)[::5]:
            if rendered(HOSTILE_TEXTS[name]):
                with self.subTest(name):
                    new = Pipeline("en", words, lambda piece: None)
                    self.assertEqual(used.rendered(HOSTILE_TEXTS[name]), new.rendered(HOSTILE_TEXTS[name]))

    def test_no_placeholder_of_the_library_shows(self):
        for name, text in HOSTILE_TEXTS.items():
            if (result := rendered(text)) and "zxhz" not in text and "zzwx" not in text:
                with self.subTest(name):
                    self.assertNotRegex(f"{result.html} {result.text} {result.contents}", "wzxhzdk|klzzwxh")

    def test_contents_lead_to_headings_alone(self):
        for text in ("## A {#page_main}", "## A {#same}\n\n## B {#same}", "## A {: #x }\n\n### A\n\n## A"):
            result = render(text, "en")
            ids = [entry["id"] for top in result.contents for entry in (top, *top["children"])]
            with self.subTest(text):
                self.assertEqual(ids, re.findall(r'<h[23] id="([^"]+)"', result.html))
                self.assertEqual(len(set(ids)), len(ids))


class SanitisingTests(SimpleTestCase):
    def test_addresses_are_looked_at_as_browsers_read_them(self):
        for address, expected in {
            "https://example.org/a?b#c": "https://example.org/a?b#c",
            "//example.org/": "//example.org/",
            "other.html": "other.html",
            "ARTICLE:key": "article:key",
            " ar\nticle:key": "article:key",
            "image:key": None,
            "ima\tge:key": None,
            "javascript:a": None,
            "java\x01script:a": None,
            "java\u202escript:a": None,
        }.items():
            with self.subTest(address):
                attribute = f' href="{expected}"' if expected else ""
                self.assertEqual(sanitise(f'<a href="{address}">a</a>'), f"<a{attribute}>a</a>")

    def test_an_image_is_of_the_web_or_of_the_library(self):
        for address, is_kept in {"image:key": True, "a.png": True, "article:key": False, "mailto:a@b.c": False}.items():
            with self.subTest(address):
                self.assertEqual("src" in sanitise(f'<img src="{address}" alt="">'), is_kept)

    def test_dimensions_and_spans_stay_within_reason(self):
        html = sanitise('<table><tr><td colspan="99" rowspan="100">a</td></tr></table><img width="99999" height="10">')
        self.assertIn('colspan="99"', html)
        self.assertNotIn("rowspan", html)
        self.assertIn('height="10"', html)
        self.assertNotIn("width", html)

    def test_the_number_of_a_line_is_a_number(self):
        self.assertNotIn("false", sanitise('<span class="linenos" data-linenos="false words"></span>'))

    def test_marks_do_not_pile_up(self):
        self.assertEqual(sanitise("e" + "\u0301" * 500 + "a"), "e" + "\u0301" * 8 + "a")
        self.assertEqual(sanitise("e\u0301\u0302\u0323"), "e\u0301\u0302\u0323")

    def test_signs_that_turn_letters_round_are_taken_away_and_plain_hebrew_stays(self):
        self.assertEqual(sanitise('<p dir="rtl">&#x202e;שלום\u200f\u2067</p>'), '<p dir="rtl">שלום\u200f</p>')

    def test_an_element_taken_away_leaves_none_where_it_must_not_stand(self):
        self.assertEqual(sanitise("<p>a<select><p>b</p></select></p>").count("<p>"), 3)
        self.assertEqual(faults(sanitise("<p><select><p>b</p></select></p>")), [])

    def test_a_failure_on_the_way_is_not_lost(self):
        with mock.patch.object(sanitising._Filter, "kept", side_effect=MemoryError), self.assertRaises(MemoryError):
            sanitise('<p class="a">b</p>')


# What must survive: a body, and what its HTML must hold. The rest of an element's attributes is not compared.
KEPT = {
    "headings": ("## A\n\n### B\n\n#### C\n\n##### D\n\n###### E", ["<h2 id=", "<h3 id=", "<h4", "<h5", "<h6"]),
    "heading link": ("## A", ['<a class="heading-link" href="#a" title="Link to this section">#</a>']),
    "paragraph and rule": ("a\\\nb\n\n---", ["<p>a<br>", "<hr>"]),
    "quote": ("> a", ["<blockquote>"]),
    "numbers": ('<ol start="3" reversed type="a"><li>a</li></ol>', ['start="3"', "reversed", 'type="a"']),
    "definitions": ("a\n: b", ["<dl>", "<dt>a</dt>", "<dd>b</dd>"]),
    "emphasis": (
        "*a* **b** ~~c~~ ^^d^^ ==e== ~f~ ^g^",
        ["<em>", "<strong>", "<del>", "<ins>", "<mark>", "<sub>", "<sup>"],
    ),
    "inline": (
        "<b>a</b><i>b</i><s>c</s><small>d</small><cite>e</cite><q>f</q><samp>g</samp><var>h</var><kbd>i</kbd>",
        [f"<{tag}>" for tag in ("b", "i", "s", "small", "cite", "q", "samp", "var", "kbd")],
    ),
    "time": ('<time datetime="2020-01-01">a</time>', ['<time datetime="2020-01-01">']),
    "abbreviation": ("HTML\n\n*[HTML]: Words", ['<abbr title="Words">HTML</abbr>']),
    "language": ("[mot]{lang=fr}", ['<span lang="fr">mot</span>']),
    "link": (
        '[a](https://example.org/ "t"){hreflang=fr}',
        ['href="https://example.org/"', 'title="t"', 'hreflang="fr"'],
    ),
    "article": ("[a](article:key#part)", ['href="article:key#part"']),
    "image": ("![a](image:key)", ['src="image:key"', 'alt="a"']),
    "file beside": ("![a](harbour.jpg)", ['src="harbour.jpg"']),
    "figure": ('![a](image:key "Words")', ["<figure><img", "<figcaption>Words</figcaption></figure>"]),
    "tasks": (
        "- [x] a\n- [ ] b",
        [
            'class="task-list"',
            'class="task-list-item"',
            'class="task task-done"',
            'class="task task-open"',
            'role="img"',
            'aria-label="Done"',
            'aria-label="To do"',
        ],
    ),
    "table": (
        "| a | b | c |\n|:--|:-:|--:|\n| d | e | f |\n\nTable: Words",
        [
            'class="table-box"',
            'role="group"',
            'tabindex="0"',
            'aria-label="Words"',
            "<caption>Words</caption>",
            'class="align-left"',
            'class="align-center"',
            'class="align-right"',
        ],
    ),
    "call-out": (
        "> [!WARNING]\n> a",
        ['class="callout callout-warning"', 'role="note"', '<p class="callout-title">Warning</p>'],
    ),
    "details": ("<details open><summary>a</summary>b</details>", ["<details open", "<summary>a</summary>"]),
    "details call-out": ("??? tip\n    a", ['<details class="callout callout-tip">', "<summary>Tip</summary>"]),
    "note": (
        "a[^1]\n\n[^1]: b",
        [
            '<sup id="fnref:1">',
            'class="footnote-ref" href="#fn:1"',
            'class="footnotes"',
            'role="doc-endnotes"',
            'aria-label="Notes"',
            '<li id="fn:1">',
            'class="footnote-backref" href="#fnref:1" role="doc-backlink" title="Back to the text of note 1"',
        ],
    ),
    "code": (
        '```python title="main.py" linenums="1" hl_lines="1"\na = 1\n```',
        [
            'class="highlight"',
            '<span class="filename">main.py</span>',
            '<pre tabindex="0">',
            'class="linenos"',
            "data-linenos=",
            'class="hll"',
            'class="mi"',
        ],
    ),
    "keys": ("++ctrl+c++", ['<span class="keys"><kbd>Ctrl</kbd><span>+</span><kbd>C</kbd></span>']),
    "direction": ('<p dir="rtl">a</p>', ['<p dir="rtl">']),
}


class KeepingTests(SimpleTestCase):
    def test_sanitising_keeps_every_construct_that_a_body_may_hold(self):
        for name, (text, pieces) in KEPT.items():
            html = render(text, "en").html
            for piece in pieces:
                with self.subTest(name, piece=piece):
                    self.assertIn(piece, html)

    def test_what_looks_like_an_attack_in_words_stays_as_words(self):
        self.assertIn(
            f"<code>&lt;script&gt;{RUN}&lt;/script&gt;</code>", render(f"`<script>{RUN}</script>`", "en").html
        )
