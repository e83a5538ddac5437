import time
import uuid
from dataclasses import replace
from datetime import timedelta
from unittest import mock

from django.contrib.auth import get_user_model
from django.test import Client, TestCase
from django.utils import timezone
from django.utils.http import http_date, parse_http_date

from articles.edits import publish_working_copy
from articles.models import Article, Author, PreviewLink, Series, Tag, UnsavedText
from articles.saving import save_language
from articles.tests.examples import change, live, make_article
from blog import changes
from blog.models import LastChange, Page, Site
from blog.tests.examples import count_as_committed

LATER = timedelta(seconds=5)


def in_the_future():
    return mock.patch("django.utils.timezone.now", return_value=timezone.now() + LATER)


class ConditionalRequestTests(TestCase):
    paths = ["/en/", "/en/articles/summer/", "/en/archive/", "/en/tags/tag/", "/fr/structure/", "/en/style/"]

    @classmethod
    def setUpTestData(cls):
        cls.article = make_article("a", en=live("Summer"), fr=live("Été"))
        cls.article.tags.add(Tag.objects.create(key="t", name_en="Tag"))
        Site.current()

    def setUp(self):
        # What the class made is older than any second of these tests.
        count_as_committed()
        LastChange.objects.update(at=timezone.now() - timedelta(minutes=1))
        patcher = mock.patch.object(changes, "STARTED_AT", timezone.now() - timedelta(minutes=2))
        patcher.start()
        self.addCleanup(patcher.stop)

    def test_who_has_a_document_gets_a_304_without_a_body_by_get_and_by_head(self):
        for path in self.paths:
            first = self.client.get(path)
            self.assertEqual(first.headers["Cache-Control"], "public, max-age=0, must-revalidate")
            for name, header in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")):
                for ask in (self.client.get, self.client.head):
                    response = ask(path, headers={header: first.headers[name]})
                    self.assertEqual((response.status_code, response.content), (304, b""), f"{path} {header}")
                    self.assertEqual(response.headers["ETag"], first.headers["ETag"])
                    self.assertEqual(response.headers["Vary"], first.headers["Vary"])

    def test_head_tells_what_get_tells(self):
        for path in self.paths:
            got, head = self.client.get(path).headers, self.client.head(path).headers
            for name in ("ETag", "Last-Modified", "Content-Type", "Cache-Control"):
                self.assertEqual(got[name], head[name], f"{path} {name}")

    def test_a_document_has_the_same_etag_each_time_compressed_or_not(self):
        for path in self.paths:
            etag = self.client.get(path).headers["ETag"]
            compressed = [self.client.get(path, headers={"Accept-Encoding": "gzip"}).headers["ETag"] for _ in range(3)]
            self.assertEqual(set(compressed), {f"W/{etag}"})
            response = self.client.get(path, headers={"If-None-Match": compressed[0]})
            self.assertEqual(response.status_code, 304)

    def test_the_etag_decides_where_both_are_sent(self):
        future = http_date(time.time() + 1000)
        response = self.client.get("/en/", headers={"If-None-Match": '"other"', "If-Modified-Since": future})
        self.assertEqual(response.status_code, 200)

    def test_no_change_of_any_kind_hides_behind_the_date(self):
        kinds = {
            "a text": lambda: change(self.article, "en", title="Winter"),
            "a tag's name": lambda: Tag.objects.get(key="t").save(),
            "a tag of an article": lambda: self.article.tags.clear(),
            "an author": lambda: self.article.authors.add(Author.objects.create(name="Ada")),
            "a series": lambda: Series.objects.create(key="s", title_en="S"),
            "the site's name": lambda: Site.current().save(),
            "a page": lambda: Page.objects.create(key="p", title_en="P"),
            "a deletion": lambda: self.article.delete(),
        }
        for kind, write in kinds.items():
            count_as_committed()
            LastChange.objects.update(at=timezone.now() - timedelta(minutes=1))
            before = self.client.get("/en/").headers["Last-Modified"]
            write()
            with self.subTest(kind), in_the_future():
                after = self.client.get("/en/", headers={"If-Modified-Since": before})
                self.assertEqual(after.status_code, 200)
                self.assertGreater(parse_http_date(after.headers["Last-Modified"]), parse_http_date(before))

    def test_what_authors_write_out_of_the_readers_sight_is_no_change(self):
        before = LastChange.objects.get().at
        base, user = self.article.latest_revision("en"), get_user_model().objects.create_user("author")
        with in_the_future():
            text = replace(base.content, body="Worked on")
            save_language(self.article, "en", text, based_on=base, as_working_copy=True)
            UnsavedText.objects.create(form=uuid.uuid4(), language="en", user=user, article=self.article)
            PreviewLink.objects.create(article=self.article)
        self.assertEqual(LastChange.objects.get().at, before)
        publish_working_copy(self.article, "en")
        self.assertGreater(LastChange.objects.get().at, before)

    def test_a_text_that_goes_live_by_the_clock_is_a_change(self):
        before = self.client.get("/en/").headers["Last-Modified"]
        written_at = LastChange.objects.get().at
        make_article("b", en=live("Later", published_at=timezone.now() + timedelta(seconds=4)))
        LastChange.objects.update(at=written_at)
        self.assertEqual(self.client.get("/en/", headers={"If-Modified-Since": before}).status_code, 304)
        with in_the_future():
            self.assertEqual(self.client.get("/en/", headers={"If-Modified-Since": before}).status_code, 200)

    def test_a_new_start_of_the_server_is_a_change(self):
        before = self.client.get("/en/").headers["Last-Modified"]
        with mock.patch.object(changes, "STARTED_AT", timezone.now() - timedelta(seconds=10)):
            self.assertEqual(self.client.get("/en/", headers={"If-Modified-Since": before}).status_code, 200)

    def test_no_date_is_told_within_the_second_of_a_change_and_none_of_the_future(self):
        moment = timezone.now().replace(microsecond=100_000)
        LastChange.objects.update(at=moment)
        with mock.patch("django.utils.timezone.now", return_value=moment.replace(microsecond=900_000)):
            self.assertIsNone(changes.last_changed_at())
        with mock.patch("django.utils.timezone.now", return_value=moment + timedelta(seconds=1)):
            self.assertEqual(changes.last_changed_at(), moment.replace(microsecond=0))

    def test_it_costs_two_queries(self):
        with self.assertNumQueries(2):
            changes.last_changed_at()

    def test_the_admin_and_errors_are_not_conditional(self):
        client = Client()
        client.force_login(get_user_model().objects.create_superuser("editor"))
        for path in ("/admin/", "/admin/articles/article/", "/en/nothing/", "/healthz"):
            headers = client.get(path).headers
            self.assertNotIn("Last-Modified", headers, path) if path != "/admin/" else None
            self.assertNotIn("ETag", headers, path)
        self.assertEqual(Article.objects.count(), 1)
