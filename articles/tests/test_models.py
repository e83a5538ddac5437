from datetime import timedelta
from unittest import skipUnless

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.test import TestCase
from django.utils.translation import override

from articles import languages
from articles.models import Article, Revision, Tag

from .examples import TOMORROW, YESTERDAY, change, live, make_article

State = Article.State


class StateTests(TestCase):
    def test_the_date_alone_decides_and_each_language_has_its_own(self):
        article = make_article(
            "a", en=live("Live"), fr={"title": "Plus tard", "body": "Corps", "published_at": TOMORROW}
        )
        self.assertEqual(article.state_in("en"), State.LIVE)
        self.assertEqual(article.state_in("fr"), State.SCHEDULED)
        self.assertEqual(article.state_in("fr", at=TOMORROW), State.LIVE)

    def test_a_text_without_a_date_is_a_draft_and_no_text_is_missing(self):
        article = make_article("a", fr={"title": "Brouillon"})
        self.assertEqual(article.state_in("fr"), State.DRAFT)
        self.assertEqual(article.state_in("en"), State.MISSING)

    def test_the_query_and_the_loaded_article_agree_in_every_combination_of_states(self):
        texts = {
            "missing": None,
            "draft": {"title": "T"},
            "scheduled": {"title": "T", "body": "B", "published_at": TOMORROW},
            "live": live("T"),
        }
        for english, en in texts.items():
            for french, fr in texts.items():
                given = {code: text for code, text in (("en", en), ("fr", fr)) if text}
                for is_deleted in (False, True):
                    article = make_article(f"{english}-{french}-{is_deleted}".lower(), **given)
                    if is_deleted:
                        article.delete()
        for article in Article.objects.all():
            for language in languages.codes():
                with self.subTest(article.key, language=language):
                    published = Article.objects.published(language).contains(article)
                    self.assertEqual(published, language in article.live_languages())
                    state = article.state_in(language)
                    for other in State:
                        expected = other == state and not (other == State.LIVE and article.deleted_at)
                        self.assertEqual(Article.objects.in_state(other, language).contains(article), expected)

    def test_a_scheduled_text_becomes_live_without_any_action(self):
        article = make_article("a", en={"title": "T", "body": "B", "published_at": TOMORROW})
        self.assertFalse(Article.objects.published("en").exists())
        self.assertTrue(Article.objects.published("en", at=TOMORROW + timedelta(seconds=1)).contains(article))


class ConstraintTests(TestCase):
    """The database itself refuses what the forms refuse."""

    def assert_refused(self, **columns):
        article = make_article("a", en=live("English"), fr=live("Français"))
        with self.assertRaises(IntegrityError), transaction.atomic():
            Article.objects.filter(pk=article.pk).update(**columns)

    def test_a_dated_language_needs_title_slug_and_body(self):
        for language in languages.codes():
            for field in ("title", "slug", "body"):
                for empty in ("", None):
                    with self.subTest(language, field=field, empty=empty), transaction.atomic():
                        self.assert_refused(**{languages.column(field, language): empty})
                        transaction.set_rollback(True)

    def test_an_empty_slug_is_refused_even_in_a_draft(self):
        article = make_article("a", en={"title": "Draft"})
        with self.assertRaises(IntegrityError), transaction.atomic():
            Article.objects.filter(pk=article.pk).update(slug_en="")

    def test_a_slug_is_unique_in_its_language_and_free_in_others(self):
        first = make_article("a", en=live("Table", slug="table"), fr=live("Table", slug="table"))
        second = make_article("b", en=live("Other"), fr=live("Autre"))
        Article.objects.filter(pk=first.pk).update(slug_fr="tableau")
        Article.objects.filter(pk=second.pk).update(slug_fr="table")
        with self.assertRaises(IntegrityError), transaction.atomic():
            Article.objects.filter(pk=second.pk).update(slug_en="table")

    def test_bodies_come_last_in_the_table(self):
        names = [
            column.name
            for column in connection.introspection.get_table_description(connection.cursor(), "articles_article")
        ]
        # What was added later is short, and no list reads it.
        later = ["part", "series_id", "created_by_id", "shows_lag"]
        self.assertEqual(names[-7:], ["body", "body_en", "body_fr", *later])


