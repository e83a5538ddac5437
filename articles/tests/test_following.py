from dataclasses import replace
from functools import partial

from django.core.exceptions import PermissionDenied
from django.test import TestCase

from articles.edits import publish_working_copy
from articles.models import Article, Translation
from articles.publishing import drop_working_copy, publish_now, unpublish
from articles.restoring import restore_words
from articles.saving import note_shared_facts, save_language
from articles.text import ArticleText
from articles.translating import answering, following, kept
from articles.translating.answering import MovedOn, answer, answer_all, take_back
from articles.translating.kept import comparison

from .examples import change, live, make_article
from .people import person
from .test_staleness import BODY, CASES

ENGLISH = "First, a word.\n\nThe second one.\n\nA third, with a comma.\n\nThe fourth.\n"
FRENCH = "D’abord, un mot.\n\nLe deuxième.\n\nUn troisième, avec une virgule.\n\nLe quatrième.\n"
NO_COMMA = ENGLISH.replace("third, with", "third with")


def open_passages(article, language="fr"):
    return [str(change.kind) for change in comparison(article, language).changes]


def keys(article, language="fr"):
    return [change.key for change in comparison(article, language).changes]


class FollowingTests(TestCase):
    """The promises of one pair of texts: English is the original, French its translation, both live."""

    @classmethod
    def setUpTestData(cls):
        cls.article = make_article(
            "a", en=live("Words", summary="S", body=ENGLISH), fr=live("Mots", summary="R", body=FRENCH)
        )
        cls.before = cls.texts()
        cls.nobody = person("nobody")

    @classmethod
    def texts(cls):
        article = Article.objects.get(pk=cls.article.pk)
        page = article.renderings.get(language="fr")
        return article.text_in("fr"), page.html, article.updated_at_fr, article.latest_revision("fr")

    def row(self, language="fr"):
        return Translation.objects.get(article=self.article, language=language, working_copy=None)

    def save(self, language="en", **fields):
        self.article.refresh_from_db()
        return change(self.article, language, **fields)

    def behind(self, language="fr"):
        return self.row(language).blocks_behind

    def test_two_texts_that_were_published_beside_each_other_agree(self):
        self.assertEqual((open_passages(self.article), self.behind(), self.row().words_behind), ([], 0, 0))

    def test_a_comma_is_one_passage_which_one_answer_closes_and_the_french_is_not_touched(self):
        self.save(body=NO_COMMA)
        self.assertEqual((open_passages(self.article), self.behind()), (["changed"], 1))
        self.assertEqual(self.texts(), self.before)
        answer(self.article, "fr", keys(self.article))
        self.assertEqual((open_passages(self.article), self.behind()), ([], 0))
        self.assertEqual(self.texts(), self.before)

    def test_what_is_behind_is_counted_with_the_words_to_translate(self):
        self.save(body=f"{ENGLISH}\nFive more words stand here.\n\n```\nx = 1\n```\n")
        self.assertEqual((open_passages(self.article), self.row().words_behind), (["added", "added"], 5))

    def test_a_translation_that_is_saved_again_has_answered_nothing_by_that(self):
        self.save(body=NO_COMMA)
        self.save("fr", body=FRENCH.replace("deuxième", "second"))
        unpublish(self.article, "fr")
        publish_now(self.article, "fr")
        self.assertEqual(open_passages(self.article), ["changed"])

    def test_a_source_brought_back_from_the_history_clears_what_it_had_opened(self):
        first = self.article.latest_revision("en")
        self.save(body="Wholly other.\n\nThings.\n")
        self.assertEqual(self.behind(), 4)
        restore_words(self.article, first, based_on=self.article.latest_revision("en"))
        self.assertEqual((open_passages(self.article), self.behind()), ([], 0))

    def test_a_translation_brought_back_from_the_history_is_behind_as_it_was(self):
        old = self.article.latest_revision("fr")
        self.save(body=NO_COMMA)
        self.save("fr", body=FRENCH.replace("troisième, avec", "troisième avec"))
        answer(self.article, "fr", keys(self.article))
        restore_words(self.article, old, based_on=self.article.latest_revision("fr"))
        self.assertEqual((open_passages(self.article), self.behind()), (["changed"], 1))

    def test_what_is_brought_back_beside_a_working_copy_leaves_the_answers_of_that_alone(self):
        old = self.article.latest_revision("fr")
        self.save(body=NO_COMMA)
        self.save("fr", body=FRENCH.replace("troisième, avec", "troisième avec"))
        answer(self.article, "fr", keys(self.article))
        base = self.article.latest_revision("fr")
        copy = replace(base.content, summary="Autre résumé.")
        save_language(self.article, "fr", copy, based_on=base, as_working_copy=True)
        restore_words(self.article, old, based_on=base)
        # Readers have the old text again, the copy goes on from the newer one.
        self.assertEqual(self.behind(), 1)
        self.assertFalse(Translation.objects.exclude(working_copy=None).exists())

    def test_bringing_back_what_stands_already_opens_nothing(self):
        self.save(body=NO_COMMA)
        answer(self.article, "fr", keys(self.article))
        standing = self.article.latest_revision("fr")
        restore_words(self.article, standing, based_on=standing)
        self.assertEqual(self.behind(), 0)

    def test_a_minor_edit_is_followed_by_itself(self):
        base = self.article.latest_revision("en")
        self.save(body=NO_COMMA)
        text = replace(base.content, body=NO_COMMA.replace("The fourth", "The forth"))
        save_language(self.article, "en", text, based_on=self.article.latest_revision("en"), is_minor=True)
        [open_] = comparison(self.article, "fr").changes
        self.assertIn("third, with", open_.before.text)

    def test_an_answer_counts_in_the_text_that_is_in_work(self):
        base = self.article.latest_revision("fr")
        self.save(body=NO_COMMA)
        copy = replace(base.content, body=FRENCH.replace("troisième, avec", "troisième avec"))
        save_language(self.article, "fr", copy, based_on=base, as_working_copy=True)
        answer(self.article, "fr", keys(self.article))
        # Readers still have the other text.
        self.assertEqual((open_passages(self.article), self.behind()), ([], 1))
        publish_working_copy(self.article, "fr")
        self.assertEqual((open_passages(self.article), self.behind()), ([], 0))
        self.assertEqual(Translation.objects.filter(article=self.article, language="fr").count(), 1)

    def test_what_a_discarded_working_copy_answered_is_open_again(self):
        base = self.article.latest_revision("fr")
        self.save(body=NO_COMMA)
        save_language(self.article, "fr", replace(base.content, body="Ø"), based_on=base, as_working_copy=True)
        answer(self.article, "fr", keys(self.article))
        drop_working_copy(self.article, "fr")
        self.assertEqual((open_passages(self.article), self.behind()), (["changed"], 1))

    def test_a_source_in_a_working_copy_opens_nothing_until_it_is_published(self):
        base = self.article.latest_revision("en")
        text = replace(base.content, body=NO_COMMA)
        save_language(self.article, "en", text, based_on=base, as_working_copy=True)
        self.assertEqual(open_passages(self.article), [])
        self.assertEqual([str(c.kind) for c in kept.pending_comparison(self.article).changes], ["changed"])
        publish_working_copy(self.article, "en")
        self.assertEqual(open_passages(self.article), ["changed"])
        self.assertIsNone(kept.pending_comparison(Article.objects.get(pk=self.article.pk)))

    def test_an_answer_to_what_moved_on_again_is_refused_and_notes_nothing(self):
        self.save(body=NO_COMMA)
        seen = keys(self.article)
        self.save(body=NO_COMMA.replace("third", "next"))
        with self.assertRaises(MovedOn):
            answer(self.article, "fr", seen)
        self.assertEqual(self.behind(), 1)
        answer(self.article, "fr", keys(self.article))
        with self.assertRaises(MovedOn):
            answer(self.article, "fr", seen)

    def test_the_last_answer_can_be_taken_back(self):
        self.save(body=NO_COMMA)
        answer_all(self.article, "fr")
        take_back(self.article, "fr")
        self.assertEqual((open_passages(self.article), self.behind()), (["changed"], 1))
        take_back(self.article, "fr")
        self.assertEqual(self.behind(), 1)

    def test_taking_an_answer_back_never_takes_back_what_was_followed_since(self):
        self.save(body=NO_COMMA)
        answer_all(self.article, "fr")
        base = self.article.latest_revision("en")
        text = replace(base.content, body=NO_COMMA.replace("The fourth", "The forth"))
        save_language(self.article, "en", text, based_on=base, is_minor=True)
        take_back(self.article, "fr")
        self.assertEqual(self.behind(), 0)
        # Nor what was answered in the other direction.
        self.swap("fr")
        self.swap("en")
        self.assertIsNone(self.row().blocks_before)

    def test_an_answer_to_nothing_is_refused(self):
        self.save(body=NO_COMMA)
        answer_all(self.article, "fr")
        with self.assertRaises(MovedOn):
            answer(self.article, "fr", [])
        take_back(self.article, "fr")
        self.assertEqual(self.behind(), 1)

    def test_what_is_not_needed_is_no_longer_behind_and_can_be_wanted_again(self):
        self.save(body=f"{ENGLISH}\nOnly for English readers.\n")
        answer(self.article, "fr", keys(self.article), is_left_out=True)
        self.save(body=f"{ENGLISH}\nOnly for English readers, of course.\n")
        self.assertEqual(self.behind(), 0)
        answer(self.article, "fr", list(comparison(self.article, "fr").left_out), is_reopened=True)
        self.assertEqual((open_passages(self.article), self.behind()), (["added"], 1))

    def test_only_who_may_write_a_language_answers_in_it_and_nobody_in_the_original(self):
        self.save(body=NO_COMMA)
        open_ = keys(self.article)
        for act in (partial(answer, keys=open_), answer_all, take_back, partial(answering.want, is_wanted=False)):
            with self.subTest(act), self.assertRaises(PermissionDenied):
                act(self.article, "fr", by=self.nobody)
        with self.assertRaises(PermissionDenied):
            answer_all(self.article, "en", by=person("editor", "Editor"))
        answer(self.article, "fr", open_, by=person("translator", "Translator"))
        self.assertEqual(self.row().answered_by.username, "translator")

    def swap(self, language):
        self.article.refresh_from_db()
        former = self.article.source_language
        self.article.source_language = language
        self.article.save(update_fields=["source_language"])
        following.swap(self.article, former)

    def test_either_language_may_be_the_original(self):
        self.swap("fr")
        self.assertEqual((open_passages(self.article, "en"), self.behind("en")), ([], 0))
        self.save("fr", body=FRENCH.replace("Le deuxième", "Voici le deuxième"))
        self.assertEqual((open_passages(self.article, "en"), self.behind("en")), (["changed"], 1))
        answer_all(self.article, "en")
        self.swap("en")
        self.assertEqual((open_passages(self.article), self.behind()), ([], 0))

    def test_what_was_the_original_already_is_swapped_with_nothing(self):
        self.save(body=NO_COMMA)
        following.swap(self.article, "en")
        self.assertEqual(self.behind(), 1)
        self.assertFalse(Translation.objects.filter(language="en").exists())

    def test_swapped_texts_still_differ_where_they_did_and_swapped_back_as_before(self):
        self.save(body=NO_COMMA)
        self.swap("fr")
        [open_] = comparison(self.article, "en").changes
        self.assertIn("troisième, avec", open_.block.text)
        self.assertEqual(self.behind("en"), 1)
        self.swap("en")
        [open_] = comparison(self.article, "fr").changes
        self.assertIn("third, with", open_.before.text)
        self.assertEqual(self.behind(), 1)

    def test_a_swap_compares_what_others_saved_meanwhile(self):
        loaded = Article.objects.get(pk=self.article.pk)
        self.save("fr", body=f"{FRENCH}\nUn cinquième.\n")
        self.article.refresh_from_db()
        loaded.source_language = "fr"
        loaded.save(update_fields=["source_language"])
        following.swap(loaded, "en")
        self.assertEqual(len(comparison(Article.objects.get(pk=self.article.pk), "en").source), 7)
        self.assertEqual(self.behind("en"), len(open_passages(Article.objects.get(pk=self.article.pk), "en")))

    def test_what_was_answered_between_two_swaps_is_not_open_again_after_the_second(self):
        self.save(body=NO_COMMA)
        self.swap("fr")
        note_shared_facts(self.article)
        self.swap("en")
        self.assertEqual(self.behind(), 1)
        answer_all(self.article, "fr")
        self.swap("fr")
        self.assertEqual(open_passages(self.article, "en"), [])
        self.swap("en")
        self.assertEqual(open_passages(self.article), [])

    def test_what_an_original_says_anew_is_open_where_it_becomes_a_translation(self):
        self.swap("fr")
        self.save("fr", body=FRENCH.replace("Le deuxième", "Voici le deuxième"))
        self.swap("en")
        [open_] = comparison(self.article, "fr").changes
        self.assertIn("second", open_.block.text)


