import re
import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from articles.markdown.limits import MAX_LENGTH
from articles.models import Article, Rendering, Revision
from articles.publishing import publish_now, unpublish
from articles.saving import EditConflict, save_language
from articles.text import ArticleText

from .examples import TOMORROW, YESTERDAY, change, live, make_article


class SaveLanguageTests(TestCase):
    def test_one_save_writes_the_text_its_rendering_and_one_revision(self):
        user = get_user_model().objects.create_superuser("someone")
        article = Article.objects.create(key="a")
        text = ArticleText("Title", None, "Sum", "## Head\n\nBody", YESTERDAY)
        revision = save_language(article, "en", text, based_on=None, by=user, note="First", is_minor=True)
        article.refresh_from_db()
        self.assertEqual(article.text_in("en"), ArticleText("Title", "title", "Sum", "## Head\n\nBody", YESTERDAY))
        self.assertEqual(revision.content, article.text_in("en"))
        self.assertEqual((revision.created_by, revision.note, revision.is_minor), (user, "First", True))
        rendering = Rendering.objects.get(article=article, language="en")
        self.assertIn('<h2 id="head">', rendering.html)
        self.assertEqual(rendering.text, "Head\nBody")
        self.assertEqual(rendering.contents[0]["id"], "head")

    def test_a_new_text_costs_few_statements(self):
        article = Article.objects.create(key="a")
        texts = {code: ArticleText(f"Title {code}", f"title-{code}", "Sum", "Body", YESTERDAY) for code in ("en", "fr")}
        save_language(make_article("b"), "en", texts["en"], based_on=None)
        for code, most in (("en", 20), ("fr", 21)):
            text = replace(texts[code], slug=f"other-{code}")
            with self.subTest(code), CaptureQueriesContext(connection) as queries:
                save_language(article, code, text, based_on=None)
            # The date of the last change is written once a second at most.
            asked = [sql for query in queries if not re.search("SAVEPOINT|blog_lastchange", sql := query["sql"])]
            self.assertLessEqual(len(asked), most)

    def test_saving_one_language_touches_no_column_of_the_other(self):
        article = make_article("a", en=live("English"), fr=live("Français"))
        stale = Article.objects.get(pk=article.pk)
        change(article, "en", body="New English")
        change(stale, "fr", body="Nouveau français")
        article.refresh_from_db()
        self.assertEqual((article.body_en, article.body_fr), ("New English", "Nouveau français"))

    def test_the_database_is_told_of_the_columns_of_one_language_alone(self):
        article = make_article("a", en=live("English"), fr=live("Français"))
        with CaptureQueriesContext(connection) as queries:
            change(article, "en", body="New English")
        updates = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "articles_article"')]
        self.assertEqual(len(updates), 1)
        columns = set(re.findall(r'"(\w+)" = ', updates[0].partition(" WHERE ")[0]))
        self.assertTrue(columns and all(column.endswith("_en") for column in columns), columns)

    def test_a_text_is_compared_with_the_database_and_not_with_what_the_caller_loaded(self):
        article = make_article("a", en=live("T", body="Old"))
        stale = Article.objects.get()
        old = stale.text_in("en")
        latest = change(article, "en", body="New")
        save_language(stale, "en", old, based_on=latest)
        self.assertEqual(Article.objects.get().body_en, "Old")

    def test_saving_the_same_text_again_writes_nothing(self):
        article = make_article("a", en=live("T"))
        before = (Revision.objects.count(), Article.objects.get().updated_at_en)
        self.assertIsNone(change(article, "en"))
        self.assertEqual((Revision.objects.count(), Article.objects.get().updated_at_en), before)

    def test_updated_at_moves_only_with_the_words_of_its_own_language(self):
        article = make_article("a", en=live("T"), fr=live("T"))
        english, french = article.updated_at_en, article.updated_at_fr
        change(article, "en", published_at=YESTERDAY - timedelta(days=1), slug="other")
        self.assertEqual(article.updated_at_en, english)
        change(article, "en", body="Other words")
        self.assertGreater(article.updated_at_en, english)
        article.refresh_from_db()
        self.assertEqual(article.updated_at_fr, french)

    def test_a_text_changed_since_it_was_opened_is_not_overwritten_and_both_are_at_hand(self):
        article = make_article("a", en=live("T", body="Old"))
        opened = article.latest_revision("en")
        theirs = change(article, "en", body="Theirs")
        mine = ArticleText("T", "t", "", "Mine", YESTERDAY)
        with self.assertRaises(EditConflict) as caught:
            save_language(article, "en", mine, based_on=opened)
        self.assertEqual(caught.exception.theirs, theirs)
        self.assertEqual([c.name for c in caught.exception.merge.conflicts], ["body-0"])
        self.assertEqual((caught.exception.merge.mine, caught.exception.merge.base.body), (mine, "Old"))
        self.assertEqual(Article.objects.get().body_en, "Theirs")

    def test_a_language_that_somebody_began_meanwhile_is_not_overwritten(self):
        article = make_article("a", en=live("T"))
        change(article, "fr", title="Le leur")
        with self.assertRaises(EditConflict):
            save_language(article, "fr", ArticleText("Le mien"), based_on=None)

    def test_who_saves_what_stands_already_is_not_told_of_a_conflict(self):
        article = make_article("a", en=live("T", body="Old"))
        opened = article.latest_revision("en")
        change(article, "en", body="New")
        text = ArticleText("T", "t", "", "New", YESTERDAY)
        self.assertIsNone(save_language(article, "en", text, based_on=opened))

    def test_a_broken_rule_names_the_field_and_writes_nothing(self):
        other = make_article("other", en=live("Other", slug="taken"))
        article = make_article("a", en={"title": "Draft"})
        cases = [
            (ArticleText(body="Text"), "title"),
            (ArticleText("T", published_at=YESTERDAY), "body"),
            (ArticleText("T", body=" \n ", published_at=YESTERDAY), "body"),
            (ArticleText("日本語", body="B", published_at=YESTERDAY), "slug"),
            (ArticleText("T", slug="Not a Slug"), "slug"),
            (ArticleText("T", slug="été"), "slug"),
            (ArticleText("T", slug="a--b"), "slug"),
            (ArticleText("T", slug="taken"), "slug"),
            (ArticleText("T" * 201), "title"),
            (ArticleText("T", body="x" * (MAX_LENGTH + 1)), "body"),
            (ArticleText("T", body="nul \x00"), "body"),
            (ArticleText("T", body="".join("    " * depth + "- a\n" for depth in range(400))), "body"),
        ]
        for text, field in cases:
            with self.subTest(field, text=str(text)[:80]):
                with self.assertRaises(ValidationError) as caught:
                    save_language(article, "en", text, based_on=article.latest_revision("en"))
                self.assertIn(field, caught.exception.message_dict)
        self.assertEqual(Revision.objects.filter(article=article).count(), 1)
        self.assertEqual(other.revisions.count(), 1)

    def test_an_empty_slug_comes_from_the_title_and_steps_aside_for_others(self):
        self.assertEqual(make_article("a", fr={"title": "L'aventure d'été"}).slug_fr, "l-aventure-d-ete")
        self.assertEqual(make_article("b", fr={"title": "L'aventure d'été"}).slug_fr, "l-aventure-d-ete-2")

    def test_an_address_that_once_was_live_belongs_to_its_article_for_ever(self):
        article = make_article("a", en=live("T", slug="first"))
        change(article, "en", slug="second")
        with self.assertRaises(ValidationError):
            make_article("b", en=live("U", slug="first"))
        change(article, "en", slug="first")
        self.assertEqual(article.slug_en, "first")

    def test_a_refused_address_says_whose_it_is(self):
        make_article("a", en=live("Present", slug="present"))
        change(make_article("b", en=live("Renamed", slug="former")), "en", slug="renamed")
        make_article("c", en=live("Removed", slug="removed")).delete()
        for slug, words in {
            "present": "This address is already used by “Present”.",
            "former": "Readers once found “Renamed” at this address, so it stays with that article. Write another one.",
            "removed": "This address belongs to “Removed”, which is deleted but can be restored. Write another one.",
        }.items():
            with self.subTest(slug), override("en"), self.assertRaises(ValidationError) as caught:
                make_article(f"new-{slug}", en={"title": "T", "slug": slug})
            self.assertEqual(caught.exception.message_dict, {"slug": [words]})

    def test_an_address_that_readers_never_saw_is_free_again(self):
        for key, text in {"draft": {"title": "T"}, "scheduled": live("T", published_at=TOMORROW)}.items():
            article = make_article(key, en=text | {"slug": key})
            change(article, "en", slug=f"{key}-moved")
            self.assertEqual(make_article(f"{key}-2", en=live("U", slug=key)).slug_en, key)

    def test_a_former_address_of_one_language_is_free_in_another(self):
        change(make_article("a", en=live("T", slug="former")), "en", slug="other")
        self.assertEqual(make_article("b", fr=live("U", slug="former")).slug_fr, "former")

    def test_equal_slugs_across_languages_and_articles_save(self):
        make_article("a", en=live("Table"), fr=live("Table", slug="tableau"))
        second = make_article("b", en=live("Other"), fr=live("Table"))
        self.assertEqual(second.slug_fr, "table")


