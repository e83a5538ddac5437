from io import StringIO
from itertools import product
from unittest import mock, skipUnless

from django.core.management import call_command
from django.db import connection
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext

from articles.models import Article, SearchEntry, Tag
from articles.publishing import publish_now, unpublish
from articles.rerendering import render_again
from articles.search import index
from articles.search.hits import hits
from articles.search.index import INDEX_VERSION, search
from articles.search.query import Query
from articles.search.rebuilding import index_articles

from .examples import TOMORROW, YESTERDAY, change, live, make_article

HOSTILE = [
    "",
    " ",
    "a",
    '"',
    '""',
    "'",
    "*",
    ":",
    "-",
    "^",
    "NEAR(",
    "NEAR(a b, 2)",
    "AND",
    "a AND",
    "OR NOT",
    "title:a",
    "{title} : a",
    "a*",
    '"a" *',
    "a + b",
    "l'été",
    "a' OR 1=1 --",
    "'a':*",
    "a & !b | (c <-> d)",
    "a\\",
    "%s %(x)s {0}",
    "\x00",
    "a\x00b",
    "😀",
    "\ud800",
    "a\ud800b",
    "¶",
    "\u202e\u200b",
    "x" * 10_000,
    "x " * 5_000,
    '"' * 10_000,
    '"a" ' * 2_500,
    "é" * 10_000,
    "ﷺ" * 200,
]


def found(text: str, language: str = "en") -> list[str]:
    """Return the keys of the articles that a search finds, in its order."""
    keys = dict(Article.objects.values_list("pk", "key"))
    return [keys[pk] for pk in search(Query(text, language))]


class SearchTests(TestCase):
    def test_all_the_words_must_stand_somewhere_in_title_heading_tag_summary_or_body(self):
        article = make_article(
            "a", en=live("Apples", summary="Of bananas.", body="## Cherries\n\nDates and *elder*berries, `figs`.")
        )
        article.tags.add(Tag.objects.create(key="g", name_en="Grapes"))
        index_articles(Article.objects.all())
        for word in ("apple", "banana", "cherry", "date", "elderberry", "fig", "grape"):
            self.assertEqual(found(word), ["a"], word)
            self.assertEqual(found(f"{word} melon"), [], word)
        self.assertEqual(found("apple banana cherry date grape"), ["a"])

    def test_text_and_query_are_folded_and_stemmed_by_the_rules_of_the_language(self):
        make_article("a", fr=live("L’été des chevaux", body="Un cœur publié par Renée, aujourd’hui."))
        make_article("b", en=live("Rate limiting", body="What Renée’s authors don’t say."))
        for text in ("ete", "d'été", "cheval", "coeur", "publier", "publie", "renee", "aujourdhui", "heart | coeur"):
            self.assertEqual(found(text, "fr"), ["a"] if "|" not in text else [], text)
        for text in ("rate limit", "limits", "author", "renee", "dont say"):
            self.assertEqual(found(text, "en"), ["b"], text)

    def test_a_phrase_finds_its_words_in_order_within_one_part_of_the_text(self):
        make_article("a", en=live("Rate", summary="limiting", body="The quick brown fox. Then rates, limited."))
        for text, is_there in {
            '"quick brown fox"': True,
            "“quick brown” then": True,
            '"rates limited"': True,
            '"rate limiting"': True,
            '"brown quick"': False,
            '"quick fox"': False,
            '"fox limiting"': False,
        }.items():
            self.assertEqual(found(text), ["a"] if is_there else [], text)
        change(Article.objects.get(), "en", body="No more of it.")
        self.assertEqual(found('"rate limiting"'), [])
        # In the order of the alphabet two of the words as they are typed would be the stems of this phrase.
        change(Article.objects.get(), "en", body="Databas and analys.")
        self.assertEqual(found('"analyses databases"'), [])

    def test_a_phrase_is_found_after_the_same_words_elsewhere_and_at_the_end_of_a_long_text(self):
        spread = " ".join(f"de mot{number}" for number in range(300))
        make_article("a", fr=live("T", slug="a", body=f"{spread} la fin de semaine"))
        make_article("b", fr=live("Semaine de fin", slug="b", body="mot " * 17_000 + "une fin de semaine arrosée"))
        for text, keys in {
            '"fin de semaine"': ["a", "b"],
            '"fin de semaine arrosée" mot': ["b"],
            '"mot299 la fin" "de semaine"': ["a"],
            '"fin semaine"': [],
            '"semaine de fin de semaine"': [],
            '"fin mot299"': [],
        }.items():
            self.assertEqual(sorted(found(text, "fr")), keys, text)

    def test_a_phrase_in_a_title_comes_before_its_words_alone_where_more_match_than_are_ranked(self):
        make_article("phrase", en=live("Rate limiting", slug="phrase"))
        for number in range(3):
            make_article(f"a{number}", en=live("Limiting rate", slug=f"a{number}", body="Rate limiting"))
        with mock.patch.object(index, "MAX_RANKED", 2):
            self.assertEqual(found('"rate limiting"')[0], "phrase")

    def test_a_phrase_is_found_with_and_without_accents(self):
        make_article("a", fr=live("T", body="Les données publiées l’été dernier."))
        for text in ('"données publiées"', '"donnees publiees"', '"donnees publiées l\'ete"', '"publiées été"'):
            self.assertEqual(found(text, "fr"), ["a"], text)

    def test_the_last_word_finds_what_it_begins_also_where_the_stem_is_shorter(self):
        make_article("a", en=live("Django", body="Limiting"))
        for text in ("dja", "djang", "limi", "limitin", "django limitin"):
            self.assertEqual(found(text), ["a"], text)
        for text in ("dj", '"dja"', "dja limiting", "jango"):
            self.assertEqual(found(text), [], text)

    def test_a_word_weighs_most_in_the_title_then_in_headings_and_tags_then_in_the_summary(self):
        rest = "Other words stand here as well, so that all are alike in length."
        make_article("summary", en=live("One", summary="A zebra.", body=rest))
        make_article("title", en=live("Zebra", body=rest))
        make_article("body", en=live("Two", body=f"{rest} Zebra."))
        make_article("heading", en=live("Three", body=f"## Zebra\n\n{rest}"))
        self.assertEqual(found("zebra"), ["title", "heading", "summary", "body"])

    def test_a_text_of_the_greatest_length_is_indexed(self):
        words = ["".join(letters) for letters in product("abcdefgé", repeat=5)]
        body = " ".join(words)[:199_000]
        make_article("a", fr=live("T", body=body))
        self.assertEqual(found(words[9], "fr"), ["a"])

    def test_any_input_at_all_is_answered(self):
        make_article("a", en=live("A b", body="x xx l'été"), fr=live("A b", body="x xx l'été"))
        for text in HOSTILE:
            for language in ("en", "fr"):
                with self.subTest(text[:40], language=language):
                    query = Query(text, language)
                    hits(search(query), query)

    def test_signs_and_operators_are_no_more_than_gaps_between_words(self):
        make_article("a", en=live("Near and far", body="title not or"))
        for text in ("near* AND far:", "-near +far", "NEAR(far)", "title:near", "far NOT near", "near OR far"):
            self.assertEqual(found(text), ["a"], text)
        self.assertEqual(found("near AND nowhere"), [])


