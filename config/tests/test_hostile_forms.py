"""What attackers write into fields: other sites, thousands of fields, scripts, words that stall who reads them."""

import json
import re
import time
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client, SimpleTestCase, TestCase
from django.urls import reverse

from articles.files.po import read_po
from articles.models import Article
from articles.search.query import Query
from articles.slugs import slugify
from articles.tests.examples import live, make_article
from articles.tests.people import person
from blog.language_negotiation import preferred_language
from config.content_type import PlainContentType, plain

from .hostile_requests import HOST_OF_OTHERS

HOST = urlsplit(settings.SITE_URL).netloc
ELSEWHERE = [
    f"{before}{HOST_OF_OTHERS}{after}"
    for before in (
        *("//", "///", "////", "/\\", "\\\\", "\\/", "/\t/", "\t//", "\n//", " //", "\x00//", "/\r/", "/%09/", "/%5c"),
        *("http://", "https://", "https:", "https:/", "https:///", "HTTPS://", "http:\\\\", "ftp://", "//\u3002"),
        *(f"//{HOST}@", f"//{HOST}.", f"https://{HOST}\\@", f"https://{HOST}:80@", "javascript://", "data:text/html,"),
    )
    for after in ("", "/admin/")
]


def leads_away(location: str) -> bool:
    """Return whether a browser goes to another host: it takes \\ for / and passes over tabs and line ends."""
    as_read = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    parts = urlsplit(re.sub(r"^([a-z]+):/*", r"\1://", as_read, flags=re.IGNORECASE))
    return (parts.scheme, parts.netloc) not in (("", ""), ("http", HOST)) or as_read.startswith("//")