class PublishingTests(TestCase):
    def test_publishing_now_makes_a_draft_live(self):
        article = make_article("a", fr={"title": "T", "body": "B"})
        publish_now(article, "fr")
        self.assertEqual(article.live_languages(), ["fr"])
        self.assertLessEqual(article.published_at_fr, timezone.now())

    def test_publishing_what_is_live_keeps_its_date(self):
        article = make_article("a", en=live("T"))
        self.assertIsNone(publish_now(article, "en"))
        self.assertEqual(article.published_at_en, YESTERDAY)

    def test_publishing_from_a_page_loaded_earlier_keeps_what_others_wrote_since(self):
        article = make_article("a", en={"title": "T", "body": "Old"})
        stale = Article.objects.get()
        change(article, "en", body="New")
        publish_now(stale, "en")
        self.assertEqual((stale.body_en, stale.live_languages()), ("New", ["en"]))
        change(article, "en", body="Newer")
        unpublish(stale, "en")
        self.assertEqual(Article.objects.get().body_en, "Newer")

    def test_publishing_half_a_text_is_refused(self):
        article = make_article("a", en={"title": "T"})
        with self.assertRaises(ValidationError):
            publish_now(article, "en")

    def test_unpublishing_remembers_the_first_date_in_that_language_alone(self):
        article = make_article("a", en=live("T"), fr=live("T"))
        unpublish(article, "en")
        publish_now(article, "en")
        unpublish(article, "en")
        article.refresh_from_db()
        self.assertEqual(article.first_published_at_en, YESTERDAY)
        self.assertIsNone(article.published_at_en)
        self.assertEqual(article.live_languages(), ["fr"])

    def test_a_schedule_that_never_came_true_is_not_remembered(self):
        article = make_article("a", en={"title": "T", "body": "B", "published_at": TOMORROW})
        unpublish(article, "en")
        self.assertIsNone(article.first_published_at_en)


