from datetime import UTC, datetime, timedelta

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import TestCase, override_settings
from django.utils import timezone

from articles import languages
from articles.models import Article, Author, Companion, Revision, Tag, Translation
from articles.saving import save_language
from articles.text import ArticleText

from .examples import TOMORROW, YESTERDAY, change, live, make_article
from .forms import fields_of

ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"


class AdminTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = get_user_model().objects.create_superuser("editor")

    def setUp(self):
        self.client.force_login(self.user)

    def url(self, article):
        return f"/admin/articles/article/{article.pk}/change/"

    def opened(self, url, **headers):
        """Return the fields of a form as a browser holds them after opening it."""
        return fields_of(self.client.get(url, **headers).content.decode(), "article_form")

    def save(self, url, fields, button="_save", **changes):
        return self.client.post(url, fields | changes | {button: "1"})


class WritingTests(AdminTestCase):
    def test_an_article_in_french_alone_needs_nothing_of_english(self):
        fields = self.opened(ADD, HTTP_ACCEPT_LANGUAGE="fr")
        response = self.save(ADD, fields, title_fr="L’œuvre : cœur & sœur", body_fr="Corps")
        self.assertRedirects(response, LIST)
        article = Article.objects.get()
        self.assertEqual(article.key, "l-oeuvre-coeur-et-soeur")
        self.assertEqual((article.slug_fr, article.slug_en), ("l-oeuvre-coeur-et-soeur", None))
        self.assertEqual(article.source_language, "fr")
        self.assertEqual(article.state_in("en"), Article.State.MISSING)
        self.assertEqual(Revision.objects.get().created_by, self.user)

    def test_the_source_language_is_the_one_that_was_written(self):
        self.save(ADD, self.opened(ADD, HTTP_ACCEPT_LANGUAGE="en"), title_fr="Seul")
        self.assertEqual(Article.objects.get().source_language, "fr")

    def test_a_page_is_headed_by_what_it_is_about(self):
        article = make_article("a", fr={"title": "Des deux côtés"})
        for path, heading in (
            (f"{LIST}{article.pk}/change/", '<h1 lang="fr">Des deux côtés</h1>'),
            (ADD, "<h1>New article</h1>"),
            (LIST, "<h1>Articles</h1>"),
            ("/admin/articles/author/add/", "<h1>Add author</h1>"),
        ):
            self.assertInHTML(heading, self.client.get(path).content.decode(), count=1)

    def test_an_article_without_any_text_is_refused(self):
        response = self.save(ADD, self.opened(ADD))
        self.assertContains(response, "Write a title in at least one language.")
        self.assertFalse(Article.objects.exists())

    def test_the_key_is_fixed_once_made(self):
        article = make_article("fixed", en=live("T"))
        fields = self.opened(self.url(article))
        self.assertNotIn("key", fields)
        self.save(self.url(article), fields, key="changed", body_en="New")
        article.refresh_from_db()
        self.assertEqual((article.key, article.body_en), ("fixed", "New"))

    def test_opening_and_saving_without_a_change_writes_nothing(self):
        body = "  indented\n\n> quote\n\n\ntrailing  \n\n"
        article = make_article("a", en=live("T", body=body, summary="Two\nlines"), fr={"title": "Brouillon"})
        self.save(self.url(article), self.opened(self.url(article)))
        self.assertEqual(Revision.objects.count(), 2)
        article.refresh_from_db()
        self.assertEqual(article.body_en, body)

    def test_an_edit_is_on_the_page_at_once_and_the_other_language_s_page_keeps_its_bytes(self):
        article = make_article("a", en=live("Summer"), fr=live("Été"))
        english = self.client.get("/en/articles/summer/").content
        self.save(self.url(article), self.opened(self.url(article)), body_fr="Un tout nouveau corps")
        self.assertContains(self.client.get("/fr/articles/ete/"), "Un tout nouveau corps")
        self.assertEqual(self.client.get("/en/articles/summer/").content, english)

    def test_the_source_language_can_be_swapped(self):
        article = make_article("a", en=live("T"), fr=live("T"))
        self.save(self.url(article), self.opened(self.url(article)), source_language="fr")
        article.refresh_from_db()
        self.assertEqual(article.source_language, "fr")
        self.assertEqual(Revision.objects.latest("pk").shared["source_language"], "fr")
        self.assertEqual(Translation.objects.get(language="en").blocks_behind, 0)

    def test_a_new_article_is_signed_by_its_writer(self):
        author = Author.objects.create(name="Public Name", user=self.user)
        self.save(ADD, self.opened(ADD), title_en="T")
        self.assertEqual(list(Article.objects.get().authors.all()), [author])

    def test_bad_input_names_the_field_in_the_author_s_language_and_loses_nothing(self):
        article = make_article("a", en=live("T"))
        response = self.client.post(
            self.url(article),
            self.opened(self.url(article))
            | {
                "title_fr": "Titre",
                "published_at_fr_0": "01/02/2026",
                "published_at_fr_1": "10:00",
                "summary_fr": "Résumé gardé",
            },
            HTTP_ACCEPT_LANGUAGE="fr",
        )
        errors = response.context["adminform"].form.errors
        self.assertEqual(dict(errors), {"body_fr": ["Un texte publié ou programmé doit avoir un corps."]})
        self.assertContains(response, "Résumé gardé")

    def test_equal_slugs_save_from_a_french_admin(self):
        make_article("a", en=live("Table"), fr=live("Tableau"))
        fields = self.opened(ADD, HTTP_ACCEPT_LANGUAGE="fr")
        fields |= {"title_en": "Same", "slug_en": "same", "title_fr": "Table", "slug_fr": "table"}
        response = self.client.post(ADD, fields | {"_save": "1"}, HTTP_ACCEPT_LANGUAGE="fr")
        self.assertRedirects(response, LIST)
        both = make_article("c", en=live("Both"), fr=live("Both"))
        self.assertEqual(both.slug_en, both.slug_fr)

    def test_a_language_that_does_not_come_with_the_form_is_not_emptied(self):
        article = make_article("a", en=live("T"), fr=live("T"))
        fields = self.opened(self.url(article))
        del fields["body_en"]
        self.assertRedirects(self.save(self.url(article), fields, body_fr="Nouveau"), LIST)
        article.refresh_from_db()
        self.assertEqual((article.body_en, article.body_fr), ("The body of T.", "Nouveau"))

    def test_the_source_language_has_a_text(self):
        article = make_article("a", fr=live("T"))
        response = self.save(self.url(article), self.opened(self.url(article)), source_language="en")
        self.assertContains(response, "There is no text in this language.")

    def test_a_text_saved_into_a_deleted_article_is_kept_and_the_author_is_told(self):
        article = make_article("a", en=live("T"))
        fields = self.opened(self.url(article))
        article.delete()
        response = self.client.post(self.url(article), fields | {"body_en": "Late", "_save": "1"}, follow=True)
        self.assertContains(response, "nobody can read it until it is restored")
        self.assertEqual(Article.objects.get().body_en, "Late")

    def test_the_log_names_what_this_author_changed_and_no_more(self):
        article = make_article("a", en=live("T"), fr=live("T"))
        fields = self.opened(self.url(article))
        change(article, "fr", body="Autre")
        self.save(self.url(article), fields, body_en="Mine")
        self.assertEqual(LogEntry.objects.get().get_change_message(), "Changed Body (English).")

    def test_a_title_keeps_its_no_break_spaces(self):
        self.save(ADD, self.opened(ADD), title_fr="Pourquoi\u202f?  10\u00a0000 ")
        self.assertEqual(Article.objects.get().title_fr, "Pourquoi\u202f? 10\u00a0000")

    def test_a_bad_slug_is_refused_in_the_words_of_the_rule(self):
        for slug in ("Été", "a b", "a_b", "-a"):
            response = self.save(ADD, self.opened(ADD), title_en="T", slug_en=slug)
            errors = response.context["adminform"].form.errors
            rule = "Write lower-case letters without accents, digits and single hyphens."
            self.assertEqual(errors, {"slug_en": [rule]}, slug)

    def test_a_taken_slug_names_its_owner(self):
        make_article("a", en=live("Owner"))
        response = self.save(ADD, self.opened(ADD), title_en="T", slug_en="owner")
        self.assertContains(response, "This address is already used by “Owner”.")

    def test_companions_are_listed_in_their_order(self):
        article, first, second = (make_article(key, en=live(key)) for key in "abc")
        fields = self.opened(self.url(article)) | {
            "companion_links-TOTAL_FORMS": "2",
            "companion_links-0-companion": second.pk,
            "companion_links-0-position": "2",
            "companion_links-1-companion": first.pk,
            "companion_links-1-position": "1",
        }
        self.save(self.url(article), fields)
        self.assertEqual([link.companion for link in Companion.objects.all()], [first, second])


