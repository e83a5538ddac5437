from datetime import UTC, datetime, timedelta
from unittest import mock

from django.test import TestCase
from django.utils import timezone

from articles import listings
from articles.models import Article, Author, Companion, Series, Tag, slugged
from articles.tests.examples import live, make_article
from blog.models import LastChange, Page, Site

from .examples import make_page, shown

# When the site last changed: the last write, and what went live since. Then the site, and the pages of the frame.
DATE, FRAME = 2, 2

# What each page asks beside them.
COSTS = {
    # The article, its rendering, when it came here, its authors, the linked articles, its tags, its series, the other
    # parts, its companions, their tags, the newer and the older one; in a translation how far it is behind.
    "/en/articles/t1/": DATE + FRAME + 12,
    "/fr/articles/t1-fr/": DATE + FRAME + 13,
    "/en/articles/t1.md": DATE + 1,
    # The keys of the articles, the articles, their tags.
    "/en/": DATE + FRAME + 3,
    # The newest, the oldest, the counts of the years; tags, series, authors.
    "/en/archive/": DATE + FRAME + 6,
    # The keys of the articles, the articles, their tags, whether the other language has any; the counts of the months.
    "/en/archive/2026/": DATE + FRAME + 5,
    "/en/archive/2026/01/": DATE + FRAME + 4,
    # The subject, the keys of its articles, the articles, their tags; but of a series, whether they are many.
    "/en/series/trip/": DATE + FRAME + 4,
    "/en/tags/code/": DATE + FRAME + 5,
    "/en/authors/ada/": DATE + FRAME + 5,
    # The page, its rendering.
    "/en/pages/about/": DATE + FRAME + 2,
    "/en/structure/": DATE + FRAME,
    # The linked articles and images.
    "/en/style/": DATE + FRAME + 2,
    "/en/search/": DATE + FRAME,
    # What is found in each language, of whole words and of what the last one begins; the articles, their tags.
    "/en/search/?q=word": DATE + FRAME + 6,
    # The site, the keys of the articles in each language, they, their renderings, what these link to, authors, tags.
    "/en/feed.xml": DATE + 7,
    "/en/feed.json": DATE + 7,
    "/feed.xml": DATE + 8,
    # The subject; but of a series, whether its articles are many.
    "/en/tags/code/feed.xml": DATE + 9,
    "/en/series/trip/feed.json": DATE + 8,
    # Whether the site is large, the home page's list in each language, the pages; for each of tags, series and authors
    # themselves and their lists in each language; periods in each language, articles.
    "/sitemap.xml": DATE + 1 + 2 + 1 + 3 * 3 + 2 + 1,
    "/robots.txt": DATE,
    "/healthz": 0,
    # In a thread, with a connection of its own.
    "/readyz": 0,
}
# The keys of the articles, the articles, their tags, whether the other language has as many; the subject, and whether
# its articles are many; of a year the counts of its months.
LATER_COSTS = {"/en/?page=2": 4, "/en/?page=3": 4, "/en/tags/code/?page=2": 6, "/en/archive/2026/?page=3": 5}


class QueryTests(TestCase):
    """What readers' pages cost where no page is kept."""

    @classmethod
    def setUpTestData(cls):
        Site.current()
        cls.tags = [Tag.objects.create(key=key, name_en=key, name_fr=key) for key in ("code", "craft")]
        cls.author = Author.objects.create(name="Ada")
        cls.series = Series.objects.create(key="trip", title_en="Trip", title_fr="Voyage")
        cls.add(3)

    @classmethod
    def add(cls, count: int) -> None:
        """Add articles with all that an article can have."""
        before = list(Article.objects.all())
        for number in range(len(before), len(before) + count):
            date = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
            texts = {
                code: live(f"T{number}", slug=f"t{number}{end}", body="A word, [](article:a0).", published_at=date)
                for code, end in (("en", ""), ("fr", "-fr"))
            }
            article = make_article(f"a{number}", **texts)
            article.tags.add(*cls.tags)
            article.authors.add(cls.author)
            Article.objects.filter(pk=article.pk).update(series=cls.series, part=number)
        first, second, *others = Article.objects.order_by("pk")
        for place, companion in enumerate([first, *others]):
            Companion.objects.get_or_create(article=second, companion=companion, defaults={"position": place})
        make_page(f"about{count}", Page.Navigation.FOOTER, en=shown("About" if not before else f"About {count}"))

    def test_a_cold_page_asks_the_database_a_constant_number_of_times(self):
        for count in (3, 30):
            if count == 30:
                self.add(27)
            # Within the second of a change no page tells a date, and one asks for it twice.
            LastChange.objects.update(at=timezone.now() - timedelta(minutes=1))
            for path, cost in COSTS.items():
                # What is put together once for all readers.
                self.client.get(path)
                with self.subTest(path, articles=count), self.assertNumQueries(cost) as queries:
                    self.assertEqual(self.client.get(path).status_code, 200)
                is_source = path.endswith(".md")
                self.assertEqual(any('."body' in query["sql"] for query in queries), is_source, path)

    def test_a_later_page_of_a_list_costs_what_the_second_one_costs(self):
        self.add(27)
        for path, cost in LATER_COSTS.items():
            with self.subTest(path), self.assertNumQueries(DATE + FRAME + cost):
                self.assertEqual(self.client.get(path).status_code, 200)

    def test_a_far_page_counts_the_periods_of_its_list_in_each_language(self):
        self.add(27)
        # In a transaction, as here, nothing is kept: the newest, the oldest, the counts.
        with mock.patch.object(listings, "FAR", 10), mock.patch.object(slugged, "MANY", 2):
            for path in ("/en/?page=2", "/en/?page=3", "/en/tags/code/?page=2"):
                with self.subTest(path), self.assertNumQueries(DATE + FRAME + LATER_COSTS[path] + 2 * 3):
                    self.assertEqual(self.client.get(path).status_code, 200)

    def test_a_frequent_subject_costs_what_a_rare_one_costs(self):
        with mock.patch.object(slugged, "MANY", 2), self.assertNumQueries(COSTS["/en/tags/code/"]):
            self.client.get("/en/tags/code/")
