"""Notes as they are printed: those of one kind together, counted, each with its file and line."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from articles.files.problems import shown

from .post import Note


def note_lines(notes: Iterable[Note], root: Path) -> Iterator[str]:
    """Yield the lines of all notes, of the kind that there is most of first, so that no rare one is drowned.

    Files are named from the folder on that the blog stands in.
    """
    kinds: dict[str, list[Note]] = {}
    for note in dict.fromkeys(notes):
        kinds.setdefault(note.text, []).append(note)
    yield f"Notes: {sum(map(len, kinds.values()))}."
    for text, found in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
        # A sentence that announces what differs ends with a colon.
        yield f"{_printable(text.removesuffix(':'))} ({len(found)})"
        places: dict[tuple[Path, int], list[str]] = {}
        for note in sorted(found):
            places.setdefault((note.path, note.line), []).append(_printable(note.about))
        for (path, line), abouts in places.items():
            about = ", ".join(filter(None, abouts))
            yield f"    {shown(_from(root, path))}:{line}{': ' * bool(about)}{about}"


def _from(root: Path, path: Path) -> Path:
    if path == root:
        return Path(path.name)
    return path.relative_to(root) if path.is_relative_to(root) else path


def _printable(words: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in words)
