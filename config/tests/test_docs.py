"""Every command in the documentation is run by a test, or says why it is not; every link leads somewhere."""

import importlib
import inspect
import os
import re
import shutil
import subprocess
from pathlib import Path
from unittest import TestCase

from django.core.management import get_commands, load_command_class
from django.test import tag

from blog.tests.checkout import fresh_checkout

from .pages import ROOT, Block, Page, pages

GIT = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org"]


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
                missing = [word for word in block.words() if word.lstrip("-") not in source]
                self.assertEqual(missing, [], f"not in {block.about}")

    def test_every_command_of_the_site_exists_with_its_options(self):
        apps = get_commands()
        told = [text for page in pages() for text in re.findall(r"\./run manage [^`|&;\n)]+", page.text)]
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
class RunningTests(TestCase):
    """What bears no mark runs as it stands: the blocks of a page one after the other, in a site of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.enterClassContext(fresh_checkout())
        cls.environment = {"PATH": os.environ["PATH"], "HOME": str(cls.site.parent), "LANG": "C.UTF-8"}
        cls.follow(cls.site, [".venv/bin/python", "manage.py", "set_up"])
        cls.under_version_control()

    @classmethod
    def under_version_control(cls) -> None:
        """Make the site a clone of a repository that has gone on since."""
        origin = cls.site.parent / "origin"
        commands = (["init", "-b", "main"], ["add", "."], ["commit", "-m", "Old"], ["clone", ".", origin])
        for command in commands:
            cls.follow(cls.site, [*GIT, *command])
        (origin / "CHANGELOG.md").write_text("New.\n")
        cls.follow(origin, [*GIT, "commit", "-am", "New"])
        cls.follow(cls.site, ["git", "remote", "add", "origin", str(origin)])
        cls.follow(cls.site, ["git", "fetch", "-q", "origin"])
        cls.follow(cls.site, ["git", "branch", "-q", "--set-upstream-to=origin/main"])

    @classmethod
    def follow(cls, folder: Path, command: list[str | Path], **about) -> None:
        ran = subprocess.run(
            command, cwd=folder, env=cls.environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, **about
        )
        if ran.returncode:
            raise AssertionError(f"{ran.stdout[-2000:]}\n{ran.stderr[-4000:]}")

    def test_every_block_without_a_mark_runs_as_it_stands(self):
        for page in pages():
            commands = [block.commands for block in page.blocks if not block.mark]
            if not commands:
                continue
            with self.subTest(page.name):
                copy = self.site.parent / page.path.stem
                shutil.copytree(self.site, copy, symlinks=True)
                self.follow(copy, ["sh", "-eux", "-c", "\n".join(commands)])
                shutil.rmtree(copy)


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
