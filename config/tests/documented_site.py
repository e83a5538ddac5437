"""A site on which tests follow the documentation."""

import os
import shutil
import subprocess
from pathlib import Path
from unittest import TestCase

from blog.tests.checkout import fresh_checkout

from .pages import ROOT, Page


class DocumentedSiteTestCase(TestCase):
    """Gives a class of tests a fresh copy of the project, in which commands are followed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.enterClassContext(fresh_checkout())
        # No configuration of whoever runs the tests.
        cls.environment = {"PATH": os.environ["PATH"], "HOME": str(cls.site.parent), "LANG": "C.UTF-8"}
        for who in ("AUTHOR", "COMMITTER"):
            cls.environment |= {f"GIT_{who}_NAME": "Test", f"GIT_{who}_EMAIL": "test@example.org"}

    @classmethod
    def follow(cls, folder: Path, *command: str | Path) -> str:
        """Run a command to its end and return what it prints; who asks a question gets no answer."""
        ran = subprocess.run(
            command,
            cwd=folder,
            env=cls.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        if ran.returncode:
            raise AssertionError(f"{ran.stdout[-2000:]}\n{ran.stderr[-4000:]}")
        return ran.stdout

    @classmethod
    def follow_blocks(cls, folder: Path, commands: list[str]) -> str:
        """Run blocks one after the other, as they stand, and return what they print."""
        return cls.follow(folder, "sh", "-eux", "-c", "\n".join(commands))

    @classmethod
    def follow_page(cls, name: str, folder: Path, **instead: str) -> str:
        """Run the blocks of a page that name a test of this class.

        `instead` says what stands in the place of a word that the page gives as an example.
        """
        test = f"{cls.__module__}.{cls.__name__}."
        commands = [block.commands for block in Page(ROOT / name).blocks if block.about.startswith(test)]
        for example, real in instead.items():
            commands = [command.replace(example, real) for command in commands]
        return cls.follow_blocks(folder, commands)

    def copy(self) -> Path:
        """Return a copy of the site, which a test may change."""
        folder = self.site.parent / self._testMethodName
        self.addCleanup(shutil.rmtree, folder)
        return shutil.copytree(self.site, folder, symlinks=True)
