"""The parts of the structure page against counts and names found in other ways."""

import ast
import re
import tomllib
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.template.loader import get_template
from django.test import SimpleTestCase
from django.urls import get_resolver, resolve
from django.utils.translation import override

from blog.structure import applications, content
from blog.structure.addresses import addresses
from blog.structure.applications import TESTS_READ_OUT
from blog.structure.borders import PURE, borders
from blog.structure.fields import KINDS
from blog.structure.source import PACKAGES, first_sentence, imports_of, modules, place_of, sentence_of

ROOT = settings.BASE_DIR
CODES = [code for code, _ in settings.LANGUAGES]


def texts(package, pattern="*.py"):
    return {path: path.read_text() for path in (ROOT / package).rglob(pattern)}


class ModelTests(SimpleTestCase):
    def test_every_model_and_every_field_is_shown_and_translated_ones_once(self):
        shown = {model.name: model for application in applications() for model in application.models}
        packages = ("blog", "articles", "accounts")
        models = [model for package in packages for model in apps.get_app_config(package).get_models()]
        self.assertEqual(set(shown), {model.__name__ for model in models})
        for model in models:
            names = {field.name for field in [*model._meta.fields, *model._meta.many_to_many]} - {"id"}
            translated = {name for name in names if all(f"{name}_{code}" in names for code in CODES)}
            columns = {f"{name}_{code}" for name in translated for code in CODES}
            fields = shown[model.__name__].fields
            with self.subTest(model.__name__):
                self.assertEqual({field.name for field in fields}, names - columns)
                self.assertEqual({field.name for field in fields if field.is_translated}, translated)
                self.assertTrue(shown[model.__name__].sentence)

    def test_every_kind_of_field_has_words_of_its_own_in_every_language(self):
        for code in CODES:
            with override(code):
                self.assertEqual(len({str(kind) for kind in KINDS.values()}), len(KINDS))

    def test_a_relation_names_its_model(self):
        article = next(model for model in applications()[1].models if model.name == "Article")
        targets = {field.name: (field.target, field.target_id) for field in article.fields if field.target}
        self.assertEqual(targets["authors"], ("Author", "page_model_author"))


class AddressTests(SimpleTestCase):
    def test_every_name_of_an_address_is_shown(self):
        root = get_resolver()
        names = {name for name in root.reverse_dict if isinstance(name, str)}
        for namespace, (_, resolver) in root.namespace_dict.items():
            if namespace != "admin":
                names |= {f"{namespace}:{name}" for name in resolver.reverse_dict if isinstance(name, str)}
        self.assertEqual({address.name for address in addresses()} - {"", "admin:index"}, names)
        shown = {address.name for application in applications() for address in application.addresses}
        self.assertEqual(shown, {address.name for address in addresses()})

    def test_every_path_leads_to_the_view_beside_it(self):
        examples = {"year": "2026", "month": "05", "number": "1"}
        for address in addresses():
            for code, path in address.paths:
                if not path.endswith("…"):
                    with self.subTest(path), override(code or CODES[0]):
                        there = re.sub(r"<(\w+)>", lambda match: examples.get(match[1], "x"), path)
                        self.assertIs(resolve(there).func, address.callback)

    def test_every_path_below_a_language_is_shown_in_each(self):
        for address in addresses():
            codes = [code for code, _ in address.paths]
            self.assertIn(codes, ([""], CODES))

    def test_every_view_and_every_template_is_there(self):
        for address in addresses():
            if address.view and address.callback:
                with self.subTest(address.name):
                    module = address.place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                    self.assertTrue(hasattr(import_module(module), address.view))
                    self.assertFalse(address.template and not get_template(address.template))
        self.assertIn("articles/article_detail.html", {address.template for address in addresses()})

    def test_a_place_outside_the_project_is_named_as_a_module(self):
        self.assertEqual(place_of("django.views.i18n"), "django.views.i18n")
        self.assertEqual(place_of("articles.models"), "articles/models/__init__.py")


