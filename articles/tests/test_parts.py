import re

from django.test import TestCase

from articles.models import Article, Series

from .examples import TOMORROW, live, make_article

TITLE = "Rate limiting"


class SeriesTestCase(TestCase):
    def setUp(self):
        self.series = Series.objects.create(key="limits", title_en=TITLE, title_fr="Limiter")

    def part(self, key: str, part: int | None, **texts: dict) -> Article:
        article = make_article(key, **(texts or {"en": live(key.title()), "fr": live(f"{key.title()} fr")}))
        article.series, article.part = self.series, part
        article.save(update_fields=["series", "part"])
        return article

    def box(self, path: str) -> str:
        page = self.client.get(path).content.decode()
        return page.partition('aria-labelledby="page_series"')[2].partition("</nav>")[0]

    def links(self, path: str) -> list[str]:
        return re.findall('href="([^"]+)"', self.box(path))


class PartOfASeriesTests(SeriesTestCase):
    def test_a_part_says_which_it_is_and_leads_to_the_series_and_the_parts_beside_it(self):
        for key, place in (("third", 30), ("first", 10), ("second", 20)):
            self.part(key, place)
        box = self.box("/en/articles/second/")
        self.assertIn("part 2 of 3", box)
        self.assertIn(TITLE, box)
        self.assertEqual(
            self.links("/en/articles/second/"),
            ["/en/series/rate-limiting/", "/en/articles/first/", "/en/articles/third/"],
        )
        self.assertEqual(self.links("/fr/articles/second-fr/")[0], "/fr/series/limiter/")

    def test_the_first_and_the_last_part_have_nothing_beyond_them(self):
        self.part("first", 1)
        self.part("last", 2)
        self.assertEqual(self.links("/en/articles/first/")[1:], ["/en/articles/last/"])
        self.assertEqual(self.links("/en/articles/last/")[1:], ["/en/articles/first/"])

    def test_the_next_part_is_offered_again_where_the_text_ends(self):
        self.part("first", 1)
        self.part("last", 2)
        ends = [
            self.client.get(f"/en/articles/{slug}/").content.decode().partition('class="article-footer"')[2]
            for slug in ("first", "last")
        ]
        self.assertIn('<p class="next-part">Next part: <a href="/en/articles/last/">', ends[0])
        self.assertNotIn("Next part", ends[1])

    def test_what_is_not_live_in_the_language_is_no_part_there(self):
        self.part("first", 1)
        self.part("draft", 2, en={"title": "Draft"}, fr=live("Deux"))
        self.part("later", 3, en={"title": "Later", "body": "B", "published_at": TOMORROW})
        self.part("gone", 4).delete()
        self.part("last", 5)
        self.assertIn("part 2 of 2", self.box("/en/articles/last/"))
        self.assertEqual(self.links("/en/articles/last/")[1:], ["/en/articles/first/"])
        self.assertIn("/fr/articles/deux/", self.links("/fr/articles/last-fr/"))

    def test_parts_without_a_place_come_last(self):
        self.part("without", None)
        self.part("with", 7)
        self.assertEqual(self.links("/en/articles/without/")[1:], ["/en/articles/with/"])

    def test_the_order_is_that_of_the_page_of_the_series(self):
        for key, place in (("a", None), ("b", 2), ("c", 2), ("d", 1)):
            self.part(key, place)
        page = self.client.get("/en/series/rate-limiting/").content.decode()
        order = re.findall('<a class="p-name u-url" href="([^"]+)"', page)
        self.assertEqual(len(order), 4)
        for place, path in enumerate(order):
            beside = order[max(place - 1, 0) : place] + order[place + 1 : place + 2]
            self.assertEqual(self.links(path)[1:], beside, path)

    def test_a_series_of_one_part_so_far_is_named_alone(self):
        self.part("only", 1)
        self.assertEqual(self.links("/en/articles/only/"), ["/en/series/rate-limiting/"])
        self.assertNotIn("of 1", self.box("/en/articles/only/"))

    def test_a_series_without_a_title_in_the_language_is_not_shown_there(self):
        Series.objects.filter(pk=self.series.pk).update(title_fr="", slug_fr=None)
        self.part("first", 1)
        self.part("second", 2)
        self.assertIn(TITLE, self.box("/en/articles/first/"))
        self.assertEqual(self.box("/fr/articles/first-fr/"), "")

    def test_an_article_in_no_series_has_no_such_box(self):
        make_article("alone", en=live("Alone"))
        self.assertEqual(self.box("/en/articles/alone/"), "")
