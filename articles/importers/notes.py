"""Notes as they are printed: those of one kind together, counted, each with its file and line."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from articles.files.problems import printable

from .post import Note


def note_lines(notes: Iterable[Note], root: Path) -> Iterator[str]:
    """Yield the lines of all notes; files are named from the folder on that the blog stands in."""
    kinds: dict[str, list[Note]] = {}
    for note in dict.fromkeys(notes):
        kinds.setdefault(note.text, []).append(note)
    yield f"Notes: {sum(map(len, kinds.values()))}."
    for text, found in kinds.items():
        # A sentence that announces what differs ends with a colon.
        yield f"{printable(text.removesuffix(':'))} ({len(found)})"
        for note in sorted(found):
            about = f": {printable(note.about)}" if note.about else ""
            yield f"    {printable(_from(root, note.path))}:{note.line}{about}"


def _from(root: Path, path: Path) -> Path:
    return path.relative_to(root) if path != root and path.is_relative_to(root) else path
