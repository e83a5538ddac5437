from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import TestCase

from articles.tests.forms import fields_of
from articles.tests.image_files import MediaMixin, jpeg, store
from blog.models import Page, PageRevision

from .examples import make_page, shown
from .test_pages import BRACKETS

LIST = "/admin/blog/page/"
ADD = "/admin/blog/page/add/"


class PageAdminTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = get_user_model().objects.create_superuser("editor")

    def setUp(self):
        super().setUp()
        self.client.force_login(self.user)

    def url(self, page):
        return f"{LIST}{page.pk}/change/"

    def opened(self, url, **headers):
        """Return the fields of a form as a browser holds them after opening it."""
        return fields_of(self.client.get(url, **headers).content.decode(), "page_form")

    def save(self, url, fields, **changes):
        return self.client.post(url, fields | changes | {"_save": "1"})

    def errors(self, response):
        return response.context["adminform"].form.errors


class WritingTests(PageAdminTestCase):
    def test_a_page_in_french_alone_needs_nothing_of_english(self):
        fields = self.opened(ADD, HTTP_ACCEPT_LANGUAGE="fr")
        response = self.save(ADD, fields, title_fr="L’équipe", body_fr="Corps", is_live_fr="on", navigation="header")
        self.assertRedirects(response, LIST)
        page = Page.objects.get()
        self.assertEqual((page.key, page.slug_fr, page.slug_en), ("l-equipe", "l-equipe", None))
        self.assertEqual(page.revisions.get().created_by, self.user)
        self.assertContains(self.client.get("/fr/pages/l-equipe/"), "Corps")
        self.assertContains(self.client.get("/fr/"), '<a href="/fr/pages/l-equipe/">L’équipe</a>')
        self.assertNotContains(self.client.get("/en/"), "/pages/")

    def test_opening_and_saving_without_a_change_writes_nothing(self):
        body = "  indented\n\n> quote\n\n\ntrailing  \n\n"
        page = make_page("about", en=shown("About", body=body), fr={"title": "À propos"})
        self.assertRedirects(self.save(self.url(page), self.opened(self.url(page))), LIST)
        page.refresh_from_db()
        self.assertEqual(page.body_en, body)
        self.assertEqual(LogEntry.objects.get().get_change_message(), "No fields changed.")
        self.assertEqual(PageRevision.objects.count(), 2)

    def test_bad_input_names_the_field_in_the_author_s_language_and_loses_nothing(self):
        fields = self.opened(ADD)
        for changes, field in (
            ({"title_en": "T", "is_live_en": "on"}, "body_en"),
            ({"body_fr": "B"}, "title_fr"),
            ({"title_en": "T", "slug_en": "Not a slug"}, "slug_en"),
            ({"title_en": "T", "title_fr": "T", "body_fr": BRACKETS}, "body_fr"),
            ({"title_en": "T", "key": "No Key"}, "key"),
            ({}, "__all__"),
        ):
            with self.subTest(field):
                response = self.save(ADD, fields, **changes)
                self.assertEqual(list(self.errors(response)), [field])
        response = self.client.post(
            ADD, fields | {"title_fr": "Titre gardé", "body_fr": BRACKETS}, headers={"Accept-Language": "fr"}
        )
        self.assertContains(response, "Titre gardé")
        self.assertNotIn("brackets", str(self.errors(response)))
        self.assertFalse(Page.objects.exists())

    def test_a_slug_that_is_or_was_another_page_s_is_refused(self):
        page = make_page("about", en=shown("About"))
        page.slug_en = "about-us"
        page.save()
        fields = self.opened(ADD)
        for slug in ("about", "about-us"):
            self.assertEqual(list(self.errors(self.save(ADD, fields, title_en="T", slug_en=slug))), ["slug_en"])
        self.assertRedirects(self.save(ADD, fields, title_fr="T", slug_fr="about"), LIST)

    def test_the_key_is_fixed_once_made(self):
        page = make_page("fixed", en=shown("About"))
        fields = self.opened(self.url(page))
        self.assertNotIn("key", fields)
        self.save(self.url(page), fields, key="changed", body_en="New")
        page.refresh_from_db()
        self.assertEqual((page.key, page.body_en), ("fixed", "New"))

    def test_a_page_is_hidden_instead_of_deleted(self):
        page = make_page("about", en=shown("About"))
        fields = self.opened(self.url(page))
        self.assertEqual(self.client.post(f"{LIST}{page.pk}/delete/", {"post": "yes"}).status_code, 403)
        self.assertNotContains(self.client.get(LIST), "delete_selected")
        del fields["is_live_en"]
        self.save(self.url(page), fields)
        self.assertEqual(self.client.get("/en/pages/about/").status_code, 404)
        self.assertNotContains(self.client.get("/en/"), "/pages/about/")
        self.assertNotContains(self.client.get(self.url(page)), "View on site")

    def test_a_language_that_does_not_come_with_the_form_is_not_emptied(self):
        page = make_page("about", en=shown("About"), fr=shown("À propos"))
        fields = self.opened(self.url(page))
        fields = {name: value for name, value in fields.items() if not name.endswith("_en")}
        self.save(self.url(page), fields, body_fr="Nouveau")
        page.refresh_from_db()
        self.assertEqual((page.body_en, page.body_fr), ("The body of About.", "Nouveau"))

    def test_the_author_is_told_of_references_that_lead_nowhere(self):
        response = self.client.post(ADD, self.opened(ADD) | {"title_en": "T", "body_en": "![x](image:no)"}, follow=True)
        self.assertContains(response, "there is no such image")

    def test_every_field_names_its_language_and_carries_it(self):
        page = self.client.get(ADD, headers={"Accept-Language": "fr"}).content.decode()
        for code, name in (("en", "English"), ("fr", "Français")):
            self.assertRegex(page, rf'<input type="text" name="title_{code}"[^>]*lang="{code}"')
            self.assertRegex(page, rf'<textarea name="body_{code}"[^>]*lang="{code}"')
            self.assertIn(f"Titre ({name})", page)


