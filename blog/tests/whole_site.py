"""A small site with rows in every table, and folders of its own."""

import json
import shutil
import tempfile
import uuid
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import TestCase, override_settings

from accounts import log, second_factor
from accounts.models import Event
from articles import languages
from articles.models import (
    Article,
    ArticleImage,
    Author,
    Companion,
    Image,
    PreviewLink,
    Redirect,
    Series,
    Tag,
    UnsavedText,
)
from articles.saving import save_language
from articles.tests.examples import live, make_article
from articles.tests.image_files import gradient, saved, store
from articles.tests.people import person
from blog.models import Site

from .examples import make_page, shown

# A colour is in no other picture.
COLOURS = iter(range(256))


class FolderMixin:
    """Gives each test a DATA_DIR with a MEDIA_ROOT in it, as `self.folder` and `self.media`."""

    def setUp(self):
        super().setUp()
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.media = self.folder / "media"
        self.enterContext(override_settings(DATA_DIR=self.folder, MEDIA_ROOT=self.media))

    def files(self) -> dict[str, bytes]:
        """Return the stored images, by name."""
        paths = (path for path in self.media.rglob("*") if path.is_file())
        return {str(path.relative_to(self.media)): path.read_bytes() for path in paths}


class SiteTestCase(FolderMixin, TestCase):
    """Gives each test the same site, `self.article` in it, whose images are its own."""

    @classmethod
    def setUpTestData(cls):
        cls.made = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.made)
        with override_settings(MEDIA_ROOT=cls.made):
            cls.article = make_site()

    def setUp(self):
        super().setUp()
        shutil.copytree(self.made, self.media)


def parts_of(path: Path) -> dict[str, bytes]:
    """Return the parts of an archive, less the manifest, which tells the time, and the log's lines of restores."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}
    events = parts["data/accounts.event.jsonl"].splitlines(keepends=True)
    parts["data/accounts.event.jsonl"] = b"".join(line for line in events if b'"kind":"restored"' not in line)
    return parts


def rows_of(path: Path, label: str) -> list[dict]:
    return list(map(json.loads, parts_of(path)[f"data/{label}.jsonl"].splitlines()))


def picture(name: str) -> Image:
    """Store a picture that is in the library once."""
    colour = next(COLOURS)
    return store(saved(gradient(8, 8).point(lambda value: (value + colour) % 256), "PNG"), name)


def make_site() -> Article:
    """Fill each table; return the article that most of it belongs to."""
    Site.current()
    writer = account("writer")
    writer.user_permissions.add(Permission.objects.get(codename="view_redirect"))
    image = picture("leaf.png")
    tag = Tag.objects.create(key="django", name_en="Django", name_fr="Django")
    tag.slug_en = "the-framework"
    tag.save()
    text = live("Élan", body="“Quotes”, 日本, 🌿 and \u2028.\n\n![A leaf](image:leaf)", summary="S")
    article = make_article("first", en=text, fr=live("Élan vital"))
    article.series = Series.objects.create(key="parts", title_en="Parts")
    article.part = 2
    article.created_by = writer
    article.save()
    article.tags.add(tag)
    article.authors.add(Author.objects.create(name="A Writer", user=writer))
    copy = replace(article.text_in("fr"), body="Changed.")
    save_language(article, "fr", copy, based_on=article.latest_revision("fr"), as_working_copy=True, by=writer)
    Companion.objects.create(article=article, companion=make_article("second", en={"title": "Draft"}))
    ArticleImage.objects.create(article=article, image=image, name="leaf.png")
    PreviewLink.objects.create(article=article, created_by=writer)
    second_factor.prepare(writer)
    second_factor.make_recovery_codes(writer)
    log.record(Event.Kind.LOGGED_IN, writer, address="2001:db8::1", details={"fields": ["é"]})
    Redirect.objects.create(old_path="/2020/01/élan/?p=1", article=article, language="en")
    typed = {"title": "", "body": "Typed, and not saved: é"}
    UnsavedText.objects.create(form=uuid.uuid4(), language="en", user=writer, article=article, fields=typed)
    make_page("about", **{code: shown("About") for code in languages.codes()})
    LogEntry.objects.create(
        user=writer,
        content_type=ContentType.objects.get_for_model(Tag),
        object_id=tag.pk,
        object_repr="Django",
        action_flag=CHANGE,
    )
    account("owner")
    return article


def account(name: str):
    """Return an account with a password, which is quicker to read than to make."""
    user = person(name, "Author", "Editor")
    user.password = f"pbkdf2_sha256$1$salt-of-{name}$hash-of-{name}"
    user.save()
    return user
