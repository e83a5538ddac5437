"""docs/languages.md, followed step by step in a copy of the site: it speaks German afterwards, on every page."""

import ast
import http.cookiejar
import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from unittest import TestCase

import polib
from django.test import tag

from articles.tests.forms import forms_on
from blog.tests.checkout import fresh_checkout
from blog.tests.ports import free_port

from .german.rules import ENTRIES
from .pages import ROOT, Page

PAGE = Page(ROOT / "docs" / "languages.md")
KIT = Path(__file__).resolve().parent / "german"
ARTICLE = Path("articles/content/python-flask-vs-django")
TYPOGRAPHY = Path("articles/markdown/typography")
ADDRESS = "/de/artikel/grosser-heisst-nicht-schoner-flask-django/"
PASSWORD = "only for this test"

COMMANDS = [
    "./run manage makemigrations --name german articles blog",
    "./run manage makemessages -l de --no-location --no-wrap\n"
    "msgfilter -i locale/fr/LC_MESSAGES/structure.po -o locale/de/LC_MESSAGES/structure.po sed d",
    "./run manage set_up",
    "./run manage import_articles articles/content",
]
# Of the last section but one, where the page names them in a sentence.
AGAIN = ["./run manage render_articles", "./run manage rebuild_search"]

# What is asked for before German has any rules of its own.
WITHOUT_RULES = f"""
from django.test import Client
for path in ("", "archiv/", "{ADDRESS[4:]}", "suche/?q=flask", "aufbau/", "satz/", "feed.xml", "feed.json"):
    print("/de/" + path, Client(headers={{"host": "127.0.0.1"}}).get("/de/" + path).status_code)
"""


def tables() -> list[tuple[str, str]]:
    """Return the file and the name of each table of per-language rules that the page lists."""
    return re.findall(r"^\| `([\w/.]+)` \| `([A-Z_]+)` \|", PAGE.text, re.M)


def assigned(path: Path, name: str) -> tuple[str, ast.expr]:
    text = path.read_text()
    values = [
        node.value
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [name]
    ]
    return text, values[0]


def replaced(path: Path, name: str, change) -> None:
    """Put what `change` makes of the source of an assigned value in its place."""
    text, value = assigned(path, name)
    source = ast.get_source_segment(text, value)
    path.write_text(text.replace(source, change(source), 1))


class Reader:
    """Who asks the server that runs, and keeps its cookies."""

    def __init__(self, address: str, **headers: str) -> None:
        self.address = address
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        self.opener.addheaders = list(headers.items())

    def ask(self, path: str, data: dict | None = None) -> tuple[int, str, str]:
        """Return the status, the page and where it is in the end."""
        body = data and urllib.parse.urlencode(data, doseq=True).encode()
        try:
            with self.opener.open(self.address + path, body, timeout=60) as answer:
                return answer.status, answer.read().decode(), answer.url.removeprefix(self.address)
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), path

    def send(self, path: str, field: str, **values: str) -> tuple[int, str, str]:
        """Fill in the form of a page that has a field, and press the first button, or the one among the values."""
        page = self.ask(path)[1]
        form = next(form for form in forms_on(page, path) if field in form.names)
        return self.ask(form.action, dict(form.fields) | values)


