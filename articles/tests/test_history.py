from contextlib import contextmanager
from dataclasses import replace

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Revision
from articles.saving import save_language, set_aside

from .examples import change, live, make_article

LONG = "First paragraph.\n\nSecond paragraph.\n\nThird paragraph.\n"


def keep_copy(article, language="fr", by=None, **fields):
    base = article.in_work(language)
    return save_language(article, language, replace(base.content, **fields), based_on=base, by=by, as_working_copy=True)


class HistoryTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        users = get_user_model().objects
        cls.editor = users.create_superuser("editor")
        cls.translator, cls.author, cls.stranger = (
            users.create_user(name, is_staff=True) for name in ("translator", "author", "stranger")
        )
        cls.translator.groups.add(Group.objects.get(name="Translator"))
        cls.author.groups.add(Group.objects.get(name="Author"))
        cls.article = make_article("a", en=live("Summer", body=LONG), fr=live("Été", body=LONG))
        cls.first = cls.article.latest_revision("fr")

    def setUp(self):
        self.client.force_login(self.editor)

    def path(self, rest="history/", article=None):
        return f"/admin/articles/article/{(article or self.article).pk}/{rest}"

    def compare(self, **query):
        return self.client.get(self.path("history/compare/"), query)

    def restore_path(self, revision):
        return self.path(f"history/{revision.pk}/restore/")

    def shown_bases(self, revision):
        """Return what the page shows that a restored revision would replace."""
        return [target.base for target in self.client.get(self.restore_path(revision)).context["targets"]]

    def restore(self, revision, button="_restore", based_on=None, follow=True):
        based_on = based_on or self.shown_bases(revision)[-1 if button == "_restore" else 0]
        data = {button: "1", "based_on": based_on.pk if based_on else ""}
        return self.client.post(self.restore_path(revision), data, follow=follow)

    def reloaded(self):
        return Article.objects.get(pk=self.article.pk)


class ListTests(HistoryTestCase):
    def test_every_save_is_listed_with_who_when_and_why_the_newest_first(self):
        base = self.article.latest_revision("fr")
        text = replace(base.content, title="L’été")
        save_language(self.article, "fr", text, based_on=base, by=self.editor, note="Plus doux", is_minor=True)
        response = self.client.get(self.path())
        rows = response.context["revisions"].object_list
        self.assertEqual([row.pk for row in rows], sorted((row.pk for row in rows), reverse=True))
        self.assertContains(response, "Plus doux")
        self.assertContains(response, "minor edit")
        self.assertContains(response, f'<time datetime="{rows[0].created_at:%Y-%m-%d}')

    def test_what_stands_and_the_working_copy_of_each_language_are_marked(self):
        old, copy = keep_copy(self.article, title="Un"), keep_copy(self.article, title="Deux")
        response = self.client.get(self.path())
        marks = {row.pk: row.mark for row in response.context["revisions"]}
        self.assertEqual((marks[copy.pk], marks[old.pk], marks[self.first.pk]), ("copy", "", "standing"))
        self.assertContains(response, "current text", 2)
        self.assertContains(response, "current working copy", 1)

    def test_one_language_can_be_listed_alone(self):
        listed = self.client.get(self.path(), {"language": "fr"}).context["revisions"]
        self.assertEqual([row.pk for row in listed], [self.first.pk])

    def test_an_unknown_language_or_page_is_no_failure(self):
        for query in ({"language": "xx"}, {"page": "many"}, {"page": "999"}, {"p": "x"}):
            self.assertEqual(self.client.get(self.path(), query).status_code, 200)

    def test_texts_set_aside_are_listed_as_such(self):
        text = replace(self.first.content, title="Autre")
        set_aside(self.article, "fr", text, based_on=self.first, by=self.editor)
        self.assertContains(self.client.get(self.path()), "Set aside")

    def test_deleting_and_restoring_are_told_below_the_texts(self):
        self.article.delete()
        self.client.post(self.path("restore/"))
        self.assertContains(self.client.get(self.path()), "Restored.")

    def test_the_number_of_queries_is_the_same_for_three_hundred_versions(self):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                response = self.client.get(self.path())
            self.assertEqual(response.status_code, 200)
            return len(captured), response

        # The first request looks up what all later ones have at hand.
        queries()
        few, _ = queries()
        fields = self.first.content
        Revision.objects.bulk_create(
            Revision(article=self.article, language="fr", created_by=self.editor, title=f"{number}", body=fields.body)
            for number in range(300)
        )
        many, response = queries()
        self.assertEqual(many, few)
        self.assertEqual(len(response.context["revisions"]), 50)
        self.assertContains(response, "page=7")
        self.assertEqual(len(self.client.get(self.path(), {"page": "7"}).context["revisions"]), 2)

    def test_the_list_reads_no_bodies(self):
        with CaptureQueriesContext(connection) as captured:
            self.client.get(self.path())
        rows = [query["sql"] for query in captured if 'FROM "articles_revision"' in query["sql"]]
        self.assertFalse([sql for sql in rows if '"articles_revision"."body"' in sql])


