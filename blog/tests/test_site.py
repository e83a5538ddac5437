import threading

from django.contrib.auth import get_user_model
from django.db import connection
from django.forms import modelform_factory
from django.test import TestCase, TransactionTestCase
from django.utils.translation import override

from articles import languages
from articles.models import Author
from articles.tests.examples import change, live, make_article
from blog import set_up
from blog.forms import ChangesForm
from blog.models import Site


class SiteTests(TestCase):
    def test_there_is_a_site_before_anybody_made_one_and_it_stays_the_same(self):
        first = Site.current()
        self.assertEqual(Site.current().identity, first.identity)
        self.assertEqual(Site.objects.count(), 1)
        for code in languages.codes():
            self.assertEqual(getattr(first, languages.column("name", code)), "Recto Verso")

    def test_it_has_a_name_where_no_language_is_active(self):
        with override(None):
            self.assertEqual(str(Site.current()), "Recto Verso")
            self.assertEqual(str(Site.current()), "Recto Verso")

    def test_the_admin_bears_its_name_from_the_login_on(self):
        site = Site.current()
        site.name_en, site.name_fr = "Both Sides", "Des deux côtés"
        site.save()
        for language, name in (("en", "Both Sides"), ("fr", "Des deux côtés")):
            login = self.client.get("/admin/login/", headers={"Accept-Language": language})
            self.assertContains(login, f"{name}</a>")
            self.assertContains(login, f"| {name}</title>")

    def test_set_up_makes_it_once(self):
        self.assertIn("Site: Recto Verso", set_up.make_site())
        self.assertEqual(set_up.make_site(), "Site: there.")

    def test_a_language_that_comes_later_bears_the_name_of_the_site_and_the_texts_that_ship_where_they_were_kept(self):
        site = Site.current()
        shipped = site.tagline_fr
        site.name_en, site.author_en, site.footer_en = "Both Sides", "Ada", "Our own words."
        site.name_fr = site.author_fr = site.tagline_fr = site.footer_fr = None
        site.save()
        self.assertEqual(set_up.make_site(), "Site: named in Français; change its texts in the admin.")
        site = Site.objects.get()
        self.assertEqual((site.name_fr, site.author_fr, site.tagline_fr), ("Both Sides", "Ada", shipped))
        self.assertFalse(site.footer_fr)
        self.assertEqual(set_up.make_site(), "Site: there.")

    def test_authors_get_an_address_in_a_language_that_comes_later(self):
        author = Author.objects.create(name="Ada Ängström")
        Author.objects.update(slug_fr=None)
        self.assertEqual(set_up.address_authors(), "Authors: new addresses for 1.")
        author.refresh_from_db()
        self.assertEqual(author.get_absolute_url("fr"), "/fr/auteurs/ada-angstrom/")
        self.assertEqual(set_up.address_authors(), "Authors: up to date.")

    def test_its_texts_are_on_the_page_as_written_and_cannot_break_out(self):
        site = Site.current()
        site.name_fr, site.tagline_fr, site.author_fr = "L'envers", "Bonjour !", "Éditions <i>"
        site.footer_fr = "Un.\n\nDeux <b>."
        site.save()
        page = self.client.get("/fr/").content.decode()
        for text in (
            '<a class="site-name" href="/fr/">L’envers</a>',
            '<p class="tagline">Bonjour\u202f!</p>',
            "<p>Un.</p>\n\n<p>Deux &lt;b&gt;.</p>",
            "<p>© Éditions &lt;i&gt;</p>",
        ):
            self.assertIn(text, page)
        self.assertNotContains(self.client.get("/en/"), "©")


class FirstRequestsTests(TransactionTestCase):
    def test_two_first_requests_at_once_make_one_site(self):
        found, start = [], threading.Barrier(2)

        def ask():
            start.wait()
            found.append(Site.current().identity)
            connection.close()

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(found), 2)
        self.assertEqual(set(found), {Site.objects.get().identity})