class TwoAuthorsTests(AdminTestCase):
    def test_two_who_save_one_language_each_both_find_their_text(self):
        article = make_article("a", en=live("T"), fr=live("T"))
        mine, theirs = self.opened(self.url(article)), self.opened(self.url(article))
        self.assertRedirects(self.save(self.url(article), theirs, body_fr="Leur français"), LIST)
        self.assertRedirects(self.save(self.url(article), mine, body_en="My English"), LIST)
        article.refresh_from_db()
        self.assertEqual((article.body_en, article.body_fr), ("My English", "Leur français"))

    def test_the_second_on_one_language_sees_both_texts_and_may_then_decide(self):
        article = make_article("a", en=live("T"))
        mine, theirs = self.opened(self.url(article)), self.opened(self.url(article))
        self.save(self.url(article), theirs, body_en="Their English")
        response = self.save(self.url(article), mine, body_en="My English")
        self.assertContains(response, "You saved the same words of the English text otherwise in another window")
        self.assertContains(response, "Their English")
        self.assertContains(response, "My English")
        article.refresh_from_db()
        self.assertEqual(article.body_en, "Their English")
        shown = fields_of(response.content.decode(), "article_form")
        self.assertRedirects(self.save(self.url(article), shown), LIST)
        article.refresh_from_db()
        self.assertEqual(article.body_en, "My English")
        Kind = Revision.Kind  # noqa: N806, a class
        history = [(Kind.SAVED, "Their English"), (Kind.SET_ASIDE, "My English"), (Kind.SAVED, "My English")]
        self.assertEqual([(r.kind, r.body) for r in Revision.objects.order_by("pk")][1:], history)

    def test_a_revision_of_another_article_or_none_at_all_is_no_ground_to_overwrite(self):
        article, other = make_article("a", en=live("T")), make_article("b", en=live("U"))
        fields = self.opened(self.url(article))
        for base in (other.latest_revision("en").pk, "", "999999", "x", "-1", "9" * 30):
            self.save(self.url(article), fields, base_revision_en=base, body_en="Overwritten")
            article.refresh_from_db()
            self.assertEqual(article.body_en, "The body of T.", base)

    def test_a_conflict_in_one_language_keeps_the_other_unsaved_as_well(self):
        article = make_article("a", en=live("T"), fr=live("T"))
        mine, theirs = self.opened(self.url(article)), self.opened(self.url(article))
        self.save(self.url(article), theirs, body_en="Their English")
        self.save(self.url(article), mine, body_en="My English", body_fr="Mon français")
        article.refresh_from_db()
        self.assertEqual((article.body_en, article.body_fr), ("Their English", "The body of T."))

    def test_what_both_add_to_the_tags_is_there(self):
        article = make_article("a", en=live("T"))
        one, two, three = (Tag.objects.create(key=key, name_en=key) for key in ("one", "two", "three"))
        article.tags.add(one)
        mine, theirs = self.opened(self.url(article)), self.opened(self.url(article))
        self.save(self.url(article), theirs, tags=[one.pk, two.pk])
        self.save(self.url(article), mine, tags=[three.pk])
        self.assertEqual(set(article.tags.all()), {two, three})

    def test_shared_facts_that_i_did_not_touch_stay_as_others_left_them(self):
        article = make_article("a", en=live("T"))
        mine, theirs = self.opened(self.url(article)), self.opened(self.url(article))
        self.save(self.url(article), theirs, source="https://example.org/theirs")
        self.save(self.url(article), mine, body_en="Mine")
        article.refresh_from_db()
        self.assertEqual((article.source, article.body_en), ("https://example.org/theirs", "Mine"))


