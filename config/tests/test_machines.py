"""Two machines with one site: copies of the project that share PostgreSQL, Redis and the folder of images alone."""

import re
import shutil
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from http.cookies import SimpleCookie
from pathlib import Path
from unittest import mock, skipUnless
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import SimpleTestCase, TransactionTestCase

from articles.models import Tag
from articles.tests.examples import live, make_article
from articles.tests.forms import fields_of
from articles.tests.image_files import gradient, saved
from blog import set_up
from blog.models import Site
from blog.site_version import KnownVersion
from blog.tests.checkout import fresh_checkout
from config.throttling import SEARCH

from .hostile_requests import multipart
from .server import Server, serving

PASSWORD = "a long way from here"
DAEMONS = connection.vendor == "postgresql" and settings.REDIS_URL
NEEDED = "It takes PostgreSQL and Redis: `./run test` starts both."


def machine(stack: ExitStack, images: Path) -> Path:
    """Return a folder with the project, as a set-up leaves it; all that it writes but images is its own."""
    folder = stack.enter_context(fresh_checkout())
    (folder / "var").mkdir(mode=0o700)
    (folder / "var" / "media").symlink_to(images)
    shutil.copytree(settings.STATIC_ROOT, folder / "var" / "static")
    for catalogue in settings.BASE_DIR.glob("locale/*/*/*.mo"):
        shutil.copy(catalogue, folder / catalogue.relative_to(settings.BASE_DIR))
    return folder


