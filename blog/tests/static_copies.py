"""A site with something of everything, for the tests of its static copy."""

import http.server
import re
import shutil
import tempfile
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from unittest import mock
from urllib.parse import urljoin

from django.conf import settings
from django.db import connections
from django.test import override_settings

from articles import languages
from articles.models import Author, PreviewLink, Redirect, Series, Tag
from articles.tests.examples import TOMORROW, change, live, make_article
from articles.tests.image_files import jpeg, store
from blog import style_page
from blog.models import Page
from blog.static_site import Summary, export
from blog.tests.examples import make_page, shown

ATTRIBUTE = re.compile(r'(\s(?:href|src|content|action|value)=")([^"]*)"')
FURTHER_PAGE = re.compile(f"({settings.SITE_URL}/[a-z0-9/-]+/)\\?page=(\\d+)")
SECRET = "Nobody may read this yet"


def each(field: str, **texts: str) -> dict:
    return {languages.column(field, code): text for code, text in texts.items()}


def make_site(walks: int) -> None:
    """Fill the site: so many articles, a part of each kind, old addresses, and what readers must not see."""
    tag = Tag.objects.create(key="light", **each("name", en="Light", fr="Lumière"))
    series = Series.objects.create(key="walks", **each("title", en="Walks", fr="Promenades"))
    author = Author.objects.create(name="Ada")
    for number in range(walks):
        texts = {"en": live(f"Walk {number}")} | ({"fr": live(f"Promenade {number}")} if number < walks - 1 else {})
        article = make_article(f"a{number}", **texts)
        article.tags.add(tag)
        article.authors.add(author)
    article.series, article.part = series, 1
    article.save()
    words = 'See [this](article:a1), [page two](/en/?page=2), [old](/en/tags/lux/) and `href="/en/?page=2"`.\n\n'
    text = words + "```python\nx = 1\n```\n\n![](image:photo)"
    make_article("rich", en=live("Rich", body=text), fr=live("Riche", body="![](image:photo)"))
    moved = make_article("moved", en=live("Moved", slug="former"))
    change(moved, "en", slug="latter")
    make_page("about", en=shown("About"), fr=shown("À propos"), navigation=Page.Navigation.HEADER)
    Tag.objects.create(key="lux", **each("name", en="Lux"))
    lux = Tag.objects.get(key="lux")
    article.tags.add(lux)
    lux.slug_en = "lumen"
    lux.save()
    for old, new in (("/2020/01/hello/", "/en/articles/rich/"), ("/?p=12", "/fr/"), ("/old.html", "/en/archive/")):
        Redirect.objects.create(old_path=old, new_path=new)
    # Taken, out of the folder, of another kind.
    for old in ("/en", "/en/articles/rich", "/../../escaped/", "/.git/config", "/atom.xml", "/" + "long" * 80):
        Redirect.objects.create(old_path=old, new_path="/en/archive/")
    Redirect.objects.create(old_path="/$price.php", new_path="/en/?$")
    make_article("draft", en={"title": SECRET, "body": SECRET})
    later = make_article("later", en={"title": SECRET, "body": SECRET, "published_at": TOMORROW}, fr=live("Déjà"))
    make_article("gone", en=live("Gone")).delete()
    PreviewLink.objects.create(article=later, token="preview-token")


class CopyMixin:
    """Gives a class of tests a site, a folder for its copy as `self.folder`, and a place for images."""

    # Of eleven, a list has two pages.
    walks = 12

    @classmethod
    def setUpClass(cls):
        # Each page asked for would close the connection, and with it the transaction of the test.
        cls.enterClassContext(mock.patch.object(connections["default"], "close_if_unusable_or_obsolete"))
        cls.data = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.data)
        cls.enterClassContext(override_settings(MEDIA_ROOT=cls.data / "media", DATA_DIR=cls.data))
        super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        cls.make_all()

    @classmethod
    def make_all(cls):
        store(jpeg(), key="photo", **each("alt", en="A photo", fr="Une photo"))
        style_page.keep_picture()
        make_site(cls.walks)

    def setUp(self):
        super().setUp()
        if not hasattr(self, "folder"):
            self.folder = Path(tempfile.mkdtemp(dir=self.data)) / "copy"

    def export(self, **options) -> Summary:
        return export(self.folder, **{"jobs": 1} | options)

    def files(self) -> dict[str, Path]:
        """Return the files of the copy by their names, those of its own kept apart."""
        paths = {str(path.relative_to(self.folder)): path for path in self.folder.rglob("*") if path.is_file()}
        return {name: path for name, path in paths.items() if not name.startswith(".export_site/")}


def comparable(text: str, base: str) -> str:
    """Return a document with its links in full, those to further pages of lists as the copy has them."""

    def full(found: re.Match) -> str:
        link = unescape(found[2])
        whole = urljoin(settings.SITE_URL + base, link) if link.startswith(("/", "?", ".", "http")) else link
        return f'{found[1]}{whole}"'

    return FURTHER_PAGE.sub(r"\1page/\2/", ATTRIBUTE.sub(full, text))


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args) -> None:
        pass


class _Links(HTMLParser):
    def __init__(self, heads: bool) -> None:
        super().__init__()
        self.heads, self.links = heads, []

    def handle_starttag(self, tag: str, attributes: list) -> None:
        values = dict(attributes)
        if (
            not self.heads
            and tag == "link"
            and values.get("rel") in ("canonical", "alternate")
            and "type" not in values
        ):
            return
        self.links += [values[name] for name in ("href", "src", "action", "poster") if values.get(name)]
        self.links += [each.split()[0] for each in (values.get("srcset") or "").split(",") if each.strip()]
        if tag == "meta" and values.get("http-equiv") == "refresh":
            self.links.append(values["content"].partition("url=")[2])
        if tag == "data" and values.get("class") == "u-url":
            self.links.append(values["value"])


def links_of(text: str, is_css: bool, heads: bool = True) -> list[str]:
    if is_css:
        return re.findall(r"""url\(["']?([^"')]+)""", text)
    reader = _Links(heads)
    reader.feed(text)
    return [link for link in reader.links if not link.startswith(("#", "mailto:", "data:"))]
