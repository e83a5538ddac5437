from urllib.parse import urlsplit

from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.markdown.limits import MAX_LENGTH
from articles.models import Article, Revision, Translation
from articles.saving import save_language
from articles.text import ArticleText
from articles.translating import kept

from .examples import TOMORROW, change, live, make_article
from .forms import fields_of
from .people import person
from .test_admin import AdminTestCase

BODY = "First words.\n\n## A heading\n\n```\ncode\n```\n\nSee [this](https://e.org/) from 1945.\n"
CORPS = "Premiers mots.\n\n## Un titre\n\n```\ncode\n```\n\nVoir [ceci](https://e.org/) de 1945.\n"


class TranslatingTestCase(AdminTestCase):
    """Opens the page of one translation and presses its buttons, as a browser without scripts does."""

    def start(self, **texts):
        self.article = make_article("a", **texts)
        self.language = next(code for code in ("fr", "en") if code != self.article.source_language)
        self.path = f"/admin/articles/article/{self.article.pk}/translate/{self.language}/"

    def opened(self, query="", client=None):
        self.page = (client or self.client).get(self.path + query)
        self.fields = fields_of(self.page.content.decode(), "passage-form")
        return self.fields

    def press(self, button, query="", fields=None, client=None, **changes):
        """Press a button, follow the way to the next row and open it; return the answer."""
        sent = (fields or self.fields) | changes | {button: "1"}
        response = (client or self.client).post(self.path + query, sent)
        self.told = [str(message) for message in get_messages(response.wsgi_request)]
        if response.status_code == 302:
            self.opened("?" + urlsplit(response.headers["Location"]).query)
        return response

    def text(self, language=None):
        return Article.objects.get().text_in(language or self.language)

    def copy(self):
        return self.article.working_copy("fr")

    def comparison(self):
        return kept.comparison(Article.objects.get(), self.language)

    def open_passages(self):
        return [(change.kind, change.block.text) for change in self.comparison().changes]


