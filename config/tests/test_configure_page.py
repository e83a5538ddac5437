"""docs/configure.md says what is true of the settings."""

import json
import os
import re
import subprocess
import sys
from string import Template
from unittest import TestCase

from django.conf import settings

from .pages import ROOT, Page

PAGE = Page(ROOT / "docs" / "configure.md")
READ = re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', (ROOT / "config" / "settings.py").read_text())


def settings_with(**variables: str) -> dict:
    """Return the settings that variables control, and the database, as a fresh process reads them with these alone."""
    names = [name for name in [*READ, "DATABASES"] if name != "DATABASE_URL"]
    read = f"[getattr(s, n) for n in {names}]"
    code = f"import json; from config import settings as s; print(json.dumps({read}, default=str))"
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "test"} | variables
    found = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, env=environment)
    return dict(zip(names, json.loads(found), strict=True))


class TableTests(TestCase):
    def setUp(self):
        self.rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| .+ \|$", PAGE.text, re.M))

    def test_it_names_every_variable_that_the_settings_read_and_no_other(self):
        self.assertEqual(sorted(self.rows), sorted(READ))

    def test_who_sets_every_variable_to_its_default_has_the_settings_of_who_sets_none(self):
        # The one that is made anew for each site.
        self.assertRegex(self.rows.pop("SECRET_KEY"), r"\Amade at")
        told, conditional = {}, []
        port = re.search(r"\d+", self.rows["PORT"])[0]
        for name, cell in self.rows.items():
            self.assertRegex(cell, r"\A(none\Z|`[^`]+`)")
            for value, condition, with_value in re.findall(r"`([^`]+)`(?: with `(\w+)=([^`]+)`)?", cell):
                value = Template(value.replace("…", str(ROOT))).substitute(PORT=port)
                if condition:
                    conditional.append((name, value, {condition: with_value}))
                else:
                    told[name] = value
        unset = settings_with()
        self.assertEqual(settings_with(**told), unset)
        self.assertEqual([name for name, cell in self.rows.items() if cell == "none" and unset[name]], [])
        for name, value, condition in conditional:
            found = settings_with(**condition)
            self.assertEqual(settings_with(**condition, **{name: value}), found, name)
            self.assertNotEqual(found[name], unset[name])

    def test_the_example_sets_what_it_says(self):
        # `./run` hands all variables over, as other tests of it show.
        example = next(block.commands for block in PAGE.blocks if block.commands.startswith("SITE_URL="))
        found = settings_with(**dict(word.split("=") for word in example.split()[:-1]))
        self.assertEqual(found["TIME_ZONE"], "Europe/Paris")
        self.assertEqual((found["SITE_URL"], settings.DEBUG), ("https://blog.example.org", False))
