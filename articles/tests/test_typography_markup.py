import re
import time

from django.test import SimpleTestCase

from articles.markdown.sanitising import sanitise
from articles.markdown.typography import typeset_html

FRENCH = [
    # Rules see a block as a whole.
    ('<p>"<em>mot</em>"</p>', "<p>«\u202f<em>mot</em>\u202f»</p>"),
    ('<p><em>"mot"</em> !</p>', "<p><em>«\u202fmot\u202f»</em>\u202f!</p>"),
    ('<p><a href="a?b">mot</a> !</p>', '<p><a href="a?b">mot</a>\u202f!</p>'),
    ('<p><a href="a">mot ?</a> Non</p>', '<p><a href="a">mot\u202f?</a> Non</p>'),
    ("<p>mot <em>!</em></p>", "<p>mot\u202f<em>!</em></p>"),
    ("<p><em>mot </em> !</p>", "<p><em>mot\u202f</em>!</p>"),
    ("<p>« <strong>x</strong> »</p>", "<p>«\u202f<strong>x</strong>\u202f»</p>"),
    ("<p>l'<em>été</em> d'<b>ici</b></p>", "<p>l’<em>été</em> d’<b>ici</b></p>"),
    ("<p>12 <b>000</b> <i>km</i></p>", "<p>12\u202f<b>000</b>\u00a0<i>km</i></p>"),
    ("<p>12 m<sup>2</sup> et 80 mm²</p>", "<p>12\u00a0m<sup>2</sup> et 80\u00a0mm²</p>"),
    ('<p>"un<br>\ndeux" ?</p>', "<p>«\u202fun<br>\ndeux\u202f»\u202f?</p>"),
    ("<p>mot<br>! x</p>", "<p>mot<br>! x</p>"),
    ('<p><img src="a"> : b</p>', '<p><img src="a">\u00a0: b</p>'),
    # A mark in one block has no partner in the next.
    ('<p>a "b</p><p>c" d</p>', '<p>a "b</p><p>c" d</p>'),
    ('<ul><li>a "b<ul><li>c" ?</li></ul></li></ul>', '<ul><li>a "b<ul><li>c"\u202f?</li></ul></li></ul>'),
    # All that holds words.
    ("<h2>Quoi ?</h2>", "<h2>Quoi\u202f?</h2>"),
    (
        "<table><caption>a : b</caption><tr><td>c !</td></tr></table>",
        "<table><caption>a\u00a0: b</caption><tr><td>c\u202f!</td></tr></table>",
    ),
    ("<figcaption>a ?</figcaption>", "<figcaption>a\u202f?</figcaption>"),
    ("Quoi ?", "Quoi\u202f?"),
    # Code and keys stay, and a sign after them gets its space.
    ('<p><code>a ! "b"</code> ! c</p>', '<p><code>a ! "b"</code>\u202f! c</p>'),
    ("<p><code>clé</code>: c'est</p>", "<p><code>clé</code>\u00a0: c’est</p>"),
    ('<p>"<code>x</code>"</p>', "<p>«\u202f<code>x</code>\u202f»</p>"),
    (
        "<p>l'<code>x</code> <kbd>?</kbd> <samp>a ?</samp> <var>b ?</var></p>",
        "<p>l’<code>x</code> <kbd>?</kbd> <samp>a ?</samp> <var>b ?</var></p>",
    ),
    (
        "<pre><code>a ! <span>b ?</span></code></pre><p>c ?</p>",
        "<pre><code>a ! <span>b ?</span></code></pre><p>c\u202f?</p>",
    ),
    ('<div class="highlight"><span class="filename">a ? b</span><pre>c</pre></div>',) * 2,
    ('<pre><span class="linenos">1 : </span>a ?</pre>',) * 2,
    # The page's own signs stay, and hide nothing.
    (
        '<h2>Quoi ?<a class="heading-link" href="#q" title="Lien ?">#</a></h2>',
        '<h2>Quoi\u202f?<a class="heading-link" href="#q" title="Lien ?">#</a></h2>',
    ),
    (
        '<p>mot<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup> !</p>',
        '<p>mot<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup>\u202f!</p>',
    ),
    # Words in another language.
    ('<p>"<span lang="en">don\'t "go"</span>" ?</p>', '<p>«\u202f<span lang="en">don’t “go”</span>\u202f»\u202f?</p>'),
    ('<p><i lang="de">"Ja" ?</i> : "oui"</p>', '<p><i lang="de">"Ja" ?</i>\u00a0: «\u202foui\u202f»</p>'),
    ('<p><i lang="fr-CA">"oui</i>" ?</p>', '<p><i lang="fr-CA">«\u202foui</i>\u202f»\u202f?</p>'),
    (
        '<blockquote lang="en"><p>"Go" ?</p></blockquote><p>"va" ?</p>',
        '<blockquote lang="en"><p>“Go” ?</p></blockquote><p>«\u202fva\u202f»\u202f?</p>',
    ),
    ('<p lang="en">"a" <b lang="fr">"b" ?</b></p>', '<p lang="en">“a” <b lang="fr">«\u202fb\u202f»\u202f?</b></p>'),
    # Attributes that are prose, and those that are none.
    (
        '<img src="a?b" alt="Un &quot;mot&quot; &amp; rien ?">',
        '<img src="a?b" alt="Un «\u202fmot\u202f» &amp; rien\u202f?">',
    ),
    (
        '<p id="l\'a" class="a ?"><a href="b ?" title="c ?">d</a></p>',
        '<p id="l\'a" class="a ?"><a href="b ?" title="c\u202f?">d</a></p>',
    ),
    ('<span role="img" aria-label="Fait !"></span>', '<span role="img" aria-label="Fait\u202f!"></span>'),
    ('<img alt="6\' 2&quot;" lang="en" src="a">', '<img alt="6′\u00a02″" lang="en" src="a">'),
    ('<img alt="le XXe &lt;b&gt;" src="a">', '<img alt="le XXe &lt;b&gt;" src="a">'),
    # Ordinals.
    ("<p>le 1er, la 2e, 1re, 20es</p>", "<p>le 1<sup>er</sup>, la 2<sup>e</sup>, 1<sup>re</sup>, 20<sup>es</sup></p>"),
    ("<p>le 10 000ème</p>", "<p>le 10\u202f000<sup>e</sup></p>"),
    ("<p>XXème siècle</p>", "<p>XX<sup>e</sup>\u00a0siècle</p>"),
    ("<p>François Ier, le Ve siècle</p>", "<p>François I<sup>er</sup>, le V<sup>e</sup>\u00a0siècle</p>"),
    ("<p>XX<sup>e</sup> siècle</p>", "<p>XX<sup>e</sup>\u00a0siècle</p>"),
    ("<p>XX<sup>ème</sup> siècle</p>", "<p>XX<sup>e</sup>\u00a0siècle</p>"),
    ("<p><b>2</b>e &amp; &lt;3e&gt;</p>", "<p><b>2</b><sup>e</sup> &amp; &lt;3<sup>e</sup>&gt;</p>"),
    ("<p>2e10, 0x2e, a-2e, 2e.png, Le, De, 1e</p>",) * 2,
    # An address in its own link.
    (
        '<p><a href="https://example.org/a?">https://example.org/a-1990-2000?x</a> ?</p>',
        '<p><a href="https://example.org/a?">https://example.org/a-1990-2000?x</a>\u202f?</p>',
    ),
]

