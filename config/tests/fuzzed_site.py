"""A site with something of everything, some of it not for readers, and a run of requests at random as each role."""

import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils.http import urlsafe_base64_encode

from articles import unsaved
from articles.models import Article, Author, Image, PreviewLink, Redirect, Series, Tag
from articles.saving import save_language
from articles.tests.examples import TOMORROW, live, make_article
from articles.tests.people import person
from articles.text import ArticleText
from blog.models import Site
from blog.tests.examples import make_page, shown

from .fuzzing import ALARMS, SECRET, Fuzz, Visitor
from .hostile_requests import Chance
from .privileges import Guard
from .server import Server, serving

PARTS_OF_PATHS = {
    "language": ["en", "fr"],
    "year": ["2026"],
    "month": ["1", "11", "13"],
    "file": ["css/site.css"],
    "part": ["articles", "pages"],
    "number": ["1", "2"],
    "app_label": ["articles", "auth", "blog"],
    "url": ["articles", "x/"],
    "uidb64": ["MQ"],
}
TEXTS_OF_ROWS = ("slug_en", "slug_fr", "key", "token", "form", "username")


@dataclass
class Result:
    """What came of the requests of one role."""

    who: str
    statuses: Counter
    faults: list[str]
    crossed: list[str]


def make_roles() -> None:
    """Make the groups of the roles as the migrations do: a test that commits leaves no group behind."""
    for name in ("0002_roles", "0005_redirects_for_editors", "0006_log_for_editors"):
        for step in import_module(f"blog.migrations.{name}").Migration.operations:
            step.code(apps, SimpleNamespace(connection=connection))


def make_site() -> dict:
    """Make the site and return its people by their roles, those who may do more after those who may do less."""
    make_roles()
    people = {
        "nobody": None,
        "reader": get_user_model().objects.create_user("reader"),
        "staff": person("staff"),
        "translator": person("translator", "Translator"),
        "author": person("author", "Author"),
        "editor": person("editor", "Editor"),
        "superuser": get_user_model().objects.create_superuser("superuser"),
    }
    Site.current()
    tag = Tag.objects.create(key="tag", name_en="Tag", name_fr="Sujet")
    series = Series.objects.create(key="series", title_en="Series", title_fr="Suite")
    writer = Author.objects.create(name="Writer", user=people["author"])
    own = make_article("own", en=live("Own", slug="own"), fr=live("Mien", slug="mien"))
    own.authors.add(writer)
    live_one = make_article("live", en=live("Live", slug="live"), fr=live("Publié", slug="publie"))
    Article.objects.update(series=series)
    live_one.tags.add(tag)
    make_article(
        "draft", en={"title": SECRET, "body": SECRET, "slug": "draft"}, fr={"title": SECRET, "slug": "brouillon"}
    )
    make_article("later", en=live(SECRET, slug="later", published_at=TOMORROW))
    make_article("french", fr=live("Français", slug="francais"))
    make_article("gone", en=live("Gone", slug="gone", body=SECRET)).delete()
    base = live_one.latest_revision("en")
    text = ArticleText(**live(SECRET, slug="live"))
    save_language(live_one, "en", text, based_on=base, as_working_copy=True)
    PreviewLink.objects.create(article=own)
    Redirect.objects.create(old_path="/old/", new_path="/en/")
    typed = dict.fromkeys(unsaved.FIELDS, "") | {"body": SECRET}
    unsaved.keep(people["editor"], uuid.uuid4(), "en", typed, article=live_one, based_on=base)
    Image.objects.create(key="i", digest="0" * 64, file_name="i.png", format="png", width=1, height=1, widths=[1])
    make_page("about", en=shown("About", slug="about"), fr=shown("À propos", slug="a-propos"))
    make_page("hidden", en={"title": SECRET, "slug": "hidden", "body": SECRET})
    return people


def known() -> dict[str, list[str]]:
    """Return what is there for what varies in the routes."""
    found = {name: list(values) for name, values in PARTS_OF_PATHS.items()}
    keys = set()
    for model in apps.get_models():
        if model._meta.app_label not in ("articles", "blog", "auth"):
            continue
        for row in model._base_manager.all()[:200]:
            keys.add(str(row.pk))
            found.setdefault(f"{model._meta.app_label}/{model._meta.model_name}", []).append(str(row.pk))
            for name in TEXTS_OF_ROWS:
                if value := getattr(row, name, None):
                    found.setdefault(name.partition("_")[0], []).append(str(value))
    for name in ("pk", "object_id", "id", "revision_pk"):
        found[name] = sorted(keys)
    found["content_type_id"] = [str(pk) for pk in ContentType.objects.values_list("pk", flat=True)]
    found["uidb64"] = [urlsafe_base64_encode(pk.encode()) for pk in found["auth/user"]]
    return found


@contextmanager
def served(workers: int = 1) -> Iterator[Server]:
    """Serve the site with a folder of its own for images."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "gunicorn.py"
        lines = ("from config import settings", f"settings.MEDIA_ROOT = {folder!r}", "from config.gunicorn import *")
        file.write_text("\n".join(lines))
        with serving("--config", str(file), workers=workers) as server:
            yield server


def fuzzed(server: Server, people: dict, number: int, seed: int = 1) -> list[Result]:
    """Send so many requests as each of some people, one after another, and look what came of them."""
    results = []
    for who, user in people.items():
        guard, said = Guard(user) if who != "superuser" else None, len(server.lines)
        visitor = Visitor(server.port, user)
        # Of preview links somebody was told; nobody guesses one.
        there = known() if user else known() | {"token": [], "form": []}
        fuzz = Fuzz(visitor, there, Chance(f"{who} {seed}"))
        fuzz.run(number)
        visitor.close()
        # The server's output comes through a pipe.
        time.sleep(0.1)
        alarms = []
        for line in server.lines[said:]:
            # With the whole of its traceback, which is further in.
            if any(word in line for word in ALARMS) or (alarms and line.startswith("  ")):
                alarms.append(line)
        results.append(Result(who, fuzz.statuses, fuzz.faults + alarms, guard.broken() if guard else []))
    return results
