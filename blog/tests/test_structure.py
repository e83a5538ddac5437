import ast
import platform
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from importlib import import_module
from shutil import rmtree
from unittest import mock

import django
import polib
from django.conf import settings
from django.test import SimpleTestCase, TestCase
from django.utils.translation import override

from blog.structure import applications, content, files, folders
from blog.structure.changes import CHANGES
from blog.structure.request_path import steps
from blog.structure.tree import CONVENTIONS, FILES, FOLDERS
from blog.templatetags.sentences import translated

from .checkout import files_under_version_control, fresh_checkout

ROOT = settings.BASE_DIR


def all_places():
    for place in folders() + files():
        yield place
        yield from place.places


def sentences():
    """Return every sentence of the code that the page shows, in English."""
    told = {place.sentence for place in all_places()}
    for application in applications():
        told |= {part.sentence for part in [*application.models, *application.commands, *application.tags]}
        told |= {sentence for _, sentence in application.tests.read_out}
    return told


def text_nodes(page):
    """Return the texts of several words that are no code."""
    prose = re.sub(r"<(code|pre)\b.*?</\1>", "\0", page, flags=re.S)
    texts = (" ".join(unescape(text).split()) for text in re.split(r"<[^>]*>|\0", prose))
    return {text for text in texts if re.search(r"[^\W\d]+ +[^\W\d]+", text)}


class TurnTests(SimpleTestCase):
    def test_the_languages_are_put_together_one_after_the_other(self):
        at_once, most = [], []

        def render(*args) -> str:
            at_once.append(1)
            most.append(len(at_once))
            time.sleep(0.05)
            at_once.pop()
            return ""

        with mock.patch("blog.structure.render_to_string", render), ThreadPoolExecutor(4) as pool:
            list(pool.map(content.__wrapped__, ["en", "fr"] * 2))
        self.assertEqual(max(most), 1)