ENGLISH = [
    ("<p>12 m<sup>2</sup> and 80 mm²</p>", "<p>12\u00a0m<sup>2</sup> and 80\u00a0mm²</p>"),
    ('<p>"<em>don\'t</em>" 10-20</p>', "<p>“<em>don’t</em>” 10–20</p>"),
    ("<p>a <em>b</em> -- <em>c</em> d</p>", "<p>a <em>b</em>—<em>c</em> d</p>"),
    ('<p>a <span lang="fr">"b" ?</span> c ?</p>', '<p>a <span lang="fr">«\u202fb\u202f»\u202f?</span> c ?</p>'),
    ("<p>the 1st, 2e</p>",) * 2,
    ("<p><code>x</code>'s '<code>y</code>'</p>", "<p><code>x</code>’s ‘<code>y</code>’</p>"),
    ("<p>a.<b>..</b> b</p>", "<p>a…<b></b> b</p>"),
]

VECTORS = [("fr", *vector) for vector in FRENCH] + [("en", *vector) for vector in ENGLISH]

TAGS = re.compile(r"<[^>]*>")
CODE = re.compile(r"<(code|pre).*?</\1>", re.DOTALL)

ARTICLE = """
<h2 id="l-ete">L'été ?<a class="heading-link" href="#l-ete" title="Lien">#</a></h2>
<p>"Un <em>mot</em>"<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup> : <code>a ? b : "c"</code> !</p>
<div class="highlight"><pre><code><span class="n">x</span> = 'a' ; y ? "z" : 12 000
</code></pre></div>
<blockquote><p>Oui ! <img src="a.png" alt="b"></p></blockquote>
<ul><li><p>Non ;</p><ol><li>rien ? <del>si !</del></li></ol></li></ul>
<dl><dt>a ?</dt><dd>b</dd></dl><details><summary>c</summary>d</details>
"""


