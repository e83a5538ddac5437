import re
from unittest import mock

from django.test import TestCase

from articles.search import index
from articles.tests.examples import TOMORROW, live, make_article
from articles.tests.test_search import HOSTILE
from blog import views


class SearchViewTests(TestCase):
    def page(self, text: str | None = None, language: str = "en", **parameters) -> str:
        path = {"en": "/en/search/", "fr": "/fr/recherche/"}[language]
        response = self.client.get(path, ({} if text is None else {"q": text}) | parameters)
        self.assertEqual(response.status_code, 200)
        return response.content.decode()

    def test_it_lists_what_it_finds_with_the_words_marked_and_says_how_much(self):
        make_article("a", en=live("Rate limiting", summary="How it is done."))
        make_article("b", en=live("Other", body="Rates have a limit & more."))
        make_article("c", en={"title": "Rate limit draft"})
        make_article("d", en={"title": "Rate limit later", "body": "B", "published_at": TOMORROW})
        page = self.page("rate limit")
        self.assertIn("2 results for “rate limit”", page)
        self.assertRegex(page, r"<title>2 results for “rate limit”\s+– Search –")
        self.assertIn('<a href="/en/articles/rate-limiting/"><mark>Rate</mark> <mark>limiting</mark></a>', page)
        self.assertIn("<mark>Rates</mark> have a <mark>limit</mark> &amp; more.", page)
        self.assertEqual(page.count('<article class="teaser">'), 2)

    def test_the_form_keeps_what_was_typed_and_nothing_of_it_becomes_markup(self):
        page = self.page('"><script>x</script>')
        self.assertIn('value="&quot;&gt;&lt;script&gt;x&lt;/script&gt;"', page)
        self.assertNotIn("<script", page)

    def test_it_offers_what_the_other_language_has_in_that_language(self):
        make_article("a", fr=live("Cheval"))
        make_article("b", fr=live("Chevaux"), en=live("Horses"))
        page = self.page("cheval")
        self.assertIn("No result for “cheval”", page)
        self.assertIn('<a href="/fr/recherche/?q=cheval" lang="fr" hreflang="fr">', page)
        self.assertIn("2 r", re.search(r'<p class="language-line">(.*?)</p>', page)[1])
        self.assertNotIn("language-line", self.page("horses"))
        line = '<a href="/en/search/?q=horses" lang="en" hreflang="en">1 result in English</a>'
        self.assertIn(line, self.page("horses", "fr"))

    def test_the_switch_keeps_the_words_and_the_head_links_languages_without_them_only(self):
        page = self.page("l'été & moi", "fr")
        self.assertIn('href="/en/search/?q=l%27%C3%A9t%C3%A9+%26+moi" lang="en"', page)
        self.assertNotIn('rel="alternate" hreflang', page)
        self.assertIn('<meta name="robots" content="noindex">', page)
        empty = self.page(None, "fr")
        self.assertIn('href="/en/search/" lang="en"', empty)
        self.assertEqual(empty.count('rel="alternate" hreflang'), 3)
        self.assertNotIn("noindex", empty)

    def test_long_results_come_in_pages_that_keep_the_words(self):
        for number in range(11):
            make_article(f"a{number}", en=live("Word", slug=f"s{number}"))
        first, second = self.page("word & word"), self.page("word & word", page=2)
        self.assertIn('<a rel="next" href="/en/search/?q=word+%26+word&amp;page=2">', first)
        self.assertIn('<a rel="prev" href="/en/search/?q=word+%26+word">', second)
        self.assertEqual((first.count('<article class="teaser">'), second.count('<article class="teaser">')), (10, 1))
        self.assertRegex(second, r"<title>11 results for “word &amp; word”\s+– page 2 – Search")
        for page in ("0", "3", "x", "-1", "9" * 5000):
            self.assertEqual(self.client.get("/en/search/", {"q": "word", "page": page}).status_code, 404, page[:9])

    def test_where_more_match_than_are_ranked_it_says_so(self):
        for number in range(3):
            make_article(f"a{number}", en=live("Word", slug=f"s{number}"))
        self.assertNotIn("More articles may match", self.page("word"))
        with mock.patch.object(index, "MAX_RANKED", 2), mock.patch.object(views, "MAX_RANKED", 2):
            self.assertIn("More articles may match", self.page("word"))

    def test_any_input_at_all_is_answered_in_every_language(self):
        make_article("a", en=live("A x"), fr=live("A x"))
        for text in HOSTILE:
            for language in ("en", "fr"):
                with self.subTest(text[:40]):
                    self.page(text.encode("utf-8", "surrogatepass"), language)

    def test_nothing_but_spaces_is_no_search(self):
        for text in ("  ", "\t\n", "\x00", " \x00 "):
            page = self.page(text)
            self.assertNotIn("search-count", page)
            self.assertNotIn("\x00", page)

    def test_bytes_that_are_no_text_are_answered(self):
        for query in ("q=%ff%fe", "q=%ed%a0%80", "q", "q=a&q=b", "q=%", "page=1&q=%00"):
            self.assertEqual(self.client.get(f"/en/search/?{query}").status_code, 200, query)

    def test_it_sets_no_cookie(self):
        self.assertEqual(len(self.client.get("/en/search/?q=word").cookies), 0)
