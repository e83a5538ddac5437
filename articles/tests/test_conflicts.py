from articles.models import Article, Revision

from .examples import change, live, make_article
from .forms import fields_of
from .test_admin import LIST, AdminTestCase

BODY = "One.\n\nTwo.\n\nThree."
Kind = Revision.Kind


class ConflictTests(AdminTestCase):
    """Two on one language of one article, each with a form opened before the other one saved."""

    def setUp(self):
        super().setUp()
        self.article = make_article("a", en=live("T", body=BODY, summary="S"), fr=live("Été"))
        self.mine = self.opened(self.url(self.article))

    def send(self, fields, **changes):
        return self.save(self.url(self.article), fields, **changes)

    def shown_again(self, response):
        self.assertContains(response, "two of you changed the same words")
        return fields_of(response.content.decode(), "article_form")

    def now(self):
        return Article.objects.get(key="a").text_in("en")

    def test_changes_of_different_blocks_merge_and_the_second_is_told(self):
        change(self.article, "en", body=BODY.replace("One.", "One, theirs."), title="Theirs")
        response = self.client.post(
            self.url(self.article),
            self.mine | {"body_en": BODY.replace("Three.", "Three, mine."), "summary_en": "Mine", "_save": "1"},
            follow=True,
        )
        self.assertContains(response, "other passages had been changed in the meantime")
        text = self.now()
        self.assertEqual(
            (text.title, text.summary, text.body), ("Theirs", "Mine", "One, theirs.\n\nTwo.\n\nThree, mine.")
        )

    def test_on_the_same_block_the_second_sees_three_texts_and_chooses(self):
        theirs = change(self.article, "en", body="One, theirs.\n\nTwo, theirs.\n\nThree.")
        fields = self.shown_again(self.send(self.mine, body_en="One, mine.\n\nTwo.\n\nThree, mine."))
        self.assertEqual(self.now(), theirs.content)
        for choice, body in {
            "mine": "One, mine.\n\nTwo, theirs.\n\nThree, mine.",
            "theirs": "One, theirs.\n\nTwo, theirs.\n\nThree, mine.",
            "both": "One, theirs.\n\nOne, mine.\n\nTwo, theirs.\n\nThree, mine.",
        }.items():
            with self.subTest(choice):
                copy = Article.objects.get().latest_revision("en")
                self.assertRedirects(self.send(fields | {"choice_en_body-0": choice}), LIST)
                self.assertEqual(self.now().body, body)
                # Back to where the choice was asked.
                change(self.article, "en", body=copy.body)
                fields["base_revision_en"] = [Article.objects.get().latest_revision("en").pk]

    def test_a_choice_outlives_a_form_that_is_refused_for_another_reason(self):
        change(self.article, "en", body="One, theirs.\n\nTwo.\n\nThree.")
        fields = self.shown_again(self.send(self.mine, body_en="One, mine.\n\nTwo.\n\nThree."))
        for wrong, right in (({"source": "nowhere"}, {"source": ""}), ({"title_en": "x" * 300}, {"title_en": "T"})):
            fields |= {"choice_en_body-0": "theirs"} | wrong
            fields = self.shown_again(self.send(fields)) | right
            self.assertEqual(fields["choice_en_body-0"], ["theirs"])
        self.assertRedirects(self.send(fields), LIST)
        self.assertEqual(self.now().body, "One, theirs.\n\nTwo.\n\nThree.")

    def test_both_texts_are_kept_as_revisions_whatever_is_chosen(self):
        change(self.article, "en", body=BODY.replace("One.", "One, theirs."))
        fields = self.shown_again(self.send(self.mine, body_en=BODY.replace("One.", "One, mine.")))
        self.send(fields | {"choice_en_body-0": "theirs"})
        kept = [(r.kind, r.body.partition("\n")[0]) for r in Revision.objects.filter(language="en").order_by("pk")]
        self.assertEqual(kept, [(Kind.SAVED, "One."), (Kind.SAVED, "One, theirs."), (Kind.SET_ASIDE, "One, mine.")])

    def test_who_closes_the_window_at_a_conflict_finds_the_text_in_the_history(self):
        change(self.article, "en", body="Theirs.")
        self.send(self.mine, body_en="Mine.")
        aside = Revision.objects.get(kind=Kind.SET_ASIDE)
        self.assertEqual((aside.body, aside.created_by, aside.based_on.body), ("Mine.", self.user, BODY))

    def test_sending_the_same_text_again_sets_it_aside_once(self):
        change(self.article, "en", body="Theirs.")
        for _ in range(3):
            self.send(self.mine, body_en="Mine.")
        self.assertEqual(Revision.objects.filter(kind=Kind.SET_ASIDE).count(), 1)

    def test_titles_summaries_slugs_and_dates_are_chosen_one_by_one(self):
        change(self.article, "en", title="Theirs", summary="Theirs", slug="theirs", published_at=None)
        dates = {"published_at_en_0": "2026-02-01", "published_at_en_1": "10:00:00"}
        fields = self.shown_again(self.send(self.mine, title_en="Mine", summary_en="Mine", slug_en="mine", **dates))
        self.send(fields | {"choice_en_title": "theirs", "choice_en_slug": "theirs"})
        text = self.now()
        self.assertEqual((text.title, text.slug, text.summary), ("Theirs", "theirs", "Mine"))
        self.assertEqual(text.published_at.isoformat(), "2026-02-01T10:00:00+00:00")

    def test_what_is_typed_after_the_conflict_is_newer_than_the_choice(self):
        change(self.article, "en", body=BODY.replace("One.", "One, theirs."))
        fields = self.shown_again(self.send(self.mine, body_en=BODY.replace("One.", "One, mine.")))
        fields |= {"choice_en_body-0": "theirs", "body_en": fields["body_en"][0].replace("mine", "both of us")}
        self.send(fields)
        self.assertEqual(self.now().body, BODY.replace("One.", "One, both of us."))

    def test_a_third_who_saves_while_the_second_chooses_is_not_overwritten(self):
        change(self.article, "en", body=BODY.replace("One.", "One, theirs."))
        fields = self.shown_again(self.send(self.mine, body_en=BODY.replace("One.", "One, mine.")))
        change(self.article, "en", body=BODY.replace("One.", "One, by a third."))
        again = self.shown_again(self.send(fields | {"choice_en_body-0": "mine"}))
        self.assertEqual(self.now().body, BODY.replace("One.", "One, by a third."))
        self.send(again)
        self.assertEqual(self.now().body, BODY.replace("One.", "One, mine."))

    def test_a_choice_outlives_an_error_elsewhere_on_the_form(self):
        change(self.article, "en", body=BODY.replace("One.", "One, theirs."))
        fields = self.shown_again(self.send(self.mine, body_en=BODY.replace("One.", "One, mine."), title_fr=""))
        for error in ({"title_fr": ""}, {"title_fr": "Été", "published_at_en_0": "never"}):
            response = self.send(fields | error | {"choice_en_body-0": "theirs"})
            self.assertContains(response, 'name="choice_en_body-0" value="theirs" checked')
            hidden = ("base_revision_en", "set_aside_en", "theirs_en")
            fields |= {name: self.shown_again(response)[name] for name in hidden}
        self.assertRedirects(self.send(fields | {"choice_en_body-0": "theirs"}, title_fr="Hiver"), LIST)
        self.assertEqual(self.now().body, BODY.replace("One.", "One, theirs."))
        self.assertEqual(Article.objects.get().title_fr, "Hiver")

    def test_a_second_conflict_is_asked_afresh(self):
        change(self.article, "en", body="One, theirs.\n\nTwo.\n\nThree, theirs.")
        fields = self.shown_again(self.send(self.mine, body_en="One, mine.\n\nTwo.\n\nThree, mine."))
        change(self.article, "en", body="One, theirs.\n\nTwo.\n\nThree, by a third.")
        response = self.send(fields | {"choice_en_body-0": "theirs"})
        self.assertContains(response, 'name="choice_en_body-0" value="mine" checked')

    def test_who_meets_the_own_words_from_another_window_is_told_so(self):
        self.send(self.mine, body_en=BODY.replace("One.", "One, window 1."))
        response = self.send(self.mine, body_en=BODY.replace("One.", "One, window 2."))
        self.assertContains(response, "you changed the same words in two windows")
        self.assertContains(response, "Take the other text")
        for words in ("Theirs", "Keep yours", "one of you"):
            self.assertNotContains(response, words)
        self.assertNotContains(response, "Somebody else")

    def test_a_text_that_is_too_long_is_refused_before_it_meets_another(self):
        change(self.article, "en", body="Theirs.")
        for field in ("summary_en", "body_en"):
            response = self.send(self.mine, **{field: "a " * 100_001})
            self.assertContains(response, "Write at most 200,000 characters.")
            self.assertNotContains(response, "two of you changed the same words")
        self.assertFalse(Revision.objects.filter(kind=Kind.SET_ASIDE).exists())

    def test_revisions_of_somebody_or_something_else_decide_nothing(self):
        other = make_article("b", en=live("U"))
        foreign = str(other.latest_revision("en").pk)
        for pk in (foreign, "999999", "x", "-1", "9" * 30):
            hidden = {"set_aside_en": pk, "theirs_en": pk, "choice_en_body-0": "theirs"}
            response = self.send(self.mine | hidden, body_en=f"Mine, {pk}")
            self.assertLess(response.status_code, 500)
            self.assertNotIn("The body of U", self.now().body)

    def test_a_conflict_in_one_language_keeps_what_was_typed_in_the_other(self):
        change(self.article, "en", body="Theirs.")
        fields = self.shown_again(self.send(self.mine, body_en="Mine.", body_fr="Mon français."))
        self.assertEqual(fields["body_fr"], ["Mon français."])
        self.send(fields)
        self.assertEqual(Article.objects.get().body_fr, "Mon français.")