class MarkupTests(SimpleTestCase):
    def test_prose_is_set_and_markup_stays(self):
        for language, source, expected in VECTORS:
            with self.subTest(source, language=language):
                self.assertEqual(ascii(typeset_html(source, language)), ascii(expected))

    def test_what_is_set_already_stays_as_it_is(self):
        for language, source, _ in VECTORS:
            with self.subTest(source, language=language):
                once = typeset_html(source, language)
                self.assertEqual(ascii(typeset_html(once, language)), ascii(once))

    def test_a_language_without_rules_changes_nothing(self):
        html = '<p title="a ?">"a" &nbsp; ?</p>'
        self.assertEqual(typeset_html(html, "de"), html)

    def test_what_needs_no_change_stays_to_the_byte(self):
        html = '<p>a &amp; b&nbsp;c &gt; "</p><pre>\n&lt;x&gt; "y" !</pre>'
        self.assertEqual(typeset_html(html, "fr"), html)

    def test_a_whole_article_keeps_its_tags_and_its_code(self):
        html = sanitise(ARTICLE)
        result = typeset_html(html, "fr")
        self.assertEqual(result.count("\u202f"), 9)
        self.assertEqual(TAGS.findall(result), TAGS.findall(html))
        self.assertEqual(CODE.findall(result), CODE.findall(html))

    def test_what_was_safe_stays_safe(self):
        for source in (
            ARTICLE,
            '<p title="&quot;&gt;&lt;img src=x onerror=alert(1)&gt; ?">&lt;script&gt; : "a" &amp;lt;b&amp;gt; !</p>',
            '<img alt="&lt;/p&gt;&lt;script&gt; &amp;quot; onload=1 : 1er" src="x"><p>&lt;!-- "x" -- 2e &lt;b ?</p>',
        ):
            with self.subTest(source):
                result = typeset_html(sanitise(source), "fr")
                self.assertNotEqual(result, sanitise(source))
                self.assertEqual(sanitise(result).replace("&nbsp;", "\u00a0"), result)

    def test_time_grows_no_faster_than_the_text(self):
        coloured = '<span class="k">def</span> <span class="n">f</span>(x):\n'
        for html in (
            f"<pre>{coloured * 7_000}</pre>",
            "<p>" + '<em>a</em> <b>"b"</b> ! ' * 2_000 + "</p>",
            "<p>" + '<i lang="en">a</i> ! ' * 2_000 + "</p>",
            "<em>" * 5_000 + '"a" !' + "</em>" * 5_000,
            "<div>a" * 5_000 + "</div>" * 5_000,
        ):
            with self.subTest(html[:40]):
                start = time.process_time()
                typeset_html(html, "fr")
                self.assertLess(time.process_time() - start, 5)
