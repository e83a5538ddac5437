"""A blog of another system brought into the site, for tests."""

import tempfile
from pathlib import Path

from django.test import TestCase
from django.utils.translation import override

from articles.files.importing import import_folder
from articles.files.problems import ImportProblems
from articles.importers.formats import converted, detect
from articles.importers.post import Note
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
