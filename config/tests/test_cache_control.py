"""What each kind of answer says to caches (RFC 9111, section 5.2.2)."""

from django.contrib.auth import get_user_model
from django.templatetags.static import static
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, PreviewLink
from articles.tests.examples import live, make_article
from blog.models import Site

PAGES = ("/en/", "/fr/", "/en/?page=1", "/en/articles/summer/", "/en/articles/summer.md", "/en/archive/", "/en/search/")
PAGES += ("/sitemap.xml", "/robots.txt", "/feed.xml", "/en/feed.xml", "/fr/feed.json", "/fr/structure/")


class CacheControlTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.article = make_article("a", en=live("Summer"), fr=live("Été"))
        Site.current()

    def cache_control(self, path: str, status: int, method: str = "get") -> str:
        # Each client has a chain of middleware of its own, which reads the settings.
        response = getattr(Client(), method)(path)
        self.assertEqual(response.status_code, status, path)
        return response.headers.get("Cache-Control", "")

    def test_a_page_of_readers_may_be_kept_by_anybody_who_asks_each_time(self):
        for path in PAGES:
            for method in ("get", "head"):
                self.assertEqual(self.cache_control(path, 200, method), "public, max-age=0, must-revalidate", path)

    def test_a_setting_lets_shared_caches_keep_pages_and_nothing_else(self):
        others = {"/en/search/?q=summer": 200, "/en/?x=1": 200, "/en/x/": 404, "/": 302, "/admin/login/": 200}
        with self.settings(SHARED_CACHE_SECONDS=7):
            for path in PAGES:
                self.assertEqual(self.cache_control(path, 200), "public, max-age=0, must-revalidate, s-maxage=7", path)
            for path, status in others.items():
                self.assertNotIn("s-maxage", self.cache_control(path, status), path)

    def test_what_a_stranger_makes_up_is_not_kept_without_asking(self):
        for path in (
            "/en/search/?q=summer",
            "/en/?x=1",
            "/en/articles/summer/?page=2",
            "/en/?page=1&x=1",
            "/feed.xml?x",
        ):
            self.assertEqual(self.cache_control(path, 200), "no-cache", path)

    def test_an_error_may_be_an_article_the_next_time(self):
        missing = ("/en/x/", "/en/articles/x/", "/de/", "/x.png", "/static/x.css", "/media/x.png", "/en/?page=9")
        for path in (*missing, "/fr/articles/x.md", "/en/tags/x/"):
            self.assertEqual(self.cache_control(path, 404), "no-cache", path)
        make_article("b", en=live("Winter"))
        self.assertEqual(self.cache_control("/fr/articles/winter/", 404), "no-cache")
        Article.objects.filter(key="b").update(deleted_at=timezone.now())
        self.assertEqual(self.cache_control("/en/articles/winter/", 410), "no-cache")

    def test_a_redirect_is_asked_for_each_time(self):
        for path, status in {"/": 302, "/en": 301, "/en/articles/": 301, "/fr/articles/summer/": 301}.items():
            self.assertEqual(self.cache_control(path, status), "no-cache", path)

    def test_a_preview_is_kept_nowhere(self):
        path = reverse(
            "articles:article_preview", kwargs={"token": PreviewLink.objects.create(article=self.article).token}
        )
        self.assertEqual(self.cache_control(path, 200), "no-store")
        PreviewLink.objects.all().delete()
        self.assertEqual(self.cache_control(path, 404), "no-cache")

    def test_the_admin_is_private(self):
        self.client.force_login(get_user_model().objects.create_superuser("editor"))
        pages = (
            "",
            "articles/article/",
            "articles/article/add/",
            f"articles/article/{self.article.pk}/change/",
            "logout/",
        )
        for path in pages:
            response = self.client.get(f"/admin/{path}")
            self.assertTrue(
                {"private", "no-store", "no-cache"} & set(response.headers["Cache-Control"].split(", ")), path
            )
            self.assertNotIn("public", response.headers["Cache-Control"])
        for path in ("/admin/x/", "/admin/articles/article/999/change/"):
            self.assertNotIn("public", self.client.get(path).headers.get("Cache-Control", "no-cache"), path)

    def test_the_health_of_the_process_is_always_asked_for(self):
        for path in ("/healthz", "/readyz"):
            self.assertEqual(self.cache_control(path, 200), "no-store")

    def test_a_file_whose_name_changes_with_its_content_is_kept_for_good(self):
        for name in ("css/site.css", "css/code.css", "icons/icon.svg", "blog/structure.css"):
            self.assertIn("immutable", self.cache_control(static(name), 200))
