from itertools import product

from django.test import TestCase

from articles.models import Article, Tag

from .examples import TOMORROW, YESTERDAY, change, live, make_article

# What a page asks of the database for its frame.
FRAME = 2

STATES = ("missing", "draft", "scheduled", "live", "withdrawn")


def make_in_states(key: str, states: dict[str, str]) -> Article:
    """Return an article with the slug KEY-STATE-LANGUAGE in each language where it is not missing.

    What is withdrawn was live at that slug, and has a new one since.
    """
    texts = {}
    for language, state in states.items():
        text = {"title": f"Title {key} {language}", "body": "Body", "slug": f"{key}-{state}-{language}"}
        date = {"missing": None, "draft": None, "scheduled": TOMORROW}.get(state, YESTERDAY)
        texts[language] = text | {"published_at": date}
    article = make_article(key, **{code: text for code, text in texts.items() if states[code] != "missing"})
    for language, state in states.items():
        if state == "withdrawn":
            change(article, language, slug=f"{key}-secret-{language}", published_at=None)
    return article


class MissTests(TestCase):
    def assert_leads(self, path: str, target: str):
        for method in (self.client.get, self.client.head):
            response = method(path)
            self.assertEqual((response.status_code, response.headers.get("Location")), (301, target), path)

    def test_the_slug_of_another_language_leads_to_the_article_in_the_language_of_the_address(self):
        make_article("a", en=live("Summer"), fr=live("Été"))
        self.assert_leads("/fr/articles/summer/", "/fr/articles/ete/")
        self.assert_leads("/en/articles/ete/", "/en/articles/summer/")

    def test_a_former_slug_of_any_language_leads_to_the_present_one_of_the_address_s_language(self):
        article = make_article("a", en=live("T", slug="first"), fr=live("T", slug="premier"))
        for slug in ("second", "third"):
            change(article, "en", slug=slug)
        change(article, "fr", slug="deuxieme")
        for old in ("first", "second", "premier", "deuxieme"):
            self.assert_leads(f"/en/articles/{old}/", "/en/articles/third/")
        for old in ("first", "second", "premier", "third"):
            self.assert_leads(f"/fr/articles/{old}/", "/fr/articles/deuxieme/")

    def test_a_live_slug_of_the_address_s_own_language_wins_over_any_other_match(self):
        moved = make_article("a", en=live("A", slug="table"), fr=live("A", slug="a-fr"))
        change(moved, "en", slug="desk")
        make_article("b", en=live("B", slug="b-en"), fr=live("B", slug="table"))
        self.assertContains(self.client.get("/fr/articles/table/"), "The body of B.")

    def test_what_an_address_led_to_wins_over_what_has_the_slug_in_another_language(self):
        moved = make_article("a", en=live("A", slug="table"))
        change(moved, "en", slug="desk")
        make_article("b", en=live("B", slug="b-en"), fr=live("B", slug="table"))
        self.assert_leads("/en/articles/table/", "/en/articles/desk/")
        # Even where it is deleted: its address never leads to another article.
        moved.delete()
        response = self.client.get("/en/articles/table/")
        self.assertEqual(response.status_code, 410)
        # A browser would keep it, and never see the article again that is restored.
        self.assertEqual(response.headers["Cache-Control"], "no-cache")

    def test_a_renaming_there_and_back_never_leads_in_a_circle(self):
        article = make_article("a", en=live("T", slug="first"))
        change(article, "en", slug="second")
        self.assert_leads("/en/articles/first/", "/en/articles/second/")
        change(article, "en", slug="first")
        self.assert_leads("/en/articles/second/", "/en/articles/first/")
        self.assertEqual(self.client.get("/en/articles/first/").status_code, 200)
        # A browser that kept the first redirect asks again before it follows it.
        self.assertEqual(self.client.get("/en/articles/second/").headers["Cache-Control"], "no-cache")

    def test_a_redirect_keeps_the_query_string_and_stays_on_this_site(self):
        article = make_article("a", en=live("T", slug="first"))
        change(article, "en", slug="second")
        for query, kept in {
            "utm_source=x&y=%C3%A9": "utm_source=x&y=%C3%A9",
            "next=//evil.example/": "next=//evil.example/",
            "a=%0d%0aSet-Cookie:x": "a=%0d%0aSet-Cookie:x",
            "a=\r\nb": "a=%0D%0Ab",
        }.items():
            response = self.client.get("/en/articles/first/", QUERY_STRING=query)
            self.assertEqual(response.headers["Location"], f"/en/articles/second/?{kept}")

    def test_every_combination_of_states_answers_what_readers_may_know_and_nothing_more(self):
        for number, (en, fr, is_deleted) in enumerate(product(STATES, STATES, (False, True))):
            states, key = {"en": en, "fr": fr}, f"k{number}"
            article = make_in_states(key, states)
            if is_deleted:
                article.delete()
            for here, there in (("en", "fr"), ("fr", "en")):
                for slug_language in (here, there):
                    path = f"/{here}/articles/{key}-{states[slug_language]}-{slug_language}/"
                    was_public = states[slug_language] in ("live", "withdrawn")
                    with self.subTest(path, states=states, is_deleted=is_deleted):
                        response = self.client.get(path)
                        page = response.content.decode()
                        if not was_public:
                            expected = 404
                        elif is_deleted:
                            expected = 410 if slug_language == here else 404
                        elif states[here] == "live":
                            expected = 200 if slug_language == here else 301
                        else:
                            expected = 404
                        self.assertEqual(response.status_code, expected)
                        offers = was_public and not is_deleted and states[there] == "live"
                        self.assertEqual(f"Title {key} {there}" in page, offers and expected == 404)
                        self.assertEqual(f"Title {key} {here}" in page, expected == 200)
                        self.assertNotIn("-secret-", page)
            Article.objects.filter(key=key).update(deleted_at=YESTERDAY)


