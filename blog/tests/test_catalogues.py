import re
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

import polib
from django.conf import settings
from django.core.management import call_command
from django.test import SimpleTestCase, override_settings

from .checkout import fresh_checkout

LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]


class CatalogueTests(SimpleTestCase):
    def test_every_catalogue_is_complete(self):
        for path in settings.BASE_DIR.glob("locale/*/LC_MESSAGES/*.po"):
            catalogue = polib.pofile(str(path))
            self.assertEqual(catalogue.untranslated_entries() + catalogue.fuzzy_entries(), [], path)
            self.assertEqual(catalogue.obsolete_entries(), [], path)

    def test_every_word_of_the_code_is_in_the_catalogue_and_no_other(self):
        with fresh_checkout() as folder:
            options = ["--no-obsolete", "--no-location", "--no-wrap", "-v0"]
            arguments = [option for code in LANGUAGES for option in ("-l", code)]
            subprocess.run(
                [sys.executable, "manage.py", "makemessages", *options, *arguments],
                cwd=folder,
                check=True,
                capture_output=True,
            )
            for code in LANGUAGES:
                name = f"locale/{code}/LC_MESSAGES/django.po"
                extracted = polib.pofile(str(folder / name))
                committed = polib.pofile(str(settings.BASE_DIR / name))
                self.assertEqual(
                    {(entry.msgctxt, entry.msgid) for entry in extracted},
                    {(entry.msgctxt, entry.msgid) for entry in committed},
                )
                self.assertEqual(extracted.fuzzy_entries(), [])

    def test_placeholders_survive_translation(self):
        for path in settings.BASE_DIR.glob("locale/*/LC_MESSAGES/django.po"):
            result = subprocess.run(
                ["msgfmt", "--check-format", "-o", "/dev/null", path], capture_output=True, text=True
            )
            self.assertEqual(result.returncode, 0, result.stderr)

    def test_french_marks_have_their_space_once(self):
        narrow, wide = "\u202f", "\xa0"
        wrong = re.compile(f"(?<!{narrow})[;!?»]|«(?!{narrow})|(?<!{wide}):(?= |$)|[{narrow}{wide} ]{{2}}|'")
        for path in settings.BASE_DIR.glob("locale/fr/LC_MESSAGES/*.po"):
            for entry in polib.pofile(str(path)):
                for words in entry.msgstr_plural.values() or [entry.msgstr]:
                    with self.subTest(words=words):
                        self.assertNotRegex(words, wrong)


class CompileMessagesTests(SimpleTestCase):
    def test_it_compiles_what_is_newer_and_needs_no_gettext(self):
        with tempfile.TemporaryDirectory() as folder, override_settings(LOCALE_PATHS=[folder]):
            catalogue = Path(folder) / "fr" / "LC_MESSAGES" / "django.po"
            catalogue.parent.mkdir(parents=True)
            catalogue.write_text(
                'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "é"\n'
            )
            call_command("compilemessages", stdout=StringIO())
            compiled = catalogue.with_suffix(".mo")
            self.assertEqual(polib.mofile(str(compiled)).find("a").msgstr, "é")
            compiled.write_bytes(b"left alone")
            call_command("compilemessages", stdout=StringIO())
            self.assertEqual(compiled.read_bytes(), b"left alone")
