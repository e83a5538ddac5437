"""The images that texts name, brought beside the texts under names that every system takes."""

import hashlib
import re
import shutil
from collections.abc import Iterable
from html import escape
from pathlib import Path
from urllib.parse import unquote

from articles.images.decoding import ImageRefused, check_size, faults_refused, opened
from articles.slugs import free, shortened, slugify

NAME = re.compile(r"[a-z0-9][\w.-]*\.(?:jpe?g|png|webp|avif|gif)", re.ASCII | re.IGNORECASE)
SUFFIX = {"JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png", "WEBP": ".webp", "AVIF": ".avif", "GIF": ".gif"}
LOOKS_LIKE_IMAGE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif|svg|bmp|tiff?|heic)\Z", re.IGNORECASE)


class ImageChecks:
    """Which files this site takes as images. Each is decoded once, however many texts name it."""

    def __init__(self) -> None:
        self.found: dict[Path, tuple[str, str]] = {}

    def of(self, path: Path) -> tuple[str, str]:
        """Return the ending that a file's content has, and ""; or "" and why the file is refused."""
        path = path.resolve()
        if path not in self.found:
            self.found[path] = self._checked(path)
        return self.found[path]

    @staticmethod
    def _checked(path: Path) -> tuple[str, str]:
        try:
            check_size(path.stat().st_size)
            source = opened(path.read_bytes())
            with faults_refused():
                source.load()
            return SUFFIX[source.format], ""
        except ImageRefused as refusal:
            return "", " ".join(refusal.messages)
        except OSError as error:
            return "", f"it cannot be read: {error.strerror}"


class Folder:
    """A folder of the native format that images are brought into, each file once.

    That of the library names them by keys, which no other image of the site may have.
    """

    def __init__(self, path: Path, checks: ImageChecks, *, is_library: bool = False) -> None:
        self.path, self.checks, self.is_library = path, checks, is_library
        self.names: dict[Path, str] = {}
        self.files: dict[Path, Path] = {}

    def origins(self) -> dict[Path, Path]:
        """Return where each file that is here now came from."""
        return {self.path / self.names[real]: file for real, file in self.files.items()}

    def brought(self, file: Path) -> tuple[str, str]:
        """Return the name that a file has in the folder now, and ""; or "" and why the site does not take it."""
        real = file.resolve()
        if real not in self.names:
            suffix, fault = self.checks.of(real)
            if fault:
                return "", fault
            taken = self.names.values()
            self.names[real] = name = (
                self._key(file, real) + suffix if self.is_library else _free_name(file, suffix, taken)
            )
            self.files[real] = file
            self.path.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(real, self.path / name)
        return self.names[real], ""

    @staticmethod
    def _key(file: Path, real: Path) -> str:
        digest = hashlib.sha256(real.read_bytes()).hexdigest()[:8]
        return f"{shortened(slugify(file.stem, 'en'), 80) or 'image'}-{digest}"


def _free_name(file: Path, suffix: str, taken: Iterable[str]) -> str:
    is_plain = NAME.fullmatch(file.name) and len(file.name) < 100
    stem = file.stem if is_plain else shortened(slugify(file.stem, "en"), 90) or "image"
    suffix = file.suffix if is_plain else suffix
    # Names that differ by case alone are one name on many systems.
    others = {name.lower() for name in taken}
    return free(stem, lambda stem: f"{stem}{suffix}".lower() in others) + suffix


def as_link(words: str, address: str, title: str = "") -> str:
    """Return a link in the place of an image that cannot be shown."""
    words = words.strip() or _name_in(address) or address
    target = f"<{address}>" if re.search(r"[\s()]", address) else address
    return f"[{words}]({target}{title})"


def as_html_link(words: str, address: str) -> str:
    words = words.strip() or _name_in(address) or address
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def _name_in(address: str) -> str:
    return unquote(address.partition("?")[0].rstrip("/").rpartition("/")[2])
