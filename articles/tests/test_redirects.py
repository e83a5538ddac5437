from unicodedata import normalize
from urllib.parse import quote

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase
from django.utils.translation import override

from articles.models import Redirect

from .examples import change, live, make_article


class OldAddressTests(TestCase):
    def setUp(self):
        self.enterContext(override("en"))
        self.article = make_article("boats", en=live("Boats"), fr=live("Bateaux"))

    def assert_leads(self, address: str, to: str) -> None:
        self.assertRedirects(self.client.get(address), to, 301, fetch_redirect_response=False)

    def lead(self, old_path: str, **to) -> Redirect:
        return Redirect.objects.create(old_path=old_path, **to)

    def test_an_old_address_leads_for_good_to_the_article_in_its_language_whatever_it_is_called_now(self):
        self.lead("/2020/01/bateaux/", article=self.article, language="fr")
        self.lead("/blog/boats.html", article=self.article, language="en")
        for address in ("/2020/01/bateaux/", "/2020/01/bateaux", "/2020/01/bateaux/index.html"):
            self.assert_leads(address, "/fr/articles/bateaux/")
        change(self.article, "fr", slug="barques")
        self.assert_leads("/2020/01/bateaux/", "/fr/articles/barques/")
        self.assert_leads("/blog/boats.html?utm_source=x", "/en/articles/boats/?utm_source=x")
        self.assertEqual(self.client.get("/2020/01/").status_code, 404)

    def test_an_address_that_leads_to_itself_is_not_there(self):
        self.lead("/loop", new_path="/loop/")
        self.lead("/é/", new_path="/%C3%A9/")
        self.assert_leads("/loop", "/loop/")
        for address in ("/loop/", "/%C3%A9/"):
            self.assertEqual(self.client.get(address).status_code, 404)

    def test_an_accent_is_the_same_as_one_sign_or_two(self):
        for old in ("/\xe9t\xe9/", "/e\u0301tang/"):
            self.lead(old, new_path="/en/archive/")
            for form in ("NFC", "NFD"):
                self.assert_leads(quote(normalize(form, old)), "/en/archive/")

    def test_a_page_that_its_number_named_is_found_by_its_query(self):
        self.lead("/?p=12", article=self.article, language="fr")
        self.lead("/old.php?id=3", new_path="/en/archive/")
        self.assert_leads("/?p=12", "/fr/articles/bateaux/")
        self.assert_leads("/old.php?id=3", "/en/archive/")
        self.assertEqual(self.client.get("/old.php?id=4").status_code, 404)
        self.assertEqual(self.client.get("/?p=13").headers["Location"], "/en/?p=13")

    def test_a_path_that_could_be_a_page_of_this_site_leads_on_where_there_is_none(self):
        self.lead("/fr/articles/vieux-bateaux/", article=self.article, language="fr")
        self.lead("/fr/articles/bateaux/", new_path="/en/")
        self.lead("/été/", new_path="/fr/tags/été/")
        self.assert_leads("/fr/articles/vieux-bateaux/", "/fr/articles/bateaux/")
        self.assertEqual(self.client.get("/fr/articles/bateaux/").status_code, 200)
        self.assert_leads("/%C3%A9t%C3%A9/", "/fr/tags/%C3%A9t%C3%A9/")

    def test_a_language_that_cannot_be_read_leads_to_the_one_that_can_and_a_draft_nowhere(self):
        self.lead("/x/", article=self.article, language="fr")
        change(self.article, "fr", published_at=None)
        self.assert_leads("/x/", "/en/articles/boats/")
        change(self.article, "en", published_at=None)
        self.assertEqual(self.client.get("/x/").status_code, 404)

    def test_what_is_sent_to_an_old_address_leads_nowhere(self):
        self.lead("/x/", new_path="/en/")
        self.assertEqual(self.client.post("/x/").status_code, 404)

    def test_a_redirect_leads_to_one_place_of_this_site(self):
        for fault in ({}, {"article": self.article}, {"article": self.article, "language": "fr", "new_path": "/en/"}):
            with self.subTest(fault=fault), self.assertRaises(IntegrityError), transaction.atomic():
                self.lead("/y/", **fault)
        for path in ("//evil.example/", "/\\evil.example/", "https://evil.example/", "x/"):
            with self.subTest(path=path), self.assertRaises(ValidationError):
                Redirect(old_path="/y/", new_path=path).full_clean()


class RedirectAdminTests(TestCase):
    def test_an_editor_makes_one_and_sees_where_each_leads(self):
        editor = get_user_model().objects.create_user("edith", is_staff=True)
        editor.groups.add(Group.objects.get(name="Editor"))
        self.client.force_login(editor)
        Redirect.objects.create(old_path="/b/", article=make_article("boats", en=live("Boats")), language="en")
        added = self.client.post("/admin/articles/redirect/add/", {"old_path": "/a/", "new_path": "/en/archive/"})
        self.assertRedirects(added, "/admin/articles/redirect/")
        for path in ("//example.org", ""):
            refused = self.client.post("/admin/articles/redirect/add/", {"old_path": "/c/", "new_path": path})
            self.assertContains(refused, "errorlist")
        listed = self.client.get("/admin/articles/redirect/?q=/")
        for path in ("/a/", "/en/archive/", "/b/", "/en/articles/boats/"):
            self.assertContains(listed, path)