@tag("checkout")
class ThirdLanguageTests(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = cls.enterClassContext(fresh_checkout())
        cls.addClassCleanup(lambda: cls.stop())
        cls.server = None
        (cls.folder.parent / "password").write_text(PASSWORD)
        cls.environment = {"PATH": os.environ["PATH"], "HOME": str(cls.folder.parent), "LANG": "C.UTF-8"}
        cls.environment |= {"AUTHOR_PASSWORD_FILE": str(cls.folder.parent / "password"), "WEB_CONCURRENCY": "1"}
        cls.follow("./run manage set_up")
        cls.add_german()
        cls.serve()

    @classmethod
    def follow(cls, command: str) -> str:
        ran = subprocess.run(
            ["sh", "-eu", "-c", command], cwd=cls.folder, env=cls.environment, capture_output=True, text=True
        )
        if ran.returncode:
            raise AssertionError(f"{command}\n{ran.stdout[-2000:]}\n{ran.stderr[-4000:]}")
        return ran.stdout

    @classmethod
    def add_german(cls) -> None:
        for line in re.search("```python\n(.*?)```", PAGE.text, re.S)[1].splitlines():
            name, _, value = line.partition(" = ")
            replaced(cls.folder / "config" / "settings.py", name, lambda _, value=value: value)
        columns, words, start, article = COMMANDS
        cls.follow(columns)
        cls.follow(words)
        cls.translate("django")
        cls.translate("structure")
        cls.started = cls.follow(start)
        shutil.copy(KIT / "index.de.md", cls.folder / ARTICLE)
        names = cls.folder / "articles" / "content" / "tags.yaml"
        names.write_text(names.read_text().replace("{en: Django,", "{de: Django auf Deutsch, en: Django,"))
        cls.imported = cls.follow(article)
        (cls.folder / "ask.py").write_text(WITHOUT_RULES)
        cls.without_rules = cls.follow("./run manage shell <ask.py")
        cls.add_rules()
        for command in AGAIN:
            cls.follow(command)

    @classmethod
    def translate(cls, domain: str) -> None:
        """Fill in the words that the German of this test has."""
        path = cls.folder / "locale" / "de" / "LC_MESSAGES" / f"{domain}.po"
        catalogue = polib.pofile(str(path), wrapwidth=0)
        for entry in polib.pofile(str(KIT / f"{domain}.po")):
            found = catalogue.find(entry.msgid, msgctxt=entry.msgctxt)
            found.msgstr, found.msgstr_plural = entry.msgstr, entry.msgstr_plural
        catalogue.save()

    @classmethod
    def add_rules(cls) -> None:
        for path, name in tables():
            if entry := ENTRIES.get(name):
                replaced(
                    cls.folder / path,
                    name,
                    lambda table, entry=entry: f'{table.removesuffix("}").rstrip().rstrip(",")}, "de": {entry}}}',
                )
        typography = cls.folder / TYPOGRAPHY
        shutil.copy(KIT / "typography.py", typography / "german.py")
        package = typography / "__init__.py"
        package.write_text(package.read_text().replace("from .markup", "from .german import GERMAN\nfrom .markup"))

    @classmethod
    def serve(cls) -> None:
        port = free_port()
        cls.address = f"http://127.0.0.1:{port}"
        cls.log = cls.folder.parent / "log"
        with cls.log.open("w") as log:
            cls.server = subprocess.Popen(
                ["./run"], cwd=cls.folder, env=cls.environment | {"PORT": str(port)}, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 120
        while "Serving" not in cls.log.read_text():
            if cls.server.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(cls.log.read_text())
            time.sleep(0.1)

    @classmethod
    def stop(cls) -> None:
        if cls.server:
            cls.server.terminate()
            cls.server.wait(timeout=30)

    def setUp(self):
        self.reader = Reader(self.address, **{"Accept-Language": "de-AT, fr;q=0.5"})

    def page(self, path: str, status: int = 200) -> str:
        found, page, _ = self.reader.ask(path)
        self.assertEqual(found, status, self.log.read_text()[-3000:])
        return page

    def author(self) -> Reader:
        author = Reader(self.address, **{"Accept-Language": "de"})
        author.send("/admin/login/", "password", username="author", password=PASSWORD)
        return author

    def test_a_language_without_rules_of_its_own_has_every_page(self):
        self.assertIn("Site: named in Deutsch", self.started)
        self.assertIn("Authors: new addresses for 1.", self.started)
        self.assertIn("Created 1, updated 0, unchanged 4, kept 0, conflicts 0", self.imported)
        statuses = dict(line.split() for line in self.without_rules.splitlines() if line.startswith("/de/"))
        self.assertEqual(len(statuses), 8)
        self.assertEqual(set(statuses.values()), {"200"}, statuses)

    def test_its_home_page_is_that_of_who_reads_it_and_its_words_are_of_its_catalogue(self):
        page = self.page("/")
        for text in (
            '<html lang="de">',
            "Ein dreisprachiges Blog.",
            "Größer heißt nicht schöner: Flask &amp; Django",
            '<a href="/de/archiv/">Archiv</a>',
            '<a href="/fr/" lang="fr" hreflang="fr">Français</a>',
            f'<link rel="alternate" hreflang="de" href="{self.address}/de/">',
            f'<link rel="alternate" hreflang="x-default" href="{self.address}/">',
            'og:locale" content="de_DE"',
        ):
            self.assertIn(text, page)
        self.assertIn('<a href="/de/" lang="de" hreflang="de">Deutsch</a>', self.page("/fr/"))

    def test_its_article_is_set_by_its_rules_and_linked_with_both_others(self):
        page = self.page(ADDRESS)
        for text in (
            "„klein“, das andere ‚groß‘\xa0– beide bauen Häuser aus Python, z.\u202fB. in 10\xa0min.",
            '<h2 id="ueber-das-mass">Über das Maß',
            "<caption>Zwei Werkzeuge</caption>",
            "<kbd>Strg</kbd>",
            "20. November 2026",
            "Lesezeit ~1 Minute",
            "hinter ihrem Original auf Englisch",
            '"inLanguage":"de"',
            'lang="en" hreflang="en">Also available in English</a>',
            'lang="fr" hreflang="fr">Existe aussi en français</a>',
            *(f'hreflang="{code}" href="{self.address}/{code}/' for code in ("en", "fr", "de")),
        ):
            self.assertIn(text, page)
        for path in ("/en/articles/python-flask-vs-django/", "/fr/articles/python-flask-vs-django/"):
            self.assertIn(f'<a href="{ADDRESS}" lang="de" hreflang="de">Auch auf Deutsch</a>', self.page(path))
        # By the slug of another language.
        self.assertEqual(self.reader.ask("/de/articles/python-flask-vs-django/")[::2], (200, ADDRESS))

    def test_what_leads_to_its_articles_is_there(self):
        for path in (
            "/de/archiv/2026/11/",
            "/de/schlagwoerter/django-auf-deutsch/",
            "/de/autoren/recto-verso/",
            "/de/feed.xml",
            "/de/feed.json",
            "/de/schlagwoerter/django-auf-deutsch/feed.xml",
            # The stem of a word, and a letter that is typed otherwise.
            "/de/suche/?q=haus",
            "/de/suche/?q=grosse",
        ):
            with self.subTest(path):
                self.assertIn(ADDRESS, self.page(path))
        archive = self.page("/de/archiv/")
        for path in ("/de/archiv/2026/", "/de/schlagwoerter/django-auf-deutsch/", "/de/autoren/recto-verso/"):
            self.assertIn(f'href="{path}"', archive)
        self.assertIn('xml:lang="de"', self.page("/de/feed.xml"))
        self.assertEqual(json.loads(self.page("/de/feed.json"))["language"], "de")
        self.assertIn("Disallow: /de/suche/?", self.page("/robots.txt"))
        entry = re.search(f"<url><loc>{self.address}{ADDRESS}</loc>.*?</url>", self.page("/sitemap.xml"))[0]
        self.assertEqual(re.findall('hreflang="(.*?)"', entry), ["en", "fr", "de", "x-default"])

    def test_it_says_what_it_does_not_have(self):
        self.assertIn("<h1>Seite nicht gefunden</h1>", self.page("/de/nichts/", 404))
        missing = self.page("/de/artikel/limiter-debit-api-traefik-docker-go-cache/", 404)
        self.assertIn("Es gibt ihn nur auf Englisch, Französisch:", missing)
        style = self.page("/de/satz/")
        self.assertIn("Diese Seite gibt es noch nicht auf Deutsch", style)
        self.assertIn('<article class="article" lang="en">', style)
        self.assertNotIn("language-line", self.page("/fr/style/"))
        self.assertIn("Jede Einstellung des Projekts.", self.page("/de/aufbau/"))

    def test_an_author_writes_it_beside_the_others_and_it_may_be_the_original(self):
        author = self.author()
        page = author.ask("/admin/articles/article/add/")[1]
        self.assertEqual(re.findall("language text-(..)", page), ["en", "fr", "de"])
        words = {"title_de": "Über Maß & Ziel", "summary_de": "Was zählt.", "body_de": "Ein Maß, das alle kennen."}
        _, page, form = author.send("/admin/articles/article/add/", "title_de", **words, _continue="1")
        self.assertIn('<option value="de" selected>', page)
        author.send(form, "title_de", _publish_now_de="1")
        self.assertIn('<h1 class="p-name">Über Maß &amp; Ziel</h1>', self.page("/de/artikel/ueber-mass-und-ziel/"))
        translation = {"title_en": "Measure", "summary_en": "What counts.", "body_en": "A measure that all know."}
        translation["answers_en"] = "on"
        author.send(form, "title_de", **translation, _publish_now_en="1")
        self.assertNotIn("behind", self.state(author, form, "en"))
        author.send(form, "title_de", body_de="Ein anderes Maß, das keiner kennt.", _save="1")
        self.assertIn("1 passage behind", self.state(author, form, "en"))
        author.send("/admin/articles/tag/1/change/", "name_de", name_de="Größe & Öl", _save="1")
        self.assertIn('value="groesse-und-oel"', author.ask("/admin/articles/tag/1/change/")[1])
        about = {"title_de": "Über uns", "body_de": "Wir sind's.", "is_live_de": "on"}
        author.send("/admin/blog/page/add/", "title_de", **about, _save="1")
        self.assertIn("<p>Wir sind’s.</p>", self.page("/de/seiten/ueber-uns/"))

    def state(self, author: Reader, form: str, language: str) -> str:
        """Return what the list of articles says of a language of the article that has this form."""
        rows = author.ask("/admin/articles/article/")[1].split("<tr>")
        row = next(row for row in rows if form in row)
        return re.search(rf'<td class="field-state_{language}[^"]*">(.*?)</td>', row, re.S)[1]

    def test_it_is_exported_as_it_came(self):
        self.follow("./run manage export_articles ../exported")
        exported = self.folder.parent / "exported" / ARTICLE.name / "index.de.md"
        bodies = [path.read_text().partition("\n---\n")[2] for path in (exported, KIT / "index.de.md")]
        self.assertEqual(*bodies)


class NamesTests(TestCase):
    def test_the_page_holds_the_commands_that_the_test_runs_and_every_table_exists(self):
        self.assertEqual([block.commands for block in PAGE.blocks], COMMANDS)
        for command in AGAIN:
            self.assertIn(f"`{command}`", PAGE.text)
        for path, name in tables():
            self.assertIsInstance(assigned(ROOT / path, name)[1], ast.Dict, name)
        self.assertLessEqual(ENTRIES.keys(), {name for _, name in tables()})

    def test_nothing_but_the_settings_and_the_tables_of_the_page_names_a_language(self):
        named = {
            path.relative_to(ROOT).as_posix()
            for folder in ("accounts", "articles", "blog", "config")
            for path in (ROOT / folder).rglob("*.py")
            if not {"tests", "migrations", "importers"} & set(path.relative_to(ROOT).parts) and names_language(path)
        }
        # These two have an answer for machines, in English on every site.
        allowed = {path for path, _ in tables()} | {"config/settings.py", "blog/views.py", "blog/readiness.py"}
        self.assertEqual(named - allowed, set())


def names_language(path: Path) -> bool:
    tree = ast.walk(ast.parse(path.read_text()))
    return any(isinstance(node, ast.Constant) and node.value in ("en", "fr") for node in tree)
