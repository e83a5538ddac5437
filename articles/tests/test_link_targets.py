from django.test import TestCase

from articles.models import Article
from articles.search.titles import MAX_FOUND

from .examples import TOMORROW, live, make_article
from .people import person

URL = "/admin/articles/article/link-targets/"


class LinkTargetsTests(TestCase):
    def setUp(self):
        self.client.force_login(person("author", "Author"))

    def targets(self, q, language="en"):
        return self.client.get(URL, {"q": q, "language": language}).json()["targets"]

    def keys(self, q, language="en"):
        return [target["key"] for target in self.targets(q, language)]

    def test_articles_are_found_by_words_of_any_title_or_of_the_key_without_accents_and_capitals(self):
        make_article("seasons", en=live("Summer in Oslo"), fr=live("L’été à Oslo, un œuf"))
        make_article("other", en=live("Winter"))
        for words in (
            "summer",
            "SUMMER",
            "oslo sum",
            "ete",
            "ÉTÉ",
            "e\u0301te\u0301",
            "l'été",
            "oeuf",
            "seas",
            "à OSLO,",
        ):
            with self.subTest(words):
                self.assertEqual(self.keys(words), ["seasons"])
        for words in ("", " ", "…", "umme", "summer winter", "summer été", "%", "_"):
            with self.subTest(words):
                self.assertEqual(self.keys(words), [])

    def test_the_best_comes_first_and_of_equals_the_newest(self):
        for key, title in (("words", "Paper and good ink"), ("phrase", "On good paper"), ("exact", "Good paper")):
            make_article(key, en=live(title))
        for key in ("old", "new"):
            make_article(key, en=live(f"Good paper, {key}"))
        self.assertEqual(self.keys("good paper"), ["exact", "new", "old", "phrase", "words"])

    def test_each_bears_its_title_with_its_language_and_its_state_in_the_language_of_the_text(self):
        make_article("both", en=live("Summer"), fr={"title": "Été", "body": "Corps"})
        make_article("later", en=live("Summer later", published_at=TOMORROW))
        self.assertEqual(
            self.targets("summer", "fr"),
            [
                {"key": "both", "title": "Été", "language": "fr", "state": "draft", "label": "draft"},
                {"key": "later", "title": "Summer later", "language": "en", "state": "missing", "label": "missing"},
            ],
        )
        self.assertEqual([target["state"] for target in self.targets("summer", "en")], ["live", "scheduled"])

    def test_an_article_without_any_title_is_found_by_its_key(self):
        Article.objects.create(key="bare-key")
        self.assertEqual([(each["title"], each["language"]) for each in self.targets("bare")], [("bare-key", "")])

    def test_deleted_articles_are_not_offered(self):
        make_article("gone", en=live("Summer")).delete()
        self.assertEqual(self.keys("summer"), [])

    def test_many_matches_cost_as_few_queries_as_one_and_are_cut(self):
        make_article("a", en=live("Summer"))
        with self.assertNumQueries(7):
            self.keys("summer")
        for number in range(MAX_FOUND + 2):
            make_article(f"s{number}", en=live(f"Summer {number}"))
        with self.assertNumQueries(7):
            self.assertEqual(len(self.keys("summer")), MAX_FOUND)

    def test_what_nobody_can_ask_is_refused_plainly(self):
        for parameters in ({}, {"q": "a"}, {"q": "a", "language": "xx"}):
            self.assertEqual(self.client.get(URL, parameters).status_code, 400)
        self.assertEqual(self.client.post(URL, {"language": "en"}).status_code, 405)
        self.assertEqual(self.keys("a\x00" * 5000), [])
        self.client.logout()
        response = self.client.get(URL, {"q": "a", "language": "en"})
        self.assertEqual((response.status_code, response.json()["error"]), (401, "Your login has expired."))