class ComparisonTests(HistoryTestCase):
    def test_a_save_is_compared_with_the_one_before_it(self):
        changed = change(self.article, "fr", body=LONG.replace("Second", "Deuxième"))
        response = self.compare(to=changed.pk)
        self.assertEqual(response.context["before"], self.first)
        self.assertContains(response, "<del>Second</del><ins>Deuxième</ins>", 1)

    def test_any_two_versions_can_be_compared(self):
        change(self.article, "fr", title="Deux")
        third = change(self.article, "fr", title="Trois")
        response = self.compare(**{"from": self.first.pk, "to": third.pk})
        self.assertContains(response, "<del>Été</del><ins>Trois</ins>")

    def test_the_first_version_has_nothing_before_it(self):
        response = self.compare(to=self.first.pk)
        self.assertIsNone(response.context["before"])
        self.assertContains(response, "<ins>Été</ins>")

    def test_a_working_copy_is_compared_with_the_copy_before_it_else_with_what_it_is_to_replace(self):
        one, two = keep_copy(self.article, title="Un"), keep_copy(self.article, title="Deux")
        self.assertEqual(self.compare(to=one.pk).context["before"], self.first)
        self.assertEqual(self.compare(to=two.pk).context["before"], one)

    def test_what_was_set_aside_is_compared_with_what_its_writer_started_from(self):
        text = replace(self.first.content, title="Autre")
        aside = set_aside(self.article, "fr", text, based_on=self.first, by=self.editor)
        change(self.article, "fr", title="Leur titre")
        self.assertEqual(self.compare(to=aside.pk).context["before"], self.first)

    def test_a_translation_says_which_text_it_was_made_from(self):
        original = self.article.latest_revision("en")
        response = self.compare(to=self.first.pk)
        self.assertContains(
            response, f'href="/admin/articles/article/{self.article.pk}/history/compare/?to={original.pk}"'
        )

    def test_the_changes_before_and_after_are_a_link_away(self):
        second = change(self.article, "fr", title="Deux")
        change(self.article, "en", title="Two")
        third = change(self.article, "fr", title="Trois")
        response = self.compare(to=second.pk)
        self.assertContains(response, f'rel="prev" href="?to={self.first.pk}"')
        self.assertContains(response, f'rel="next" href="?to={third.pk}"')

    def test_versions_in_two_languages_are_shown_side_by_side(self):
        response = self.compare(**{"from": self.article.latest_revision("en").pk, "to": self.first.pk})
        self.assertContains(response, "in two languages")
        self.assertNotContains(response, "<ins>")

    def test_the_whole_text_can_be_copied(self):
        response = self.compare(to=self.first.pk)
        self.assertContains(response, f"{LONG}</textarea>")

    def test_what_no_version_of_the_article_has_as_number_is_not_found(self):
        other = make_article("b", en=live("Other")).latest_revision("en")
        for value in ("", "x", "0", "-1", "9" * 30, "²", str(other.pk)):
            with self.subTest(value):
                self.assertEqual(self.compare(to=value).status_code, 404)
                if value:
                    answer = self.compare(**{"from": value, "to": self.first.pk})
                    self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.client.get(f"/admin/articles/article/{'9' * 30}/history/compare/").status_code, 404)