class VisibilityTests(TestCase):
    def test_an_article_is_found_in_a_language_exactly_where_it_is_live_in_it(self):
        states = {"live": YESTERDAY, "scheduled": TOMORROW, "draft": None}
        for english, french, is_deleted in product([*states, "missing"], [*states, "missing"], [False, True]):
            texts = {
                code: {"title": "Word", "body": "Word", "slug": f"{english}-{french}-{is_deleted}".lower()}
                | {"published_at": states[state]}
                for code, state in (("en", english), ("fr", french))
                if state != "missing"
            }
            article = make_article(f"{english}-{french}-{is_deleted}".lower(), **texts)
            if is_deleted:
                article.delete()
        for language in ("en", "fr"):
            published = Article.objects.published(language).values_list("key", flat=True)
            self.assertEqual(sorted(found("word", language)), sorted(published))
            self.assertEqual(len(published), 4)

    def test_what_is_not_live_takes_no_place_from_what_is(self):
        make_article("live", en=live("Word"))
        for number in range(3):
            make_article(f"draft-{number}", en={"title": "Word"})
        with mock.patch.object(index, "MAX_RANKED", 2):
            self.assertEqual(found("word"), ["live"])

    def test_a_word_of_one_language_finds_nothing_in_the_other(self):
        make_article("a", en=live("Horse"), fr=live("Cheval"))
        self.assertEqual((found("horse", "en"), found("horse", "fr")), (["a"], []))
        self.assertEqual((found("cheval", "en"), found("cheval", "fr")), ([], ["a"]))