class Author:
    """Somebody with one browser, whom a proxy leads to this machine or to that."""

    def __init__(self, address: str = "192.0.2.1") -> None:
        self.address, self.cookies = address, {}

    def ask(self, server: Server, path: str, fields: dict | None = None, files: list | None = None):
        """Return the answer of a machine, with its body as `text`; `fields` make it a POST."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers["X_Forwarded_For"] = self.address
        body = None
        if files is not None:
            headers["Content_Type"], body = multipart([(name, value.encode()) for name, value in fields.items()], files)
        elif fields is not None:
            headers["Content_Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields, doseq=True).encode()
        answer = server.get(path, "GET" if body is None else "POST", body, Origin=settings.SITE_URL, **headers)
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: each.value for name, each in SimpleCookie(line).items()}
        answer.text = answer.content.decode(errors="replace")
        return answer

    def log_in(self, form: Server, sent_to: Server, password: str = PASSWORD):
        token = fields_of(self.ask(form, "/admin/login/").text, "login-form")["csrfmiddlewaretoken"]
        fields = {"csrfmiddlewaretoken": token, "username": "author", "password": password}
        return self.ask(sent_to, "/admin/login/", fields)

    def save(self, form: Server, sent_to: Server, path: str, form_id: str, **changes: str):
        fields = fields_of(self.ask(form, path).text, form_id)
        return self.ask(sent_to, path, fields | changes | {"_save": "1"})


@skipUnless(DAEMONS, NEEDED)
class MachinesTests(TransactionTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        # As the servers hash it; the tests have a faster way.
        cls.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
        cls.images = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        variables = {"THROTTLING": "1", "TRUSTED_PROXIES": "1", "REDIS_URL": settings.REDIS_URL}
        cls.folders = [machine(stack, cls.images) for _ in range(2)]
        contexts = [serving(folder=folder, **variables) for folder in cls.folders]
        with ThreadPoolExecutor() as pool:
            cls.servers = list(pool.map(stack.enter_context, contexts))

    def setUp(self):
        self.article = make_article("news", en=live("News"), fr=live("Nouvelle"))
        self.article.tags.add(Tag.objects.create(key="tag", name_en="Tag", name_fr="Sujet"))
        Site.current()
        author = get_user_model().objects.create_superuser("author")
        author.password = self.password
        author.save()

    def tearDown(self):
        told = [line for server in self.servers for line in server.lines if "Traceback" in line or " ERROR " in line]
        self.assertEqual(told, [])

    def texts(self, server: Server, *paths: str) -> list[str]:
        return [server.get(path).content.decode() for path in paths]

    def test_what_is_saved_on_one_is_read_on_the_other_within_a_second(self):
        paths = ("/en/articles/news/", "/en/", "/en/feed.json", "/en/tags/tag/", "/en/feed.xml", "/en/search/?q=body")
        pages_of_site = ("/fr/", "/fr/articles/nouvelle/")
        one, other = self.servers
        author = Author()
        self.assertEqual(author.log_in(one, other).status, 302)
        for number, (first, second) in enumerate(((one, other), (other, one))):
            # Kept by both, and asked for by nobody in the moment of the edit.
            for server in self.servers:
                self.texts(server, *paths, *pages_of_site)
            title, name = f"Other words {number}", f"Un autre nom {number}"
            form = f"/admin/articles/article/{self.article.pk}/change/"
            answer = author.save(second, first, form, "article_form", title_en=title)
            self.assertEqual(answer.status, 302, answer.text[:3000])
            site = f"/admin/blog/site/{Site.current().pk}/change/"
            self.assertEqual(author.save(second, first, site, "site_form", name_fr=name).status, 302)
            time.sleep(1)
            for path, text in zip(paths, self.texts(second, *paths), strict=True):
                self.assertIn(title, text, path)
            for path, text in zip(pages_of_site, self.texts(second, *pages_of_site), strict=True):
                self.assertIn(name, text, path)
        answer = author.save(one, other, form, "article_form", _unpublish_en="1")
        time.sleep(1)
        self.assertEqual([server.get("/en/articles/news/").status for server in self.servers], [404, 404])

    def test_images_are_shown_by_both_and_pictures_for_networks_drawn_by_each(self):
        one, author = self.servers[0], Author()
        author.log_in(one, one)
        token = fields_of(author.ask(one, "/admin/articles/image/add/").text, "image_form")["csrfmiddlewaretoken"][0]
        files = [("file", "a.png", saved(gradient(300, 200), "PNG"))]
        answer = author.ask(one, "/admin/articles/image/upload/", {"csrfmiddlewaretoken": token}, files)
        self.assertEqual(answer.status, 200, answer.text[:2000])
        names = [path.name for path in self.images.iterdir() if path.is_file() and not path.name.startswith(".")]
        self.assertTrue(names)
        for name in names:
            self.assertEqual([server.get(f"/media/{name}").status for server in self.servers], [200, 200], name)
        page = self.texts(one, "/en/articles/news/")[0]
        picture = re.search(r"/social/[^\"]+\.png", page)[0]
        drawn = [server.get(picture).content for server in self.servers]
        self.assertEqual(drawn[0], drawn[1])
        self.assertTrue(all((folder / "var" / "social").is_dir() for folder in self.folders))

    def test_who_asks_or_fails_too_often_is_counted_on_both_together(self):
        one, other = self.servers
        visitor = Author("192.0.2.9")
        statuses = [visitor.ask(self.servers[n % 2], "/en/search/?q=a").status for n in range(SEARCH.number + 4)]
        self.assertEqual(statuses, [200] * SEARCH.number + [429] * 4)
        guesser = Author("192.0.2.10")
        for server in (one, other, one, other, one):
            guesser.log_in(server, server, "guessed")
        for server in self.servers:
            self.assertIn("too many", guesser.log_in(server, server).text.lower())
        # Somebody else, with the same name, from elsewhere.
        author = Author("192.0.2.11")
        self.assertEqual(author.log_in(other, one).status, 302)
        self.assertEqual([author.ask(server, "/admin/").status for server in self.servers], [200, 200])
        token = fields_of(author.ask(other, "/admin/").text, "logout-form")["csrfmiddlewaretoken"]
        author.ask(other, "/admin/logout/", {"csrfmiddlewaretoken": token})
        self.assertEqual(author.ask(one, "/admin/").status, 302)

    def test_machines_that_start_at_once_set_one_database_up_one_after_the_other(self):
        entered, order = threading.Event(), []

        def other_machine() -> None:
            entered.set()
            with set_up.one_at_a_time():
                order.append("other")
            connection.close()

        # Each has a folder of its own, which stops nobody else.
        with mock.patch.object(set_up, "_folder_held", nullcontext):
            with set_up.one_at_a_time():
                thread = threading.Thread(target=other_machine)
                thread.start()
                entered.wait(10)
                time.sleep(0.3)
                order.append("one")
            thread.join(10)
        self.assertEqual(order, ["one", "other"])


class WindowTests(SimpleTestCase):
    def test_a_machine_asks_often_enough_to_show_within_a_second_what_another_one_saved(self):
        self.assertLessEqual(KnownVersion.WINDOW, 0.5)
