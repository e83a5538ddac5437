import html
import re
import uuid

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client, TestCase
from django.utils import timezone

from articles.models import Article, Revision, UnsavedText
from articles.text import ArticleText

from .examples import change, live, make_article
from .forms import fields_of
from .test_admin import ADD, LIST

KEEP = "/admin/articles/article/unsaved/"
LOGIN_AGAIN = "/admin/articles/article/login-again/"
PASSWORD = "a password for the tests"


def member(name: str, role: str = "Editor"):
    user = get_user_model().objects.create_user(name, password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


class UnsavedTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = member("editor")
        cls.article = make_article("a", en=live("Title"), fr=live("Titre"))
        cls.url = f"/admin/articles/article/{cls.article.pk}/change/"

    def setUp(self):
        self.client.force_login(self.user)

    def opened(self, url=None, client=None, **headers):
        response = (client or self.client).get(url or self.url, **headers)
        return fields_of(response.content.decode(), "article_form")

    def sent(self, article=None, language="en", form=None, version=None, **typed):
        """Return what the script sends."""
        base = article and article.latest_revision(language)
        text = article.text_in(language) if article else ArticleText()
        date = text.published_at and timezone.make_naive(text.published_at)
        fields = {"title": text.title, "slug": text.slug or "", "summary": text.summary, "body": text.body, "note": ""}
        fields |= {"published_at_0": f"{date:%Y-%m-%d}" if date else "", "published_at_1": f"{date:%X}" if date else ""}
        return {
            "form": form or uuid.uuid4(),
            "article": article.pk if article else "",
            "language": language,
            "base": base.pk if base else "",
            "version": version or f"{uuid.uuid4()}:1",
            "follows": "",
            **{f"typed_{name}": value for name, value in (fields | typed).items()},
        }

    def keep(self, *args, client=None, **typed):
        return (client or self.client).post(KEEP, self.sent(*args, **typed))


class KeepingTests(UnsavedTestCase):
    def test_what_is_typed_is_kept_as_it_is_typed_and_touches_no_saved_text(self):
        form = uuid.uuid4()
        answer = self.keep(self.article, form=form, body="  Half a senten", published_at_0="2026-1", note="why")
        row = UnsavedText.objects.get()
        self.assertEqual(answer.json()["kept_at"], row.kept_at.isoformat())
        self.assertEqual((row.user, row.form, row.article, row.language), (self.user, form, self.article, "en"))
        self.assertEqual(row.based_on, self.article.latest_revision("en"))
        self.assertEqual(row.fields["body"], "  Half a senten")
        self.assertEqual((row.fields["published_at_0"], row.fields["note"]), ("2026-1", "why"))
        self.assertEqual(Revision.objects.count(), 2)
        self.assertEqual(Article.objects.get().body_en, "The body of Title.")

    def test_a_form_has_one_row_for_each_language_and_two_windows_never_write_over_each_other(self):
        first, second = uuid.uuid4(), uuid.uuid4()
        for form, body in ((first, "One"), (second, "Two"), (first, "One more")):
            self.keep(self.article, form=form, version=f"{form}:{len(body)}", body=body)
        self.keep(self.article, language="fr", form=first, body="Un")
        kept = sorted((row.form == first, row.language, row.fields["body"]) for row in UnsavedText.objects.all())
        self.assertEqual(kept, [(False, "en", "Two"), (True, "en", "One more"), (True, "fr", "Un")])

    def test_two_windows_that_go_on_with_the_same_text_part(self):
        form, first, second = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        self.keep(self.article, form=form, version=f"{first}:7", body="One")
        version = {"version": f"{second}:1"}
        answer = self.client.post(KEEP, self.sent(self.article, form=form, body="Two") | version)
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(UnsavedText.objects.get().fields["body"], "One")
        self.assertNotEqual(uuid.UUID(answer.json()["form"]), form)
        # The window that took it over knows what it found.
        taken = self.sent(self.article, form=form, body="Two") | version | {"follows": f"{first}:7"}
        self.assertEqual(self.client.post(KEEP, taken).status_code, 200)
        self.assertEqual(self.keep(self.article, form=form, version=f"{first}:8", body="Three").status_code, 409)
        self.assertEqual(UnsavedText.objects.get().fields["body"], "Two")

    def test_what_comes_late_does_not_replace_what_was_typed_later(self):
        form, window = uuid.uuid4(), uuid.uuid4()
        self.keep(self.article, form=form, version=f"{window}:2", body="Later")
        self.assertEqual(self.keep(self.article, form=form, version=f"{window}:1", body="Sooner").status_code, 200)
        self.assertEqual(UnsavedText.objects.get().fields["body"], "Later")

    def test_a_text_that_is_what_the_form_started_from_is_not_kept(self):
        form, window = uuid.uuid4(), uuid.uuid4()
        self.keep(self.article, form=form, version=f"{window}:1", body="Typed")
        answer = self.keep(self.article, form=form, version=f"{window}:2")
        self.assertIsNone(answer.json()["kept_at"])
        self.assertFalse(UnsavedText.objects.exists())
        self.assertIsNone(self.keep().json()["kept_at"])
        self.assertTrue(self.keep(self.article, note="Only a note").json()["kept_at"])

    def test_a_base_of_another_article_or_language_is_none(self):
        other = make_article("b", en=live("Other"))
        bases = other.latest_revision("en").pk, self.article.latest_revision("fr").pk, 999_999
        for base in bases:
            self.client.post(KEEP, self.sent(self.article, body="x") | {"base": base})
        self.assertEqual(list(UnsavedText.objects.values_list("based_on", flat=True)), [None] * 3)

    def test_a_whole_date_is_the_same_day_for_whoever_opens_it_in_another_language(self):
        sent = self.sent(self.article, published_at_0="01/02/2026", published_at_1="10:00")
        self.client.post(KEEP, sent, HTTP_ACCEPT_LANGUAGE="fr")
        url = f"{self.url}?unsaved={sent['form']}"
        self.assertEqual(self.opened(url, HTTP_ACCEPT_LANGUAGE="en")["published_at_en_0"], ["2026-02-01"])
        self.assertEqual(self.opened(url, HTTP_ACCEPT_LANGUAGE="fr")["published_at_en_0"], ["01/02/2026"])

    def test_malformed_input_is_refused_with_a_reason(self):
        good = self.sent(self.article, body="x")
        for broken in (
            *({name: value} for name in ("form", "article", "base", "version") for value in ("x", "-1", "9" * 30)),
            *({"language": value} for value in ("", "de", "en\x00")),
            {"typed_body": "nul\x00"},
        ):
            answer = self.client.post(KEEP, good | broken)
            self.assertEqual(answer.status_code, 400, broken)
            self.assertTrue(answer.json()["error"], broken)
        del good["typed_body"]
        self.assertEqual(self.client.post(KEEP, good).status_code, 400)
        self.assertEqual(self.keep(Article(pk=999_999)).status_code, 404)
        self.assertFalse(UnsavedText.objects.exists())

    def test_a_body_longer_than_the_form_takes_is_refused(self):
        self.assertEqual(self.keep(self.article, body="x" * 200_000).status_code, 200)
        answer = self.keep(self.article, body="x" * 200_001)
        self.assertEqual(answer.status_code, 400)
        self.assertIn("English – Write at most 200,000 characters.", answer.json()["error"])
        self.assertEqual(UnsavedText.objects.count(), 1)


class PermissionTests(UnsavedTestCase):
    def test_who_is_not_logged_in_is_told_so_and_not_led_away(self):
        for client in (Client(), self.client):
            self.client.logout()
            answer = self.keep(self.article, client=client, body="x")
            self.assertEqual((answer.status_code, answer["Content-Type"]), (401, "application/json"))
            self.assertEqual(client.get(KEEP).status_code, 401)

    def test_readers_with_an_account_and_writers_of_other_languages_are_refused(self):
        reader = get_user_model().objects.create_user("reader")
        reader.user_permissions.add(Permission.objects.get(codename="change_article"))
        for user, language, status in (
            (reader, "en", 403),
            (member("author", "Author"), "en", 403),
            (member("translator", "Translator"), "en", 403),
            (get_user_model().objects.get(username="translator"), "fr", 200),
            (self.user, "en", 200),
        ):
            self.client.force_login(user)
            answer = self.keep(self.article, language=language, body="x")
            self.assertEqual(answer.status_code, status, (user, language))
        self.client.force_login(get_user_model().objects.get(username="translator"))
        self.assertEqual(self.keep(title="New").status_code, 403)
        self.client.force_login(get_user_model().objects.get(username="author"))
        self.assertEqual(self.keep(title="New").status_code, 200)

    def test_the_page_keeps_only_the_languages_that_its_reader_may_write(self):
        self.client.force_login(member("translator", "Translator"))
        self.assertContains(self.client.get(self.url), 'data-languages="fr"')

    def test_who_may_not_date_a_text_changes_nothing_by_sending_no_date(self):
        translator = member("translator", "Translator")
        self.client.force_login(translator)
        fields = self.opened() | {"title_fr": ["Autre"], "_save": ["1"]}
        fields = {name: value for name, value in fields.items() if not name.startswith("published_at")}
        self.client.logout()
        self.client.post(
            f"{LOGIN_AGAIN}?article={self.article.pk}", fields | {"username": "translator", "password": PASSWORD}
        )
        row = UnsavedText.objects.get()
        self.assertEqual(row.language, "fr")
        date = timezone.make_naive(self.article.published_at_fr)
        self.assertEqual(row.fields["published_at_0"], f"{date:%Y-%m-%d}")

    def test_somebody_else_s_text_is_invisible_and_cannot_be_deleted_or_replaced(self):
        sent = self.sent(self.article, body="A secret thought")
        self.client.post(KEEP, sent)
        other = Client()
        other.force_login(member("other"))
        for url in (self.url, f"{self.url}?unsaved={sent['form']}"):
            self.assertNotContains(other.get(url), "A secret thought")
        discard = f"{KEEP}{sent['form']}/discard/"
        self.assertEqual(other.get(discard).status_code, 404)
        self.assertEqual(other.post(discard).status_code, 404)
        other.post(KEEP, sent | {"typed_body": "Mine"})
        fields = self.opened(client=other) | {"form_id": sent["form"], "body_en": "Theirs", "_save": "1"}
        other.post(self.url, fields)
        self.assertEqual(UnsavedText.objects.get().fields["body"], "A secret thought")

    def test_a_request_from_another_site_is_refused(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.user)
        self.assertEqual(self.keep(self.article, client=client, body="x").status_code, 403)
        token = client.get(KEEP).json()["csrf_token"]
        sent = self.sent(self.article, body="x") | {"csrfmiddlewaretoken": token}
        self.assertEqual(client.post(KEEP, sent).status_code, 200)


class OfferTests(UnsavedTestCase):
    def test_unsaved_text_is_offered_on_the_form_of_its_article_with_what_differs(self):
        sent = self.sent(self.article, body="The body of another Title.")
        self.client.post(KEEP, sent)
        response = self.client.get(self.url)
        self.assertContains(response, f"?unsaved={sent['form']}")
        self.assertContains(response, "<ins>")
        self.assertNotContains(self.client.get(ADD), str(sent["form"]))
        self.assertNotContains(self.client.get(self.url), f'value="{sent["form"]}"')

    def test_the_newest_form_is_offered_first(self):
        forms = [uuid.uuid4() for _ in range(3)]
        for form in (*forms, forms[0]):
            self.keep(self.article, form=form, version=f"{form}:{form == forms[0]:d}", body=f"{form}")
        offers = self.client.get(self.url).context["unsaved_offers"]
        self.assertEqual([offer["form"] for offer in offers], [forms[0], forms[2], forms[1]])

    def test_more_than_five_are_counted(self):
        for number in range(7):
            self.keep(self.article, body=f"Text {number}")
        self.assertContains(self.client.get(self.url), "2 older texts are shown")

    def test_what_is_saved_by_now_is_not_offered(self):
        self.keep(self.article, body="Both")
        change(self.article, "en", body="Both")
        self.assertNotIn("Continue with this text", self.client.get(self.url).content.decode())

    def test_going_on_fills_the_form_with_the_text_its_base_and_half_a_date(self):
        sent = self.sent(self.article, title="Typed", body="Typed\n", published_at_0="2026-", note="why")
        self.client.post(KEEP, sent)
        base = self.article.latest_revision("en").pk
        change(self.article, "en", summary="Meanwhile")
        fields = self.opened(f"{self.url}?unsaved={sent['form']}")
        self.assertEqual(fields["form_id"], [str(sent["form"])])
        self.assertEqual(fields["base_revision_en"], [str(base)])
        self.assertEqual((fields["title_en"], fields["body_en"]), (["Typed"], ["Typed\r\n"]))
        self.assertEqual(fields["published_at_en_0"], ["2026-"])
        self.assertEqual(fields["title_fr"], ["Titre"])
        self.assertEqual(fields["base_revision_fr"], [str(self.article.latest_revision("fr").pk)])

    def test_a_text_that_was_gone_on_with_is_not_asked_for_once_it_is_saved(self):
        sent = self.sent(self.article, body="Typed\n")
        self.client.post(KEEP, sent)
        page = self.client.get(f"{self.url}?unsaved={sent['form']}&_changelist_filters=q%3Dtitle")
        target = re.search(r'action="([^"]*)"[^>]*id="article_form"', page.content.decode())[1]
        self.assertEqual(html.unescape(target), f"{self.url}?_changelist_filters=q%3Dtitle")
        fields = self.opened(f"{self.url}?unsaved={sent['form']}")
        response = self.client.post(target, fields | {"_continue": "1"}, follow=True)
        self.assertNotContains(response, "not there any more")
        self.assertContains(response, "Typed")

    def test_a_new_article_is_gone_on_with_as_well(self):
        sent = self.sent(language="fr", title="Titre", body="Corps")
        self.client.post(KEEP, sent)
        self.assertContains(self.client.get(ADD), f"?unsaved={sent['form']}")
        fields = self.opened(f"{ADD}?unsaved={sent['form']}")
        self.assertEqual((fields["title_fr"], fields["body_fr"]), (["Titre"], ["Corps"]))
        self.assertRedirects(self.client.post(ADD, fields | {"_save": "1"}), LIST)
        self.assertEqual(Article.objects.get(title_fr="Titre", key="titre").body_fr, "Corps")
        self.assertFalse(UnsavedText.objects.exists())

    def test_a_text_that_is_gone_is_said_to_be_gone_and_a_malformed_number_is_not_found(self):
        response = self.client.get(f"{self.url}?unsaved={uuid.uuid4()}")
        self.assertContains(response, "not there any more")
        self.assertEqual(self.client.get(f"{self.url}?unsaved=x").status_code, 404)
        self.assertEqual(self.client.get(f"{KEEP}x/discard/").status_code, 302)


class SavingTests(UnsavedTestCase):
    def test_a_save_deletes_what_was_typed_on_its_form_and_no_other_s(self):
        fields = self.opened()
        self.keep(self.article, form=fields["form_id"][0], body="Mine")
        self.keep(self.article, body="In another window")
        self.assertRedirects(self.client.post(self.url, fields | {"body_en": "Mine", "_save": "1"}), LIST)
        self.assertEqual(UnsavedText.objects.get().fields["body"], "In another window")

    def test_a_text_whose_writer_lost_the_right_to_save_it_is_not_deleted_by_a_save(self):
        fields = self.opened()
        for language in ("en", "fr"):
            self.keep(self.article, form=fields["form_id"][0], language=language, body=f"Mine {language}")
        self.user.groups.set(Group.objects.filter(name="Translator"))
        sent = fields | {"body_en": "Mine en", "body_fr": "Mine fr", "_save": "1"}
        self.assertContains(self.client.post(self.url, sent), "You may not write the English text any more")
        self.assertEqual(UnsavedText.objects.count(), 2)

    def test_a_refused_save_keeps_it_and_its_number(self):
        fields = self.opened()
        self.keep(self.article, form=fields["form_id"][0], title="", body="Mine")
        response = self.client.post(self.url, fields | {"title_en": "", "body_en": "Mine", "_save": "1"})
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.context["form_id"], fields["form_id"][0])
        self.assertContains(response, 'data-is-bound="yes"')
        # The page that is shown again goes on with the same row.
        version = UnsavedText.objects.get().fields["version"]
        self.assertEqual(response.context["unsaved_settings"]["versions"], f'{{"en": "{version}"}}')
        self.assertEqual(UnsavedText.objects.get().fields["body"], "Mine")

    def test_what_others_saved_meanwhile_is_not_overwritten_by_a_text_that_is_gone_on_with(self):
        sent = self.sent(self.article, body="Mine")
        self.client.post(KEEP, sent)
        change(self.article, "en", body="Theirs")
        url = f"{self.url}?unsaved={sent['form']}"
        response = self.client.post(url, self.opened(url) | {"_save": "1"})
        self.assertContains(response, "Theirs")
        self.assertEqual(Article.objects.get().body_en, "Theirs")
        self.assertTrue(UnsavedText.objects.exists())