class PartTests(SimpleTestCase):
    def test_every_form_of_the_admin_is_shown(self):
        own = {type(form) for form in admin.site._registry.values()}
        own = {form.__name__ for form in own if form.__module__.partition(".")[0] in PACKAGES}
        self.assertEqual({part.name for application in applications() for part in application.admin}, own)

    def test_every_command_is_shown_with_its_help(self):
        for application in applications():
            files = (ROOT / application.name).glob("management/commands/[!_]*.py")
            self.assertEqual({part.name for part in application.commands}, {path.stem for path in files})
            self.assertTrue(all(part.sentence for part in application.commands))

    def test_every_template_and_every_module_of_tags_is_shown(self):
        for application in applications():
            templates = {
                path.relative_to(ROOT / application.name / "templates").as_posix()
                for path in texts(f"{application.name}/templates", "*.*")
            }
            self.assertEqual(set(application.templates), templates)
            tags = {path.stem for path in (ROOT / application.name).glob("templatetags/[!_]*.py")}
            self.assertEqual({part.name for part in application.tags}, tags)
            self.assertTrue(all(part.sentence and part.gives for part in application.tags))

    def test_tests_are_counted_right(self):
        for application in applications():
            there = [text for path, text in texts(f"{application.name}/tests", "test_*.py").items()]
            self.assertEqual(application.tests.modules, len(there))
            count = sum(len(re.findall(r"^    def test_", text, re.M)) for text in there)
            self.assertEqual(application.tests.methods, count)

    def test_the_tests_that_are_read_out_exist(self):
        for application in applications():
            read_out = [name for name, _ in application.tests.read_out]
            self.assertEqual(read_out, TESTS_READ_OUT[application.name])
        self.assertIn("A laptop needs no variable at all.", content("en"))


class BorderTests(SimpleTestCase):
    def test_imports_are_counted_right_and_none_leads_back(self):
        for importer in PACKAGES:
            own = [text for path, text in texts(importer).items() if "tests" not in path.relative_to(ROOT).parts]
            for imported in PACKAGES:
                if importer != imported:
                    lines = [re.findall(rf"^\s*(?:from|import) {imported}[. ]", text, re.M) for text in own]
                    number = sum(map(len, lines))
                    with self.subTest(importer, imported=imported):
                        self.assertEqual(borders().pairs[f"{importer}_{imported}"], number)
                        self.assertEqual(number > 0, PACKAGES.index(importer) < PACKAGES.index(imported))

    def test_the_markdown_pipeline_and_the_images_reach_no_database_and_no_request(self):
        self.assertEqual(borders().from_pure, 0)
        self.assertGreater(borders().into_pure, 0)

    def test_they_are_the_borders_that_the_linter_keeps(self):
        layers, pure = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
        self.assertEqual(tuple(layers["layers"]), PACKAGES)
        self.assertEqual(set(pure["source_modules"]), set(PURE))

    def test_the_drawing_says_what_the_table_says(self):
        drawing = content("en").partition("<svg")[2].partition("</svg>")[0]
        self.assertRegex(drawing, "<title [^>]*>[^<]{20,}</title>\\s*<desc [^>]*>[^<]{20,}</desc>")
        for pair in ("config_blog", "config_articles", "blog_articles", "articles_accounts"):
            self.assertRegex(drawing, rf">{borders().pairs[pair]} imports?<")
        self.assertEqual(drawing.count("none back"), 4)

    def test_what_is_read_of_a_file_is_what_a_parser_finds_there(self):
        for path in (path for package in PACKAGES for path in modules(package).values()):
            tree = ast.parse(path.read_text())
            statements = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
            with self.subTest(path):
                self.assertEqual(len(imports_of(path)), len(statements))
                self.assertEqual(sentence_of(path), first_sentence(ast.get_docstring(tree)))

    def test_relative_imports_are_read_as_what_they_name(self):
        self.assertIn(("articles.models.slugged", "articles.models.slugged.Slugged"), _imports("models/author.py"))
        names = ("articles.languages", "articles.misses")
        self.assertIn(("articles", *names), _imports("views.py"))


def _imports(path):
    return imports_of(ROOT / "articles" / path)
