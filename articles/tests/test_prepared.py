from datetime import datetime, timedelta
from unittest import mock

from django.db.models import Count, QuerySet
from django.test import TestCase
from django.utils import timezone
from django.utils.translation import override

from articles.addresses import path_in
from articles.models import Article, Tag
from articles.prepared import prepared

from .examples import TOMORROW, YESTERDAY, live, make_article


@prepared
def live_titles(language: str, *, keys: list[str], now: datetime) -> QuerySet:
    articles = Article.objects.published(language, at=now).filter(key__in=keys).order_by("key")
    return articles.only("title", "published_at").annotate(tag_count=Count("tags"))


class PreparedTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_article("a", en=live("Summer"), fr=live("Été")).tags.add(Tag.objects.create(key="t"))
        make_article("b", en=live("Winter"), fr=live("Hiver", published_at=TOMORROW))

    def found(self, language: str, *keys: str, now: datetime | None = None) -> list[tuple]:
        articles = live_titles(language, keys=list(keys), now=now or timezone.now())
        with override(language):
            return [(article.title, article.published_at, article.tag_count) for article in articles]

    def test_it_gives_what_the_queryset_would_give_with_the_values_of_each_time(self):
        summer, winter = ("Summer", YESTERDAY, 1), ("Winter", YESTERDAY, 0)
        self.assertEqual(self.found("en", "a", "b"), [summer, winter])
        self.assertEqual(self.found("en", "b"), [winter])
        self.assertEqual(self.found("en", "a", "b", now=YESTERDAY - timedelta(days=1)), [])
        self.assertEqual(self.found("en", "a", "b", "none"), [summer, winter])

    def test_each_language_has_its_own_whichever_is_active(self):
        for active in ("en", "fr"):
            with override(active):
                self.assertEqual(self.found("fr", "a", "b"), [("Été", YESTERDAY, 1)])
                self.assertEqual(len(self.found("en", "a", "b")), 2)

    def test_its_sql_is_written_once(self):
        self.found("en", "a")
        with mock.patch.object(live_titles, "queryset_of", side_effect=AssertionError), self.assertNumQueries(1):
            self.assertEqual(self.found("en", "b"), [("Winter", YESTERDAY, 0)])

    def test_it_loads_no_column_that_was_not_asked_for(self):
        article = live_titles.first("en", keys=["a"], now=timezone.now())
        self.assertIn("body_en", article.get_deferred_fields())
        self.assertIsNone(live_titles.first("en", keys=["none"], now=timezone.now()))

    def test_the_rows_of_a_queryset_of_values_are_those_of_the_database(self):
        keys = prepared(lambda language, *, title: Article.objects.filter(title=title).values_list("key"))
        self.assertEqual(
            [keys.values(code, title=title) for code, title in (("en", "Summer"), ("fr", "Summer"))], [[("a",)], []]
        )

    def test_a_query_that_would_keep_the_time_of_its_first_use_is_refused(self):
        timeless = prepared(lambda language: Article.objects.published(language))
        with self.assertRaisesMessage(TypeError, "depends on more than its arguments"):
            timeless("en")

    def test_a_path_is_that_of_the_language_whichever_is_active(self):
        for active in ("en", "fr"):
            with override(active):
                self.assertEqual(path_in("fr", "articles:tag_detail", slug="ete"), "/fr/etiquettes/ete/")