class FromNothingTests(TranslatingTestCase):
    def setUp(self):
        super().setUp()
        self.start(en=live("Title", summary="Summary", body=BODY))

    def test_next_by_next_a_text_comes_to_be_with_the_signs_of_its_original(self):
        self.opened()
        self.assertContains(self.page, "0 of 6 passages done")
        for words in ("Titre", "Résumé", "Premiers mots.", "Un titre"):
            self.assertEqual(self.fields["words"], [""])
            self.press("_save", words=words)
        # Code is in the field already.
        self.assertEqual(self.fields["words"][0].replace("\r", ""), "```\ncode\n```")
        self.press("_save")
        self.press("_save", words="Voir [ceci](https://e.org/) de 1945.")
        self.assertContains(self.page, "Everything is done.")
        text = self.text()
        self.assertEqual((text.title, text.slug, text.summary), ("Titre", "titre", "Résumé"))
        self.assertEqual(text.body, CORPS.rstrip("\n"))
        self.assertIsNone(text.published_at)
        self.assertEqual(self.open_passages(), [])

    def test_the_title_comes_first_and_nothing_is_saved_without(self):
        self.opened("?row=3")
        self.assertEqual(self.fields["place"], ["title"])
        for words in ("", "  "):
            self.assertContains(self.press("_save", words=words), "Write a title.")
        self.press("_save", place="0-0", words="Words kept")
        self.assertFalse(Revision.objects.filter(language="fr").exists())

    def test_what_is_skipped_stays_to_do_and_what_comes_later_finds_its_place(self):
        self.opened()
        self.press("_save", words="Titre")
        self.assertEqual(next(block for _kind, block in self.open_passages()), "Summary")
        self.opened("?row=6")
        self.press("_save", words="Voir ceci.")
        self.opened("?row=4")
        self.press("_save", words="## Un titre\n\nEt deux mots.")
        self.opened("?row=3")
        self.press("_save", words="Premiers mots.")
        self.assertEqual(self.text().body, "Premiers mots.\n\n## Un titre\n\nEt deux mots.\n\nVoir ceci.")
        self.assertEqual([block for _kind, block in self.open_passages()], ["Summary", "```\ncode\n```"])

    def test_what_is_not_needed_is_left_out_and_can_be_wanted_again(self):
        self.opened()
        self.press("_save", words="Titre")
        self.press("_left_out")
        self.press("_left_out", words="Des mots")
        self.opened("?row=3")
        self.assertContains(self.press("_left_out", words="Des mots"), "Something is written here.")
        self.assertEqual([block.text for block in self.comparison().left_out.values()], ["Summary"])
        self.opened("?row=2")
        self.press("_again")
        self.assertEqual((self.told, self.fields["row"]), (["Passage 2 is needed after all."], ["2"]))
        self.assertEqual(self.open_passages()[0], ("added", "Summary"))
        self.press("_left_out")
        self.opened("?row=2")
        self.press("_save", words="Résumé")
        self.assertEqual((self.text().summary, self.comparison().left_out), ("Résumé", {}))
        self.assertNotIn("Summary", [block for _kind, block in self.open_passages()])

    def test_a_remark_names_what_the_passage_lacks(self):
        self.opened()
        self.press("_save", words="Titre")
        self.opened("?row=6")
        self.assertContains(self.page, "<code>https://e.org/</code>")
        self.press("_save", words="Voir ceci.")
        self.assertIn("Passage 6 lacks what stands in the original: https://e.org/, 1945", self.told)

    def test_two_translators_at_once_write_side_by_side(self):
        self.opened()
        self.press("_save", words="Titre")
        mine, theirs = dict(self.opened("?row=6")), dict(self.opened("?row=3"))
        self.press("_save", fields=theirs, words="Premiers mots.")
        self.press("_save", fields=mine, words="Voir ceci.")
        self.assertEqual(self.text().body, "Premiers mots.\n\nVoir ceci.")
        self.assertIn("What others wrote in other passages", self.told[0])


class FrenchOriginalTests(TranslatingTestCase):
    def test_an_original_in_french_is_translated_into_english(self):
        self.start(fr=live("Titre", body=CORPS))
        self.opened()
        self.assertContains(self.page, "Translate into English")
        for words in ("Title", "First words.", "A heading", "```\ncode\n```", "See."):
            self.press("_save", words=words)
        self.assertEqual((self.text().title, self.open_passages()), ("Title", []))

    def test_an_original_without_words_says_so(self):
        article = Article.objects.create(key="empty", source_language="fr")
        response = self.client.get(f"/admin/articles/article/{article.pk}/translate/en/")
        self.assertContains(response, "The original has no words yet")
        response = self.client.post(f"/admin/articles/article/{article.pk}/translate/en/", {"words": "x"})
        self.assertContains(response, "The original has no words yet")

    def test_no_page_is_there_for_the_original_and_for_unknown_languages(self):
        self.start(fr=live("Titre"))
        for language in ("fr", "de", "x"):
            path = f"/admin/articles/article/{self.article.pk}/translate/{language}/"
            self.assertEqual(self.client.get(path).status_code, 404)
        self.assertEqual(self.client.get("/admin/articles/article/999/translate/en/").status_code, 404)


