from datetime import UTC, datetime, timedelta
from functools import partial
from unittest import mock

from django.conf import settings
from django.db import connection
from django.test import TestCase, TransactionTestCase, override_settings
from django.utils import timezone

from articles import archive, languages, listings
from articles.counting import counts
from articles.models import Article, Author, Series, Tag, slugged

from .examples import TOMORROW, YESTERDAY, live, make_article

CODES = [code for code, _ in settings.LANGUAGES]


def dated(title: str, *date: int, **fields) -> dict:
    return live(title, published_at=datetime(*date, 12, tzinfo=UTC), **fields)


def titles(response) -> list[str]:
    return [article.title for article in response.context["object_list"]]


class CountsTests(TestCase):
    def test_any_number_of_statements_is_one_query(self):
        for number in range(3):
            make_article(f"a{number}", en=live(f"T{number}"))
        articles = Article.objects.order_by().only("pk")
        asked = [articles, articles.filter(key="a1"), articles[:2], articles.filter(key="b")]
        statements = [queryset.query.sql_with_params() for queryset in asked]
        with self.assertNumQueries(1):
            numbers = counts(statements)
        self.assertEqual(numbers, [3, 1, 2, 0])
        self.assertEqual(counts(statements[:1] * 2500), [3] * 2500)


class SubjectDetailViewTests(TestCase):
    def test_a_page_lists_what_is_live_in_its_language_newest_first(self):
        tag = Tag.objects.create(key="t", name_en="Summer", name_fr="Été")
        for number in range(3):
            make_article(f"a{number}", en=dated(f"E{number}", 2026, 1, 1 + number)).tags.add(tag)
        make_article("later", en={"title": "Later", "body": "B", "published_at": TOMORROW}).tags.add(tag)
        make_article("fr", fr=live("Seul")).tags.add(tag)
        make_article("other", en=live("Other"))
        response = self.client.get("/en/tags/summer/")
        self.assertEqual(titles(response), ["E2", "E1", "E0"])
        self.assertContains(response, "<h1>Summer</h1>")
        self.assertEqual(titles(self.client.get("/fr/etiquettes/ete/")), ["Seul"])

    def test_a_series_is_in_the_order_of_its_parts(self):
        series = Series.objects.create(key="s", title_en="Trip", description_en="A long way.")
        for title, part in {"Last": None, "Second": 20, "First": 3}.items():
            Article.objects.filter(pk=make_article(title.lower(), en=live(title)).pk).update(series=series, part=part)
        response = self.client.get("/en/series/trip/")
        self.assertEqual(titles(response), ["First", "Second", "Last"])
        self.assertContains(response, "A long way.")

    def test_the_parts_of_a_series_are_numbered_from_page_to_page(self):
        series = Series.objects.create(key="s", title_en="Trip")
        for number in range(1, 12):
            make_article(f"a{number}", en=live(f"T{number}"))
        Article.objects.update(series=series)
        for page, numbers in {1: range(1, 11), 2: [11]}.items():
            response = self.client.get(f"/en/series/trip/?page={page}")
            for number in numbers:
                self.assertContains(response, f'>{number}. <a class="p-name u-url" href="/en/articles/t{number}/"')
        self.assertNotContains(self.client.get("/en/archive/"), "1. <a")

    def test_an_author_has_a_page_that_articles_link_to(self):
        author = Author.objects.create(name="Renée Née", about_fr="Elle écrit.")
        make_article("a", fr=live("Seul")).authors.add(author)
        response = self.client.get("/fr/auteurs/renee-nee/")
        self.assertEqual(titles(response), ["Seul"])
        self.assertContains(response, "Elle écrit.")
        self.assertContains(self.client.get("/fr/articles/seul/"), 'href="/fr/auteurs/renee-nee/"')
        self.assertEqual(self.client.get("/en/authors/renee-nee/").status_code, 404)

    def test_a_slug_that_changed_or_of_another_language_leads_to_the_page(self):
        tag = Tag.objects.create(key="t", name_en="Summer", name_fr="Été")
        make_article("a", en=live("T"), fr=live("T")).tags.add(tag)
        tag.slug_en = "sun"
        tag.save()
        for path, target in {
            "/en/tags/summer/": "/en/tags/sun/",
            "/en/tags/ete/": "/en/tags/sun/",
            "/fr/etiquettes/sun/": "/fr/etiquettes/ete/",
        }.items():
            response = self.client.get(path)
            self.assertRedirects(response, target, 301)
            self.assertEqual(response.headers["Cache-Control"], "no-cache")

    def test_a_slug_of_this_language_wins_over_one_of_another(self):
        here, there = Tag.objects.create(key="h", name_en="Chat"), Tag.objects.create(key="t", name_fr="Chat")
        make_article("a", en=live("T"), fr=live("T")).tags.add(here, there)
        self.assertEqual(self.client.get("/en/tags/chat/").context["subject"], here)

    def test_a_frequent_tag_lists_the_same_as_a_rare_one(self):
        tag = Tag.objects.create(key="t", name_en="Tag")
        for number in range(12):
            make_article(f"a{number:02}", en=dated(f"T{number:02}", 2026, 1, 1 + number)).tags.add(tag)
        rare = [titles(self.client.get(f"/en/tags/tag/?page={page}")) for page in (1, 2)]
        with mock.patch.object(slugged, "MANY", 5):
            frequent = [titles(self.client.get(f"/en/tags/tag/?page={page}")) for page in (1, 2)]
        self.assertEqual(frequent, rare)


class PagesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.tag = Tag.objects.create(key="t", name_en="Tag", name_fr="Étiquette")
        for number in range(21):
            texts = {"en": live(f"T{number:02}")} | ({"fr": live(f"F{number:02}")} if number < 11 else {})
            make_article(f"a{number:02}", **texts).tags.add(cls.tag)

    def test_a_list_is_in_pages_of_ten_and_each_leads_to_those_beside_it(self):
        pages = [self.client.get(f"/en/tags/tag/?page={number}") for number in (1, 2, 3)]
        self.assertEqual([len(titles(page)) for page in pages], [10, 10, 1])
        self.assertNotContains(pages[0], 'rel="prev"')
        self.assertContains(pages[0], 'rel="next" href="?page=2"')
        self.assertContains(pages[1], 'rel="prev" href="."')
        self.assertContains(pages[2], 'rel="prev" href="?page=2"')
        self.assertNotContains(pages[2], 'rel="next"')

    def test_a_page_has_a_counterpart_where_the_other_language_s_list_is_that_long(self):
        for number, counterpart in {
            1: "/fr/etiquettes/etiquette/",
            2: "/fr/etiquettes/etiquette/?page=2",
            3: None,
        }.items():
            alternates = self.client.get(f"/en/tags/tag/?page={number}").context["alternates"]
            self.assertEqual(alternates["fr"], counterpart)

    def test_a_page_that_cannot_be_is_not_found(self):
        for page in ("0", "-1", "4", "99999", "x", "last", "", "1e3", "٣", "9" * 30):
            for path in ("/en/tags/tag/", "/en/"):
                self.assertEqual(self.client.get(path, {"page": page}).status_code, 404, page)

    def test_a_far_page_lists_what_it_would_list_near_the_first_one(self):
        author = Author.objects.create(name="Ada")
        for number, article in enumerate(Article.objects.order_by("pk")):
            # Some of one moment, some a month apart, some years.
            date = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=(number // 3) ** 4)
            dates = {f"published_at_{code}": date for code in article.live_languages()}
            Article.objects.filter(pk=article.pk).update(**dates)
            if number % 3:
                article.authors.add(author)
        Article.objects.filter(key="a05").update(published_at_en=TOMORROW)
        Article.objects.get(key="a06").delete()
        paths = ("/en/", "/fr/", "/en/tags/tag/", "/fr/etiquettes/etiquette/", "/en/authors/ada/", "/en/archive/2020/")
        addresses = [f"{path}?page={number}" for path in paths for number in range(1, 5)]
        with mock.patch.object(listings, "PAGE_SIZE", 5), mock.patch.object(listings.ArticleListView, "paginate_by", 5):
            near = [self.client.get(address) for address in addresses]
            with mock.patch.object(listings, "FAR", 5), mock.patch.object(slugged, "MANY", 2):
                far = [self.client.get(address) for address in addresses]
        self.assertEqual([page.status_code for page in near[:4]], [200, 200, 200, 200])
        self.assertIn(404, [page.status_code for page in near])
        for address, one, other in zip(addresses, near, far, strict=True):
            with self.subTest(address):
                self.assertEqual(one.content, other.content)


class FarPagesTests(TransactionTestCase):
    def test_a_far_page_is_right_after_each_write_and_once_a_scheduled_text_goes_live(self):
        for number in range(11):
            make_article(f"a{number:02}", en=dated(f"T{number:02}", 2026, 1, 1 + number))
        with mock.patch.object(listings, "FAR", 10):
            page = partial(self.client.get, "/en/?page=2")
            self.assertEqual((titles(page()), titles(page())), (["T00"], ["T00"]))
            make_article("new", en=live("New"))
            self.assertEqual(titles(page()), ["T01", "T00"])
            Article.objects.get(key="a05").delete()
            self.assertEqual(titles(page()), ["T00"])
            soon = timezone.now() + timedelta(minutes=1)
            make_article("soon", en=live("Soon", published_at=soon))
            self.assertEqual(titles(page()), ["T00"])
            with mock.patch.object(timezone, "now", lambda: soon):
                self.assertEqual(titles(page()), ["T01", "T00"])


class ArchiveTests(TestCase):
    def test_it_leads_to_years_tags_series_and_authors_of_its_language_alone(self):
        article = make_article("a", en=dated("T", 2024, 2, 3), fr=dated("T", 2025, 2, 3))
        make_article("b", en={"title": "Draft"})
        article.tags.add(Tag.objects.create(key="t", name_en="Tag"), Tag.objects.create(key="u", name_fr="Étiquette"))
        article.authors.add(Author.objects.create(name="Ada"))
        article.series = Series.objects.create(key="s", title_fr="Série")
        article.save(update_fields=["series"])
        Tag.objects.create(key="idle", name_en="Idle", name_fr="Oisive")
        links = {
            "/en/archive/": {"/en/archive/2024/", "/en/tags/tag/", "/en/authors/ada/"},
            "/fr/archives/": {
                "/fr/archives/2025/",
                "/fr/etiquettes/etiquette/",
                "/fr/auteurs/ada/",
                "/fr/series/serie/",
            },
        }
        for path, expected in links.items():
            page = self.client.get(path).content.decode().partition("<main")[2].partition("</main")[0]
            found = {part.partition('"')[0] for part in page.split('href="')[1:]}
            self.assertEqual(found, expected)

    def test_what_it_lists_is_in_alphabetical_order_whatever_its_accents_and_capitals(self):
        article = make_article("a", fr=live("T"))
        names = ["abricot", "Écluse", "Été", "œuf", "Zèbre"]
        for number, name in enumerate(reversed(names)):
            article.tags.add(Tag.objects.create(key=f"t{number}", name_fr=name))
            article.authors.add(Author.objects.create(name=name))
        context = self.client.get("/fr/archives/").context
        for kind in ("tags", "authors"):
            self.assertEqual([thing.name for thing in context[kind]], names)

    def test_an_empty_language_says_so(self):
        self.assertContains(self.client.get("/fr/archives/"), "Rien n’est encore publié dans cette langue.")

    def test_a_cut_off_address_leads_to_it(self):
        for path in ("/en/articles/", "/en/tags/", "/en/series/", "/en/authors/"):
            self.assertRedirects(self.client.get(path), "/en/archive/", 301)
        self.assertRedirects(self.client.get("/fr/etiquettes/"), "/fr/archives/", 301)


class PeriodTests(TestCase):
    def test_a_year_lists_its_articles_and_leads_to_its_months(self):
        make_article("a", en=dated("March", 2024, 3, 1))
        make_article("b", en=dated("June", 2024, 6, 30))
        make_article("c", en=dated("Another year", 2025, 1, 1))
        response = self.client.get("/en/archive/2024/")
        self.assertEqual(titles(response), ["June", "March"])
        self.assertContains(response, '<a href="/en/archive/2024/03/">March 2024</a>')
        june = self.client.get("/en/archive/2024/06/")
        self.assertEqual(titles(june), ["June"])
        self.assertContains(june, '<a href="/en/archive/2024/">2024</a>')

    def test_a_year_of_one_month_leads_to_it_too(self):
        make_article("a", en=dated("March", 2024, 3, 1))
        self.assertContains(self.client.get("/en/archive/2024/"), 'href="/en/archive/2024/03/"')

    def test_days_begin_at_midnight_in_the_site_s_time_zone(self):
        make_article("a", en=live("T", published_at=datetime(2024, 12, 31, 23, 30, tzinfo=UTC)))
        self.assertEqual(self.client.get("/en/archive/2024/12/").status_code, 200)
        with override_settings(TIME_ZONE="Europe/Paris"):
            self.assertEqual(self.client.get("/en/archive/2024/12/").status_code, 404)
            self.assertEqual(titles(self.client.get("/en/archive/2025/01/")), ["T"])
            self.assertEqual([year.year for year in archive.years_in("en")], [2025])

    def test_what_is_no_date_or_holds_nothing_is_not_found(self):
        make_article("a", en=dated("T", 2024, 3, 1))
        for end in (
            "2023/",
            "2024/02/",
            "2024/3/",
            "2024/13/",
            "2024/00/",
            "24/",
            "02024/",
            "9999/",
            "abcd/",
            "２０２４/",
        ):
            self.assertEqual(self.client.get(f"/en/archive/{end}").status_code, 404, end)

    def test_years_are_counted_newest_first_and_empty_ones_left_out(self):
        for number, year in enumerate((1815, 2020, 2020, 2024)):
            make_article(f"a{number}", en=dated(f"T{number}", year, 5, 5), fr=live("T", slug=f"t{number}"))
        make_article("future", en=live("F", published_at=YESTERDAY + timedelta(days=9999)))
        found = archive.years_in("en")
        self.assertEqual([(year.year, year.count) for year in found], [(2024, 1), (2020, 2), (1815, 1)])
        self.assertEqual([month.month for month in archive.months_of(archive.Period(2020), "en")], [5])

    def test_the_database_counts_by_its_index_alone(self):
        if connection.vendor != "sqlite":
            self.skipTest("Each database tells its plan in its own words.")
        published = Article.objects.dated_within(*archive.Period(2024).bounds.values(), "en").order_by()
        self.assertIn("USING COVERING INDEX article_newest_en", published.values("pk").explain())

    def test_each_language_has_its_own_words(self):
        for code in CODES:
            make_article(code, **{code: dated("T", 2024, 3, 1, slug=f"t-{code}")})
        self.assertContains(self.client.get("/fr/archives/2024/03/"), "<h1>Mars 2024</h1>")
        self.assertContains(self.client.get("/en/archive/2024/03/"), "<h1>March 2024</h1>")
        self.assertEqual(len(languages.codes()), len(CODES))