class TreeTests(SimpleTestCase):
    def test_it_shows_every_top_level_place_and_no_other(self):
        paths = {path for path in files_under_version_control() if not path.startswith(".")}
        top = {path.partition("/")[0] for path in paths if "/" in path}
        self.assertEqual(set(FOLDERS), top)
        self.assertEqual(set(FILES), {path for path in paths if "/" not in path})

    def test_it_shows_every_module_of_the_applications(self):
        shown = {place.path for place in all_places()}
        for path in files_under_version_control():
            if re.fullmatch(r"(articles|blog|config)/(?!__)\w+\.py", path):
                self.assertIn(path, shown)

    def test_every_place_has_a_sentence(self):
        for place in all_places():
            self.assertTrue(place.sentence, place.path)

    def test_the_names_that_django_gives_recur(self):
        recurring = [{place.name for place in folder.places if place.is_convention} for folder in folders()]
        self.assertLessEqual({"urls.py", "tests/"}, set.intersection(*filter(None, recurring)))
        self.assertNotIn("slugs", CONVENTIONS)

    def test_it_stands_without_tests_and_measurements(self):
        with fresh_checkout() as folder:
            for path in [folder / "bench", *folder.glob("*/tests")]:
                rmtree(path)
            program = "import django; django.setup(); from blog.structure import content; print(content('en'))"
            page = subprocess.run(
                [sys.executable, "-c", program],
                cwd=folder,
                env={"DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "x" * 25},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        self.assertIn("settings.py", page)
        self.assertNotIn("bench/", page)
        self.assertNotIn("tests/", page)


class SentenceTests(SimpleTestCase):
    def test_every_sentence_is_translated_and_no_translation_is_left_over(self):
        for code, _ in settings.LANGUAGES:
            if code == settings.LANGUAGE_CODE:
                continue
            catalogue = polib.pofile(str(ROOT / "locale" / code / "LC_MESSAGES" / "structure.po"))
            self.assertEqual({entry.msgid for entry in catalogue}, sentences())
            self.assertEqual(catalogue.untranslated_entries() + catalogue.fuzzy_entries(), [])

    def test_what_stands_between_backticks_is_code_and_all_else_is_escaped(self):
        with override("en"):
            self.assertEqual(translated("A `b` isn't <c>."), "A <code>b</code> isn’t &lt;c&gt;.")
            self.assertEqual(translated(""), "")


class StructurePageTests(TestCase):
    def test_no_words_are_left_in_another_language(self):
        self.assertEqual(text_nodes(content("en")) & text_nodes(content("fr")), set())

    def test_it_tells_no_secret_and_no_version(self):
        secrets = [str(ROOT), settings.SECRET_KEY, "var/", ".venv", "site-packages", "db.sqlite3"]
        secrets += [django.get_version(), platform.python_version(), str(settings.DATABASES["default"]["NAME"])]
        for language in ("en", "fr"):
            page = self.client.get(f"/{language}/structure/").content.decode()
            for secret in secrets:
                self.assertNotIn(secret, page)
            self.assertIn("settings.py", page)

    def test_it_asks_nothing_of_the_database_and_is_put_together_once(self):
        with self.assertNumQueries(0):
            self.assertIs(content("fr"), content("fr"))

    def test_every_link_within_the_page_has_its_target(self):
        page = content("en")
        ids = re.findall(r' id="([^"]+)"', page)
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual({name for name in ids if not name.startswith("page_")}, set())
        self.assertLessEqual(set(re.findall(r'href="#([^"]+)"', page)), set(ids))


class ChangeTests(SimpleTestCase):
    def test_ten_changes_lead_to_what_is_there(self):
        self.assertEqual(len(CHANGES), 10)
        for change in CHANGES:
            for target in change.targets:
                with self.subTest(str(change.what), target=target):
                    self.assertTrue(target.paths())
                    if target.name:
                        self.assertIn(target.name, _names_in(ROOT / target.path))

    def test_a_name_that_is_not_there_is_not_found(self):
        names = _names_in(ROOT / "articles" / "querysets.py")
        self.assertIn("ArticleQuerySet.published", names)
        self.assertNotIn("ArticleQuerySet.public", names)


class RequestPathTests(SimpleTestCase):
    def test_every_line_shown_stands_in_its_file(self):
        for step in steps():
            text = (ROOT / step.place).read_text()
            shown = unescape(re.sub("<[^>]*>", "", step.html))
            self.assertTrue(shown.strip())
            for line in shown.splitlines():
                # Of an include only the name is shown, without what is handed over.
                self.assertIn(line.strip().removesuffix(" %}"), text)

    def test_it_leads_from_the_store_through_the_configuration_to_the_template(self):
        places = [step.place for step in steps()]
        self.assertEqual(places[:3], ["blog/page_store.py", "config/urls.py", "articles/urls.py"])
        self.assertEqual(places[-1], "articles/templates/articles/article_detail.html")
        code = [unescape(re.sub("<[^>]*>", "", step.html)) for step in steps()]
        self.assertIn("def kept", code[0])
        self.assertIn("class ArticleDetailView", code[3])
        self.assertIn("def published", code[4])
        self.assertTrue(hasattr(import_module("articles.querysets").ArticleQuerySet, "published"))


class DocsTests(SimpleTestCase):
    def test_their_tree_is_the_real_one(self):
        block = re.search(r"## The tree.*?```\n(.*?)```", (ROOT / "docs" / "contribute.md").read_text(), re.S)[1]
        told, folder = set(), ""
        for line in block.splitlines():
            name = line.split()[0]
            if not line.startswith(" "):
                folder = name if name.endswith("/") else ""
                told.add(name)
            else:
                told.add(folder + name)
        real = set()
        for path in files_under_version_control():
            parts = path.split("/")
            real.add(parts[0] + ("/" if len(parts) > 1 else ""))
            if len(parts) > 1 and not parts[0].startswith("."):
                real.add(f"{parts[0]}/{parts[1]}" + ("/" if len(parts) > 2 else ""))
        hidden = {name for name in real if name.startswith(".") or name.endswith("__init__.py")}
        self.assertEqual(told - hidden, real - hidden)


def _names_in(path):
    """Return the names that a file defines, dotted as in ArticleQuerySet.published."""
    return set(_names(ast.parse(path.read_text())))


def _names(tree, prefix=""):
    for node in tree.body:
        match node:
            case ast.ClassDef():
                yield prefix + node.name
                yield from _names(node, f"{prefix}{node.name}.")
            case ast.FunctionDef(name) | ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
                yield prefix + name