class CompanionTests(AdminTestCase):
    """Whatever happens to the companions, the texts in the form are not lost."""

    def setUp(self):
        super().setUp()
        self.article, self.first, self.second = (make_article(key, en=live(key)) for key in "abc")

    def row(self, companion, position="1", number=0):
        row = f"companion_links-{number}-"
        return {
            "companion_links-TOTAL_FORMS": str(number + 1),
            row + "companion": companion.pk,
            row + "position": position,
        }

    def body(self):
        return Article.objects.get(pk=self.article.pk).body_en

    def test_an_article_as_its_own_companion_is_an_error_on_the_form(self):
        fields = self.opened(self.url(self.article)) | self.row(self.article)
        response = self.save(self.url(self.article), fields, body_en="New text")
        self.assertContains(response, "An article cannot be its own companion.")
        self.assertContains(response, "New text")

    def test_a_companion_that_somebody_else_added_as_well_is_an_error_on_the_form(self):
        fields = self.opened(self.url(self.article)) | self.row(self.first)
        Companion.objects.create(article=self.article, companion=self.first)
        response = self.save(self.url(self.article), fields, body_en="New text")
        self.assertContains(response, "This article is already a companion.")
        self.assertContains(response, "New text")

    def test_a_companion_that_somebody_else_removed_stays_removed_and_the_text_is_saved(self):
        Companion.objects.create(article=self.article, companion=self.first, position=1)
        kept = Companion.objects.create(article=self.article, companion=self.second, position=2)
        fields = self.opened(self.url(self.article))
        Companion.objects.filter(companion=self.first).delete()
        response = self.save(self.url(self.article), fields, body_en="New text")
        self.assertRedirects(response, LIST)
        self.assertEqual(self.body(), "New text")
        self.assertEqual(list(self.article.companion_links.all()), [kept])

    def test_an_order_that_somebody_else_changed_stays_when_i_did_not_touch_it(self):
        Companion.objects.create(article=self.article, companion=self.first, position=1)
        fields = self.opened(self.url(self.article))
        Companion.objects.update(position=7)
        self.save(self.url(self.article), fields, body_en="New text")
        self.assertEqual(Companion.objects.get().position, 7)

    def test_deleted_articles_are_not_offered(self):
        self.first.delete()
        query = {"app_label": "articles", "model_name": "companion", "field_name": "companion", "term": ""}
        found = self.client.get("/admin/autocomplete/", query).json()["results"]
        self.assertEqual({entry["text"] for entry in found}, {"a", "c"})