class DiscardingTests(UnsavedTestCase):
    def test_discarding_shows_the_text_and_asks_first(self):
        sent = self.sent(self.article, body="A <b>thought</b>", summary="Short")
        self.client.post(KEEP, sent)
        url = f"{KEEP}{sent['form']}/discard/"
        response = self.client.get(url)
        self.assertContains(response, "A &lt;b&gt;thought&lt;/b&gt;</textarea>")
        self.assertContains(response, "Short")
        self.assertTrue(UnsavedText.objects.exists())
        self.assertRedirects(self.client.post(url), self.url)
        self.assertFalse(UnsavedText.objects.exists())
        self.assertEqual(self.client.post(url).status_code, 404)
        self.assertEqual(Article.objects.get().body_en, "The body of Title.")

    def test_who_is_not_logged_in_is_led_to_the_login(self):
        sent = self.sent(self.article, body="x")
        self.client.post(KEEP, sent)
        response = Client().post(f"{KEEP}{sent['form']}/discard/")
        self.assertTrue(response["Location"].startswith("/admin/login/"))
        self.assertTrue(UnsavedText.objects.exists())


class LoginAgainTests(UnsavedTestCase):
    def carried(self, response):
        shown = fields_of(response.content.decode(), "login-form")
        return {name: value for name, value in shown.items() if name != "csrfmiddlewaretoken"}

    def log_in(self, fields, article=None, name="editor", password=PASSWORD):
        url = f"{LOGIN_AGAIN}?article={article.pk if article else ''}"
        return self.client.post(url, fields | {"username": name, "password": password})

    def test_a_save_after_the_login_expired_loses_no_text(self):
        body = 'Line one\r\n\r\n"Quoted" & <tagged>\r\n'
        fields = self.opened() | {"body_en": body, "published_at_fr_1": "half past", "_save": "1"}
        self.client.logout()
        response = self.client.post(self.url, fields)
        self.assertContains(response, "Your login has expired", status_code=401)
        self.assertEqual(Article.objects.get().body_en, "The body of Title.")
        response = self.log_in(self.carried(response), self.article)
        target = f"{self.url}?unsaved={fields['form_id'][0]}"
        self.assertRedirects(response, target, fetch_redirect_response=False)
        again = self.client.get(target)
        self.assertContains(again, "You are logged in again.")
        shown = fields_of(again.content.decode(), "article_form")
        self.assertEqual(shown["body_en"], [body])
        self.assertEqual(shown["published_at_fr_1"], ["half past"])
        self.assertEqual(shown["title_fr"], ["Titre"])

    def test_a_new_article_comes_back_as_well(self):
        fields = self.opened(ADD) | {"title_fr": "Neuf", "_save": "1"}
        self.client.logout()
        response = self.log_in(self.carried(self.client.post(ADD, fields)))
        self.assertRedirects(response, f"{ADD}?unsaved={fields['form_id'][0]}")
        self.assertEqual(UnsavedText.objects.get().fields["title"], "Neuf")

    def test_only_languages_that_were_changed_are_kept(self):
        fields = self.opened() | {"body_fr": "Neuf", "_save": "1"}
        self.client.logout()
        self.log_in(self.carried(self.client.post(self.url, fields)), self.article)
        self.assertEqual(UnsavedText.objects.get().language, "fr")

    def test_who_changed_nothing_comes_back_to_the_form(self):
        fields = self.opened() | {"_save": "1"}
        self.client.logout()
        response = self.log_in(self.carried(self.client.post(self.url, fields)), self.article)
        self.assertRedirects(response, self.url)

    def test_a_wrong_password_is_said_never_shown_and_carries_everything_on(self):
        body = "x" * 150_000
        fields = self.opened() | {"body_en": body, "body_fr": body, "_save": "1"}
        self.client.logout()
        first = self.carried(self.client.post(self.url, fields))
        response = self.log_in(first, self.article, password="a wrong password")
        self.assertContains(response, "Please enter the correct username and password", status_code=401)
        self.assertNotContains(response, "a wrong password", status_code=401)
        self.assertEqual(self.carried(response) | {"username": None}, first | {"username": None})
        self.log_in(self.carried(response), self.article)
        self.assertEqual({row.fields["body"] for row in UnsavedText.objects.all()}, {body})

    def test_who_may_not_write_the_text_is_not_logged_in_and_the_text_stays_on_the_page(self):
        member("translator", "Translator")
        get_user_model().objects.create_user("reader", password=PASSWORD)
        fields = self.opened() | {"body_en": "Mine", "_save": "1"}
        self.client.logout()
        carried = self.carried(self.client.post(self.url, fields))
        for name in ("translator", "reader"):
            response = self.log_in(carried, self.article, name)
            self.assertEqual(self.carried(response)["body_en"], ["Mine"])
            self.assertNotIn("_auth_user_id", self.client.session)
        self.assertFalse(UnsavedText.objects.exists())

    def test_a_form_whose_token_another_login_made_void_is_shown_again_with_a_good_one(self):
        client = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
        client.force_login(self.user)
        fields = self.opened(client=client) | {"body_en": ['"Mine"\r\n'], "_continue": ["1"]}
        client.cookies.pop("csrftoken")
        client.get(self.url)
        response = client.post(self.url, fields)
        self.assertEqual(response.status_code, 403)
        self.assertEqual(Article.objects.get().body_en, "The body of Title.")
        shown = fields_of(response.content.decode(), "again-form")
        self.assertRedirects(client.post(self.url, shown), self.url)
        self.assertEqual(Article.objects.get().body_en, '"Mine"\n')

    def test_a_void_token_without_a_login_leads_to_the_login_that_carries_the_text(self):
        client = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
        for url in (ADD, self.url, f"{LOGIN_AGAIN}?article={self.article.pk}"):
            response = client.post(url, {"body_en": "Mine", "password": "secret"})
            self.assertContains(response, "Your login has expired", status_code=403)
            self.assertEqual(self.carried(response)["body_en"], ["Mine"])
            self.assertNotContains(response, "secret", status_code=403)
            article = "" if url == ADD else self.article.pk
            self.assertContains(response, f'login-again/?article={article}"', status_code=403)

    def test_a_form_from_another_site_is_refused_before_anything_is_shown(self):
        for origin in ({}, {"origin": "https://other.example"}, {"origin": "null"}):
            client = Client(enforce_csrf_checks=True, headers=origin)
            for logged_in in (False, True):
                if logged_in:
                    client.force_login(self.user)
                for url in (ADD, self.url, LOGIN_AGAIN):
                    response = client.post(url, {"body_en": "Not mine"})
                    self.assertEqual(response.status_code, 403)
                    self.assertNotIn(b"Not mine", response.content)

    def test_the_password_is_kept_out_of_error_reports_and_the_page_out_of_caches(self):
        response = self.log_in({"body_en": "x"}, password="wrong")
        self.assertEqual(response.wsgi_request.sensitive_post_parameters, ("password",))
        self.assertIn("no-store", response["Cache-Control"])
        self.assertRedirects(self.client.get(LOGIN_AGAIN), LIST)
