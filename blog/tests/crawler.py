"""A crawler that walks the site through Django's test client, as a search engine would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.test import Client

# What readers reach by links of pages; files and the author's side are another matter.
OTHERS = ("/admin/", "/media/", "/static/")


@dataclass
class Document:
    """One answer of the site: its status, its type and, where it is a page, what its head and its links say."""

    path: str
    status: int
    content_type: str
    text: str
    location: str = ""
    links: list[str] = field(default_factory=list)
    hreflang: dict[str, str] = field(default_factory=dict)
    canonical: str = ""
    alternates: list[str] = field(default_factory=list)
    robots: str = ""

    @property
    def language(self) -> str:
        return self.path.split("/")[1]

    @property
    def is_indexable_page(self) -> bool:
        return self.status == 200 and self.content_type == "text/html" and "noindex" not in self.robots


class _Reader(HTMLParser):
    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document

    def handle_starttag(self, tag: str, attributes: list) -> None:
        values = dict(attributes)
        address = site_path(values.get("href") or "", self.document.path)
        relations = (values.get("rel") or "").split()
        if tag == "a" and address:
            self.document.links.append(address)
        elif tag == "meta" and values.get("name") == "robots":
            self.document.robots = values["content"]
        elif tag == "link" and "canonical" in relations:
            self.document.canonical = address
        elif tag == "link" and "alternate" in relations and "hreflang" in values and "type" not in values:
            self.document.hreflang[values["hreflang"]] = address
        elif tag == "link" and "alternate" in relations:
            self.document.alternates.append(address)


def site_path(address: str, base: str = "/") -> str:
    """Return an address of this site as a path with its query; "" for any other site's."""
    whole = urldefrag(urljoin(settings.SITE_URL + base, address)).url
    parts = urlsplit(whole)
    if f"{parts.scheme}://{parts.netloc}" != settings.SITE_URL:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def fetch(path: str) -> Document:
    response = Client().get(path)
    content_type = response.headers.get("Content-Type", "").partition(";")[0]
    body = b"" if response.streaming else response.content
    text = body.decode(errors="replace") if not content_type.startswith("image/") else ""
    document = Document(path, response.status_code, content_type, text, response.headers.get("Location", ""))
    if content_type == "text/html":
        _Reader(document).feed(text)
    return document


def crawl(*starts: str) -> dict[str, Document]:
    """Return every document that links of pages lead to, by its path; redirects are followed as links are."""
    found: dict[str, Document] = {}
    waiting = list(starts)
    while waiting:
        path = waiting.pop()
        if path in found or path.startswith(OTHERS):
            continue
        found[path] = document = fetch(path)
        waiting += [*document.links, *document.alternates, *document.hreflang.values()]
        if document.location:
            waiting.append(site_path(document.location, path))
    return found
