import re

from django.test import TestCase
from django.utils.translation import override

from articles.models import ArticleImage, Rendering
from articles.references import lost_in, resolved

from .examples import TOMORROW, change, live, make_article
from .image_files import MediaMixin, jpeg, store


class ArticleLinkTests(TestCase):
    def body(self, source: str, language: str = "en") -> str:
        """Return the body of a new article as its page shows it."""
        article = make_article("from", **{language: live("From", body=source)})
        return resolved([article.renderings.get()])[0]

    def page(self, language: str = "en") -> str:
        return self.client.get(f"/{language}/articles/from/").content.decode()

    def test_a_link_leads_to_the_article_in_the_reader_s_language(self):
        make_article("to", en=live("There"), fr=live("Là-bas"))
        self.assertIn('<a href="/fr/articles/la-bas/">ce texte</a>', self.body("[ce texte](article:to)", "fr"))

    def test_a_link_may_lead_to_a_section_and_have_a_title(self):
        make_article("to", en=live("There"))
        html = self.body('[x](article:to#part "Title")')
        self.assertIn('<a href="/en/articles/there/#part" title="Title">x</a>', html)

    def test_what_is_live_in_the_other_language_alone_is_linked_there_and_marked(self):
        make_article("to", fr=live("Là-bas"))
        self.assertIn(
            '<a href="/fr/articles/la-bas/" hreflang="fr">that <span class="link-language" lang="fr">(fr)</span></a>',
            self.body("[that](article:to)"),
        )

    def test_a_link_without_words_takes_the_title_in_its_own_language(self):
        make_article("to", fr=live("Là-bas & ici"))
        make_article("near", en=live("Near"))
        html = self.body("[](article:to) and [](article:near)")
        self.assertIn('><span lang="fr">Là-bas &amp; ici</span> <span class="link-language"', html)
        self.assertIn('<a href="/en/articles/near/">Near</a>', html)

    def test_a_link_is_right_the_second_its_target_changes(self):
        target = make_article("to", en={"title": "There", "body": "B"})
        self.body("See [*it*](article:to).")
        self.assertIn("<p>See <em>it</em>.</p>", self.page())
        change(target, "en", published_at=live("")["published_at"])
        self.assertIn('href="/en/articles/there/"', self.page())
        change(target, "en", slug="elsewhere")
        self.assertIn('href="/en/articles/elsewhere/"', self.page())
        change(target, "en", published_at=TOMORROW)
        self.assertIn("<p>See <em>it</em>.</p>", self.page())
        change(target, "en", published_at=live("")["published_at"])
        target.delete()
        self.assertIn("<p>See <em>it</em>.</p>", self.page())

    def test_the_title_of_what_is_not_live_stays_unknown(self):
        make_article("to", en={"title": "A secret", "body": "B"})
        self.assertNotIn("secret", self.body("See [](article:to)."))

    def test_one_query_resolves_all_links_of_all_bodies(self):
        for number in range(5):
            make_article(f"to-{number}", en=live(f"To {number}"))
        links = " ".join(f"[x](article:to-{number})" for number in range(5))
        for key in ("one", "two"):
            make_article(key, en=live(key, body=links))
        renderings = list(Rendering.objects.filter(article__key__in=["one", "two"]))
        with self.assertNumQueries(1) as queries:
            bodies = resolved(renderings)
        self.assertEqual([body.count("/en/articles/to-") for body in bodies], [5, 5])
        self.assertNotIn("body", queries[0]["sql"])

    def test_a_body_that_names_nothing_costs_no_query(self):
        with self.assertNumQueries(0):
            resolved([Rendering(language="en", html='<p>x <img alt="" src="https://example.org/a.png"></p>')])

    def test_what_an_author_writes_around_a_key_cannot_break_out_of_the_address(self):
        make_article("to", en=live("There"))
        html = self.body('[x](article:to#"><script>) [y](<article:to" onclick="x>) [z](article:to\'b)')
        self.assertEqual(html.count("<a "), html.count('<a href="'))
        self.assertNotIn("<script", html)
        self.assertNotIn('" onclick', html)

    def test_no_address_of_a_page_begins_with_the_scheme(self):
        make_article("to", en=live("There"))
        html = self.body('[x](article:) [y](article:TO) [z](ARTICLE:to) <a href="article:none">w</a>')
        self.assertNotIn("article:", html.lower())
        self.assertIn('<a href="/en/articles/there/">z</a>', html)


