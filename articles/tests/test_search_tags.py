"""Tags change in places that save no text; what a search finds by their names follows."""

import tempfile
from pathlib import Path
from unittest import skipUnless

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from articles.files.importing import import_folder
from articles.models import Author, Series, Tag

from .examples import live, make_article
from .test_admin import ADD, AdminTestCase
from .test_search import found

TAGS = "/admin/articles/tag/"


def index_writes(queries: CaptureQueriesContext) -> list[str]:
    """Return the statements that wrote to the index."""
    return [query["sql"] for query in queries if "INTO articles_searchindex" in query["sql"]]


class TagsInTheAdminTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.tag = Tag.objects.create(key="season", name_en="Season", name_fr="Saison")
        self.article = make_article("a", en=live("A"), fr=live("B"))

    def save_tags(self, *tags: Tag, url: str = "", **fields):
        url = url or self.url(self.article)
        response = self.client.post(url, self.opened(url) | {"tags": [tag.pk for tag in tags]} | fields)
        self.assertEqual(response.status_code, 302)

    def test_a_tag_given_and_taken_on_the_form_of_an_article(self):
        self.save_tags(self.tag)
        self.assertEqual((found("season"), found("saison", "fr")), (["a"], ["a"]))
        self.save_tags()
        self.assertEqual((found("season"), found("saison", "fr")), ([], []))

    def test_a_new_article_is_found_by_the_tags_that_it_is_written_with(self):
        self.save_tags(self.tag, url=ADD, title_en="New", body_en="Text")
        self.assertEqual(found("season"), [])
        date = {"published_at_en_0": "2026-01-01", "published_at_en_1": "00:00"}
        self.save_tags(self.tag, url=ADD, title_en="Newer", body_en="Text", summary_en="Sum", **date)
        self.assertEqual(found("season"), ["newer"])

    def test_a_tag_that_is_renamed(self):
        self.save_tags(self.tag)
        data = {"key": "season", "name_en": "Weather", "slug_en": "weather", "name_fr": "Saison", "slug_fr": "saison"}
        self.assertEqual(self.client.post(f"{TAGS}{self.tag.pk}/change/", data).status_code, 302)
        self.assertEqual((found("season"), found("weather"), found("saison", "fr")), ([], ["a"], ["a"]))

    def test_a_tag_whose_name_stays_has_no_article_indexed_again(self):
        self.save_tags(self.tag)
        names = {"name_en": self.tag.name_en, "name_fr": self.tag.name_fr, "slug_fr": self.tag.slug_fr}
        opened = {f"initial-{field}": value for field, value in (names | {"slug_en": self.tag.slug_en}).items()}
        with CaptureQueriesContext(connection) as queries:
            data = names | opened | {"slug_en": "weather"}
            response = self.client.post(f"{TAGS}{self.tag.pk}/change/", data)
        self.assertEqual(response.status_code, 302)
        self.tag.refresh_from_db()
        self.assertEqual(self.tag.slug_en, "weather")
        self.assertEqual(index_writes(queries), [])

    def test_a_tag_that_is_deleted_alone_or_with_others(self):
        self.save_tags(self.tag)
        self.client.post(f"{TAGS}{self.tag.pk}/delete/", {"post": "yes"})
        self.assertEqual(found("season"), [])
        other = Tag.objects.create(key="other", name_en="Other")
        self.save_tags(other)
        self.assertEqual(found("other"), ["a"])
        self.client.post(TAGS, {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"})
        self.assertEqual(found("other"), [])

    @skipUnless(connection.vendor == "postgresql", "The transactions of SQLite take turns by themselves.")
    def test_a_tag_is_deleted_when_its_turn_has_come(self):
        with CaptureQueriesContext(connection) as queries:
            self.client.post(f"{TAGS}{self.tag.pk}/delete/", {"post": "yes"})
        asked = [query["sql"] for query in queries]
        turn = next(place for place, sql in enumerate(asked) if "pg_advisory_xact_lock" in sql)
        deletion = next(place for place, sql in enumerate(asked) if sql.startswith('DELETE FROM "articles_'))
        self.assertLess(turn, deletion)


class TagsInImportedFilesTests(TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def write(self, tags: str, names: str):
        (self.folder / "a").mkdir(exist_ok=True)
        text = f"---\ntitle: A\npublished_at: 2026-01-01\ntags: {tags}\n---\nText"
        (self.folder / "a" / "index.fr.md").write_text(text)
        (self.folder / "tags.yaml").write_text(names)
        import_folder(self.folder)

    def test_an_import_that_brings_tags_and_later_others_or_a_missing_name(self):
        self.write("[season, dog]", "season: {fr: Saison}\ndog: {en: Dog}\n")
        self.assertEqual((found("saison", "fr"), found("chien", "fr")), (["a"], []))
        self.write("[season, dog]", "season: {fr: Saison}\ndog: {en: Dog, fr: Chien}\n")
        self.assertEqual(found("chien", "fr"), ["a"])
        self.write("[dog]", "season: {fr: Saison}\ndog: {en: Dog, fr: Chien}\n")
        self.assertEqual((found("saison", "fr"), found("chien", "fr")), ([], ["a"]))

    def test_an_import_that_fills_a_series_or_an_author_indexes_no_article_again(self):
        (self.folder / "series.yaml").write_text("tides: {fr: Marées}\n")
        (self.folder / "authors.yaml").write_text("Ada: {fr: Écrit.}\n")
        self.write("[season]\nseries: tides\nauthors: [Ada]", "season: {fr: Saison}\n")
        (self.folder / "series.yaml").write_text("tides: {fr: Marées, en: Tides}\n")
        (self.folder / "authors.yaml").write_text("Ada: {fr: Écrit., en: Writes.}\n")
        with CaptureQueriesContext(connection) as queries:
            import_folder(self.folder)
        self.assertEqual(Series.objects.get().title_en, "Tides")
        self.assertEqual(Author.objects.get().about_en, "Writes.")
        self.assertEqual(index_writes(queries), [])
