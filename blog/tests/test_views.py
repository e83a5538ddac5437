import re
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client, TestCase, override_settings
from django.urls import path

from articles.models import Tag
from articles.tests.examples import TOMORROW, live, make_article


def broken(request):
    raise RuntimeError("A fault for the test")


urlpatterns = [
    path("en/broken/", broken),
    path("fr/broken/", broken),
    *import_module(settings.ROOT_URLCONF).urlpatterns,
]


class LanguageRedirectTests(TestCase):
    def test_the_root_leads_to_the_browser_s_language_and_says_what_it_depends_on(self):
        for header, target in {"fr-CA,en;q=0.5": "/fr/", "en;q=0": "/fr/", "de": "/en/", "": "/en/"}.items():
            response = self.client.get("/", HTTP_ACCEPT_LANGUAGE=header)
            self.assertRedirects(response, target, 302)
            self.assertEqual(response.headers["Vary"], "Accept-Language")

    def test_the_language_of_an_address_is_not_negotiated(self):
        response = self.client.get("/fr/", HTTP_ACCEPT_LANGUAGE="en")
        self.assertContains(response, '<html lang="fr">')
        self.assertEqual(response.headers["Vary"], "Accept-Encoding")


class HomeViewTests(TestCase):
    def test_it_lists_what_is_live_in_its_language_and_nothing_else(self):
        make_article("a", en=live("Both"), fr=live("Les deux"))
        make_article("b", fr=live("Seulement ici"))
        make_article("c", en={"title": "Draft"})
        make_article("d", en={"title": "Later", "body": "B", "published_at": TOMORROW})
        make_article("e", en=live("Removed")).delete()
        english, french = (self.client.get(f"/{language}/").content.decode() for language in ("en", "fr"))
        for title, is_english, is_french in (
            ("Both", True, False),
            ("Les deux", False, True),
            ("Seulement ici", False, True),
            ("Draft", False, False),
            ("Later", False, False),
            ("Removed", False, False),
        ):
            with self.subTest(title):
                self.assertEqual((title in english, title in french), (is_english, is_french))

    def test_an_article_is_announced_with_all_a_reader_wants_to_know(self):
        article = make_article("a", fr=live("Été", summary="Un résumé.", body="mot " * 400))
        article.tags.add(Tag.objects.create(key="t", name_en="Tag", name_fr="Étiquette"))
        response = self.client.get("/fr/")
        for text in (
            "Un résumé.",
            "Étiquette",
            "Temps de lecture ~2 minutes",
            "Lire la suite",
            '<time class="dt-published" datetime=',
        ):
            self.assertContains(response, text)

    def test_it_is_in_pages_newest_first(self):
        for number in range(12):
            make_article(f"a{number:02}", en=live(f"Article {number:02}"))
        first, second = self.client.get("/en/"), self.client.get("/en/?page=2")
        self.assertEqual(first.context["object_list"][0].title, "Article 11")
        self.assertContains(first, 'rel="next" href="?page=2"')
        self.assertContains(second, 'rel="prev" href="."')
        self.assertEqual(len(second.context["object_list"]), 2)
        for page in ("0", "3", "x", "-1", "1e9"):
            self.assertEqual(self.client.get(f"/en/?page={page}").status_code, 404, page)

    def test_an_empty_language_says_so(self):
        self.assertContains(self.client.get("/fr/"), "Rien n’est encore publié dans cette langue.")