class PublishingTests(AdminTestCase):
    def test_a_button_publishes_one_language_and_stays_on_the_form(self):
        article = make_article("a", en={"title": "T", "body": "B"}, fr={"title": "T", "body": "B"})
        response = self.save(self.url(article), self.opened(self.url(article)), button="_publish_now_fr")
        self.assertRedirects(response, self.url(article))
        article.refresh_from_db()
        self.assertEqual(article.live_languages(), ["fr"])

    def test_a_button_unpublishes_and_publishing_again_proposes_the_first_date(self):
        article = make_article("a", en=live("T"))
        self.save(self.url(article), self.opened(self.url(article)), button="_unpublish_en")
        self.assertEqual(self.client.get("/en/articles/t/").status_code, 404)
        self.assertContains(self.client.get(self.url(article)), "_publish_again_en")
        self.save(self.url(article), self.opened(self.url(article)), button="_publish_again_en")
        article.refresh_from_db()
        self.assertEqual(article.published_at_en, YESTERDAY)

    def test_a_date_in_the_future_schedules(self):
        article = make_article("a", en={"title": "T", "body": "B"})
        day = timezone.localtime() + timedelta(days=3)
        changes = {"published_at_en_0": day.strftime("%Y-%m-%d"), "published_at_en_1": "08:00"}
        self.save(self.url(article), self.opened(self.url(article)), **changes)
        article.refresh_from_db()
        self.assertEqual(article.state_in("en"), Article.State.SCHEDULED)

    def test_a_button_on_a_text_gone_live_meanwhile_keeps_its_date(self):
        article = make_article("a", en={"title": "T", "body": "B", "published_at": TOMORROW})
        fields = self.opened(self.url(article))
        change(article, "en", published_at=YESTERDAY)
        self.save(self.url(article), fields, button="_publish_now_en")
        article.refresh_from_db()
        self.assertEqual(article.published_at_en, YESTERDAY)

    def test_a_button_beside_an_untouched_text_publishes_what_stands(self):
        article = make_article("a", en={"title": "T", "body": "Old"})
        fields = self.opened(self.url(article))
        change(article, "en", body="By somebody else")
        self.assertRedirects(self.save(self.url(article), fields, button="_publish_now_en"), self.url(article))
        article.refresh_from_db()
        self.assertEqual((article.body_en, article.live_languages()), ("By somebody else", ["en"]))

    def test_a_date_in_the_hour_that_comes_twice_survives_an_edit_of_the_text(self):
        for hour in (0, 1):
            twice = datetime(2025, 10, 26, hour, 30, tzinfo=UTC)
            article = make_article(f"a{hour}", en=live("T", published_at=twice))
            with override_settings(TIME_ZONE="Europe/Paris"):
                fields = self.opened(self.url(article))
                self.assertEqual(fields["published_at_en_1"], ["02:30:00"])
                self.save(self.url(article), fields, body_en="New")
            article.refresh_from_db()
            self.assertEqual((article.body_en, article.published_at_en), ("New", twice))

    def test_a_date_near_the_ends_of_time_is_an_error_on_the_form(self):
        article = make_article("a", en={"title": "T", "body": "B"})
        for zone, day in (("Europe/Paris", "0001-01-01"), ("America/New_York", "9999-12-31"), ("UTC", "0999-01-01")):
            with override_settings(TIME_ZONE=zone):
                fields = self.opened(self.url(article)) | {"published_at_en_0": day, "published_at_en_1": "23:59"}
                response = self.save(self.url(article), fields)
            self.assertIn("published_at_en", response.context["adminform"].form.errors)

    def test_the_date_that_publishing_again_proposes_is_the_one_that_stood_last(self):
        article = make_article("a", en=live("T"))
        corrected = YESTERDAY - timedelta(days=10)
        change(article, "en", published_at=corrected)
        change(article, "en", published_at=None)
        self.assertEqual(article.first_published_at_en, corrected)

    def test_a_bare_date_begins_at_midnight_in_the_site_s_time_zone(self):
        article = make_article("a", en={"title": "T", "body": "B"})
        with override_settings(TIME_ZONE="Europe/Paris"):
            self.save(self.url(article), self.opened(self.url(article)), published_at_en_0="2026-01-31")
        article.refresh_from_db()
        self.assertEqual(article.published_at_en.isoformat(), "2026-01-30T23:00:00+00:00")

    def test_the_list_publishes_and_unpublishes_one_language(self):
        article = make_article("a", en={"title": "T", "body": "B"}, fr={"title": "Sans corps"})
        for action, expected in (("publish_en", ["en"]), ("publish_fr", ["en"]), ("unpublish_en", [])):
            self.client.post(LIST, {"action": action, "_selected_action": [article.pk], "post": "yes"})
            article.refresh_from_db()
            self.assertEqual(article.live_languages(), expected, action)

    def test_an_action_that_a_rule_forbids_says_why(self):
        article = make_article("a", fr={"title": "Sans corps"})
        chosen = {"action": "publish_fr", "_selected_action": [article.pk], "post": "yes"}
        response = self.client.post(LIST, chosen, follow=True)
        self.assertContains(response, "Sans corps: A published or scheduled text needs a body.")


