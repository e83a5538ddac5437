import tempfile
from pathlib import Path

from django.test import SimpleTestCase

from articles.importers.python_settings import read_settings, told_by


class PythonSettingsTests(SimpleTestCase):
    def settings(self, *sources: str):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        paths = [folder / f"{number}.py" for number in range(len(sources))]
        for path, source in zip(paths, sources, strict=True):
            path.write_text(source)
        return read_settings(*paths)

    def test_plain_values_and_what_is_put_together_from_them_are_read(self):
        settings = self.settings(
            "import os\nfrom x import *\n"
            'HOST = "https://example.org"\nSITEURL = HOST + "/blog"\nFEED = f"{SITEURL}/feed"\n'
            'LANG: str = "en"\nTRANSLATIONS = {LANG: "", "fr": "./fr"}\nPOSTS = (("a", "b"), ["c"]) + (("d",),)\n',
            'HOST = "https://www.example.org"\n',
        )
        self.assertEqual(settings.text("SITEURL"), "https://example.org/blog")
        self.assertEqual(settings.text("FEED"), "https://example.org/blog/feed")
        self.assertEqual(settings.text("HOST"), "https://www.example.org")
        self.assertEqual(settings.get("TRANSLATIONS"), {"en": "", "fr": "./fr"})
        self.assertEqual(settings.get("POSTS"), [["a", "b"], ["c"], ["d"]])
        self.assertEqual(settings.notes, [])

    def test_nothing_is_run_and_what_only_running_would_tell_is_not_set(self):
        settings = self.settings(
            'import sys\nraise SystemExit\nA = sys.exit()\nB = "b"\nif B:\n    B = "c"\nC = "%s" % B\n'
            'D = [x for x in "ab"]\n'
            'E = {**{"a": 1}}\nF = "a" * 9**9\n'
            + 'G = "0123456789"\n'
            + "G = G + G\n" * 60
            + "H = "
            + "+".join(["'x'"] * 900)
        )
        for name in "ABCDEFG":
            self.assertEqual(settings.text(name, "default"), "default", name)
        self.assertEqual([note.about for note in settings.notes], list("ABCDEFG"))
        self.assertEqual(settings.notes[1].line, 6)

    def test_patterns_that_may_never_end_are_not_tried(self):
        settings = self.settings(
            'GOOD = r"(?P<date>\\d{4})_(?P<Slug>.*)"\nBAD = "(a+)+$"\nMANY = ".*.*.*.*.*x"\nWRONG = "("\n'
        )
        self.assertEqual(told_by(settings.pattern("GOOD"), "2020_hello"), {"date": "2020", "slug": "hello"})
        self.assertEqual([settings.pattern(name) for name in ("BAD", "MANY", "WRONG", "NONE")], [""] * 4)
        self.assertEqual([note.about for note in settings.notes], ["BAD", "MANY", "WRONG"])
        self.assertEqual(told_by(settings.pattern("GOOD"), f"2020_{'x' * 300}"), {})