class TwoAuthorsTests(PageAdminTestCase):
    def test_two_who_save_one_language_each_both_find_their_text(self):
        page = make_page("about", en=shown("About"), fr=shown("À propos"))
        first, second = self.opened(self.url(page)), self.opened(self.url(page))
        self.save(self.url(page), first, body_en="By the first", slug_en="new", position="7")
        self.save(self.url(page), second, body_fr="Par le second", navigation="header")
        page.refresh_from_db()
        self.assertEqual((page.body_en, page.body_fr, page.slug_en), ("By the first", "Par le second", "new"))
        self.assertEqual((page.position, page.navigation), (7, "header"))
        self.assertNotIn("English", LogEntry.objects.latest("pk").get_change_message())
        self.assertRedirects(self.client.get("/en/pages/about/"), "/en/pages/new/", 301)

    def test_the_second_on_one_language_sees_both_texts_and_may_then_decide(self):
        page = make_page("about", en=shown("About"))
        first, second = self.opened(self.url(page)), self.opened(self.url(page))
        self.save(self.url(page), first, body_en="By the first")
        response = self.save(self.url(page), second, body_en="By the second", title_fr="À propos")
        self.assertContains(response, "Somebody else saved the English text while you were writing.")
        for text in ("By the first", "By the second", "À propos"):
            self.assertContains(response, text)
        page.refresh_from_db()
        self.assertEqual((page.body_en, page.title_fr), ("By the first", ""))
        self.save(self.url(page), fields_of(response.content.decode(), "page_form"))
        page.refresh_from_db()
        self.assertEqual((page.body_en, page.title_fr), ("By the second", "À propos"))
        self.assertIn("By the first", page.revisions.values_list("body", flat=True))

    def test_a_revision_of_another_page_or_none_at_all_is_no_ground_to_overwrite(self):
        page, other = make_page("a", en=shown("A")), make_page("b", en=shown("B"))
        fields = self.opened(self.url(page))
        for base in ("", "999", str(other.latest_revision("en").pk), "x"):
            self.save(self.url(page), fields, body_en="Mine", base_revision_en=base)
            page.refresh_from_db()
            self.assertEqual(page.body_en, "The body of A.", base)