class ConcurrentSavingTests(TransactionTestCase):
    """Really concurrent saves, each in a thread with a connection of its own."""

    def run_together(self, *tasks):
        barrier, outcomes = threading.Barrier(len(tasks)), [None] * len(tasks)

        def run(number, task):
            try:
                barrier.wait(timeout=30)
                outcomes[number] = task()
            except Exception as error:
                outcomes[number] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(tasks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return outcomes

    def saver(self, pk, language, body):
        article = Article.objects.get(pk=pk)
        base = article.latest_revision(language)
        text = ArticleText("T", article.slug_en, "", body, YESTERDAY)
        return lambda: save_language(article, language, text, based_on=base)

    def test_two_authors_on_two_languages_never_conflict(self):
        article = make_article("a", en=live("T"), fr=live("T"))
        for number in range(5):
            outcomes = self.run_together(
                self.saver(article.pk, "en", f"English {number}"), self.saver(article.pk, "fr", f"Français {number}")
            )
            self.assertTrue(all(isinstance(outcome, Revision) for outcome in outcomes), outcomes)
            article.refresh_from_db()
            self.assertEqual((article.body_en, article.body_fr), (f"English {number}", f"Français {number}"))

    def test_of_two_authors_on_one_language_the_second_is_told(self):
        article = make_article("a", en=live("T"))
        for number in range(5):
            outcomes = self.run_together(
                self.saver(article.pk, "en", f"One {number}"), self.saver(article.pk, "en", f"Two {number}")
            )
            kinds = sorted(type(outcome).__name__ for outcome in outcomes)
            self.assertEqual(kinds, ["EditConflict", "Revision"], outcomes)

    def test_of_many_at_once_on_different_blocks_everybody_s_words_are_in_the_text(self):
        names = [f"Writer {number}" for number in range(6)]
        article = make_article("a", en=live("T", body="\n\n".join(names)))
        base = article.latest_revision("en")
        savers = []
        for name in names:
            text = replace(base.content, body=base.body.replace(name, f"{name} was here"))
            savers.append(partial(save_language, Article.objects.get(), "en", text, based_on=base))
        outcomes = self.run_together(*savers)
        self.assertTrue(all(isinstance(outcome, Revision) for outcome in outcomes), outcomes)
        self.assertEqual(Article.objects.get().body_en, "\n\n".join(f"{name} was here" for name in names))

    def test_two_new_articles_of_one_title_get_two_addresses(self):
        articles = [Article.objects.create(key=key) for key in ("a", "b")]
        savers = [partial(save_language, article, "en", ArticleText("Same"), based_on=None) for article in articles]
        outcomes = self.run_together(*savers)
        self.assertEqual(sorted(revision.slug for revision in outcomes), ["same", "same-2"])