class LanguageSwitchTests(TestCase):
    def test_it_leads_to_this_page_in_the_other_language(self):
        make_article("a", en=live("Summer"), fr=live("Été"))
        for path_, target in {
            "/en/": "/fr/",
            "/fr/structure/": "/en/structure/",
            "/en/articles/summer/": "/fr/articles/ete/",
            "/fr/articles/ete/": "/en/articles/summer/",
        }.items():
            header = self.client.get(path_).content.decode().partition("<main")[0]
            switch = header.partition('class="language-switch"')[2]
            code = target[1:3]
            self.assertEqual(re.findall("<a [^>]*>", switch), [f'<a href="{target}" lang="{code}" hreflang="{code}">'])

    def test_an_error_page_leads_to_the_home_page(self):
        make_article("a", en=live("Gone"), fr=live("Parti")).delete()
        for path_ in ("/en/articles/gone/", "/en/nothing/"):
            page = self.client.get(path_).content.decode()
            self.assertEqual(re.findall("<a [^>]*hreflang[^>]*>", page), ['<a href="/fr/" lang="fr" hreflang="fr">'])

    def test_it_says_so_where_there_is_no_translation(self):
        make_article("a", fr=live("Seul"))
        response = self.client.get("/fr/articles/seul/")
        self.assertContains(response, "(non disponible)")
        self.assertNotContains(response, 'href="/en/')


class AlternateLinksTests(TestCase):
    @override_settings(SITE_URL="https://blog.example")
    def test_every_page_names_itself_in_every_language_by_the_site_s_own_address(self):
        for paths in (("/en/", "/fr/"), ("/en/structure/", "/fr/structure/")):
            links = "".join(
                f'<link rel="alternate" hreflang="{path[1:3]}" href="https://blog.example{path}">' for path in paths
            )
            default = "/" if paths[0] == "/en/" else paths[0]
            links += f'<link rel="alternate" hreflang="x-default" href="https://blog.example{default}">'
            for path_ in paths:
                page = self.client.get(path_).content.decode()
                self.assertEqual("".join(re.findall('<link rel="alternate" hreflang[^>]*>', page)), links)

    def test_what_is_not_the_same_in_two_languages_names_none(self):
        for number in range(11):
            make_article(f"a{number}", en=live(f"Article {number}"))
        for path_ in ("/en/?page=2", "/en/nothing/"):
            self.assertNotIn('hreflang="fr" href="http', self.client.get(path_).content.decode())


class DescriptionTests(TestCase):
    def test_every_page_that_is_found_by_search_describes_itself(self):
        make_article("a", en=live("Summer", summary="All about it."))
        for path_ in ("/en/", "/fr/", "/en/structure/", "/fr/structure/", "/en/articles/summer/"):
            self.assertRegex(self.client.get(path_).content.decode(), '<meta name="description" content="[^"]{10,}">')


class SideTests(TestCase):
    def test_languages_are_by_turns_the_two_sides_of_a_leaf(self):
        self.assertContains(self.client.get("/en/"), '<body class="recto">')
        self.assertContains(self.client.get("/fr/"), '<body class="verso">')


class CompressionTests(TestCase):
    def test_pages_are_compressed_for_browsers_that_ask(self):
        response = self.client.get("/en/", HTTP_ACCEPT_ENCODING="gzip")
        self.assertEqual(response.headers["Content-Encoding"], "gzip")
        self.assertNotIn("Content-Encoding", self.client.get("/en/").headers)


class ErrorPageTests(TestCase):
    def test_a_missing_page_speaks_the_language_of_its_address(self):
        self.assertContains(self.client.get("/fr/rien/"), "Page introuvable", status_code=404)
        self.assertContains(self.client.get("/en/nothing/"), "Page not found", status_code=404)
        response = self.client.get("/nothing/at/all", HTTP_ACCEPT_LANGUAGE="fr")
        self.assertContains(response, "Page introuvable", status_code=404)

    def test_a_form_that_is_too_large_tells_its_author_what_to_do(self):
        self.client.force_login(get_user_model().objects.create_superuser("editor"))
        for language, words in {"fr": "votre navigateur l’a gardé", "en": "your browser still has it"}.items():
            self.client.cookies["django_language"] = language
            with self.assertLogs("django.security.RequestDataTooBig"):
                response = self.client.post("/admin/articles/article/add/", {"body_en": "a" * 5_000_000})
            self.assertContains(response, words, status_code=400)

    def test_a_fault_speaks_the_language_of_its_address_and_tells_no_secret(self):
        client = Client(raise_request_exception=False)
        with (
            override_settings(ROOT_URLCONF=__name__),
            self.assertLogs("django.request", "ERROR"),
            # Whatever has failed may be the database.
            self.assertNumQueries(0),
        ):
            french, english = client.get("/fr/broken/"), client.get("/en/broken/")
        self.assertContains(french, "Une erreur s’est produite", status_code=500)
        self.assertContains(english, "Something went wrong", status_code=500)
        self.assertNotContains(english, "A fault for the test", status_code=500)