class SiteAdminTests(TestCase):
    LIST = "/admin/blog/site/"

    def setUp(self):
        self.client.force_login(get_user_model().objects.create_superuser("editor"))
        self.site = Site.current()
        self.form = f"{self.LIST}{self.site.pk}/change/"

    def sent(self, **changes) -> dict:
        """Return what a browser sends of the form that is open now."""
        fields = {"shows_lag": "on", "initial-shows_lag": "True"}
        for code in languages.codes():
            for field in ("name", "tagline", "author", "footer"):
                name = languages.column(field, code)
                fields[name] = fields[f"initial-{name}"] = getattr(self.site, name) or ""
        return fields | changes

    def test_the_list_leads_straight_to_the_one_form(self):
        self.assertRedirects(self.client.get(self.LIST), self.form)

    def test_a_change_is_on_readers_pages_and_in_the_admin_at_once(self):
        self.client.get("/fr/")
        response = self.client.post(self.form, self.sent(name_fr="Le Port", name_en="The Port"), follow=True)
        self.assertContains(response, "The Port</a></div>")
        self.assertContains(self.client.get("/fr/"), "Le Port</a>")
        self.assertContains(self.client.get("/en/"), "The Port</a>")
        self.assertEqual(Site.objects.get().identity, self.site.identity)

    def test_no_translation_tells_of_its_original_where_the_site_does_without_it(self):
        article = make_article("own", en=live("Own", body="One.\n\nTwo."), fr=live("Sien"))
        page = self.client.get("/fr/articles/sien/").content
        change(article, "en", body="Other one.\n\nThe other two.\n\nThree.")
        self.assertContains(self.client.get("/fr/articles/sien/"), "lag-line")
        fields = self.sent()
        del fields["shows_lag"]
        self.client.post(self.form, fields)
        self.assertFalse(Site.objects.get().shows_lag)
        self.assertEqual(self.client.get("/fr/articles/sien/").content, page)

    def test_each_language_needs_a_name(self):
        for code in languages.codes():
            name = languages.column("name", code)
            response = self.client.post(self.form, self.sent(**{name: " "}))
            self.assertEqual(list(response.context["adminform"].form.errors), [name])

    def test_it_can_be_neither_added_nor_deleted(self):
        self.assertEqual(self.client.get(f"{self.LIST}add/").status_code, 403)
        self.assertEqual(self.client.post(f"{self.LIST}{self.site.pk}/delete/", {"post": "yes"}).status_code, 403)

    def test_two_who_change_different_texts_both_find_their_change(self):
        mine = self.sent(tagline_en="Mine")
        self.client.post(self.form, self.sent(tagline_fr="La leur"))
        self.client.post(self.form, mine)
        site = Site.objects.get()
        self.assertEqual((site.tagline_en, site.tagline_fr), ("Mine", "La leur"))

    def test_of_two_who_change_one_text_the_second_sees_the_other_and_decides(self):
        mine = self.sent(tagline_en="Mine")
        self.client.post(self.form, self.sent(tagline_en="Theirs"))
        response = self.client.post(self.form, mine)
        self.assertContains(response, "Somebody else changed this in the meantime to “Theirs”.")
        self.assertEqual(Site.objects.get().tagline_en, "Theirs")
        self.client.post(self.form, mine | {"initial-tagline_en": "Theirs"})
        self.assertEqual(Site.objects.get().tagline_en, "Mine")

    def test_what_was_saved_after_the_row_was_loaded_is_kept(self):
        """PostgreSQL loads the row of a form before its turn comes; here the test does."""
        loaded = Site.objects.get()
        self.client.post(self.form, self.sent(tagline_fr="La leur"))
        form = modelform_factory(Site, ChangesForm, fields=["tagline_en"])(
            {"tagline_en": "Mine", "initial-tagline_en": loaded.tagline_en}, instance=loaded
        )
        form.save()
        site = Site.objects.get()
        self.assertEqual((site.tagline_en, site.tagline_fr), ("Mine", "La leur"))

    def test_who_may_only_look_finds_nothing_to_send(self):
        user = get_user_model().objects.create_user("reader", is_staff=True)
        self.client.force_login(user)
        self.assertEqual(self.client.get(self.form).status_code, 403)
        self.assertEqual(self.client.post(self.form, self.sent(name_en="Mine")).status_code, 403)
