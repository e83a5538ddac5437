from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.test import TestCase
from django.utils import timezone

from articles.edits import publish_working_copy
from articles.models import Article, Revision, WorkingCopy
from articles.publishing import drop_working_copy, unpublish
from articles.saving import EditConflict, save_language
from articles.text import ArticleText

from .examples import TOMORROW, YESTERDAY, change, live, make_article
from .forms import fields_of
from .people import person
from .test_admin import LIST, AdminTestCase

Kind = Revision.Kind


def work_on(article: Article, language: str, **fields) -> Revision | None:
    """Save some fields on top of the working copy of a language, or of what stands."""
    base = article.in_work(language)
    text = ArticleText(**{name: getattr(base.content, name) for name in ArticleText.FIELDS} | fields)
    return save_language(article, language, text, based_on=base, as_working_copy=True)


class WorkingCopyTests(TestCase):
    def setUp(self):
        self.article = make_article("a", en=live("T", body="One.\n\nTwo.\n\nThree."), fr=live("T"))

    def body(self):
        return Article.objects.get().body_en

    def test_a_copy_is_worked_on_for_days_without_a_reader_seeing_it(self):
        pages = [self.client.get(f"/{code}/articles/t/").content for code in ("en", "fr")]
        for body in ("First.", "Second.", "Third."):
            work_on(self.article, "en", body=body)
        self.assertEqual([self.client.get(f"/{code}/articles/t/").content for code in ("en", "fr")], pages)
        self.assertEqual(self.article.working_copy("en").body, "Third.")
        self.assertEqual(self.article.latest_revision("en").body, "One.\n\nTwo.\n\nThree.")
        self.assertEqual(WorkingCopy.objects.count(), 1)

    def test_published_it_takes_the_place_of_what_stands_and_keeps_the_date(self):
        work_on(self.article, "en", body="New.", slug="moved")
        publish_working_copy(self.article, "en")
        self.assertEqual((self.body(), Article.objects.get().published_at_en), ("New.", YESTERDAY))
        self.assertFalse(WorkingCopy.objects.exists())
        self.assertEqual(self.client.get("/en/articles/t/").headers["Location"], "/en/articles/moved/")

    def test_dropped_it_stays_in_the_history(self):
        work_on(self.article, "en", body="Dropped.")
        drop_working_copy(self.article, "en")
        self.assertIsNone(self.article.working_copy("en"))
        self.assertEqual(Revision.objects.get(kind=Kind.WORKING_COPY).body, "Dropped.")

    def test_what_was_saved_beside_it_is_merged_when_it_is_published(self):
        work_on(self.article, "en", body="One, worked on.\n\nTwo.\n\nThree.")
        change(self.article, "en", body="One.\n\nTwo.\n\nThree, corrected.")
        publish_working_copy(self.article, "en")
        self.assertEqual(self.body(), "One, worked on.\n\nTwo.\n\nThree, corrected.")
        self.assertFalse(WorkingCopy.objects.exists())

    def test_where_both_changed_the_same_words_it_is_not_published_over_them(self):
        work_on(self.article, "en", body="One, worked on.\n\nTwo.\n\nThree.")
        change(self.article, "en", body="One, corrected.\n\nTwo.\n\nThree.")
        with self.assertRaises(EditConflict):
            publish_working_copy(self.article, "en")
        self.assertEqual(self.body(), "One, corrected.\n\nTwo.\n\nThree.")
        self.assertTrue(WorkingCopy.objects.exists())

    def test_two_who_work_on_one_copy_both_find_their_words(self):
        work_on(self.article, "en", body="One.\n\nTwo.\n\nThree.\n\nFour.")
        base = self.article.working_copy("en")
        work_on(self.article, "en", body="One, theirs.\n\nTwo.\n\nThree.\n\nFour.")
        mine = ArticleText("T", "t", "", "One.\n\nTwo.\n\nThree.\n\nFour, mine.", YESTERDAY)
        save_language(self.article, "en", mine, based_on=base, as_working_copy=True)
        self.assertEqual(self.article.working_copy("en").body, "One, theirs.\n\nTwo.\n\nThree.\n\nFour, mine.")

    def test_published_after_the_text_was_taken_back_it_is_dated_anew(self):
        work_on(self.article, "en", body="New.")
        unpublish(self.article, "en")
        publish_working_copy(self.article, "en")
        self.assertGreater(Article.objects.get().published_at_en, YESTERDAY + timedelta(hours=1))

    def test_a_translation_says_which_text_of_the_original_it_was_made_from(self):
        first = self.article.latest_revision("en")
        change(self.article, "fr", body="D’après le premier.")
        second = change(self.article, "en", body="New English.")
        third = change(self.article, "fr", body="D’après le deuxième.")
        dated = change(self.article, "fr", published_at=None)
        self.assertEqual(
            [r.source_revision for r in self.article.revisions.filter(language="fr").order_by("pk")][1:],
            [first, second, second],
        )
        self.assertEqual((third.source_revision, dated.source_revision), (second, second))
        self.assertIsNone(second.source_revision)


class FormTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.article = make_article("a", en=live("T", body="One.\n\nTwo.\n\nThree.", summary="S"), fr=live("Été"))

    def save(self, fields, button="_save", **changes):
        return super().save(self.url(self.article), fields, button, **changes)

    def form(self):
        return self.opened(self.url(self.article))

    def test_save_as_working_copy_leaves_the_readers_page_and_the_form_goes_on_from_it(self):
        page = self.client.get("/en/articles/t/").content
        response = self.client.post(
            self.url(self.article), self.form() | {"body_en": "Worked on.", "_working_copy": "1"}, follow=True
        )
        self.assertContains(response, "English: saved as a working copy. Readers do not see it yet.")
        self.assertEqual(self.client.get("/en/articles/t/").content, page)
        self.assertEqual(self.form()["body_en"], ["Worked on."])
        self.assertContains(self.client.get(self.url(self.article)), "This is the working copy")

    def test_a_plain_save_goes_to_the_copy_where_there_is_one(self):
        self.save(self.form(), "_working_copy", body_en="First.")
        self.save(self.form(), body_en="Second.")
        self.assertEqual(self.article.working_copy("en").body, "Second.")
        self.assertEqual(Article.objects.get().body_en, "One.\n\nTwo.\n\nThree.")

    def test_a_button_publishes_the_copy_with_what_was_just_typed(self):
        self.save(self.form(), "_working_copy", body_en="First.")
        self.assertRedirects(self.save(self.form(), "_publish_copy_en", title_en="New"), self.url(self.article))
        article = Article.objects.get()
        self.assertEqual((article.title_en, article.body_en, article.published_at_en), ("New", "First.", YESTERDAY))
        self.assertFalse(WorkingCopy.objects.exists())

    def test_a_button_drops_the_copy_and_what_was_just_typed_is_in_the_history(self):
        self.client.get(self.save(self.form(), "_working_copy", body_en="First.").url)
        response = self.save(self.form(), "_drop_copy_en", body_en="Just typed.")
        page = self.client.get(response.url)
        self.assertContains(page, "the working copy is discarded")
        self.assertNotContains(page, "saved as a working copy")
        self.assertFalse(WorkingCopy.objects.exists())
        self.assertEqual(Revision.objects.latest("pk").body, "Just typed.")
        self.assertEqual(self.form()["body_en"], ["One.\n\nTwo.\n\nThree.".replace("\n", "\r\n")])

    def test_unpublishing_takes_the_text_from_the_site_and_keeps_the_copy(self):
        self.save(self.form(), "_working_copy", body_en="First.")
        self.save(self.form(), "_unpublish_en", body_en="Second.")
        article = Article.objects.get()
        self.assertEqual((article.live_languages(), article.body_en), (["fr"], "One.\n\nTwo.\n\nThree."))
        self.assertEqual(article.working_copy("en").body, "Second.")
        self.save(self.form(), summary_en="Of the draft")
        article.refresh_from_db()
        self.assertEqual((article.body_en, article.summary_en), ("Second.", "Of the draft"))
        self.assertEqual((article.published_at_en, WorkingCopy.objects.count()), (None, 0))

    def test_a_copy_of_a_text_that_was_unpublished_is_dropped_and_not_saved(self):
        self.save(self.form(), "_working_copy", body_en="First.")
        self.save(self.form(), "_unpublish_en")
        self.save(self.form(), "_drop_copy_en")
        self.assertEqual(Article.objects.get().body_en, "One.\n\nTwo.\n\nThree.")
        self.assertFalse(WorkingCopy.objects.exists())

    def test_who_drops_a_copy_changes_nothing_for_readers_on_a_form_older_than_the_copy_either(self):
        mine = self.form()
        self.save(self.form(), "_working_copy", body_en="One, first.\n\nTwo.\n\nThree.")
        self.save(mine, "_drop_copy_en", body_en="One.\n\nTwo.\n\nThree, typed.")
        self.assertEqual(Article.objects.get().body_en, "One.\n\nTwo.\n\nThree.")
        self.assertEqual(Revision.objects.latest("pk").body, "One, first.\n\nTwo.\n\nThree, typed.")
        self.assertFalse(WorkingCopy.objects.exists())

    def test_the_button_publishes_a_copy_that_was_begun_after_the_form_was_opened(self):
        for typed, body in {
            "One.\n\nTwo.\n\nThree.": "One, first.\n\nTwo.\n\nThree.",
            "One.\n\nTwo.\n\nThree, typed.": "One, first.\n\nTwo.\n\nThree, typed.",
        }.items():
            with self.subTest(typed):
                change(self.article, "en", body="One.\n\nTwo.\n\nThree.")
                mine = self.form()
                self.save(self.form(), "_working_copy", body_en="One, first.\n\nTwo.\n\nThree.")
                self.save(mine, "_publish_copy_en", body_en=typed)
                self.article.refresh_from_db()
                self.assertEqual(self.article.body_en, body)
                self.assertFalse(WorkingCopy.objects.exists())

    def test_words_of_a_copy_that_was_published_meanwhile_are_no_conflict(self):
        self.save(self.form(), "_working_copy", body_en="One, first.\n\nTwo.\n\nThree.")
        mine = self.form()
        self.save(self.form(), "_publish_copy_en")
        self.save(mine, "_publish_copy_en", body_en="One, second.\n\nTwo.\n\nThree.")
        self.assertEqual(Article.objects.get().body_en, "One, second.\n\nTwo.\n\nThree.")

    def test_a_draft_needs_no_copy(self):
        unpublish(self.article, "en")
        self.save(self.form(), "_working_copy", body_en="Still a draft.")
        self.assertEqual(Article.objects.get().body_en, "Still a draft.")
        self.assertFalse(WorkingCopy.objects.exists())

    def test_a_scheduled_text_stays_scheduled_when_its_copy_is_published(self):
        change(self.article, "en", published_at=TOMORROW)
        self.save(self.form(), "_working_copy", body_en="Worked on.")
        self.save(self.form(), "_publish_copy_en")
        article = Article.objects.get()
        self.assertEqual((article.body_en, article.published_at_en), ("Worked on.", TOMORROW))

    def test_the_other_language_of_the_same_save_is_saved_by_its_own_rule(self):
        self.save(self.form(), "_working_copy", body_en="Worked on.")
        self.save(self.form(), body_en="Again.", body_fr="Corrigé.")
        self.assertEqual((Article.objects.get().body_fr, self.article.working_copy("en").body), ("Corrigé.", "Again."))

    def test_who_publishes_an_old_form_takes_along_what_others_wrote_in_the_copy(self):
        self.save(self.form(), "_working_copy", body_en="One, first.\n\nTwo.\n\nThree.")
        mine = self.form()
        self.save(self.form(), body_en="One, first.\n\nTwo.\n\nThree, theirs.")
        self.save(mine, "_publish_copy_en", body_en="One, first.\n\nTwo, mine.\n\nThree.")
        self.assertEqual(Article.objects.get().body_en, "One, first.\n\nTwo, mine.\n\nThree, theirs.")
        self.assertFalse(WorkingCopy.objects.exists())

    def test_a_copy_that_meets_a_correction_shows_both_and_is_published_after_the_choice(self):
        self.save(self.form(), "_working_copy", body_en="One, worked on.\n\nTwo.\n\nThree, worked on.")
        change(self.article, "en", body="One, corrected.\n\nTwo, corrected.\n\nThree.")
        response = self.save(self.form(), "_publish_copy_en")
        self.assertContains(response, "two of you changed the same words")
        self.assertEqual(Article.objects.get().body_en, "One, corrected.\n\nTwo, corrected.\n\nThree.")
        shown = fields_of(response.content.decode(), "article_form")
        fields = shown | {"choice_en_body-0": "theirs"}
        self.assertRedirects(self.save(fields, "_publish_copy_en"), self.url(self.article))
        self.assertEqual(Article.objects.get().body_en, "One, corrected.\n\nTwo, corrected.\n\nThree, worked on.")
        self.assertFalse(WorkingCopy.objects.exists())