class EveryEditTests(TestCase):
    def test_whatever_happens_to_an_original_its_translation_stays_and_one_answer_or_its_return_clears_it(self):
        article = make_article("a", en=live("Harbour", body=BODY), fr=live("Port", body=FRENCH))
        answer_all(article, "fr")
        # The line that readers get of a text far behind is tested by itself.
        Article.objects.update(shows_lag=False)
        rows, page = Translation.objects.filter(language="fr"), self.client.get("/fr/articles/port/").content
        for name, (body, kinds, *_) in CASES.items():
            with self.subTest(name):
                change(article, "en", body=body)
                self.assertEqual((open_passages(article), rows.get().blocks_behind), (kinds, len(kinds)))
                self.assertEqual(self.client.get("/fr/articles/port/").content, page)
                answer_all(article, "fr")
                self.assertEqual(rows.get().blocks_behind, 0)
                take_back(article, "fr")
                self.assertEqual(rows.get().blocks_behind, len(kinds))
                change(article, "en", body=BODY)
                self.assertEqual((open_passages(article), rows.get().blocks_behind), ([], 0))
                self.assertEqual(self.client.get("/fr/articles/port/").content, page)


class BeginningTests(TestCase):
    """How a translation begins."""

    def row(self, article, language="fr"):
        return Translation.objects.get(article=article, language=language)

    def test_where_nothing_is_written_all_is_to_be_translated(self):
        article = make_article("a", en=live("Words", body=ENGLISH))
        row = self.row(article)
        self.assertEqual((row.blocks_behind, row.words_behind), (5, 14))

    def test_a_draft_has_answered_what_it_has_reached(self):
        article = make_article("a", en=live("Words", summary="S", body=ENGLISH))
        text = ArticleText(title="Mots", body="D’abord, un mot.\n\nLe deuxième.\n")
        save_language(article, "fr", text, based_on=None)
        # The summary is open as well.
        self.assertEqual((self.row(article).blocks_behind, self.row(article).words_behind), (3, 8))
        change(article, "en", body=ENGLISH.replace("second", "next"))
        self.assertEqual(self.row(article).blocks_behind, 4)
        change(article, "fr", body=FRENCH, summary="R")
        self.assertEqual(self.row(article).blocks_behind, 1)
        publish_now(article, "fr")
        self.assertEqual([str(c.kind) for c in comparison(article, "fr").changes], ["changed"])

    def test_publishing_a_draft_opens_nothing_that_was_answered(self):
        article = make_article("a", en=live("Words", body=ENGLISH), fr={"title": "Mots", "body": FRENCH})
        change(article, "en", body=ENGLISH.replace("\nThe fourth.\n", ""))
        answer_all(article, "fr")
        publish_now(article, "fr")
        self.assertEqual(open_passages(article), [])

    def test_a_translation_published_before_it_is_finished_leaves_the_rest_open(self):
        article = make_article("a", en=live("Words", summary="S", body=ENGLISH), fr=live("Mots", body="Un mot.\n"))
        self.assertEqual([c.block.kind for c in comparison(article, "fr").changes], ["summary", "text", "text", "text"])

    def test_it_answers_the_original_that_its_writer_saw(self):
        article = make_article("a", en=live("Words", body=ENGLISH))
        seen = article.latest_revision("en")
        change(article, "en", body=NO_COMMA)
        save_language(article, "fr", ArticleText(**live("Mots", body=FRENCH)), based_on=None, source_revision=seen)
        self.assertEqual(open_passages(article), ["changed"])

    def test_an_original_that_is_written_after_its_translation_opens_nothing(self):
        article = Article.objects.create(key="a", source_language="en")
        save_language(article, "fr", ArticleText(**live("Mots", body=FRENCH)), based_on=None)
        save_language(article, "en", ArticleText(**live("Words", body=ENGLISH)), based_on=None)
        self.assertEqual(self.row(article).blocks_behind, 0)

    def test_articles_from_before_answer_the_original_that_they_were_made_from(self):
        article = make_article("a", en=live("Words", body=ENGLISH), fr=live("Mots", body=FRENCH))
        change(article, "en", body=NO_COMMA)
        untranslated = make_article("b", fr=live("Seul", body="Un.\n\nDeux.\n"))
        Translation.objects.all().delete()
        self.assertEqual(following.fill_in(), 2)
        self.assertEqual(self.row(article).blocks_behind, 1)
        self.assertEqual(self.row(untranslated, "en").blocks_behind, 3)
        self.assertEqual(following.fill_in(), 0)