class RestoringTests(HistoryTestCase):
    @contextmanager
    def untouched(self, path):
        """Check that readers get the same bytes at an address before and after."""
        before = self.client.get(path).content
        yield
        self.assertEqual(self.client.get(path).content, before)

    def test_last_weeks_french_comes_back_and_the_english_page_stays_as_it_is_to_the_byte(self):
        spoiled = change(self.article, "fr", title="Gâché", body="Gâché.", slug="gache")
        with self.untouched("/en/articles/summer/"):
            response = self.restore(self.first)
        self.assertContains(response, "is restored")
        article = self.reloaded()
        self.assertEqual((article.title_fr, article.body_fr), ("Été", LONG))
        # Address and date stay.
        self.assertEqual((article.slug_fr, article.published_at_fr), ("gache", spoiled.published_at))
        restored = article.latest_revision("fr")
        self.assertEqual(restored.created_by, self.editor)
        self.assertIn("Restored from", restored.note)
        self.assertContains(self.client.get("/fr/articles/gache/"), "Second paragraph.")

    def test_the_page_shows_what_changes_before_anything_is_saved(self):
        change(self.article, "fr", body=LONG.replace("Second", "Deuxième"))
        count = Revision.objects.count()
        response = self.client.get(self.restore_path(self.first))
        self.assertContains(response, "<del>Deuxième</del><ins>Second</ins>")
        self.assertEqual(Revision.objects.count(), count)

    def test_a_dated_text_can_be_restored_as_a_working_copy_that_readers_do_not_see(self):
        change(self.article, "fr", body="Neuf.")
        self.restore(self.first, "_working_copy")
        article = self.reloaded()
        self.assertEqual(article.body_fr, "Neuf.")
        self.assertEqual(article.working_copy("fr").body, LONG)

    def test_a_working_copy_that_is_there_already_is_named_and_can_be_replaced_alone(self):
        change(self.article, "fr", body="Neuf.")
        copy = keep_copy(self.article, body="En cours.")
        response = self.client.get(self.restore_path(self.first))
        self.assertContains(response, "There is a working copy")
        self.assertEqual(
            [target.base for target in response.context["targets"]], [copy, self.article.latest_revision("fr")]
        )
        self.restore(self.first, "_working_copy")
        article = self.reloaded()
        self.assertEqual((article.body_fr, article.working_copy("fr").body), ("Neuf.", LONG))

    def test_restoring_for_readers_leaves_the_working_copy(self):
        change(self.article, "fr", body="Neuf.")
        copy = keep_copy(self.article, body="En cours.")
        self.restore(self.first)
        self.assertEqual(self.reloaded().working_copy("fr"), copy)
        self.assertEqual(self.reloaded().body_fr, LONG)

    def test_a_draft_is_restored_with_one_button(self):
        draft = make_article("b", en={"title": "One", "body": "One."})
        first = draft.latest_revision("en")
        change(draft, "en", title="Two", body="Two.")
        path = self.path(f"history/{first.pk}/restore/", draft)
        response = self.client.get(path)
        (target,) = response.context["targets"]
        self.assertEqual([name for name, _ in target.buttons], ["_restore"])
        self.client.post(path, {"_restore": "1", "based_on": target.base.pk})
        draft.refresh_from_db()
        self.assertEqual((draft.title_en, draft.slug_en), ("One", "one"))

    def test_a_language_that_was_emptied_comes_back_with_its_address_as_a_draft(self):
        change(self.article, "fr", title="", slug=None, body="", summary="", published_at=None)
        self.assertContains(self.client.get(self.restore_path(self.first)), "as a draft without a date")
        self.restore(self.first)
        article = self.reloaded()
        self.assertEqual((article.title_fr, article.slug_fr, article.published_at_fr), ("Été", "ete", None))

    def test_a_restored_translation_is_as_old_as_the_text_that_it_was_made_from(self):
        original = self.article.latest_revision("en")
        change(self.article, "en", body="New English.")
        change(self.article, "fr", body="Nouveau français.")
        self.restore(self.first)
        self.assertEqual(self.reloaded().latest_revision("fr").source_revision, original)

    def test_what_somebody_saved_elsewhere_in_the_text_in_between_is_kept(self):
        change(self.article, "fr", body=LONG.replace("First", "Premier"))
        (shown,) = self.shown_bases(self.first)
        change(self.article, "fr", body=LONG.replace("First", "Premier").replace("Third", "Troisième"))
        self.restore(self.first, based_on=shown)
        self.assertEqual(self.reloaded().body_fr, LONG.replace("Third", "Troisième"))

    def test_what_somebody_saved_in_the_same_words_in_between_is_not_overwritten(self):
        change(self.article, "fr", body=LONG.replace("First", "Premier"))
        (shown,) = self.shown_bases(self.first)
        theirs = change(self.article, "fr", body=LONG.replace("First", "Tout premier"))
        response = self.restore(self.first, based_on=shown)
        self.assertRedirects(self.restore(self.first, based_on=shown, follow=False), self.restore_path(self.first))
        self.assertContains(response, "nothing was restored")
        self.assertEqual(self.reloaded().latest_revision("fr"), theirs)

    def test_a_text_that_breaks_a_rule_now_is_refused_with_the_reason(self):
        bodiless = Revision.objects.create(
            article=self.article, language="fr", kind=Revision.Kind.SET_ASIDE, title="Sans corps"
        )
        response = self.restore(bodiless)
        self.assertContains(response, "Nothing was restored. A published or scheduled text needs a body.")
        self.assertEqual(self.reloaded().title_fr, "Été")

    def test_restoring_what_stands_saves_nothing(self):
        count = Revision.objects.count()
        response = self.client.get(self.restore_path(self.first))
        self.assertContains(response, "Nothing differs.")
        self.assertContains(self.restore(self.first), "is the current text already")
        self.assertEqual(Revision.objects.count(), count)

    def test_a_base_that_is_none_of_this_text_is_not_found(self):
        copy = keep_copy(self.article, body="En cours.")
        english = self.article.latest_revision("en")
        for base in ("x", "9" * 30, str(english.pk), str(copy.pk)):
            answer = self.client.post(self.restore_path(self.first), {"_restore": "1", "based_on": base})
            self.assertEqual(answer.status_code, 404)
        answer = self.client.post(self.restore_path(self.first), {"_working_copy": "1", "based_on": ""})
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.reloaded().working_copy("fr"), copy)


