"""What moved on in an original, on the article's form: shown, answered, and never written into a text."""

from dataclasses import replace

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from articles.checklist import remarks
from articles.markdown import render
from articles.models import Article, Revision, Translation
from articles.saving import save_language
from articles.translating.kept import comparison

from .examples import YESTERDAY, change, live, make_article
from .people import person
from .test_admin import AdminTestCase

ENGLISH = "First words.\n\nSecond words.\n\nThird words and more of them.\n\n```\ncode = 1\n```\n"
FRENCH = "Premiers mots.\n\nDeuxièmes mots.\n\nTroisièmes mots, et d’autres.\n\n```\ncode = 1\n```\n"
WITH_COMMA = ENGLISH.replace("Third words and", "Third words, and")
JSON = {"HTTP_ACCEPT": "application/json"}


class AnsweringTestCase(AdminTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.article = make_article("a", en=live("Words", body=ENGLISH), fr=live("Mots", body=FRENCH))
        change(cls.article, "en", body=WITH_COMMA)

    def setUp(self):
        super().setUp()
        self.form = self.url(self.article)
        self.answers = f"/admin/articles/article/{self.article.pk}/answers/fr/"

    def open_changes(self, language="fr"):
        return comparison(Article.objects.get(pk=self.article.pk), language).changes

    def key(self):
        return self.open_changes()[0].key

    def texts(self):
        """Return all that is kept of texts and what readers get of them."""
        # The names of translated fields follow the language of whatever was asked before.
        with override("en"):
            rows = Article.objects.filter(pk=self.article.pk).values(), Revision.objects.order_by("pk").values()
            kept = [list(row) for row in rows]
        paths = ("/en/words/", "/fr/mots/", "/fr/", "/fr/flux/atom/", "/sitemap.xml")
        return kept, [self.client.get(path).content for path in paths]

    def messages(self, response):
        return [str(message) for message in response.context["messages"]]


class ShownTests(AnsweringTestCase):
    def test_the_pane_of_the_translation_shows_what_moved_on_in_the_language_of_the_original(self):
        page = self.client.get(self.form)
        self.assertContains(page, "1 passage of the original has changed")
        self.assertContains(page, "Third words<ins>,</ins> and more of them.", count=1)
        self.assertContains(page, '<div class="field-difference" lang="en">', count=1)
        self.assertContains(page, 'id="moved_on_fr"', count=1)
        self.assertNotContains(page, 'id="moved_on_en"')
        # Beside the state of the language, and where what saves is always in view.
        self.assertContains(page, "1 passage behind", count=2)

    def test_each_passage_says_what_became_of_it_and_offers_what_fits(self):
        body = "Third words, and more of them.\n\nFirst words.\n\n```\ncode = 2\n```\n\n- Quite another thing\n"
        change(self.article, "en", body=body, summary="News.")
        shown = self.client.get(self.form).context["publication"][1]["moved_on"]
        changes = shown["changes"] + shown["more"]
        kinds = {change["kind"] for change in changes}
        self.assertLessEqual({"changed", "removed", "added"}, kinds)
        self.assertTrue(any(change["kind"] == "moved" or change["is_moved"] for change in changes))
        self.assertEqual([bool(change["copy"]) for change in changes if "code" in change["html"]], [True])
        page = self.client.get(self.form).content.decode()
        for words in ("Still right", "Already in the text", "Not needed in this language", "All of it is still right"):
            self.assertIn(words, page)

    def test_an_answered_original_takes_one_quiet_line(self):
        self.client.post(self.answers, {"answer": "all"})
        page = self.client.get(self.form)
        self.assertContains(page, "Up to date with the original.")
        self.assertNotContains(page, "changed</h3>")
        self.assertContains(page, 'data-behind="fr" hidden', count=2)

    def test_what_is_not_written_yet_is_said_in_one_line(self):
        article = make_article("b", en=live("Alone", body=ENGLISH))
        page = self.client.get(self.url(article))
        self.assertContains(page, "Nothing is written in French yet.")
        self.assertNotContains(page, "field-difference")

    def test_what_waits_in_the_working_copy_of_the_original_stands_apart_and_asks_for_nothing(self):
        text = replace(self.article.text_in("en"), body=WITH_COMMA.replace("First", "Foremost"))
        base = self.article.latest_revision("en")
        save_language(self.article, "en", text, based_on=base, as_working_copy=True)
        page = self.client.get(self.form)
        self.assertContains(page, "1 passage of the original has changed")
        shown = page.context["publication"][1]["moved_on"]
        self.assertEqual([change["html"].count("Foremost") for change in shown["changes"] + shown["pending"]], [0, 1])
        self.assertContains(page, "1 passage waits in the working copy of the original")
        self.assertContains(page, 'name="_answer_fr" value="right:', count=1)

    def test_either_language_may_be_the_original(self):
        article = make_article("b", fr=live("Mots à part", body=FRENCH), en=live("Words apart", body=ENGLISH))
        change(article, "fr", body=FRENCH.replace("d’autres", "d’autres encore"))
        page = self.client.get(self.url(article), HTTP_ACCEPT_LANGUAGE="fr")
        self.assertContains(page, 'id="moved_on_en"', count=1)
        self.assertContains(page, '<div class="field-difference" lang="fr">', count=1)
        self.assertContains(page, 'name="answers_en"')
        self.assertNotContains(page, 'name="answers_fr"')

    def test_the_form_costs_the_same_queries_however_much_moved_on(self):
        def queries():
            with CaptureQueriesContext(
                connection,
            ) as found:
                self.client.get(self.form)
            return len(found)

        self.client.get(self.form)
        few = queries()
        change(self.article, "en", body="".join(f"Paragraph {number}.\n\n" for number in range(50)))
        self.assertGreater(len(self.open_changes()), 49)
        self.assertEqual(queries(), few)

    def test_of_very_many_passages_the_last_are_counted_alone_and_one_button_answers_all(self):
        change(self.article, "en", body="".join(f"Paragraph {number}.\n\n" for number in range(150)))
        number = len(self.open_changes())
        page = self.client.get(self.form)
        self.assertContains(page, '<li class="moved-on-passage"', count=100)
        self.assertContains(page, f"{number} passages of the original have changed")
        self.assertContains(page, f"<summary>{number - 5} more passages</summary>", html=True)
        self.assertContains(page, f"{number - 100} more are listed once some of these are answered.")
        self.assertContains(page, f'value="right:{" ".join(change.key for change in self.open_changes())}"')


class EndpointTests(AnsweringTestCase):
    def test_an_answer_clears_the_passage_and_changes_no_byte_of_texts_and_pages(self):
        before = self.texts()
        answer = self.client.post(self.answers, {"answer": "right", "key": self.key()}, **JSON).json()
        self.assertEqual((answer["number"], answer["count"].strip()), (0, ""))
        self.assertIn("Up to date with the original.", answer["passages"])
        self.assertEqual(self.open_changes(), [])
        self.assertEqual(self.texts(), before)
        self.assertEqual(Translation.objects.get(article=self.article).answered_by, self.user)

    def test_more_passages_than_a_form_has_fields_are_answered_at_once(self):
        change(self.article, "en", body="".join(f"Paragraph {number}.\n\n" for number in range(1200)))
        keys = " ".join(change.key for change in self.open_changes())
        answer = self.client.post(self.answers, {"answer": "right", "key": keys}, **JSON)
        self.assertEqual((answer.json()["number"], self.open_changes()), (0, []))

    def test_the_last_answer_can_be_taken_back(self):
        self.client.post(self.answers, {"answer": "right", "key": self.key()})
        self.assertContains(self.client.get(self.form), "Undo the last answer")
        answer = self.client.post(self.answers, {"answer": "back"}, **JSON).json()
        self.assertEqual(answer["number"], 1)
        self.assertNotIn("Undo the last answer", answer["passages"])

    def test_what_is_not_needed_is_left_out_until_it_is_wanted_after_all(self):
        change(self.article, "en", body=WITH_COMMA + "\nOf the queue in English post offices.\n")
        added = next(change for change in self.open_changes() if change.kind == "added")
        answer = self.client.post(self.answers, {"answer": "left_out", "key": added.key}, **JSON).json()
        self.assertIn("1 passage is left out here", answer["passages"])
        self.assertEqual(answer["number"], 1)
        key = next(iter(comparison(self.article, "fr").left_out))
        answer = self.client.post(self.answers, {"answer": "wanted", "key": key}, **JSON).json()
        self.assertEqual(answer["number"], 2)

    def test_an_answer_to_what_moved_on_again_is_refused_with_what_stands_now(self):
        key = self.key()
        change(self.article, "en", body=WITH_COMMA.replace("more of", "much more of"))
        answer = self.client.post(self.answers, {"answer": "right", "key": key}, **JSON)
        self.assertEqual(answer.status_code, 409)
        self.assertIn("changed in the meantime", answer.json()["error"])
        self.assertIn("much", answer.json()["passages"])
        self.assertEqual(len(self.open_changes()), 1)

    def test_without_a_script_it_leads_back_to_a_place_in_the_admin_alone(self):
        for wanted, place in {
            "/admin/articles/article/?q=a": "/admin/articles/article/?q=a",
            "": self.form,
            "/en/": self.form,
            "//evil.example/admin/": self.form,
            "https://evil.example/admin/": self.form,
        }.items():
            with self.subTest(wanted):
                answer = self.client.post(self.answers, {"answer": "all", "next": wanted})
                self.assertEqual((answer.status_code, answer.headers["Location"]), (303, place))

    def test_what_is_unknown_is_refused(self):
        base = "/admin/articles/article/"
        for path, sent, status in (
            (self.answers, {"answer": "perhaps"}, 400),
            (self.answers, {}, 400),
            (self.answers, {"answer": "right"}, 400),
            (self.answers, {"answer": "right", "key": "\x00nothing"}, 409),
            (f"{base}{self.article.pk}/answers/de/", {"answer": "all"}, 404),
            (f"{base}99999/answers/fr/", {"answer": "all"}, 404),
            # An original answers nothing.
            (f"{base}{self.article.pk}/answers/en/", {"answer": "all"}, 403),
        ):
            with self.subTest(path, sent=sent):
                self.assertEqual(self.client.post(path, sent, **JSON).status_code, status)
        self.assertEqual(self.client.get(self.answers).status_code, 405)


class FormTests(AnsweringTestCase):
    def press(self, value, fields=None, **changes):
        fields = fields or self.opened(self.form)
        return self.client.post(self.form, fields | changes | {"_answer_fr": value}, follow=True)

    def test_a_button_without_a_script_saves_what_was_typed_and_notes_the_answer(self):
        page = self.press(f"right:{self.key()}", body_fr=FRENCH.replace("autres", "autres encore"))
        self.assertEqual(page.redirect_chain[-1][0].partition("?")[0], self.form)
        self.assertIn("Français – Noted. The text is up to date with the original.", self.messages(page))
        self.assertIn("encore", Article.objects.get().body_fr)
        self.assertEqual(self.open_changes(), [])
        page = self.press("back")
        self.assertEqual(len(self.open_changes()), 1)

    def test_all_that_is_shown_is_answered_with_one_button_and_nothing_newer(self):
        change(self.article, "en", body=WITH_COMMA.replace("First", "Foremost"))
        fields, keys = self.opened(self.form), " ".join(change.key for change in self.open_changes())
        self.assertIn(f'value="right:{keys}"', self.client.get(self.form).content.decode())
        change(self.article, "en", summary="News.")
        self.press(f"right:{keys}", fields)
        self.assertEqual([change.block.field for change in self.open_changes()], ["summary"])

    def test_a_button_that_comes_too_late_loses_no_text(self):
        fields, key = self.opened(self.form), self.key()
        change(self.article, "en", body=WITH_COMMA.replace("more of", "much more of"))
        page = self.press(f"right:{key}", fields, body_fr=FRENCH.replace("Premiers", "Tout premiers"))
        self.assertTrue(any("changed in the meantime" in message for message in self.messages(page)))
        self.assertIn("Tout premiers", Article.objects.get().body_fr)
        self.assertEqual(len(self.open_changes()), 1)

    def test_a_save_of_text_and_answer_is_one_press(self):
        fields = self.opened(self.form)
        self.assertNotIn("answers_fr", fields)
        self.save(self.form, fields, body_fr=FRENCH.replace("mots, et", "mots et"), answers_fr="on")
        self.assertEqual(self.open_changes(), [])
        # The next form is not marked by the last one.
        self.assertNotIn("answers_fr", self.opened(self.form))

    def test_a_save_of_both_languages_answers_what_was_on_the_screen(self):
        both = {"body_en": WITH_COMMA.replace("Second", "Next"), "body_fr": FRENCH.replace("Deuxièmes", "Prochains")}
        self.save(self.form, self.opened(self.form), answers_fr="on", **both)
        self.assertEqual(self.open_changes(), [])
        self.assertIn("Next", Article.objects.get().body_en)

    def test_an_original_that_the_form_did_not_show_is_not_answered(self):
        for mine in ({}, {"body_en": WITH_COMMA.replace("First", "Foremost")}):
            with self.subTest(mine):
                fields = self.opened(self.form)
                body = Article.objects.get().body_en
                change(Article.objects.get(), "en", body=body + "\nBy somebody else.\n")
                typed = {"body_fr": Article.objects.get().body_fr + "\nEncore.\n", "answers_fr": "on"}
                page = self.client.post(self.form, fields | typed | mine | {"_save": "1"}, follow=True)
                self.assertTrue(any("changed in the meantime" in message for message in self.messages(page)))
                self.assertTrue(self.open_changes())
                self.assertIn("Encore.", Article.objects.get().body_fr)

    def test_a_mere_date_of_the_original_is_no_news_to_its_translation(self):
        fields = self.opened(self.form)
        change(self.article, "en", published_at=YESTERDAY.replace(microsecond=1))
        self.save(self.form, fields, answers_fr="on")
        self.assertEqual(self.open_changes(), [])

    def test_beside_a_working_copy_of_the_original_what_stands_is_answered(self):
        text = replace(self.article.text_in("en"), body=WITH_COMMA.replace("First", "Foremost"))
        base = self.article.latest_revision("en")
        save_language(self.article, "en", text, based_on=base, as_working_copy=True)
        self.save(self.form, self.opened(self.form), answers_fr="on")
        self.assertEqual(self.open_changes(), [])

    def test_a_working_copy_of_the_translation_is_answered_by_itself(self):
        fields = self.opened(self.form)
        self.save(self.form, fields, button="_working_copy", body_fr=FRENCH + "\nEncore.\n", answers_fr="on")
        self.assertEqual(self.open_changes(), [])
        self.assertEqual(Translation.objects.get(article=self.article, working_copy=None).blocks_behind, 1)

    def test_an_original_that_becomes_the_translation_with_the_same_save_is_not_answered(self):
        fields = self.opened(self.form)
        page = self.client.post(self.form, fields | {"source_language": "fr", "answers_fr": "on", "_continue": "1"})
        self.assertEqual(page.status_code, 302)
        page = self.client.get(self.form)
        self.assertContains(page, 'id="moved_on_en"')
        self.assertNotContains(page, 'id="moved_on_fr"')


class PermissionTests(AnsweringTestCase):
    def test_who_may_not_write_the_language_sees_what_moved_on_and_no_button(self):
        for who, may in ((person("other", "Author"), False), (person("translator", "Translator"), True)):
            self.client.force_login(who)
            page = self.client.get(self.form)
            self.assertContains(page, "Third words<ins>,</ins> and more of them.")
            self.assertEqual('name="_answer_fr"' in page.content.decode(), may)
            answer = self.client.post(self.answers, {"answer": "all"}, **JSON)
            self.assertEqual(answer.status_code, 200 if may else 403)

    def test_a_forged_button_loses_no_text_and_answers_nothing(self):
        article = make_article("b", fr=live("Source", body=FRENCH), en=live("Target", body=ENGLISH))
        change(article, "fr", body=FRENCH.replace("Premiers", "Tout premiers"))
        # Of the original's language a translator may write nothing, of any other all.
        self.client.force_login(person("translator", "Translator"))
        fields = self.opened(self.url(article)) | {"_answer_fr": "all", "body_en": ENGLISH + "\nMore.\n"}
        page = self.client.post(self.url(article), fields, follow=True)
        self.assertTrue(any("nothing was noted" in message for message in self.messages(page)))
        self.assertIn("More.", article.working_copy("en").body)


HINT = "If nothing is missing, tick “Up to date with the original” on the form."


class FirstPublicationTests(TestCase):
    def test_a_first_publication_that_leaves_passages_open_is_remarked_once(self):
        article = make_article("a", en=live("Words", body=ENGLISH), fr={"title": "Mots", "body": "Premiers mots.\n"})

        def behind(body):
            found = remarks(article, "fr", replace(article.text_in("fr"), body=body), render(body, "fr"))
            return [remark.sentence for remark in found if remark.code == "behind"]

        self.assertEqual(behind("Premiers mots.\n"), [f"3 passages of the original are not translated yet. {HINT}"])
        # What is typed with the save that publishes counts, in either language.
        self.assertEqual(behind(FRENCH), [])
        text, rendered = article.text_in("fr"), render("Premiers mots.\n", "fr")
        shorter = replace(article.text_in("en"), body="First words.\n")
        found = remarks(article, "fr", text, rendered, (shorter, render(shorter.body, "en").html))
        self.assertNotIn("behind", [remark.code for remark in found])
        change(article, "fr", published_at=YESTERDAY)
        change(article, "en", body=WITH_COMMA)
        # Readers have it: the editor says it beside the text.
        self.assertEqual(behind(FRENCH), [])
