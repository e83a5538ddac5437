from itertools import pairwise

from django.conf import settings
from django.test import TestCase

from articles.incoming import links_to, links_to_each
from articles.models import Companion

from .examples import TOMORROW, change, live, make_article


class IncomingTests(TestCase):
    def setUp(self):
        self.target = make_article("to", en=live("There"), fr=live("Là-bas"))

    def found(self) -> dict[str, tuple[list[str], bool]]:
        """Return by its key what leads to the target: languages of the texts, and whether it is a companion."""
        return {each.thing.key: (each.languages, each.has_as_companion) for each in links_to(self.target)}

    def links(self, address: str, language: str = "en") -> bool:
        """Return whether a text with a link to an address is found."""
        article = make_article(f"from-{self.number}", **{language: live("From", body=f"See [it]({address}).")})
        self.number += 1
        return article.key in self.found()

    number = 0

    def test_a_link_by_the_key_is_found_with_the_languages_of_its_texts(self):
        link = "See [it](article:to#part)."
        make_article("both", en=live("B", body=link), fr=live("B", body="[](article:to)"))
        make_article("draft", fr={"title": "D", "body": link})
        make_article("later", en=live("L", body=link, published_at=TOMORROW), fr=live("L"))
        self.assertEqual(
            self.found(), {"both": (["en", "fr"], False), "draft": (["fr"], False), "later": (["en"], False)}
        )

    def test_a_link_by_the_path_in_any_language_is_found(self):
        paths = ["/en/articles/there/", "/fr/articles/la-bas/#part", "/en/articles/there", "../there/"]
        for path in [*paths, f"{settings.SITE_URL}/en/articles/there/?page=1"]:
            self.assertTrue(self.links(path), path)

    def test_a_former_address_that_readers_knew_still_leads_here(self):
        change(self.target, "en", slug="elsewhere")
        self.assertTrue(self.links("/en/articles/there/"))
        self.assertTrue(self.links("/en/articles/elsewhere/"))

    def test_the_address_of_a_draft_is_its_own_while_it_has_it(self):
        draft = make_article("draft", en={"title": "Draft", "body": "B", "slug": "first"})
        make_article("from", en=live("From", body="[x](/en/articles/first/)"))
        self.assertEqual([each.thing.key for each in links_to(draft)], ["from"])
        change(draft, "en", slug="second")
        self.assertEqual(links_to(draft), [])

    def test_what_only_looks_like_a_link_is_none(self):
        others = ["article:to-and-fro", "article:toe", "/en/articles/there-again/", "/fr/articles/there/"]
        others += ["https://example.org/en/articles/there/", "/en/articles/there.md", "/en/articles/there/more/"]
        for address in others:
            self.assertFalse(self.links(address), address)
        make_article("code", en=live("C", body="`[x](article:to)`\n\n    [x](article:to)\n\narticle:to"))
        self.assertEqual(self.found(), {})

    def test_the_article_itself_and_deleted_ones_are_left_out(self):
        change(self.target, "en", body="[me](article:to)")
        make_article("gone", en=live("G", body="[x](article:to)")).delete()
        self.assertEqual(self.found(), {})

    def test_an_article_that_shows_it_as_a_companion_is_found_once(self):
        shows = make_article("shows", en=live("S"))
        links = make_article("links", en=live("L", body="[x](article:to)"))
        for article in (shows, links):
            Companion.objects.create(article=article, companion=self.target)
        Companion.objects.create(article=self.target, companion=make_article("other", en=live("O")))
        self.assertEqual(self.found(), {"shows": ([], True), "links": (["en"], True)})

    def test_no_body_is_fetched_and_the_queries_stay_the_same_however_much_links(self):
        make_article("first", en=live("F", body="[x](article:to)"))
        with self.assertNumQueries(5) as queries:
            links_to(self.target)
        shown = [query["sql"].partition(" FROM ")[0] for query in queries]
        self.assertFalse(any('"body_' in columns for columns in shown))
        for number in range(5):
            make_article(f"a{number}", en=live("A", body="[x](article:to)"), fr=live("A", body="[x](article:to)"))
        with self.assertNumQueries(5):
            self.assertEqual(len(links_to(self.target)), 6)

    def test_of_many_articles_each_gets_what_leads_to_it(self):
        others = [make_article(f"o-{number}", en=live(f"O {number}"), fr=live(f"O {number}")) for number in range(9)]
        body = "[a](article:to) [b](article:to#part) [c](/fr/articles/o-3/) `article:o-4`"
        linking = make_article("from", en=live("From", body=body), fr=live("De", body="[](article:o-3)"))
        Companion.objects.create(article=others[0], companion=others[1])
        found = links_to_each([self.target, *others])
        self.assertEqual({key for key, each in found.items() if each}, {self.target, others[1], others[3]})
        for target in (self.target, others[1], others[3]):
            self.assertEqual(found[target], links_to(target))
        self.assertEqual([(each.thing, each.languages) for each in found[others[3]]], [(linking, ["en", "fr"])])

    def test_many_articles_cost_hardly_more_queries_than_one(self):
        others = [make_article(f"o-{number}", en=live(f"O {number}", body="[](article:to)")) for number in range(20)]
        for one, other in pairwise(others):
            Companion.objects.create(article=one, companion=other)
        # The former addresses of each, and five for all of them.
        with self.assertNumQueries(21 + 5):
            links_to_each([self.target, *others])
