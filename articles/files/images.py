"""The image files beside an article's texts: found by their references, checked, and recorded under their names."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from articles import image_store, languages
from articles.images.decoding import MAX_BYTES, ImageRefused, check_size
from articles.images.encoding import Encoded, digest_of
from articles.models import Article, ArticleImage, Image

from .plain_files import LEADS_OUT, read_bytes
from .problems import ImportProblems, Problem
from .prose import prose

# ![alt](name(1) "title"), ![alt](<name with spaces>), <img src="name">, and [id]: name.jpg, which ![alt][id] refers to.
REFERENCE = re.compile(
    r"!\[(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*\]\(\s*(?:<(?P<bracketed>[^<>\n]*)>|(?P<bare>(?:[^\s()]|\([^\s()]*\))+))"
    r"|<img\b[^<>]*?\ssrc\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<unquoted>[^\s\"'>]+))"
    r"|^ {0,3}\[[^\]\n^][^\]\n]*\]:[ \t]*<?(?P<defined>[^\s<>]+\.(?:jpe?g|png|webp|avif|gif|svg))\b",
    re.IGNORECASE | re.MULTILINE,
)
# What each of these has; many a text defines notes.
SIGNS = re.compile(r"!\[|<img\b|\.(?:jpe?g|png|webp|avif|gif|svg)", re.IGNORECASE)
# image:KEY, https://…, //host/…, /path, #part: nothing beside the article.
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/|#|\Z", re.IGNORECASE)


@dataclass(frozen=True)
class ImageReference:
    """A file beside an article's texts, named on a line of one of them; `name` is percent-decoded, without "./"."""

    name: str
    text: Path
    line: int

    @property
    def path(self) -> Path:
        return self.text.parent / self.name

    @property
    def is_beside(self) -> bool:
        """Whether there is something of this name beside the text."""
        try:
            return "/" not in self.name and os.path.lexists(self.path)
        except (OSError, ValueError):
            return False

    def problem(self, reason: str) -> ImportProblems:
        return ImportProblems([Problem(self.text, self.line, f"“{self.name}”: {reason}")])


def references(text: Path, body: str, first_line: int) -> Iterator[ImageReference]:
    """Yield what a Markdown body that begins on a line of a file names beside it, in order."""
    if not SIGNS.search(body):
        # As in most texts; looking for code takes longer.
        return
    searched = prose(body)
    for match in REFERENCE.finditer(searched):
        source = next(group for group in match.groups() if group is not None).strip()
        if not ELSEWHERE.match(source):
            name = unquote(unescape(source)).removeprefix("./")
            yield ImageReference(name, text, first_line + searched.count("\n", 0, match.start()))


def read_image(reference: ImageReference) -> bytes:
    """Return the bytes of a file that lies beside the text itself; raise ImportProblems or ImageRefused."""
    path = reference.path
    if "/" in reference.name or "\\" in reference.name or "\x00" in reference.name:
        raise reference.problem("put the image beside the text and write its name alone")
    try:
        if path.is_symlink() and path.resolve().parent != reference.text.parent.resolve():
            raise reference.problem(LEADS_OUT)
        if not path.is_file():
            raise reference.problem("there is no such image beside the text")
        check_size(path.stat().st_size)
        return read_bytes(path, MAX_BYTES)
    except OSError as error:
        raise reference.problem(f"cannot be read: {error.strerror}") from None
    except RuntimeError:
        raise reference.problem("a symbolic link that leads in a circle") from None


def prepare(reference: ImageReference, folder: Path, is_dry: bool = False) -> Image | Encoded:
    """Return the stored image of a reference, or its file encoded into a workspace; raise ImportProblems.

    `is_dry` gives one that can be saved without a file of it going anywhere.
    """
    try:
        return prepare_bytes(read_image(reference), folder, is_dry)
    except ImageRefused as refusal:
        raise reference.problem(" ".join(refusal.messages)) from None


def prepare_bytes(data: bytes, folder: Path, is_dry: bool) -> Image | Encoded:
    """Return the same of an image's bytes; raise ImageRefused."""
    image = image_store.stored(digest_of(data)) if is_dry else None
    encoded = image or image_store.prepare(data, folder)
    if is_dry and image is None:
        for path in encoded.folder.iterdir():
            path.unlink()
    return encoded


def save(article: Article, reference: ImageReference, prepared: Image | Encoded, row: Image | None = None) -> str:
    """Record an image under its name; return "created", "updated" or "unchanged".

    `row` is what a new one is called in the library, by default like its file.
    """
    image = image_store.save(row or Image(file_name=reference.name), prepared)
    there = ArticleImage.objects.filter(article=article, name=reference.name).first()
    if there and there.image_id == image.pk:
        return "unchanged"
    ArticleImage.objects.update_or_create(article=article, name=reference.name, defaults={"image": image})
    return "updated" if there else "created"


def forget_unnamed(article: Article, named: Iterable[str]) -> None:
    """Drop the names that neither the folder nor the site's texts say any more; their images stay in the library."""
    bodies = [getattr(article, languages.column("body", code)) or "" for code in languages.codes()]
    bodies += article.working_copies.values_list("revision__body", flat=True)
    on_the_site = {reference.name for body in bodies for reference in references(Path(), body, 1)}
    article.image_files.exclude(name__in=on_the_site.union(named)).delete()
