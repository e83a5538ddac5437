"""A sample of a blog brought in: read, written in the native format, imported."""

import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from types import ModuleType

from django.test import TestCase

from articles.files.importing import import_folder
from articles.importers.conversion import write_native
from articles.importers.post import Note, Post

SAMPLES = Path(__file__).parent / "samples"


class SampleTestCase(TestCase):
    """Tests of one reader on a sample of its own; `copied` gives one that may be changed."""

    reader: ModuleType
    sample: str

    def read(self, root: Path | None = None) -> tuple[list[Post], list[Note]]:
        return self.reader.read(root or SAMPLES / self.sample, "en")

    def copied(self) -> Path:
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        return Path(shutil.copytree(SAMPLES / self.sample, folder / "blog"))

    def posts(self, root: Path | None = None) -> dict[str, Post]:
        """Return the posts by their pair and language, like "hello fr"; a page has a star."""
        return {f"{post.pair} {post.language}{'*' * post.is_page}": post for post in self.read(root)[0]}

    def said(self, notes: Iterable[Note], root: Path | None = None) -> set[str]:
        root = root or SAMPLES / self.sample
        return {f"{note.path.relative_to(root).as_posix()}:{note.line}: {note.text} {note.about}" for note in notes}

    def brought_in(self) -> list[Note]:
        """Import the sample; return the notes of the conversion."""
        with tempfile.TemporaryDirectory() as folder:
            conversion = write_native(self.read()[0], Path(folder), lambda language, slug: f"/{language}/pages/{slug}/")
            import_folder(Path(folder))
        return conversion.notes

    def assert_leads(self, address: str, to: str) -> None:
        answer = self.client.get(address)
        self.assertEqual((answer.status_code, answer.headers.get("Location")), (301, to), address)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")