class ListTests(AdminTestCase):
    def test_waiting_copies_are_published_together_and_one_that_meets_a_correction_is_named(self):
        articles = [make_article(key, en=live(key, summary="S")) for key in "abc"]
        for article in articles[:2]:
            work_on(article, "en", body="Worked on.")
        change(articles[1], "en", body="Corrected.")
        chosen = {"action": "publish_copy_en", "_selected_action": [article.pk for article in articles], "post": "yes"}
        page = self.client.post(LIST, chosen, follow=True)
        self.assertEqual(
            [str(message) for message in page.context["messages"]],
            [
                "b: This text was changed by somebody else in the meantime. Publish it from its form.",
                "Working copies published (English): 1.",
            ],
        )
        bodies = [Article.objects.get(key=key).body_en for key in "abc"]
        self.assertEqual(bodies, ["Worked on.", "Corrected.", "The body of c."])
        self.assertEqual(WorkingCopy.objects.count(), 1)


class TranslatorTests(AdminTestCase):
    """A translator's words wait for somebody who publishes."""

    def setUp(self):
        self.article = make_article("a", en=live("T"), fr=live("Été"))
        self.client.force_login(person("translator", "Translator"))

    def form(self):
        return self.opened(self.url(self.article))

    def test_a_live_translation_is_changed_in_a_copy_alone(self):
        page = self.client.get("/fr/articles/ete/").content
        self.assertRedirects(self.save(self.url(self.article), self.form(), body_fr="Traduit."), LIST)
        self.assertEqual(self.article.working_copy("fr").body, "Traduit.")
        self.assertEqual(self.client.get("/fr/articles/ete/").content, page)

    def test_neither_button_nor_date_publishes(self):
        unpublish(self.article, "fr")
        fields = self.form() | {"published_at_fr_0": "2026-01-01", "published_at_fr_1": "00:00"}
        for button in ("_publish_now_fr", "_publish_again_fr", "_schedule_fr", "_publish_copy_fr", "_save"):
            self.save(self.url(self.article), fields, button, body_fr=f"Traduit, {button}.")
        article = Article.objects.get()
        self.assertEqual((article.published_at_fr, article.live_languages()), (None, ["en"]))
        self.assertNotContains(self.client.get(self.url(self.article)), 'name="_publish_')

    def test_the_original_and_what_the_languages_share_stay_as_they_are(self):
        self.save(
            self.url(self.article), self.form(), body_en="Mine", source="https://example.org/", source_language="fr"
        )
        article = Article.objects.get()
        self.assertEqual((article.body_en, article.source, article.source_language), ("The body of T.", "", "en"))
        self.assertContains(self.client.get(self.url(self.article)), "You may read this text, not change it.")

    def test_a_copy_of_a_text_that_was_taken_back_becomes_a_draft_whatever_date_it_had(self):
        self.save(self.url(self.article), self.form(), body_fr="Traduit.")
        fields = self.form()
        work_on(self.article, "fr", published_at=YESTERDAY - timedelta(days=9))
        unpublish(self.article, "fr")
        response = self.save(self.url(self.article), fields, body_fr="Traduit encore.")
        self.assertLess(response.status_code, 400)
        self.assertIsNone(Article.objects.get().published_at_fr)

    def test_saving_itself_refuses_what_the_form_would_not_offer(self):
        translator = person("other", "Translator")
        for language, as_working_copy in (("en", True), ("en", False), ("fr", False)):
            base = self.article.latest_revision(language)
            text = ArticleText("New", base.slug, "", "B", base.published_at)
            with self.subTest(language, copy=as_working_copy), self.assertRaises(PermissionDenied):
                save_language(
                    self.article, language, text, based_on=base, by=translator, as_working_copy=as_working_copy
                )