class SavedTextsTests(PageAdminTestCase):
    def test_every_saved_text_can_be_read_and_nothing_more(self):
        page = make_page("about", en=shown("About", body="The first"))
        page.body_en = "The <second>"
        page.save()
        form = self.client.get(self.url(page)).content.decode()
        old = page.revisions.last()
        links = [form.index(f"/admin/blog/pagerevision/{pk}/") for pk in page.revisions.values_list("pk", flat=True)]
        self.assertEqual(links, sorted(links))
        self.assertNotIn("The first", form)
        address = f"/admin/blog/pagerevision/{old.pk}/"
        self.assertContains(self.client.get(f"{address}change/"), "The first</textarea>")
        self.assertContains(self.client.get(f"/admin/blog/pagerevision/?page__id__exact={page.pk}"), "2 saved texts")
        self.assertEqual(self.client.post(f"{address}change/", {"title": "x"}).status_code, 403)
        self.assertEqual(self.client.post(f"{address}delete/", {"post": "yes"}).status_code, 403)
        self.assertEqual(self.client.get("/admin/blog/pagerevision/add/").status_code, 403)
        self.assertNotContains(self.client.get("/admin/"), "pagerevision")

    def test_they_are_for_those_who_may_see_pages(self):
        page = make_page("about", en=shown("About"))
        user = get_user_model().objects.create_user("looker", is_staff=True)
        self.client.force_login(user)
        address = f"/admin/blog/pagerevision/{page.revisions.get().pk}/change/"
        self.assertEqual(self.client.get(address).status_code, 403)
        user.user_permissions.add(Permission.objects.get(codename="view_page"))
        self.assertEqual(self.client.get(address).status_code, 200)
        self.assertContains(self.client.get(self.url(page)), "The body of About.")
        self.assertEqual(self.client.post(self.url(page), {"title_en": "Mine"}).status_code, 403)


class ListTests(PageAdminTestCase):
    def test_it_shows_what_readers_can_open_in_each_language_and_searches_all(self):
        make_page("about", en=shown("About"), fr={"title": "À propos"})
        page = self.client.get(LIST).content.decode()
        self.assertInHTML('<span lang="en">About</span> <span class="state state-live">shown</span>', page)
        self.assertInHTML('<span lang="fr">À propos</span> <span class="state state-draft">hidden</span>', page)
        self.assertContains(self.client.get(f"{LIST}?q=propos"), "About")
        self.assertNotContains(self.client.get(f"{LIST}?q=nothing"), "About")

    def test_it_loads_no_body(self):
        make_page("about", en=shown("About"))
        self.client.get(LIST)
        with self.assertNumQueries(7) as queries:
            self.client.get(LIST)
        self.assertFalse(any("body" in query["sql"] for query in queries))


class ImagesTests(MediaMixin, PageAdminTestCase):
    def test_the_library_links_to_the_page_that_shows_an_image_and_refuses_to_delete_it(self):
        image = store(jpeg(), key="harbour")
        page = make_page("about", en=shown("About", body="![](image:harbour)"))
        link = f'<a href="{self.url(page)}">About</a>'
        self.assertContains(self.client.get(f"/admin/articles/image/{image.pk}/change/"), link)
        response = self.client.post(f"/admin/articles/image/{image.pk}/delete/", {"post": "yes"})
        self.assertContains(response, "A text shows this image")
        self.assertContains(response, link)