class ImageTests(MediaMixin, TestCase):
    def setUp(self):
        super().setUp()
        self.article = make_article("from", en=live("From", body="x"))

    def body(self, source: str) -> str:
        change(self.article, "en", body=source)
        return resolved([self.article.renderings.get()])[0]

    def test_an_image_of_the_library_is_a_picture_with_the_text_s_own_alternative(self):
        image = store(jpeg(), key="harbour", alt_en="The suggestion")
        html = self.body('![A *boat* & "more"](image:harbour "At *dawn*")')
        self.assertIn("<figure><picture><source type=", html)
        self.assertIn('alt="A *boat* &amp; “more”"', html)
        self.assertIn(f"/media/{image.digest[:16]}-", html)
        self.assertIn("</picture><figcaption>At <em>dawn</em></figcaption></figure>", html)
        self.assertNotIn("suggestion", html)

    def test_the_width_that_a_text_asks_for_is_kept_and_the_height_follows(self):
        image = store(jpeg(), key="harbour")
        height = round(image.height * 20 / image.width)
        for written in ("![x](image:harbour){width=20}", '<img src="image:harbour" alt="x" width="20" height="9999">'):
            html = self.body(written)
            self.assertIn(f' width="20" height="{height}"', html)
            self.assertEqual(html.count('sizes="20px"'), 3)
        self.assertIn(f' width="{image.width}"', self.body("![x](image:harbour){width=0}"))

    def test_a_file_beside_the_text_is_found_by_its_name(self):
        image = store(jpeg())
        ArticleImage.objects.create(article=self.article, image=image, name="été & co.jpg")
        for written in ("<été & co.jpg>", "%C3%A9t%C3%A9%20&%20co.jpg", "<./été & co.jpg>"):
            self.assertIn(f"/media/{image.digest[:16]}-", self.body(f"![x]({written})"))

    def test_the_file_of_another_article_is_not_found(self):
        ArticleImage.objects.create(article=make_article("b", en=live("B")), image=store(jpeg()), name="a.jpg")
        self.assertEqual(self.body("![x](a.jpg)"), "<p>x</p>")

    def test_an_image_that_is_missing_leaves_its_alternative_text(self):
        self.assertEqual(self.body("a ![A & b](image:nothing) c"), "<p>a A &amp; b c</p>")

    def test_an_image_appears_the_second_it_is_in_the_library(self):
        self.assertNotIn("<picture", self.body("![x](image:harbour)"))
        store(jpeg(), key="harbour")
        self.assertContains(self.client.get("/en/articles/from/"), "<picture")

    def test_images_below_the_first_screen_are_fetched_late(self):
        store(jpeg(), key="harbour")
        html = self.body("![x](image:harbour)\n\n" + "words " * 500 + "\n\n![y](image:harbour)")
        self.assertEqual([part.count('loading="lazy"') for part in html.split("words", 1)], [0, 1])

    def test_an_image_of_another_host_stays_and_is_fetched_late(self):
        html = self.body("![x](https://example.org/a.png)")
        self.assertIn('<img loading="lazy" decoding="async" alt="x" src="https://example.org/a.png">', html)

    def test_two_queries_find_the_images_of_all_bodies(self):
        store(jpeg(), key="harbour")
        self.body("![x](image:harbour) ![y](image:nothing)")
        make_article("other", en=live("Other", body="![z](image:harbour) ![z](beside.png)"))
        renderings = list(Rendering.objects.all())
        with self.assertNumQueries(2):
            self.assertEqual(sum(body.count("<picture") for body in resolved(renderings)), 2)


class SharedPageTests(TestCase):
    def test_ids_of_several_bodies_on_one_page_are_told_apart_and_lead_to_their_own(self):
        source = '## Head\n\nx[^1] id="a" [there](#head)\n{#p}\n\n[^1]: Note'
        for key in ("one", "two"):
            make_article(key, en=live(key, body=source))
        bodies = resolved(Rendering.objects.order_by("article"))
        ids = [re.findall(r'<[^>]* id="([^"]+)"', body) for body in bodies]
        self.assertEqual(len(set(ids[0] + ids[1])), 8)
        for body, own in zip(bodies, ids, strict=True):
            self.assertEqual(set(re.findall(r'href="#([^"]+)"', body)) - set(own), set())
            self.assertIn('x<sup id="a', body)
            self.assertIn('</sup> id="a" <a', body)

    def test_a_body_alone_keeps_its_ids(self):
        article = make_article("one", en=live("One", body="## Head"))
        self.assertIn('<h2 id="head">', resolved([article.renderings.get()])[0])


class LostReferenceTests(TestCase):
    def test_the_author_is_told_of_each_link_that_is_plain_text_for_readers(self):
        make_article("draft", en={"title": "Draft"})
        make_article("fine", fr=live("Bien"))
        source = (
            "[x](article:draft) [y](article:gone) [z](article:fine) ![w](image:none) ![v](https://example.org/a.png) "
            "![u](http://example.org/b.png)"
        )
        article = make_article("a", en=live("A", body=source))
        with override("fr"):
            lost = lost_in(article.renderings.get())
        self.assertEqual(len(lost), 4)
        self.assertRegex(lost[0], "lien vers.*draft.*pas en ligne")
        self.assertRegex(lost[1], "lien vers.*gone.*aucun article")
        self.assertIn("image:none", lost[2])
        self.assertRegex(lost[3], "http://example.org/b.png.*https")