class ListTests(AdminTestCase):
    def test_it_shows_the_title_that_exists_and_the_state_in_each_language(self):
        make_article("a", fr=live("Seulement ici"))
        make_article("b", en={"title": "Later", "body": "B", "published_at": TOMORROW})
        response = self.client.get(LIST)
        self.assertContains(response, '<span lang="fr">Seulement ici</span>')
        for state in ("live", "scheduled", "missing"):
            self.assertContains(response, f"state-{state}")

    def test_it_filters_by_the_state_in_one_language_and_searches_all(self):
        make_article("a", en=live("Summer"), fr={"title": "Vacances"})
        make_article("b", fr=live("Hiver"))
        cases = {
            "state_fr=live": {"Hiver"},
            "state_fr=draft": {"Summer"},
            "state_en=missing": {"Hiver"},
            "q=Hiver": {"Hiver"},
            "q=Vacances": {"Summer"},
        }
        for query, titles in cases.items():
            page = self.client.get(f"{LIST}?{query}").content.decode()
            with self.subTest(query):
                self.assertEqual({title for title in ("Summer", "Hiver") if f">{title}</span>" in page}, titles)

    def test_what_waits_in_a_working_copy_is_marked_and_found(self):
        waiting, other = make_article("a", fr=live("Été")), make_article("b", fr=live("Hiver"))
        text = ArticleText("Été", "ete", "", "Nouveau", YESTERDAY)
        save_language(waiting, "fr", text, based_on=waiting.latest_revision("fr"), as_working_copy=True)
        self.assertContains(self.client.get(LIST), "state-copy", count=1)
        for query, titles in {"working_copy=fr": [waiting], "working_copy=en": [], "": [other, waiting]}.items():
            response = self.client.get(f"{LIST}?{query}")
            self.assertEqual(list(response.context["cl"].result_list), titles, query)

    def test_it_costs_the_same_queries_for_one_article_and_for_many(self):
        make_article("a", en=live("T"))
        self.client.get(LIST)
        # The last of them: who changed each article last.
        with self.assertNumQueries(13) as queries:
            self.client.get(LIST)
        self.assertFalse(any("body_en" in query["sql"] or '"blocks"' in query["sql"] for query in queries))
        for number in range(10):
            make_article(f"a{number}", fr={"title": f"T{number}"})
        with self.assertNumQueries(13):
            self.client.get(LIST)

    def test_deleting_can_be_undone_from_the_list_of_deleted_articles(self):
        article = make_article("a", en=live("T"))
        chosen = {"action": "delete_selected", "_selected_action": [article.pk]}
        self.assertContains(self.client.post(LIST, chosen), "Nothing is lost")
        self.client.post(LIST, chosen | {"post": "yes"})
        self.assertNotContains(self.client.get(LIST), "state-live")
        self.assertEqual(self.client.get("/en/articles/t/").status_code, 410)
        deleted = f"{LIST}?deleted=yes"
        self.assertContains(self.client.get(deleted), "state-live")
        self.client.post(deleted, {"action": "restore", "_selected_action": [article.pk]})
        self.assertEqual(self.client.get("/en/articles/t/").status_code, 200)

    def test_deleting_from_the_form_keeps_every_revision(self):
        article = make_article("a", en=live("T"))
        url = f"/admin/articles/article/{article.pk}/delete/"
        self.assertContains(self.client.get(url), "Nothing is lost")
        self.client.post(url, {"post": "yes"})
        article.refresh_from_db()
        self.assertIsNotNone(article.deleted_at)
        self.assertEqual(Revision.objects.count(), 1)

    def test_view_on_site_is_offered_only_where_something_is_live(self):
        article = make_article("a", en=live("Summer"), fr={"title": "Été"})
        response = self.client.get(self.url(article))
        self.assertContains(response, 'href="/en/articles/summer/"')
        self.assertNotContains(response, "/fr/articles/")


