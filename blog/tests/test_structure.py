import re

import polib
from django.conf import settings
from django.test import SimpleTestCase
from django.utils.translation import override

from blog import structure

from .checkout import files_under_version_control

ROOT = settings.BASE_DIR


def all_places(places):
    for place in places:
        yield place
        yield from all_places(place.places)


class StructureTests(SimpleTestCase):
    def test_it_shows_every_top_level_place_and_no_other(self):
        paths = {path for path in files_under_version_control() if not path.startswith(".")}
        folders = {path.partition("/")[0] for path in paths if "/" in path}
        self.assertEqual(set(structure.FOLDERS), folders)
        self.assertEqual(set(structure.FILES), {path for path in paths if "/" not in path})

    def test_it_shows_every_module_of_the_applications(self):
        shown = {place.path for place in all_places(structure.folders())}
        for path in files_under_version_control():
            if re.fullmatch(r"(articles|blog|config)/(?!__)\w+\.py", path):
                self.assertIn(path, shown)

    def test_every_place_has_one_sentence_in_every_language(self):
        for language, _ in settings.LANGUAGES:
            with override(language):
                for place in all_places(structure.folders() + structure.files()):
                    self.assertTrue(place.sentence, place.path)

    def test_every_sentence_is_translated_and_no_translation_is_left_over(self):
        for code, _ in settings.LANGUAGES:
            if code == "en":
                continue
            catalogue = polib.pofile(str(ROOT / "locale" / code / "LC_MESSAGES" / "structure.po"))
            self.assertEqual({entry.msgid for entry in catalogue}, structure.sentences())
            self.assertEqual(catalogue.untranslated_entries() + catalogue.fuzzy_entries(), [])

    def test_the_page_tells_no_secret(self):
        for language in ("en", "fr"):
            page = self.client.get(f"/{language}/structure/").content.decode()
            for secret in (str(ROOT), settings.SECRET_KEY, "var/", ".venv", "db.sqlite3"):
                self.assertNotIn(secret, page)
            self.assertIn("settings.py", page)


class ReadmeTests(SimpleTestCase):
    def test_its_tree_is_the_real_one(self):
        block = re.search(r"## The tree.*?```\n(.*?)```", (ROOT / "README.md").read_text(), re.S)[1]
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

    def test_its_table_of_variables_is_that_of_the_settings(self):
        readme = (ROOT / "README.md").read_text()
        told = set(re.findall(r"^\| `([A-Z_]+)`", readme, re.M))
        code = (ROOT / "config" / "settings.py").read_text()
        self.assertEqual(told, set(re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', code)))
        for name in told:
            self.assertTrue(hasattr(settings, name) or name in {"DATABASE_URL", "SITE_URL"}, name)