class ArticleTests(TestCase):
    def test_an_article_shows_the_title_that_exists_and_says_its_language(self):
        article = make_article("a", fr=live("Seulement ici"))
        with override("en"):
            self.assertEqual(article.shown_title(), ("Seulement ici", "fr"))
        self.assertEqual(Article(key="empty").shown_title(), ("empty", ""))

    def test_there_is_no_address_where_there_is_no_slug(self):
        article = make_article("a", fr=live("Été"))
        self.assertEqual(article.get_absolute_url("fr"), "/fr/articles/ete/")
        self.assertEqual(article.get_absolute_url("en"), "")

    def test_deleting_keeps_every_text_and_can_be_undone(self):
        article = make_article("a", en=live("Kept"))
        Article.objects.all().delete()
        article.refresh_from_db()
        self.assertIsNotNone(article.deleted_at)
        self.assertEqual(article.live_languages(), [])
        article.restore()
        self.assertEqual(article.live_languages(), ["en"])
        self.assertEqual(article.revisions.count(), 1)

    def test_a_slug_of_a_deleted_article_stays_reserved(self):
        make_article("a", en=live("Taken")).delete()
        self.assertEqual(make_article("b", en=live("Taken")).slug_en, "taken-2")


class RevisionTests(TestCase):
    def test_a_revision_is_never_changed_and_never_deleted(self):
        revision = make_article("a", en=live("T")).latest_revision("en")
        revision.title = "Other"
        for attempt in (
            revision.save,
            revision.delete,
            Revision.objects.all().delete,
            lambda: Revision.objects.update(title="Other"),
        ):
            with self.assertRaises(TypeError):
                attempt()
        self.assertEqual(Revision.objects.get().title, "T")

    def test_a_revision_knows_the_addresses_that_readers_saw(self):
        article = make_article("a", en=live("T", slug="first"))
        change(article, "en", slug="second")
        draft = make_article("b", en={"title": "Draft", "slug": "draft"})
        change(draft, "en", slug="draft-two")
        self.assertTrue(Revision.objects.once_live_at("first", "en").exists())
        self.assertFalse(Revision.objects.once_live_at("first", "fr").exists())
        self.assertFalse(Revision.objects.once_live_at("draft", "en").exists())

    def test_an_address_that_was_scheduled_and_changed_in_time_was_never_live(self):
        article = make_article("a", en={"title": "T", "body": "B", "slug": "early", "published_at": TOMORROW})
        change(article, "en", slug="late")
        self.assertFalse(Revision.objects.once_live_at("early", "en").exists())

    def test_an_address_scheduled_for_after_the_deletion_was_never_live(self):
        # Deleted two days ago; the date that it was scheduled for has passed since.
        article = make_article("a", en=live("T", slug="early"))
        article.delete()
        Article.objects.filter(pk=article.pk).update(deleted_at=YESTERDAY - timedelta(days=1))
        self.assertFalse(Revision.objects.once_live_at("early", "en").exists())


class OrderTests(TestCase):
    def test_articles_of_one_moment_stand_in_the_order_of_their_making_latest_first(self):
        for key in ("a", "b", "c"):
            make_article(key, en=live(key))
        self.assertEqual([article.key for article in Article.objects.newest_first("en")], ["c", "b", "a"])


def place(article: Article, language: str) -> tuple:
    return getattr(article, f"published_at_{language}"), article.pk, language


