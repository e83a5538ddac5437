"""A blog of another system brought into the site, for tests."""

import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from types import ModuleType

from django.test import TestCase
from django.utils.translation import override

from articles.files.importing import import_folder
from articles.files.problems import ImportProblems
from articles.importers.formats import converted, detect
from articles.importers.post import Note, Post
from articles.models import Article, Image
from articles.tests.image_files import MediaMixin

SAMPLES = Path(__file__).parent / "samples"


def page_path(language: str, slug: str) -> str:
    return f"/{language}/pages/{slug}/"


class ImporterTestCase(MediaMixin, TestCase):
    def setUp(self):
        super().setUp()
        self.enterContext(override("en"))
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "site"
        self.folder.mkdir()

    def write(self, files: dict[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def bring(self, folder: Path, source: str = "") -> list[Note]:
        with converted(folder, source or detect(folder), page_path) as conversion:
            import_folder(conversion.folder)
        return conversion.notes

    def noted(self, notes: list[Note], folder: Path) -> list[str]:
        return sorted({str(note).removeprefix(f"{folder}/") for note in notes})

    def problems(self, source: str) -> list[str]:
        """Return what keeps the folder from being imported; nothing of it is there then."""
        with self.assertRaises(ImportProblems) as caught:
            self.bring(self.folder, source)
        self.assertFalse(Article.objects.exists() or Image.objects.exists())
        return [str(problem).removeprefix(f"{self.folder}/") for problem in caught.exception.problems]

    def assert_leads_to(self, old: str, new: str) -> None:
        answer = self.client.get(old)
        self.assertEqual(answer.status_code, 301, old)
        self.assertEqual(answer.headers["Location"], new)


class SampleTestCase(ImporterTestCase):
    """Tests of one reader on a sample of its own; `copied` gives one that may be changed."""

    reader: ModuleType
    sample: str

    def read(self, root: Path | None = None) -> tuple[list[Post], list[Note]]:
        return self.reader.read(root or SAMPLES / self.sample, "en")

    def copied(self) -> Path:
        return Path(shutil.copytree(SAMPLES / self.sample, Path(tempfile.mkdtemp(dir=self.folder)) / "blog"))

    def posts(self, root: Path | None = None) -> dict[str, Post]:
        """Return the posts by their pair and language, like "hello fr"; a page has a star."""
        return {f"{post.pair} {post.language}{'*' * post.is_page}": post for post in self.read(root)[0]}

    def said(self, notes: Iterable[Note], root: Path | None = None) -> set[str]:
        root = root or SAMPLES / self.sample
        return {f"{note.path.relative_to(root).as_posix()}:{note.line}: {note.text} {note.about}" for note in notes}

    def assert_broken(self, file: str, text: str, line: int, reason: str) -> None:
        """Expect a file of the sample that says this instead to be refused, for a reason on a line of it."""
        root = self.copied()
        (root / file).write_text(text)
        with self.assertRaises(ImportProblems) as caught:
            self.read(root)
        problem = caught.exception.problems[0]
        self.assertEqual((problem.path, problem.line), (root / file, line), problem)
        self.assertIn(reason, problem.reason)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")
