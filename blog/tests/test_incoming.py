from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import TestCase

from articles.incoming import links_to
from articles.tests.examples import live, make_article

from .examples import make_page, shown


class IncomingTests(TestCase):
    def setUp(self):
        self.article = make_article("to", en=live("There"))
        self.page = make_page("about", en=shown("About us", body="[x](article:to)"), fr=shown("À propos"))

    def test_a_page_that_links_to_an_article_is_named_like_an_article_that_does(self):
        found = links_to(self.article)
        self.assertEqual([(each.thing, each.languages) for each in found], [(self.page, ["en"])])

    def test_before_an_article_goes_its_author_can_open_the_page_that_links_to_it(self):
        self.client.force_login(get_user_model().objects.create_superuser("editor"))
        response = self.client.get(f"/admin/articles/article/{self.article.pk}/delete/")
        url = f"/admin/blog/page/{self.page.pk}/change/"
        self.assertContains(response, f'<a href="{url}" lang="en">About us</a> (page, English)')

    def test_who_may_not_open_the_page_gets_its_name_without_a_link(self):
        user = get_user_model().objects.create_user("staff", is_staff=True)
        names = ("view_article", "change_article", "delete_article")
        user.user_permissions.add(*Permission.objects.filter(codename__in=names))
        self.client.force_login(user)
        response = self.client.get(f"/admin/articles/article/{self.article.pk}/delete/")
        self.assertContains(response, "About us</span> (page, English)")