class UntranslatedTests(TestCase):
    def make(self, key="a", **texts):
        article = make_article(key, en=live("Summer & sun", slug="summer"), **texts)
        return article, self.client.get("/fr/articles/summer/")

    def test_it_says_in_the_address_s_language_where_the_article_can_be_read(self):
        _, response = self.make()
        link = '<a href="/en/articles/summer/" lang="en" hreflang="en">Summer &amp; sun</a>'
        self.assertContains(response, link, html=True, status_code=404)
        self.assertContains(response, '<html lang="fr">', status_code=404)

    def test_the_language_switch_leads_to_the_article(self):
        _, response = self.make()
        switch = '<a href="/en/articles/summer/" lang="en" hreflang="en">English</a>'
        self.assertContains(response, switch, html=True, status_code=404)

    def test_search_engines_pass_it_over(self):
        _, response = self.make()
        self.assertContains(response, '<meta name="robots" content="noindex">', html=True, status_code=404)
        self.assertNotContains(response, 'rel="alternate" hreflang', status_code=404)

    def test_it_offers_what_shares_a_tag_newest_first(self):
        article, _ = self.make()
        tag = Tag.objects.create(key="t", name_en="Tag", name_fr="Étiquette")
        article.tags.add(tag)
        for number in range(5):
            make_article(f"related{number}", fr=live(f"Liée {number}")).tags.add(tag)
            make_article(f"other{number}", fr=live(f"Autre {number}"))
        make_article("english", en=live("English relation")).tags.add(tag)
        make_article("draft", en=live("With a draft"), fr={"title": "Brouillon"}).tags.add(tag)
        response = self.client.get("/fr/articles/summer/")
        titles = [other.title for other in response.context["related"]]
        self.assertEqual(titles, ["Liée 4", "Liée 3", "Liée 2"])

    def test_an_article_is_not_related_to_itself(self):
        article, _ = self.make()
        article.tags.add(Tag.objects.create(key="t"))
        self.assertFalse(Article.objects.related_to(article).exists())

    def test_it_offers_the_newest_where_nothing_shares_a_tag(self):
        make_article("b", fr=live("Ancienne"))
        make_article("c", fr=live("Récente"))
        _, response = self.make()
        self.assertEqual([other.title for other in response.context["related"]], ["Récente", "Ancienne"])

    def test_it_costs_the_same_queries_however_much_it_offers(self):
        article, _ = self.make()
        # The article, what was at the slug, the article there, what is related, the newest, their tags.
        make_article("c0", fr=live("Une"))
        with self.assertNumQueries(FRAME + 6):
            self.client.get("/fr/articles/summer/")
        for number in range(4):
            tag = Tag.objects.create(key=f"t{number}", name_fr=f"Étiquette {number}")
            article.tags.add(tag)
            make_article(f"r{number}", fr=live(f"Liée {number}")).tags.add(tag)
        with self.assertNumQueries(FRAME + 5):
            self.client.get("/fr/articles/summer/")


class CostTests(TestCase):
    def test_a_redirect_costs_three_queries(self):
        article = make_article("a", en=live("T", slug="first"), fr=live("T"))
        change(article, "en", slug="second")
        for path in ("/en/articles/first/", "/fr/articles/first/"):
            with self.assertNumQueries(3):
                self.client.get(path)

    def test_a_slug_that_nobody_ever_read_costs_two_queries_one_for_a_redirect_and_the_frame_s(self):
        self.client.get("/en/articles/nothing/")
        with self.assertNumQueries(FRAME + 3):
            self.client.get("/en/articles/nothing/")