class ReadersPagesTests(TestCase):
    """What holds on every page that a reader can open."""

    @classmethod
    def setUpTestData(cls):
        make_article("a", en=live("Summer"), fr=live("Été"))
        make_article("b", en=live("Gone")).delete()
        make_article("c", en=live("Alone"))

    paths = [
        "/",
        "/en/",
        "/fr/",
        "/en/articles/summer/",
        "/fr/articles/ete/",
        "/en/structure/",
        "/fr/structure/",
        "/en/style/",
        "/fr/style/",
        "/en/articles/gone/",
        "/fr/nothing/",
        "/fr/articles/alone/",
        "/fr-ca/articles/summer",
        "/articles/summer",
        "/nothing",
        "/healthz",
    ]

    def test_a_form_that_cannot_be_read_is_lost_where_there_is_nothing(self):
        client = Client(enforce_csrf_checks=True)
        client.cookies[settings.CSRF_COOKIE_NAME] = "t" * 32
        broken = f"multipart/form-data; boundary={'x' * 300}"
        sent = {"content_type": broken, "HTTP_X_CSRFTOKEN": "t" * 32}
        self.assertEqual(client.post("/en/nothing/", b"x", **sent).status_code, 404)

    def test_no_page_takes_away_a_cookie_that_a_visitor_makes_up(self):
        for address in ("/en/", "/en/search/?q=a", "/en/nothing/", "/en/feed.xml"):
            self.client.cookies[settings.SESSION_COOKIE_NAME] = "../../x"
            self.client.cookies[settings.CSRF_COOKIE_NAME] = "none"
            with self.subTest(address):
                self.assertFalse(self.client.get(address).cookies)

    def test_no_cookie_no_script_and_nothing_from_another_host(self):
        for path_ in self.paths:
            response = self.client.get(path_)
            page = response.content.decode()
            with self.subTest(path_):
                self.assertFalse(response.cookies)
                self.assertNotIn("Cookie", response.headers.get("Vary", ""))
                # Data blocks are not run: https://html.spec.whatwg.org/multipage/scripting.html#data-block
                self.assertNotRegex(page, '<script(?! type="application/ld\\+json">)')
                fetched = re.sub('<link rel="(?:alternate|canonical)"[^>]*>', "", page)
                self.assertNotRegex(fetched, r'(?:src|<link[^>]*href)="(?:https?:)?//')
                self.assertNotIn("style=", page)

    def test_the_headers_that_protect_readers_are_there(self):
        for path_ in self.paths:
            headers = self.client.get(path_).headers
            with self.subTest(path_):
                self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
                self.assertNotIn("unsafe", headers["Content-Security-Policy"])
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                self.assertEqual(headers["X-Frame-Options"], "DENY")
                self.assertIn("camera=()", headers["Permissions-Policy"])

    def test_a_forged_host_is_refused_and_never_repeated(self):
        response = self.client.get("/en/", HTTP_HOST="evil.example")
        self.assertEqual(response.status_code, 400)
        self.assertNotIn("evil.example", response.content.decode())

    def test_every_language_has_a_home_page(self):
        for code, _ in settings.LANGUAGES:
            self.assertContains(self.client.get(f"/{code}/"), f'<html lang="{code}">')

    def test_the_health_check_asks_nothing_of_the_database(self):
        with self.assertNumQueries(0):
            self.assertEqual(self.client.get("/healthz").content, b"ok\n")