class NeighbourTests(TestCase):
    def keys(self, articles):
        return [article.key for article in articles]

    def test_newer_and_older_articles_come_nearest_first(self):
        for days, key in enumerate(("e", "d", "c", "b", "a")):
            make_article(key, en=live(key, published_at=YESTERDAY - timedelta(days=days)))
        here = Article.objects.get(key="c")
        self.assertEqual(self.keys(Article.objects.newer_than(*place(here, "en"))), ["d", "e"])
        self.assertEqual(self.keys(Article.objects.older_than(*place(here, "en"))), ["b", "a"])

    def test_articles_of_one_moment_are_walked_through_one_by_one(self):
        for key in ("a", "b", "c"):
            make_article(key, en=live(key))
        here = Article.objects.get(key="b")
        self.assertEqual(self.keys(Article.objects.newer_than(*place(here, "en"))), ["c"])
        self.assertEqual(self.keys(Article.objects.older_than(*place(here, "en"))), ["a"])

    def test_each_language_has_its_own_order(self):
        before, after = YESTERDAY - timedelta(days=2), YESTERDAY
        between = live("H", published_at=before + timedelta(days=1))
        here = make_article("here", en=between, fr=between)
        make_article("other", en=live("O", published_at=before), fr=live("O", published_at=after))
        self.assertEqual(self.keys(Article.objects.older_than(*place(here, "en"))), ["other"])
        self.assertEqual(self.keys(Article.objects.newer_than(*place(here, "fr"))), ["other"])

    def test_what_readers_cannot_read_is_no_neighbour_of_what_they_can(self):
        here = make_article("here", en=live("H", published_at=YESTERDAY - timedelta(days=1)))
        make_article("later", en={"title": "L", "body": "B", "published_at": TOMORROW})
        make_article("draft", en={"title": "D"})
        make_article("removed", en=live("R")).delete()
        make_article("french", fr=live("F"))
        self.assertFalse(Article.objects.published("en").newer_than(*place(here, "en")).exists())
        self.assertFalse(Article.objects.published("en").older_than(*place(here, "en")).exists())

    @skipUnless(connection.vendor == "sqlite", "Each database tells its plan in its own words.")
    def test_the_database_finds_a_neighbour_by_its_index_and_sorts_nothing(self):
        here = make_article("here", en=live("H"))
        for beside in (Article.objects.published("en").newer_than, Article.objects.published("en").older_than):
            plan = beside(*place(here, "en")).explain()
            self.assertIn("article_newest_en", plan)
            self.assertNotIn("TEMP B-TREE", plan)


class UpdateTests(TestCase):
    def changed_after(self, delay, published_at=YESTERDAY, arrived_at=YESTERDAY):
        article = make_article("a", en=live("T", published_at=published_at))
        Article.objects.update(updated_at_en=max(published_at, arrived_at) + delay)
        # Revisions refuse to be changed: the test goes round them.
        QuerySet(Revision).update(created_at=arrived_at)
        article.refresh_from_db()
        return article.updated_in("en"), article.updated_at_en

    def test_a_change_is_news_from_a_day_after_publication(self):
        shown, changed_at = self.changed_after(timedelta(days=1))
        self.assertEqual(shown, changed_at)

    def test_a_correction_of_the_first_day_is_none(self):
        self.assertIsNone(self.changed_after(timedelta(hours=23))[0])

    def test_an_article_imported_with_an_old_date_is_not_updated_by_its_import(self):
        old = YESTERDAY - timedelta(days=365)
        self.assertIsNone(self.changed_after(timedelta(0), published_at=old)[0])

    def test_an_article_written_long_before_its_publication_is_not_updated_by_it(self):
        self.assertIsNone(self.changed_after(timedelta(days=-30), arrived_at=YESTERDAY - timedelta(days=31))[0])

    def test_a_draft_is_not_updated(self):
        self.assertIsNone(make_article("a", en={"title": "T"}).updated_in("en"))


class SourceTests(TestCase):
    def test_a_source_is_known_by_its_host(self):
        for source, host in {
            "https://www.example.org/a/long/path?and=more": "example.org",
            "https://blog.example.org:8080/": "blog.example.org",
            "": "",
        }.items():
            self.assertEqual(Article(source=source).source_host, host)


class TagTests(TestCase):
    def test_a_tag_without_a_name_in_a_language_is_not_shown_there(self):
        Tag.objects.create(key="only-french", name_fr="Français")
        self.assertEqual(Tag.objects.named("en").count(), 0)
        self.assertEqual(Tag.objects.named("fr").count(), 1)


class TranslationTests(TestCase):
    def test_a_missing_translation_is_never_filled_from_the_other_language(self):
        article = make_article("a", en=live("English", summary="Sum"))
        with override("fr"):
            article = Article.objects.get(pk=article.pk)
            for field in ("title", "slug", "summary", "body", "published_at"):
                self.assertFalse(getattr(article, field), field)