class NoteTests(AdminTestCase):
    def test_a_save_carries_its_note_and_the_mark_of_a_minor_edit(self):
        article = make_article("a", en=live("T"), fr=live("Été"))
        fields = self.opened(self.url(article)) | {"note_en": "Comma", "is_minor_en": "on", "note_fr": "Unused"}
        self.save(self.url(article), fields, body_en="New")
        revision = Revision.objects.latest("pk")
        self.assertEqual((revision.language, revision.note, revision.is_minor), ("en", "Comma", True))

    def test_shared_facts_are_in_the_history_and_are_no_news_to_translators(self):
        article = make_article("a", en=live("T"), fr=live("Été"))
        self.save(self.url(article), self.opened(self.url(article)), source="https://example.org/")
        revision = Revision.objects.latest("pk")
        self.assertEqual((revision.language, revision.is_minor), ("en", True))
        self.assertEqual(revision.shared["source"], "https://example.org/")
        self.assertEqual(revision.content, article.text_in("en"))

    def test_a_schedule_needs_a_date_in_the_future(self):
        article = make_article("a", en={"title": "T", "body": "B", "summary": "S"})
        response = self.save(self.url(article), self.opened(self.url(article)), "_schedule_en")
        self.assertContains(response, "Choose a date in the future.")
        day = timezone.localtime() + timedelta(days=3)
        date = {"published_at_en_0": day.strftime("%Y-%m-%d"), "published_at_en_1": "08:00"}
        self.save(self.url(article), self.opened(self.url(article)), "_schedule_en", **date)
        self.assertEqual(Article.objects.get().state_in("en"), Article.State.SCHEDULED)

    def test_remarks_that_the_author_has_not_seen_stop_the_publication_once(self):
        fields = self.opened("/admin/articles/article/add/") | {"title_en": "T", "body_en": "B"}
        response = self.save("/admin/articles/article/add/", fields, "_publish_now_en")
        self.assertContains(response, "There is no summary")
        self.assertFalse(Article.objects.exists())
        shown = fields_of(response.content.decode(), "article_form")
        self.save("/admin/articles/article/add/", shown, "_publish_now_en")
        self.assertEqual(Article.objects.get().live_languages(), ["en"])