class ProposeSlugTests(AdminTestCase):
    url_ = "/admin/articles/article/propose-slug/"

    def propose(self, **query):
        return self.client.get(self.url_, query)

    def test_the_server_s_own_rule_of_the_language_answers(self):
        self.assertEqual(self.propose(language="fr", title="L’œuvre").json(), {"slug": "l-oeuvre"})
        self.assertEqual(self.propose(language="en", title="Don't").json(), {"slug": "dont"})

    def test_a_taken_slug_is_not_proposed_but_the_article_s_own_is(self):
        article = make_article("a", en=live("Taken"))
        self.assertEqual(self.propose(language="en", title="Taken").json(), {"slug": "taken-2"})
        self.assertEqual(self.propose(language="en", title="Taken", article=article.pk).json(), {"slug": "taken"})

    def test_bad_questions_get_an_answer(self):
        self.assertEqual(self.propose(language="de", title="T").status_code, 400)
        self.assertEqual(self.propose(language="en", article="x" * 5000).json(), {"slug": ""})

    def test_only_who_may_write_may_ask(self):
        staff = get_user_model().objects.create_user("staff", is_staff=True)
        self.client.force_login(staff)
        self.assertEqual(self.propose(language="en", title="T").status_code, 403)
        self.client.logout()
        self.assertEqual(self.propose(language="en", title="T").status_code, 302)


