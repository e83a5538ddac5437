"""Every command in the documentation is run by a test, or says why it is not; every link leads somewhere."""

import contextlib
import importlib
import inspect
import re
import sqlite3
from pathlib import Path
from unittest import TestCase

from django.core.management import get_commands, load_command_class
from django.test import tag

from .documented_site import DocumentedSiteTestCase
from .pages import ROOT, Block, Page, pages

READ_HOME = "from django.test import Client; print(Client().get('/en/', headers={'host': 'localhost'}).text)"


def named_test(name: str) -> object:
    """Return the test method, or the class of tests, at a dotted name; raise where there is none."""
    parts = name.split(".")
    at = next(place for place, part in enumerate(parts) if part.startswith("test_"))
    found = importlib.import_module(".".join(parts[: at + 1]))
    for part in parts[at + 1 :]:
        found = getattr(found, part)
    return found


class CommandsTests(TestCase):
    def blocks(self) -> list[tuple[str, Block]]:
        return [(f"{page.name}:{block.line}", block) for page in pages() for block in page.blocks]

    def test_no_command_hides_in_another_kind_of_block(self):
        for page in pages():
            # Plain text shows a tree or an output; each other language is that of a file.
            unknown = page.languages - {"", "sh", "ini", "yaml", "python", "html", "css", "markdown", "json", "nginx"}
            self.assertEqual(unknown, set(), page.name)
            indented = re.findall(r"\n\n(?:    |\t)(?![ -])\S.*", page.prose)
            self.assertEqual(indented, [], f"{page.name}: write ```sh")

    def test_what_is_run_by_another_test_is_held_by_that_test(self):
        named = [(place, block) for place, block in self.blocks() if block.mark == "run by"]
        self.assertTrue(named)
        for place, block in named:
            with self.subTest(place):
                found = named_test(block.about)
                self.assertTrue(inspect.isclass(found) or found.__name__.startswith("test_"), block.about)
                source = Path(inspect.getsourcefile(found)).read_text()
                # What follows the page runs its blocks as they stand.
                if f'follow_page("{place.partition(":")[0]}"' not in source:
                    missing = [word for word in block.words() if word.lstrip("-") not in source]
                    self.assertEqual(missing, [], f"not in the file of {block.about}")

    def test_every_command_of_the_site_exists_with_its_options(self):
        apps = get_commands()
        told = [text for page in pages() for text in re.findall(r"\./run manage [^`|&;'\n)]+", page.text)]
        self.assertGreater(len(told), 10)
        for text in told:
            words = text.split()[2:]
            with self.subTest(text):
                self.assertIn(words[0], apps)
                command = apps[words[0]]
                parser = (load_command_class(command, words[0]) if isinstance(command, str) else command).create_parser(
                    "manage.py", words[0]
                )
                options = {word.partition("=")[0].rstrip(".,:") for word in words if word.startswith("--")}
                self.assertEqual(options - set(parser._option_string_actions), set())


@tag("checkout")
class FollowingTests(DocumentedSiteTestCase):
    """One site, set up with a look of its own, whose repository has gone on since."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        origin = cls.site.parent / "origin"
        commands = ["init -b main", "add .", "commit -m Old", f"clone . {origin}", f"remote add origin {origin}"]
        for command in commands:
            cls.follow(cls.site, "git", *command.split())
        (origin / "CHANGELOG.md").write_text("New.\n")
        cls.follow(origin, "git", "commit", "-am", "New")
        cls.follow(cls.site, "git", "fetch", "origin")
        cls.follow(cls.site, "git", "branch", "--set-upstream-to=origin/main")
        cls.follow_page("docs/look.md", cls.site)

    def test_a_look_that_is_changed_as_documented_shows(self):
        page = self.follow(self.site, ".venv/bin/python", "manage.py", "shell", "--no-imports", "-c", READ_HOME)
        stylesheets = re.findall(r'href="(/static/css/[^"]+)"', page)
        self.assertEqual([Path(name).name.partition(".")[0] for name in stylesheets], ["site", "own"])
        self.assertIn("Set in Georgia", page)
        kept = self.site / "var" / "static" / stylesheets[-1].removeprefix("/static/")
        self.assertIn("--serif: Georgia", kept.read_text())

    def test_an_upgrade_and_the_way_back_go_as_documented(self):
        folder = self.copy()
        old = self.follow(folder, "git", "rev-parse", "HEAD")
        told = self.follow_page("docs/upgrade.md", folder)
        self.assertIn("Database: up to date.", told)
        self.assertIn("Restored.", told)
        self.assertEqual(self.follow(folder, "git", "rev-parse", "HEAD"), old)
        # The release and what the site changed are both there.
        self.assertEqual(self.follow(folder, "git", "show", "main:CHANGELOG.md"), "New.\n")
        self.assertIn("Georgia", self.follow(folder, "git", "show", "main:static/css/own.css"))
        with contextlib.closing(sqlite3.connect(folder / "var" / "db.sqlite3")) as database:
            self.assertEqual(database.execute("SELECT count(*) FROM articles_article").fetchone(), (2,))

    def test_every_block_without_a_mark_runs_as_it_stands(self):
        folder = self.copy()
        for page in pages():
            commands = [block.commands for block in page.blocks if not block.mark]
            if commands:
                with self.subTest(page.name):
                    self.follow_blocks(folder, commands)


class LinksTests(TestCase):
    def test_every_link_leads_to_a_file_and_an_anchor_that_exist(self):
        others = [*ROOT.glob("*.md"), *(ROOT / "bench").glob("*.md")]
        for page in {*pages(), *map(Page, others)}:
            for link in page.links:
                path, _, anchor = link.partition("#")
                to = (page.path.parent / path).resolve() if path else page.path
                with self.subTest(page=page.name, link=link):
                    self.assertTrue(to.is_relative_to(ROOT) and to.exists())
                    if anchor:
                        self.assertIn(anchor, Page(to).anchors)

    def test_readme_leads_to_every_page_and_a_page_to_every_file_beside_it(self):
        led = {(page.path.parent / link.partition("#")[0]).resolve() for page in pages() for link in page.links}
        from_readme = {(ROOT / link.partition("#")[0]).resolve() for link in Page(ROOT / "README.md").links}
        self.assertEqual(set((ROOT / "docs").glob("*.md")) - from_readme, set())
        self.assertEqual(set((ROOT / "docs").iterdir()) - led, set())
