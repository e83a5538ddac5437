"""Images as Markdown: the file that the page shows largest, its alternative text, and its caption as the title."""

import re
from urllib.parse import urlsplit

from .context import Context
from .nodes import Element

LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file")
FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)$", re.IGNORECASE)
# What WordPress adds to the name of a file for each size that it makes.
SIZE = re.compile(r"-\d{1,5}x\d{1,5}(?=\.\w+$)")


def source_of(element: Element) -> str:
    """Return the address of an image: the file that it links to, where that is the same picture in full."""
    shown = element.get("src").strip()
    if not shown or shown.startswith("data:"):
        shown = next((element.get(name).strip() for name in LAZY if element.get(name)), shown)
    return shown


def is_link_to_file(link: Element) -> bool:
    """Whether a link around an image leads to a picture, as those of galleries do."""
    return bool(FILE.search(urlsplit_path(link.get("href"))))


def urlsplit_path(address: str) -> str:
    try:
        return urlsplit(address.strip()).path
    except ValueError:
        return ""


def image(element: Element, context: Context, caption: str = "") -> str:
    """Return an image as Markdown, "" with a note for what counts readers or is written into the page itself."""
    source = source_of(element)
    if not source or source.startswith("data:"):
        context.findings.lose(element, "left out: an image without an address of its own", element.get("alt")[:60])
        return ""
    if "1" in (element.get("width"), element.get("height")):
        context.findings.lose(element, "left out: an image of one dot, which counts readers", source)
        return ""
    words = " ".join(element.get("alt").split())
    caption = caption or _title(element, source, words)
    address = re.sub(r'[\s<>"\\()]', lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), source)
    title = ' "{}"'.format(caption.replace('"', '\\"')) if caption else ""
    return "![{}]({}{})".format(re.sub(r"([\\\[\]])", r"\\\1", words), address, title)


def _title(element: Element, source: str, alternative: str) -> str:
    """A title that an author wrote: editors write the name of the file, or the alternative text once more."""
    title = " ".join(element.get("title").split())
    stem = SIZE.sub("", urlsplit_path(source).rpartition("/")[2]).rpartition(".")[0]
    plain = re.sub(r"[\W_]+", "", title).lower()
    return "" if plain in {re.sub(r"[\W_]+", "", stem).lower(), re.sub(r"[\W_]+", "", alternative).lower()} else title
