import re
from unittest import TestLoader

from django.conf import settings
from django.test import SimpleTestCase

PAGE = (settings.BASE_DIR / "SECURITY.md").read_text()
TESTS = re.compile(r"`(\w+(?:\.\w+)*\.tests\.[\w.]+)`")


class SecurityPageTests(SimpleTestCase):
    def test_each_danger_names_tests_and_all_of_them_exist(self):
        rows = [line for line in PAGE.splitlines() if line.startswith("| ")][1:]
        self.assertGreater(len(rows), 10)
        for row in rows:
            names = TESTS.findall(row.split("|")[3])
            self.assertTrue(names, row)
            for name in names:
                loader = TestLoader()
                found = loader.loadTestsFromName(name)
                self.assertEqual(loader.errors, [], name)
                self.assertGreater(found.countTestCases(), 0, name)

    def test_each_drill_that_it_names_exists(self):
        for name in re.search(r"`./run drill`:(.*?)\n\n", PAGE, re.DOTALL)[1].split("`")[1::2]:
            self.assertTrue((settings.BASE_DIR / f"bench/drills/{name}.py").is_file(), name)

    def test_what_it_says_of_settings_is_true(self):
        for name in re.findall(r"\(`([A-Z_]+)`\)|exactly `([A-Z_]+)`", PAGE):
            self.assertTrue(hasattr(settings, "".join(name)), name)

    def test_it_is_one_page(self):
        self.assertLess(len(PAGE.split()), 1000)
