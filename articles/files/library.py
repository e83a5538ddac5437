"""The library of images as files: `_images/<key>.<ext>`, and in `_images/images.yaml` what is said of each.

    harbour:
      file: _images/harbour.jpg
      name: IMG 0001.jpg
      alt: {en: The harbour, fr: Le port}

`file` may also lie beside an article's texts. `name` is the name under which it was uploaded, where it is another one.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from django.contrib.auth.models import AbstractBaseUser

from articles import image_store, languages
from articles.images.decoding import MAX_BYTES, ImageRefused, check_size
from articles.images.encoding import Encoded, digest_of
from articles.models import Image, key_validator

from .front_matter import Value, parse_yaml, read_text
from .images import prepare_bytes
from .plain_files import listed, read_bytes, refuse_link_out
from .problems import Faults, ImportProblems, Problem, require
from .subjects import Outcome
from .target import Target
from .writing import yaml_file

FOLDER = "_images"
LISTING = f"{FOLDER}/images.yaml"
SUFFIXES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"}


def bytes_of(image: Image) -> Path | None:
    """Return the file of an image's bytes as they were uploaded, else its largest one; None where there is neither."""
    original = image_store.original(image)
    if original or not image.widths:
        return original
    extension = "gif" if image.is_animated else image.format
    name = next(name for name in reversed(image.stored_names()) if name.endswith(f".{extension}"))
    path = image_store.media_root() / name
    return path if path.is_file() else None


def write_image(target: Target, name: str, image: Image) -> bool:
    """Write the bytes of an image; return whether it has any."""
    source = bytes_of(image)
    if source is None:
        target.leave(name, "the site has lost this image’s file")
        return False
    target.write(name, source, is_stored)
    return True


def is_stored(path: Path) -> bool:
    """Return whether the site has what a file holds as an image."""
    try:
        check_size(path.stat().st_size)
        return Image.objects.filter(digest=digest_of(path.read_bytes())).exists()
    except (OSError, ImageRefused):
        return False


def write(target: Target, beside: Mapping[str, str], keys: set[str] | None) -> None:
    """Write the library, or the images of some keys; those `beside` texts, by digest, lie there, and are listed."""
    images, entries = Image.objects.order_by(), {}
    for image in images.iterator():
        if keys is None or image.key in keys or image.digest in beside:
            file = beside.get(image.digest) or f"{FOLDER}/{image.key}{_suffix(image)}"
            if file in target.written or write_image(target, file, image):
                entries[image.key] = _entry(image, file)
    if keys is not None:
        entries = target.with_others(LISTING, entries)
    if entries:
        target.write(LISTING, yaml_file(dict(sorted(entries.items()))))


def _suffix(image: Image) -> str:
    suffix = PurePosixPath(image.file_name).suffix.lower()
    return suffix if suffix in SUFFIXES else f".{image.format}"


def _entry(image: Image, file: str) -> dict:
    alts = {code: getattr(image, languages.column("alt", code)) for code in languages.codes()}
    alts = {code: alt for code, alt in alts.items() if alt}
    name = {} if image.file_name == PurePosixPath(file).name else {"name": image.file_name}
    return {"file": file} | name | ({"alt": alts} if alts else {})


def listed_before(target: Target) -> set[str]:
    """Return the files that an earlier export listed."""
    path = target.root / LISTING
    try:
        entries = parse_yaml(path, target.read(LISTING))
        return {entry.mapping()["file"].text() for entry in entries.values()}
    except (ImportProblems, KeyError):
        return set()


@dataclass(frozen=True)
class LibraryEntry:
    """What a folder says of one image: its key, the name of its file, and its alternative texts by language."""

    key: str
    file_name: str
    alts: Mapping[str, str]
    path: Path
    problem: Problem

    @property
    def is_in_library(self) -> bool:
        """False where the picture lies beside an article's texts, with which it comes in."""
        return self.path.parent.name == FOLDER

    def read(self) -> bytes:
        """Return the bytes of the file; raise ImportProblems."""
        refuse_link_out(self.path.parent)
        return read_bytes(self.path, MAX_BYTES)