class PermissionTests(AdminTestCase):
    def test_who_may_only_look_can_neither_write_nor_publish(self):
        article = make_article("a", en={"title": "T", "body": "B"})
        viewer = get_user_model().objects.create_user("viewer", is_staff=True)
        viewer.user_permissions.add(Permission.objects.get(codename="view_article"))
        self.client.force_login(viewer)
        self.assertEqual(self.client.get(self.url(article)).status_code, 200)
        self.assertNotContains(self.client.get(self.url(article)), "_publish_now")
        self.assertEqual(self.client.post(self.url(article), {"_publish_now_en": "1"}).status_code, 403)
        self.client.post(LIST, {"action": "publish_en", "_selected_action": [article.pk]})
        article.refresh_from_db()
        self.assertEqual(article.live_languages(), [])


class LanguageTests(AdminTestCase):
    def test_every_field_names_its_language_and_carries_it(self):
        page = self.client.get(ADD).content.decode()
        for language in languages.codes():
            for label in ("Title", "Slug", "Publication date", "Summary", "Body"):
                self.assertIn(f"{label} ({languages.name(language)}):", page)
            for field in ("title", "summary", "body"):
                self.assertRegex(page, rf'<\w+[^>]*name="{field}_{language}"[^>]*lang="{language}"')

    def test_an_author_chooses_the_language_of_the_admin_and_readers_get_no_cookie(self):
        self.assertContains(self.client.get("/admin/"), "View site")
        response = self.client.post("/admin/language/", {"language": "fr", "next": "/admin/"})
        self.assertEqual([cookie["path"] for cookie in response.cookies.values()], ["/admin/"])
        self.assertContains(self.client.get("/admin/"), "Voir le site")
        self.assertEqual({cookie["path"] for cookie in self.client.get(ADD).cookies.values()}, {"/admin/"})

    def test_the_pages_of_tags_and_authors_open_and_save(self):
        Tag.objects.create(key="t", name_en="T")
        for path in ("tag/", "tag/add/", "author/", "author/add/"):
            self.assertEqual(self.client.get(f"/admin/articles/{path}").status_code, 200)
        self.client.post("/admin/articles/tag/add/", {"key": "ete", "name_fr": "L'été"})
        self.assertEqual(Tag.objects.get(key="ete").slug_fr, "l-ete")
        self.client.post("/admin/articles/tag/add/", {"key": "ete-2", "name_fr": "Été", "slug_fr": "l-ete"})
        self.assertFalse(Tag.objects.filter(key="ete-2").exists())
