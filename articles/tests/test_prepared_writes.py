from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models.signals import post_save
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Rendering, Revision
from articles.prepared_writes import put, save

from .examples import YESTERDAY, live, make_article


class PreparedWritesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.article = make_article("a", en=live("Summer"))

    def rendering(self, **fields) -> Rendering:
        about = {"article": self.article, "version": 1, "reading_minutes": 1, "contents": [{"id": "é"}], "html": "<p>"}
        return Rendering(**about | fields)

    def test_a_new_row_says_what_it_would_say_by_its_own_save(self):
        row = Revision(article=self.article, language="fr", title="%s", published_at=YESTERDAY, shared={"tags": ["é"]})
        save(row)
        self.assertFalse(row._state.adding)
        self.assertEqual(Revision.objects.filter(pk=row.pk).values().get(), _columns(row))

    def test_of_a_row_that_is_there_only_the_fields_that_are_named_are_written(self):
        other = Article.objects.get()
        other.title_en, other.summary_en = "Winter", "Cold"
        save(other, ["title_en"])
        found = Article.objects.get()
        self.assertEqual((found.title_en, found.summary_en), ("Winter", ""))
        save(other)
        self.assertEqual(Article.objects.get().summary_en, "Cold")

    def test_a_row_that_is_gone_is_not_written(self):
        row = self.rendering(language="fr", pk=123_456)
        with self.assertRaises(DatabaseError):
            save(row)

    def test_what_is_put_takes_the_place_of_what_was_there_under_its_number(self):
        there = Rendering.objects.get()
        row = self.rendering(language="en", text="New")
        put(row, "article", "language")
        self.assertEqual((row.pk, Rendering.objects.get().text), (there.pk, "New"))
        put(self.rendering(language="fr"), "article", "language")
        self.assertEqual(Rendering.objects.count(), 2)

    def test_a_rule_of_the_database_holds(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            put(self.rendering(language="en"))

    def test_who_listens_for_writes_hears_of_each(self):
        heard = []

        def listen(instance: Rendering, created: bool, **kwargs) -> None:
            heard.append((instance, created))

        post_save.connect(listen, sender=Rendering)
        self.addCleanup(post_save.disconnect, listen, sender=Rendering)
        row = self.rendering(language="fr")
        with CaptureQueriesContext(connection) as queries:
            save(row)
            save(row)
        self.assertEqual(heard, [(row, True), (row, False)])
        self.assertEqual(len([query for query in queries if "articles_rendering" in query["sql"]]), 2)


def _columns(row: Revision) -> dict:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