@dataclass
class Library:
    """The images that a folder lists, by the digests of their files; those of the library itself once `prepared`."""

    entries: dict[str, LibraryEntry] = field(default_factory=dict)
    prepared: dict[str, Image | Encoded] = field(default_factory=dict)

    def digests(self) -> list[str]:
        """Return the digests of the images of the library itself, which are to be prepared."""
        return [digest for digest, entry in self.entries.items() if entry.is_in_library]

    def prepare(self, digest: str, workspace: Path, is_dry: bool = False) -> None:
        """Encode an image, before a transaction makes other writers wait; raise ImportProblems."""
        entry = self.entries[digest]
        try:
            self.prepared[digest] = prepare_bytes(entry.read(), workspace, is_dry)
        except ImageRefused as refusal:
            raise ImportProblems([replace(entry.problem, reason=" ".join(refusal.messages))]) from None

    def new_row(self, digest: str, name: str) -> Image:
        """Return an image, not saved yet, for a file of a name, called as the folder calls it where it does."""
        entry = self.entries.get(digest)
        if entry is None:
            return Image(file_name=name)
        alts = {languages.column("alt", code): alt for code, alt in entry.alts.items()}
        is_taken = Image.objects.filter(key=entry.key).exists()
        return Image(key="" if is_taken else entry.key, file_name=entry.file_name, **alts)

    def save(self, by: AbstractBaseUser | None = None) -> Iterator[Outcome]:
        """Save what is new, fill alternative texts that the site leaves empty, and yield what became of each image."""
        for digest, entry in self.entries.items():
            if image := Image.objects.filter(digest=digest).first():
                yield from _fill(image, entry, by)
            elif entry.is_in_library and Image.objects.filter(key=entry.key).exists():
                yield entry.path, "kept: the site has another image of this key"
            elif entry.is_in_library:
                require(by is None or by.has_perm("articles.add_image"), entry.problem, by)
                row = self.new_row(digest, entry.file_name)
                row.created_by = by
                image_store.save(row, self.prepared[digest])
                yield entry.path, "created"


def _fill(image: Image, entry: LibraryEntry, by: AbstractBaseUser | None) -> Iterator[Outcome]:
    is_changed, kept = False, []
    for language, alt in entry.alts.items():
        column = languages.column("alt", language)
        there = getattr(image, column) or ""
        if not there:
            setattr(image, column, alt)
            is_changed = True
        elif alt != there:
            kept.append((entry.path, f"{entry.key} ({language}) kept: it has another alt on the site"))
    if is_changed:
        require(by is None or by.has_perm("articles.change_image"), entry.problem, by)
        image.save()
    yield entry.path, "updated" if is_changed else "unchanged"
    if image.key != entry.key:
        # A text that names it by the other key shows nothing.
        yield entry.path, f"kept: the site has this image under the key {image.key}, not {entry.key}"
    yield from kept


def read(folder: Path) -> Library:
    """Read what a folder says of its images; raise ImportProblems with all that is wrong."""
    reader = _Reader(folder)
    reader.attempt(reader.read)
    reader.refuse_any()
    return Library(reader.entries)


class _Reader(Faults):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.entries: dict[str, LibraryEntry] = {}

    def read(self) -> None:
        place, path = self.folder / FOLDER, self.folder / LISTING
        if not os.path.lexists(place):
            return
        refuse_link_out(place)
        for key, value in (parse_yaml(path, read_text(path)) if os.path.lexists(path) else {}).items():
            self.attempt(self.add, lambda key=key, value=value: _entry_of(self.folder, key, value))
        known = {entry.path for entry in self.entries.values()}
        if self.problems:
            return
        for file in listed(place):
            if file not in known and file.suffix.lower() in SUFFIXES:
                # Put there by somebody who said no more of it.
                entry = LibraryEntry(file.stem, file.name, {}, file, Problem(file, 1, ""))
                self.attempt(self.add, lambda entry=entry: entry)

    def add(self, made: Callable[[], LibraryEntry]) -> None:
        entry = made()
        if not key_validator.regex.match(entry.key) or len(entry.key) > Image._meta.get_field("key").max_length:
            raise ImportProblems([replace(entry.problem, reason=f"“{entry.key}” is no key: {key_validator.message}")])
        self.entries.setdefault(digest_of(entry.read()), entry)


def _entry_of(folder: Path, key: str, value: Value) -> LibraryEntry:
    said = value.mapping()
    for name in sorted(said.keys() - {"file", "name", "alt"}):
        raise said[name].problem(f"unknown key “{name}”; the known ones are file, name, alt")
    if "file" not in said:
        raise value.problem("the key “file” is missing")
    file = said["file"].text()
    place = PurePosixPath(file)
    if len(place.parts) != 2 or ".." in place.parts or "\\" in file or place.parts[0].startswith("."):
        raise said["file"].problem("write the path of an image within this folder, like _images/name.jpg")
    name = said["name"].text() if "name" in said else place.name
    alts = {code: text.text() for code, text in said["alt"].mapping().items()} if "alt" in said else {}
    for code in sorted(alts.keys() - set(languages.codes())):
        raise said["alt"].problem(f"unknown language “{code}”")
    if any(len(alt) > Image._meta.get_field("alt").max_length for alt in alts.values()) or not 0 < len(name) < 256:
        raise value.problem("an alternative text has at most 500 characters, a name 255")
    return LibraryEntry(key, name, alts, folder / file, Problem(value.path, value.key_line, ""))