class FollowingTests(TranslatingTestCase):
    def setUp(self):
        super().setUp()
        self.start(
            en=live("Title", body=BODY),
            fr=live("Titre", body=CORPS.replace("\n\n```", "\n\n\n```")),
        )
        self.before = self.text().body

    def edit(self, before, after):
        change(self.article, "en", body=Article.objects.get().body_en.replace(before, after))

    def test_a_change_is_shown_with_its_words_and_answered_in_a_working_copy_while_readers_keep_their_text(self):
        self.edit("First words.", "First and second words.")
        self.opened()
        self.assertContains(self.page, "<ins>and second </ins>", html=False)
        self.assertContains(self.page, 'lang="en"')
        self.assertContains(self.page, "goes into a working copy")
        self.press("_save", words="Premiers et seconds mots.")
        self.assertEqual(self.text().body, self.before)
        self.assertEqual(self.copy().body, self.before.replace("Premiers", "Premiers et seconds"))
        self.assertEqual(self.open_passages(), [])
        self.assertEqual(Translation.objects.get(language="fr", working_copy=None).blocks_behind, 1)

    def test_who_may_publish_can_let_readers_see_it_at_once_and_others_cannot(self):
        self.edit("First words.", "First and second words.")
        self.assertContains(self.client.get(self.path), "Let readers see it at once instead")
        translator = Client()
        translator.force_login(person("translator", "Translator"))
        self.opened("?live=1", client=translator)
        self.assertNotContains(self.page, "Readers see at once")
        self.press("_save", "?live=1", client=translator, words="Copié.")
        self.assertEqual((self.text().body, self.copy().body[:6]), (self.before, "Copié."))
        Article.objects.get().working_copies.all().delete()
        self.opened("?live=1")
        self.assertContains(self.page, "Readers see at once what you save.")
        self.press("_save", "?live=1", words="Premiers et seconds mots.")
        self.assertTrue(self.text().body.startswith("Premiers et seconds mots."))

    def test_nobody_says_that_readers_see_a_scheduled_text(self):
        change(self.article, "fr", published_at=TOMORROW)
        self.edit("First words.", "First and second words.")
        self.opened()
        self.assertContains(self.page, "The scheduled text stays as it is")
        self.assertContains(self.page, "Write into the scheduled text instead")
        self.opened("?live=1")
        self.assertContains(self.page, "What you save goes into the scheduled text.")
        self.assertNotContains(self.page, "Readers see")

    def test_still_right_answers_and_writes_nothing(self):
        self.edit("First words.", "First, words.")
        self.opened()
        self.press("_right")
        self.assertEqual((self.open_passages(), self.copy(), self.text().body), ([], None, self.before))

    def test_still_right_beside_other_words_saves_them(self):
        self.edit("First words.", "First, words.")
        self.opened()
        self.press("_right", words="Premiers, mots.")
        self.assertTrue(self.copy().body.startswith("Premiers, mots."))

    def test_code_that_changed_is_copied_with_one_press(self):
        self.edit("code\n", "better code\n")
        self.opened()
        self.press("_copy")
        self.assertEqual(self.copy().body, self.before.replace("code\n", "better code\n"))
        self.assertEqual(self.open_passages(), [])

    def test_code_that_stands_in_the_field_from_the_beginning_is_not_written_where_it_is_said_elsewhere(self):
        self.edit("code\n```\n", "code\n```\n\n```\nanother\n```\n")
        self.opened()
        self.assertIn("another", self.fields["words"][0])
        self.press("_right")
        self.assertEqual((self.open_passages(), self.copy()), ([], None))

    def test_what_is_gone_is_taken_out_or_kept(self):
        self.edit("## A heading\n\n", "")
        self.opened()
        kept = dict(self.fields)
        self.press("_remove")
        self.assertEqual(self.copy().body, self.before.replace("## Un titre\n\n\n", ""))
        self.assertIn("The history keeps it.", self.told[0])
        Article.objects.get().working_copies.all().delete()
        self.press("_right", fields=kept)
        self.assertEqual((self.open_passages(), self.copy()), ([], None))

    def test_what_moved_is_moved_here_too_with_other_words_where_there_are(self):
        first = "First words, and so many of them that everybody knows this passage again."
        for there, words, moved in ((first, {}, "Premiers."), (first + " Or not.", {"words": "Autres."}, "Autres.")):
            article = make_article(f"moved {moved}", en=live(moved, body=f"{first}\n\n## A\n\nB.\n\nC.\n"))
            save_language(
                article, "fr", ArticleText(title=moved, body="Premiers.\n\n## A\n\nB.\n\nC.\n"), based_on=None
            )
            change(article, "en", body=f"## A\n\nB.\n\nC.\n\n{there}\n")
            self.path = f"/admin/articles/article/{article.pk}/translate/fr/"
            self.opened()
            self.assertContains(self.page, "at its former place")
            self.press("_move", **words)
            article.refresh_from_db()
            self.assertEqual(article.body_fr, f"## A\n\nB.\n\nC.\n\n{moved}\n")
            self.assertEqual(kept.comparison(article, "fr").changes, [])

    def test_any_passage_can_be_edited_and_every_other_byte_stays(self):
        self.opened("?row=3")
        self.assertEqual(self.fields["words"], ["## Un titre"])
        self.press("_save", words="## Autre titre")
        self.assertEqual(self.copy().body, self.before.replace("Un titre", "Autre titre"))

    def test_an_emptied_field_takes_the_passage_out(self):
        self.edit("First words.", "First, words.")
        self.opened()
        self.press("_save", words="")
        self.assertEqual(self.copy().body, self.before.replace("Premiers mots.\n\n", ""))
        self.assertEqual(next(iter(self.comparison().left_out.values())).text, "First, words.")

    def test_a_passage_that_somebody_else_changed_is_not_overwritten_and_no_word_is_lost(self):
        self.edit("First words.", "First, words.")
        mine = dict(self.opened())
        change(self.article, "fr", body=self.before.replace("Premiers", "Tout premiers"))
        response = self.press("_save", fields=mine, words="Mes mots.")
        self.assertContains(response, "Somebody else changed this passage", status_code=409)
        self.assertContains(response, "Tout premiers mots.", status_code=409)
        self.assertContains(response, "Mes mots.</textarea>", status_code=409)
        self.assertIsNone(self.copy())
        shown = fields_of(response.content.decode(), "passage-form")
        self.press("_save", fields=shown)
        self.assertTrue(self.copy().body.startswith("Mes mots."))

    def test_words_for_a_passage_that_is_gone_by_now_are_shown_where_they_cannot_be_saved(self):
        mine = dict(self.opened("?row=2"))
        change(self.article, "fr", body=self.before.replace("Premiers mots.\n\n", ""))
        self.edit("First words.\n\n", "")
        response = self.press("_save", fields=mine, words="Mes mots.")
        self.assertContains(response, "is not to be found any more", status_code=409)
        self.assertContains(response, "Mes mots.</textarea>", status_code=409)

    def test_words_for_what_became_the_original_are_shown_where_they_cannot_be_saved(self):
        mine = dict(self.opened("?row=2"))
        Article.objects.update(source_language="fr")
        response = self.press("_save", fields=mine, words="Mes <mots>.")
        self.assertContains(response, "Mes &lt;mots&gt;.</textarea>", status_code=409)
        self.assertContains(response, "The languages were swapped", status_code=409)
        self.assertEqual(self.text("fr").body, self.before)
        self.client.force_login(person("nobody"))
        self.assertEqual(self.client.post(self.path, {"words": "x"}).status_code, 403)

    def test_what_others_saved_elsewhere_meanwhile_is_in_the_text(self):
        self.edit("First words.", "First, words.")
        mine = dict(self.opened())
        change(self.article, "fr", body=self.before.replace("Voir", "Voyez"))
        self.press("_save", fields=mine, words="Mes mots.")
        self.assertTrue(self.copy().body.startswith("Mes mots."))
        self.assertIn("Voyez [ceci]", self.copy().body)

    def test_an_original_that_moved_on_again_is_said_and_the_words_are_saved(self):
        self.edit("First words.", "First, words.")
        mine = dict(self.opened())
        self.edit("First, words.", "First, then, words.")
        self.press("_save", fields=mine, words="D’abord.")
        self.assertTrue(self.copy().body.startswith("D’abord."))
        self.assertIn("changed again meanwhile", self.told[1])
        self.assertEqual(self.open_passages(), [("changed", "First, then, words.")])

    def test_what_breaks_a_rule_comes_back_with_its_words(self):
        self.edit("First words.", "First, words.")
        for words, refused in (
            ("```\nopen", "would flow into"),
            ("x" * (MAX_LENGTH + 1), "characters"),
            ("a\x00b", "Null characters"),
        ):
            self.opened()
            response = self.press("_save", words=words)
            self.assertContains(response, refused)
            self.assertContains(response, words.replace("\x00", "\x00"))
            self.assertIsNone(self.copy())

    def test_malformed_forms_are_refused(self):
        fields = self.opened("?row=2")
        for name, value in (
            ("place", "9-10"),
            ("place", "slug"),
            ("row", "x"),
            ("name", "A b"),
            ("key", "é"),
            ("seen", ""),
        ):
            self.assertEqual(self.press("_save", fields=fields, **{name: value}).status_code, 400, name)
        for name in ("base", "seen"):
            self.assertEqual(self.press("_save", fields=fields, **{name: 9999}).status_code, 404, name)
        for query in ("?row=x", "?row=99999", "?key=%00", "?page=x", "?row=-1", "?only=x&live=x"):
            self.assertEqual(self.client.get(self.path + query).status_code, 200, query)

    def test_whose_login_has_expired_logs_in_with_the_words_and_goes_on(self):
        self.user.set_password("a password")
        self.user.save()
        self.client.force_login(self.user)
        fields = self.opened("?row=2")
        stranger = Client()
        response = stranger.post(self.path, fields | {"words": "Mes mots.", "_save": "1"})
        self.assertContains(response, "Your login has expired", status_code=401)
        self.assertContains(response, "Mes mots.", status_code=401)
        shown = fields_of(response.content.decode(), "login-form")
        login = {"username": "editor", "password": "a password"}
        stranger.post(self.path, shown | {"username": "editor", "password": "wrong"})
        self.assertIsNone(self.copy())
        stranger.post(self.path, shown | login)
        self.assertTrue(self.copy().body.startswith("Mes mots."))

    def test_a_void_token_loses_no_words(self):
        fields = self.opened("?row=2")
        client = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
        client.force_login(self.user)
        client.get(self.path)
        response = client.post(self.path, fields | {"words": "Mes mots.", "_save": "1"})
        self.assertContains(response, "Send your text again", status_code=403)
        shown = fields_of(response.content.decode(), "again-form")
        client.post(self.path, shown)
        self.assertTrue(self.copy().body.startswith("Mes mots."))