class PermissionTests(HistoryTestCase):
    def paths(self):
        return [
            self.path(),
            self.path(f"history/compare/?to={self.first.pk}"),
            self.restore_path(self.first),
            self.path("restore/"),
        ]

    def test_who_is_not_logged_in_is_asked_to(self):
        self.client.logout()
        for path in self.paths():
            self.assertIn("/admin/login/", self.client.get(path)["Location"])
        self.assertIn("/admin/login/", self.client.post(self.restore_path(self.first))["Location"])

    def test_who_may_not_see_articles_sees_no_history(self):
        self.client.force_login(self.stranger)
        for path in self.paths():
            self.assertEqual(self.client.get(path).status_code, 403)

    def test_who_may_only_read_compares_and_restores_nothing(self):
        self.client.force_login(self.author)
        spoiled = change(self.article, "fr", body="Gâché.")
        self.assertNotContains(self.client.get(self.path()), "restore/")
        self.assertNotContains(self.compare(to=spoiled.pk), "Restore this version")
        self.assertEqual(self.client.get(self.restore_path(self.first)).status_code, 403)
        answer = self.client.post(self.restore_path(self.first), {"_restore": "1", "based_on": spoiled.pk})
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(self.reloaded().body_fr, "Gâché.")

    def test_a_translator_restores_a_translation_as_a_working_copy_and_no_original(self):
        self.client.force_login(self.translator)
        spoiled = change(self.article, "fr", body="Gâché.")
        (target,) = self.client.get(self.restore_path(self.first)).context["targets"]
        self.assertEqual([name for name, _ in target.buttons], ["_working_copy"])
        answer = self.client.post(self.restore_path(self.first), {"_restore": "1", "based_on": spoiled.pk})
        self.assertEqual(answer.status_code, 403)
        self.restore(self.first, "_working_copy")
        self.assertEqual((self.reloaded().body_fr, self.reloaded().working_copy("fr").body), ("Gâché.", LONG))
        english = self.article.latest_revision("en")
        self.assertEqual(self.client.get(self.restore_path(english)).status_code, 403)

    def test_an_author_restores_what_is_their_own(self):
        own = make_article("own", en=live("Mine", body=LONG))
        Article.objects.filter(pk=own.pk).update(created_by=self.author)
        first = own.latest_revision("en")
        spoiled = change(own, "en", body="Spoiled.")
        self.client.force_login(self.author)
        path = self.path(f"history/{first.pk}/restore/", own)
        self.client.post(path, {"_restore": "1", "based_on": spoiled.pk})
        own.refresh_from_db()
        self.assertEqual(own.body_en, LONG)


class DeletedArticleTests(HistoryTestCase):
    def setUp(self):
        super().setUp()
        self.article.delete()

    def test_a_deleted_article_is_restored_from_its_form_with_all_that_was_live(self):
        form = self.client.get(self.path("change/"))
        self.assertContains(form, self.path("restore/"))
        self.assertContains(self.client.get(self.path("restore/")), "Put “")
        self.assertEqual(self.client.get("/fr/articles/ete/").status_code, 410)
        self.client.post(self.path("restore/"))
        for path in ("/fr/articles/ete/", "/en/articles/summer/"):
            self.assertEqual(self.client.get(path).status_code, 200)

    def test_asking_restores_nothing(self):
        self.client.get(self.path("restore/"))
        self.assertIsNotNone(self.reloaded().deleted_at)

    def test_who_may_not_delete_an_article_may_not_bring_it_back(self):
        self.client.force_login(self.translator)
        self.assertEqual(self.client.post(self.path("restore/")).status_code, 403)
        self.assertNotContains(self.client.get(self.path()), self.path("restore/"))
        self.assertIsNotNone(self.reloaded().deleted_at)

    def test_an_article_that_is_not_deleted_needs_no_restoring(self):
        self.article.restore()
        self.assertContains(self.client.post(self.path("restore/"), follow=True), "not deleted")

    def test_a_text_of_a_deleted_article_can_be_restored_and_stays_out_of_sight(self):
        change(self.article, "fr", body="Gâché.")
        self.assertContains(self.client.get(self.restore_path(self.first)), "nobody can read it")
        self.restore(self.first)
        self.assertEqual(self.reloaded().body_fr, LONG)
        self.assertEqual(self.client.get("/fr/articles/ete/").status_code, 410)