class SourceRevisionTests(TestCase):
    def test_who_moves_the_date_of_a_translation_has_not_translated_anew(self):
        article = make_article("a", en=live("T"), fr=live("Été"))
        original = article.latest_revision("en")
        self.assertEqual(article.latest_revision("fr").source_revision, original)
        change(article, "en", body="Newer.")
        unpublish(article, "fr")
        self.assertEqual(article.latest_revision("fr").source_revision, original)
        change(article, "fr", body="Plus neuf.")
        self.assertEqual(article.latest_revision("fr").source_revision, article.latest_revision("en"))


class FormerAddressTests(TestCase):
    def test_a_copy_does_not_end_the_time_in_which_readers_found_a_text_at_its_address(self):
        article = make_article("a", en=live("T", slug="first"))
        work_on(article, "en", body="Worked on.")
        hours = {Kind.SAVED: 72, Kind.WORKING_COPY: 48}
        for kind, age in hours.items():
            # Saved before its date, worked on before its date.
            Revision._base_manager.filter(kind=kind).update(created_at=YESTERDAY - timedelta(hours=age))
        change(article, "en", slug="second")
        self.assertEqual(Revision.objects.once_live_at("first", "en").count(), 1)

    def test_an_address_that_was_only_tried_in_a_copy_is_nobodys(self):
        article = make_article("a", en=live("T", slug="first"))
        work_on(article, "en", slug="tried")
        self.assertFalse(Revision.objects.once_live_at("tried", "en").exists())