class LongTextTests(TranslatingTestCase):
    def test_a_long_text_is_shown_in_pages_around_the_open_row_in_as_many_queries_as_a_short_one(self):
        counts = []
        for number, blocks in enumerate((3, 250)):
            body = "\n\n".join(f"Paragraph number {number}." for number in range(blocks))
            article = make_article(f"a{number}", en=live(f"T{number}", body=body), fr=live(f"T{number}", body=body))
            change(article, "en", body=body.replace("number 2.", "number two.") + "\n\nThe end.")
            self.path = f"/admin/articles/article/{article.pk}/translate/fr/"
            self.client.get(self.path)
            with CaptureQueriesContext(connection) as queries:
                self.opened()
            counts.append(len(queries))
        self.assertEqual(*counts)
        self.assertLess(counts[0], 20)
        self.assertContains(self.page, 'id="passage-100"')
        self.assertNotContains(self.page, 'id="passage-101"')
        self.opened("?row=252")
        self.assertContains(self.page, 'id="passage-252"')
        self.assertContains(self.page, 'aria-current="page">3<')
        self.opened("?only=open")
        self.assertContains(self.page, '<li id="passage-', 2)
        # Done rows follow no filter, and the filter stays.
        self.press("_right", "?only=open")
        self.assertContains(self.page, '<li id="passage-', 1)