class RedirectTests(TestCase):
    def setUp(self):
        self.client = Client(headers={"Host": HOST})
        self.user = get_user_model().objects.create_superuser("author", password="a password of words")
        self.article = make_article("one", en=live("One", slug="one"), fr=live("Un", slug="un"))

    def assert_stays(self, response, sent: str) -> None:
        with self.subTest(sent=sent):
            self.assertLess(response.status_code, 400)
            self.assertFalse(leads_away(response.headers.get("Location", "")), response.headers.get("Location"))

    def test_nothing_that_is_asked_for_leads_to_another_site(self):
        self.assertTrue(
            all(leads_away(f"{before}x.example") for before in ("//", "/\\", "https:", "\t//", "javascript:"))
        )
        answers = reverse("admin:articles_article_answers", args=[self.article.pk, "fr"])
        for sent in ELSEWHERE:
            self.client.force_login(self.user)
            # The door for who is logged in already.
            self.assert_stays(self.client.get("/admin/login/", {"next": sent}), sent)
            self.assert_stays(self.client.post("/admin/language/", {"language": "fr", "next": sent}), sent)
            self.assert_stays(self.client.post("/admin/language/", {"language": "fr"}, headers={"Referer": sent}), sent)
            self.assert_stays(self.client.post(answers, {"answer": "all", "next": sent}), sent)
            self.assert_stays(self.client.post("/admin/logout/", {"next": sent}), sent)

    def test_no_login_leads_to_another_site(self):
        # Each costs a password's time.
        for sent in ELSEWHERE[:: len(ELSEWHERE) // 2]:
            self.client.logout()
            login = {"username": "author", "password": "a password of words", "next": sent}
            self.assert_stays(self.client.post("/admin/login/", login), sent)

    def test_no_address_leads_to_another_site(self):
        for start in (f"//{HOST_OF_OTHERS}", f"/\\{HOST_OF_OTHERS}", f"/%5C{HOST_OF_OTHERS}", f"/%2F{HOST_OF_OTHERS}"):
            for path in (start, f"{start}/", f"{start}/en", f"{start}/articles/one", f"{start}/%2e%2e/archive"):
                for before in ("", "/en", "/fr", "/admin"):
                    response = self.client.generic("GET", before + path)
                    self.assertFalse(leads_away(response.headers.get("Location", "")), before + path)


class ManyFieldsTests(TestCase):
    """Each is refused in little time, or answered as if what is too much had not come."""

    def setUp(self):
        self.client = Client(headers={"Host": HOST}, raise_request_exception=False)
        self.article = make_article("one", en=live("One", slug="one"))
        self.client.force_login(get_user_model().objects.create_superuser("author"))

    def test_thousands_of_fields_are_refused_in_no_time_whatever_the_form(self):
        many = {f"field{number}": "x" for number in range(20_000)}
        change = reverse("admin:articles_article_change", args=[self.article.pk])
        began = time.process_time()
        for path in ("/admin/login/", "/admin/language/", change, "/en/", "/admin/articles/image/upload/"):
            for kind in ({}, {"content_type": "application/x-www-form-urlencoded"}):
                body = {"data": many} if not kind else {"data": "&".join(f"{name}=x" for name in many)} | kind
                with self.subTest(path=path, **kind):
                    self.assertIn(self.client.post(path, **body).status_code, (400, 405))
        # Most of it makes the bodies.
        self.assertLess(time.process_time() - began, 20)

    def test_thousands_of_words_in_an_address_are_answered(self):
        for path in ("/en/", "/en/search/", "/", "/admin/", "/healthz", "/en/nothing/", "/media/x", "/sitemap.xml"):
            with self.subTest(path=path):
                self.assertLess(self.client.get(path + "?" + "a=1&" * 2000).status_code, 500)

    def test_a_form_that_says_more_than_it_has_changes_nothing(self):
        change = reverse("admin:articles_article_change", args=[self.article.pk])
        sent = {"companion_links-TOTAL_FORMS": "999999", "companion_links-INITIAL_FORMS": "0", "title_en": "Changed"}
        began = time.process_time()
        self.assertLess(self.client.post(change, sent).status_code, 500)
        self.assertLess(time.process_time() - began, 6)
        self.article.refresh_from_db()
        self.assertEqual(self.article.title_en, "One")


class KindTests(TestCase):
    """What a request says of itself decides nothing that it may not."""

    def setUp(self):
        self.user = get_user_model().objects.create_superuser("author", password="a password of words")
        self.article = make_article("one", en=live("One", slug="one"))
        self.client = Client(headers={"Host": HOST}, raise_request_exception=False)
        self.delete = reverse("admin:articles_article_delete", args=[self.article.pk])

    def test_a_name_and_a_password_in_the_address_log_nobody_in(self):
        words = {"username": "author", "password": "a password of words"}
        for method in ("get", "put", "patch", "head"):
            getattr(self.client, method)("/admin/login/", words)
        self.client.post("/admin/login/?username=author&password=a+password+of+words")
        self.client.post("/admin/login/", json.dumps(words), content_type="application/json")
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_nothing_is_deleted_but_by_a_form_of_this_site_sent_as_one(self):
        self.client.force_login(self.user)
        for method in ("get", "head", "put", "patch", "delete", "options"):
            for headers in ({}, {"X-HTTP-Method-Override": "POST"}, {"X-HTTP-Method": "POST"}):
                getattr(self.client, method)(f"{self.delete}?post=yes&_method=POST", headers=headers)
        for kind in ("application/json", "text/plain", "application/xml", "multipart/mixed", ""):
            self.client.post(self.delete, b'{"post": "yes"}', content_type=kind)
        stranger = Client(headers={"Host": HOST}, enforce_csrf_checks=True)
        stranger.force_login(self.user)
        for headers in ({}, {"Origin": f"https://{HOST_OF_OTHERS}"}, {"Origin": "null"}, {"X-CSRFToken": "x" * 32}):
            self.assertEqual(stranger.post(self.delete, {"post": "yes"}, headers=headers).status_code, 403)
        self.assertTrue(Article.objects.kept().filter(pk=self.article.pk).exists())

    def test_a_form_is_read_in_utf_8_whatever_it_says(self):
        seen = []

        def application(environ, start_response):
            seen.append(environ["CONTENT_TYPE"])
            return []

        said = {
            "text/plain; charset=base64": "text/plain",
            "text/plain;charset=utf-7": "text/plain",
            "text/plain; charset*=nonsense''x": "text/plain",
            "multipart/form-data; charset=undefined; boundary=abc; x=y": "multipart/form-data; boundary=abc",
            'multipart/form-data; BOUNDARY="a b"': 'multipart/form-data; BOUNDARY="a b"',
            "multipart/form-data": "multipart/form-data",
            ";;; =": "",
        }
        for content_type, meant in said.items():
            PlainContentType(application)({"CONTENT_TYPE": content_type}, None)
            self.assertEqual((seen.pop(), plain(content_type)), (meant, meant))


class LookupTests(TestCase):
    def test_no_list_of_the_admin_lets_anybody_guess_a_password(self):
        """A filter by the first signs of a hash would tell them one after another."""
        user = person("editor", "Editor")
        user.set_password("a password of words")
        user.save()
        article = make_article("one", en=live("One", slug="one"))
        article.created_by = user
        article.save()
        article.authors.create(name="Editor", user=user)
        ways = (
            "created_by",
            "user",
            "authors__user",
            "article__created_by",
            "revisions__created_by",
            "by",
            "series__articles__created_by",
        )
        for who in (user, get_user_model().objects.create_superuser("superuser")):
            self.client.force_login(who)
            for model, site in admin.site._registry.items():
                path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
                for way in (*ways, ""):
                    lookup = f"{way}__password__startswith".removeprefix("__")
                    with self.subTest(path=path, lookup=lookup):
                        # Refused, not permitted, or the list without the filter (a redirect to ?e=1).
                        self.assertIn(self.client.get(path, {lookup: "!"}).status_code, (302, 400, 403), site)


class StallingTests(SimpleTestCase):
    """No words take long to read: twice as many take at most about twice as long."""

    LENGTH = 20_000
    WORDS = (
        "a",
        "a-",
        "-",
        "- ",
        "é",
        "'",
        '"',
        "(",
        "[",
        "[x](",
        "<",
        "&",
        "*",
        "_",
        "`",
        " ",
        "\n",
        "a\n",
        "\t",
        "#",
        "> ",
    )
    WORDS += (
        "1.",
        "en,",
        "en;q=",
        "*;",
        "«",
        "l’",
        "|",
        "||\n",
        "![",
        "\\",
        "://",
        "www.",
        "a@",
        "=",
        "e\u0301",
        "\u0301",
        "\U0001f600",
    )

    def test_no_words_stall_what_reads_them(self):
        def po(words: str) -> None:
            with suppress(Exception):
                read_po(words)

        readers = {
            "slug": lambda words: slugify(words, "fr"),
            "query": lambda words: Query(words, "fr"),
            "language": preferred_language,
            "content type": lambda words: plain("text/plain;" + words),
            "po": po,
        }
        for name, reader in readers.items():
            for word in self.WORDS:
                for words in (word * (self.LENGTH // len(word)), word * (self.LENGTH // len(word)) + "!"):
                    began = time.process_time()
                    reader(words)
                    with self.subTest(reader=name, words=word):
                        self.assertLess(time.process_time() - began, 3)
