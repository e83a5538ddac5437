"""A site on which tests follow the documentation."""

import os
import shutil
import subprocess
from pathlib import Path
from unittest import TestCase

from blog.tests.checkout import fresh_checkout

from .pages import ROOT, Page

GIT = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org"]


class DocumentedSiteTestCase(TestCase):
    """Gives a class of tests a site that is set up, and a clone of a repository that has gone on since."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.enterClassContext(fresh_checkout())
        cls.environment = {"PATH": os.environ["PATH"], "HOME": str(cls.site.parent), "LANG": "C.UTF-8"}
        cls.follow(cls.site, [".venv/bin/python", "manage.py", "set_up"])
        origin = cls.site.parent / "origin"
        commands = (["init", "-b", "main"], ["add", "."], ["commit", "-m", "Old"], ["clone", ".", origin])
        for command in commands:
            cls.follow(cls.site, [*GIT, *command])
        (origin / "CHANGELOG.md").write_text("New.\n")
        cls.follow(origin, [*GIT, "commit", "-am", "New"])
        cls.follow(cls.site, ["git", "remote", "add", "origin", str(origin)])
        cls.follow(cls.site, ["git", "fetch", "origin"])
        cls.follow(cls.site, ["git", "branch", "--set-upstream-to=origin/main"])

    @classmethod
    def follow(cls, folder: Path, command: list[str | Path], **variables: str) -> str:
        """Run a command to its end and return what it prints; who asks a question gets no answer."""
        ran = subprocess.run(
            command,
            cwd=folder,
            env=cls.environment | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        if ran.returncode:
            raise AssertionError(f"{ran.stdout[-2000:]}\n{ran.stderr[-4000:]}")
        return ran.stdout

    def copy(self) -> Path:
        """Return a copy of the site, which a test may change."""
        folder = self.site.parent / self._testMethodName
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        return shutil.copytree(self.site, folder, symlinks=True)

    def follow_page(self, name: str, folder: Path, **instead: str) -> str:
        """Run the blocks of a page that name this test, one after the other, and return what they print.

        `instead` says what stands in this place for a word that the page gives as an example.
        """
        blocks = [block.commands for block in Page(ROOT / name).blocks if block.about == self.id()]
        self.assertTrue(blocks, f"No block of {name} is run by {self.id()}.")
        commands = "\n".join(blocks)
        for example, real in instead.items():
            self.assertIn(example, commands)
            commands = commands.replace(example, real)
        return self.follow(folder, ["sh", "-eux", "-c", commands])