class IndexTests(TestCase):
    def test_the_index_follows_every_save(self):
        article = make_article("a", en=live("Old"))
        change(article, "en", title="New")
        self.assertEqual((found("old"), found("new")), (["a"], ["a"]))
        change(article, "en", body="Words")
        self.assertEqual(found("old"), [])
        unpublish(article, "en")
        self.assertEqual(found("new"), [])
        publish_now(article, "en")
        self.assertEqual(found("new"), ["a"])
        article.delete()
        self.assertEqual(found("new"), [])
        article.restore()
        self.assertEqual(found("new"), ["a"])

    def test_a_body_rendered_again_is_indexed_again(self):
        article = make_article("a", en=live("T", body="Old"))
        Article.objects.filter(pk=article.pk).update(body_en="New")
        self.assertIsNone(render_again(article.pk, "en"))
        self.assertEqual((found("old"), found("new")), ([], ["a"]))

    def test_a_save_that_fails_leaves_the_index_as_it_was(self):
        article = make_article("a", en=live("Old"))
        with mock.patch("articles.saving.following.follow", side_effect=RuntimeError):
            self.assertRaises(RuntimeError, change, article, "en", title="New")
        self.assertEqual((found("old"), found("new")), (["a"], []))

    def test_one_entry_is_kept_for_each_article_and_language(self):
        article = make_article("a", en=live("A"), fr=live("B"))
        change(article, "en", body="Again")
        self.assertEqual(SearchEntry.objects.count(), 2)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM articles_searchindex")
            self.assertEqual(cursor.fetchone()[0], 2)

    def test_rebuilding_indexes_everything_or_only_what_is_missing_or_of_older_rules(self):
        def rebuilt(**options) -> str:
            out = StringIO()
            call_command("rebuild_search", stdout=out, **options)
            return out.getvalue()

        make_article("a", en=live("Word"), fr=live("Mot"))
        make_article("b", en={"title": "Draft"})
        self.assertEqual(rebuilt(stale=True), "Search: up to date.\n")
        SearchEntry.objects.filter(language="fr").delete()
        self.assertEqual(found("mot", "fr"), [])
        self.assertEqual(rebuilt(stale=True), "Search: 1 texts indexed.\n")
        self.assertEqual(found("mot", "fr"), ["a"])
        SearchEntry.objects.filter(language="en").update(version=INDEX_VERSION - 1)
        self.assertEqual(rebuilt(stale=True), "Search: 2 texts indexed.\n")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM articles_searchindex")
        self.assertEqual(rebuilt(), "Search: 3 texts indexed.\n")
        self.assertEqual(found("word"), ["a"])

    def test_the_rows_of_articles_that_are_no_more_find_nothing(self):
        make_article("a", en=live("Word"))
        SearchEntry.objects.all().delete()
        self.assertEqual(found("word"), [])


class FlushedDatabaseTests(TransactionTestCase):
    """Flushing a database empties the tables of models alone, and numbers their rows from the start again."""

    def test_rows_left_behind_neither_find_nor_disturb_what_comes_after(self):
        make_article("a", en=live("Before"))
        call_command("flush", interactive=False, verbosity=0)
        self.assertEqual(found("before"), [])
        make_article("b", en=live("After"))
        self.assertEqual((found("before"), found("after")), ([], ["b"]))


class CostTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        for number in range(8):
            title = "Everywhere" if number == 1 else "Elsewhere"
            make_article(f"a{number}", en=live(title, slug=f"s{number}", body="Everywhere"))

    def test_a_search_asks_twice_and_once_more_where_there_is_more_than_it_ranks(self):
        with self.assertNumQueries(2):
            search(Query("everywhere", "en"))
        with self.assertNumQueries(0):
            search(Query(" : ", "en"))
        with mock.patch.object(index, "MAX_RANKED", 5), self.assertNumQueries(3):
            search(Query("everywhere", "en"))
        with mock.patch.multiple(index, MAX_RANKED=5, FREQUENT=8), self.assertNumQueries(2):
            search(Query("everywhere", "en"))

    def test_what_is_ranked_is_bounded_and_titles_that_match_are_always_among_it(self):
        with mock.patch.object(index, "MAX_RANKED", 3):
            self.assertEqual(found("everywhere"), ["a1", "a7", "a6"])

    def test_of_frequent_words_titles_come_first_then_what_was_added_last_and_nothing_that_they_begin(self):
        make_article("begun", en=live("Everywherever", slug="begun"))
        with mock.patch.object(index, "MAX_RANKED", 4):
            with mock.patch.object(index, "FREQUENT", 9):
                self.assertIn("begun", found("everywhere"))
            with mock.patch.object(index, "FREQUENT", 8):
                self.assertEqual(found("everywhere"), ["a1", "a7", "a6", "a5"])

    def test_a_page_of_hits_costs_the_same_queries_whatever_it_shows(self):
        query = Query("everywhere", "en")
        pks = search(query)
        for count in (1, 8):
            with self.assertNumQueries(2):
                hits(pks[:count], query)

    @skipUnless(connection.vendor == "sqlite", "PostgreSQL plans by its statistics.")
    def test_the_database_starts_from_what_matches_and_stops_at_the_bound(self):
        with CaptureQueriesContext(connection) as queries:
            search(Query("everywhere", "en"))
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + queries[0]["sql"].replace("%", "%%"))
            plan = [row[3] for row in cursor.fetchall()]
        steps = [line for line in plan if line.startswith(("SCAN", "SEARCH"))]
        self.assertEqual(len(steps), 4, plan)
        self.assertRegex(steps[0], "^SCAN articles_searchindex VIRTUAL TABLE")
        for step in steps[1:3]:
            self.assertRegex(step, "USING INTEGER PRIMARY KEY")
        # What is ranked is sorted; what matches comes in order, so that it can end at the bound.
        self.assertEqual(steps[3], "SCAN candidates")
        self.assertEqual(plan[-1], "USE TEMP B-TREE FOR ORDER BY")
        self.assertEqual(sum("TEMP B-TREE" in line for line in plan), 1, plan)


class HitsTests(TestCase):
    def hit(self, text: str, language: str = "en"):
        query = Query(text, language)
        return hits(search(query), query)[0]

    def test_the_author_s_words_are_marked_with_their_accents_and_without_what_is_elided(self):
        make_article("a", fr=live("L'été des chevaux", body="Rien."))
        self.assertEqual(self.hit("ete cheval", "fr").title, "L’<mark>été</mark> des <mark>chevaux</mark>")

    def test_nothing_of_a_text_or_a_query_becomes_markup(self):
        make_article("a", en=live("<b>T</b> & <script>", summary="</mark><img src=x> & word"))
        hit = self.hit("script word b img")
        self.assertEqual(hit.title, "&lt;<mark>b</mark>&gt;T&lt;/<mark>b</mark>&gt; &amp; &lt;<mark>script</mark>&gt;")
        self.assertEqual(hit.excerpt, "&lt;/mark&gt;&lt;<mark>img</mark> src=x&gt; &amp; <mark>word</mark>")

    def test_a_phrase_is_marked_as_a_whole_and_nowhere_else(self):
        make_article("a", en=live("T", body="A rate alone. Then rate limiting itself, a limit."))
        self.assertEqual(
            self.hit('"rate limiting"').excerpt, "A rate alone. Then <mark>rate limiting</mark> itself, a limit."
        )

    def test_the_excerpt_is_the_passage_that_holds_the_most_of_the_words(self):
        filler = "Plain words that fill a paragraph, of which nobody searches for any, go on and on. " * 4
        body = f"Alpha heading\n\n{filler}\n\n{filler} Here alpha meets beta. {filler}\n\n{filler}"
        make_article("a", en=live("T", summary="A summary with alpha.", body=body))
        excerpt = self.hit("alpha beta").excerpt
        self.assertRegex(excerpt, r"^… .*Here <mark>alpha</mark> meets <mark>beta</mark>\..* …$")
        self.assertLess(len(excerpt), 320)
        self.assertEqual(self.hit("alpha").excerpt, "A summary with <mark>alpha</mark>.")

    def test_where_the_title_alone_is_found_the_summary_or_the_beginning_is_shown(self):
        make_article("a", en=live("Alpha", body="The beginning. " * 40))
        make_article("b", en=live("Beta", summary="The summary.", body="Body."))
        self.assertTrue(self.hit("alpha").excerpt.startswith("The beginning."))
        self.assertEqual(self.hit("beta").excerpt, "The summary.")

    def test_hits_come_in_the_order_of_the_search(self):
        make_article("body", en=live("Two", body="Zebra in a longer text than the other one."))
        make_article("title", en=live("Zebra", body="Other."))
        query = Query("zebra", "en")
        self.assertEqual([hit.article.title_en for hit in hits(search(query), query)], ["Zebra", "Two"])

    def test_one_long_word_and_a_late_hit_still_give_a_short_excerpt(self):
        make_article("a", en=live("T", body="x" * 5000 + " " + "y" * 5000 + " needle"))
        for text in ("needle", "x" * 60):
            self.assertLess(len(self.hit(text).excerpt), 320)
