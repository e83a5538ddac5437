"""The three systems: how each wants the articles told, and how it is run."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.environments import INHERITED

from .texts import Text

PROJECT = Path(__file__).resolve().parents[2]
ADDRESS = "https://blog.example.org"
REQUIREMENTS = ["pelican==4.12.0", "pelican-precompress==2.4.0", "brotli==1.2.1", "nikola==8.3.3", "markdown==3.11.3"]


class System:
    """One of the three with one way to run it: its input and output lie in a folder of its own."""

    name = ""

    def __init__(self, folder: Path, texts: list[Text]) -> None:
        self.folder, self.texts = folder, texts
        self.output = folder / "output"
        for text in texts:
            self.write(text, text.body)

    def write(self, text: Text, body: str) -> None:
        path = self.path(text)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.head(text) + body)

    def path(self, text: Text) -> Path:
        raise NotImplementedError

    def head(self, text: Text) -> str:
        raise NotImplementedError

    def fresh(self) -> None:
        """Leave nothing of a build where the next one looks.

        The files themselves stay to the end: ext4 takes long to make a file beside many that have just been removed.
        """
        if self.output.exists():
            self.output.rename(tempfile.mkdtemp(prefix="old-", dir=self.folder))

    def prepare_again(self) -> None:
        """Do what another build of the same needs, and is not measured."""

    def take_in(self) -> None:
        """Read what changed in the files, where building does not do that."""

    def build(self) -> None:
        raise NotImplementedError

    def run(self, *command: str | Path, **variables: str) -> float:
        start = time.monotonic()
        done = subprocess.run(  # noqa: S603, our own commands
            command, cwd=self.folder, env=INHERITED | variables, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(
                f"{self.name}: {' '.join(map(str, command))} failed:\n{(done.stdout + done.stderr)[-3000:]}"
            )
        return time.monotonic() - start

    def pages(self) -> int:
        return sum(1 for _ in self.output.rglob("*.html"))


class Ours(System):
    """The articles are imported once, into a database that each build begins with."""

    def __init__(self, folder: Path, texts: list[Text], jobs: int) -> None:
        self.name, self.jobs = f"this site, {_processes(jobs)}", jobs
        super().__init__(folder, texts)
        self.database = folder / "db.sqlite3"
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        self.manage("migrate", "--verbosity", "0")
        self.import_seconds = self.manage("import_articles", str(self.articles))
        self.full = shutil.copy(self.database, folder / "full.sqlite3")

    @property
    def articles(self) -> Path:
        return self.folder / "articles"

    def path(self, text: Text) -> Path:
        return self.articles / f"article-{text.number}" / f"index.{text.language}.md"

    def head(self, text: Text) -> str:
        shared = f"source_language: en\ntags: [{', '.join(text.tags)}]\n" if text.language == "en" else ""
        return f"---\ntitle: {text.title}\npublished_at: {text.date:%Y-%m-%d %H:%M}\n{shared}---\n\n"

    def fresh(self) -> None:
        super().fresh()
        for path in self.folder.glob("db.sqlite3*"):
            path.unlink()
        shutil.copy(self.full, self.database)
        # The pictures for social media, which the site keeps beside its database.
        for folder in (PROJECT / "var" / "social").glob("article-*/"):
            shutil.rmtree(folder)

    def take_in(self) -> None:
        self.manage("import_articles", str(self.articles))

    def build(self) -> None:
        self.manage("export_site", str(self.output), "--jobs", str(self.jobs))

    def manage(self, *words: str) -> float:
        variables = {"DATABASE_URL": f"sqlite:///{self.database}", "SECRET_KEY": "for the benchmark alone, long enough"}
        return self.run(sys.executable, PROJECT / "manage.py", *words, SITE_URL=ADDRESS, **variables)


class Pelican(System):
    def __init__(self, folder: Path, texts: list[Text], programs: Path, *, is_compressed: bool = False) -> None:
        self.name, self.programs = f"Pelican{', compressed' if is_compressed else ''}", programs
        super().__init__(folder, texts)
        # Named, since Pelican loads every plugin that it finds otherwise.
        plugins = ["precompress"] if is_compressed else []
        settings = f"""SITEURL = "{ADDRESS}"
AUTHOR = "Somebody"
SITENAME = "A blog"
PATH = "content"
TIMEZONE = "Europe/Paris"
DEFAULT_LANG = "en"
DEFAULT_PAGINATION = 10
PLUGINS = {plugins}
PRECOMPRESS_OVERWRITE = True
"""
        cache = 'CACHE_CONTENT = True\nCONTENT_CACHING_LAYER = "reader"\n'
        (folder / "pelicanconf.py").write_text(settings)
        (folder / "fillcache.py").write_text(f"{settings}{cache}LOAD_CONTENT_CACHE = False\n")
        (folder / "cached.py").write_text(f"{settings}{cache}LOAD_CONTENT_CACHE = True\n")
        self.is_new = True

    def path(self, text: Text) -> Path:
        return self.folder / "content" / f"article-{text.number}.{text.language}.md"

    def head(self, text: Text) -> str:
        facts = {"Title": text.title, "Date": f"{text.date:%Y-%m-%d %H:%M}", "Slug": f"article-{text.number}"}
        facts |= {"Lang": text.language, "Tags": ", ".join(text.tags)}
        return "".join(f"{key}: {value}\n" for key, value in facts.items()) + "\n"

    def fresh(self) -> None:
        super().fresh()
        shutil.rmtree(self.folder / "cache", ignore_errors=True)
        self.is_new = True

    def build(self) -> None:
        if self.is_new:
            self.is_new = False
            self.run(self.programs / "pelican", "-q", "-s", "pelicanconf.py")
        else:
            self.run(self.programs / "pelican", "-q", "-s", "cached.py")

    def prepare_again(self) -> None:
        self.run(self.programs / "pelican", "-q", "-s", "fillcache.py")


class Nikola(System):
    def __init__(
        self, folder: Path, texts: list[Text], programs: Path, jobs: int, *, is_compressed: bool = False
    ) -> None:
        self.name = f"Nikola, {_processes(jobs)}{', compressed' if is_compressed else ''}"
        self.programs, self.jobs = programs, jobs
        super().__init__(folder, texts)
        (folder / "conf.py").write_text(f"""GZIP_FILES = {is_compressed}
BLOG_AUTHOR = "Somebody"
BLOG_TITLE = "A blog"
SITE_URL = "{ADDRESS}/"
BLOG_EMAIL = "nobody@example.org"
BLOG_DESCRIPTION = "A blog for a measurement"
DEFAULT_LANG = "en"
TRANSLATIONS = {{"en": "", "fr": "./fr"}}
NAVIGATION_LINKS = {{"en": (("/archive.html", "Archive"),), "fr": (("/fr/archive.html", "Archives"),)}}
POSTS = (("posts/*.md", "posts", "post.tmpl"),)
PAGES = ()
TIMEZONE = "Europe/Paris"
INDEX_DISPLAY_POST_COUNT = 10
TAG_PAGES_ARE_INDEXES = True
COMPILERS = {{"markdown": [".md"]}}
MARKDOWN_EXTENSIONS = ["markdown.extensions.fenced_code", "markdown.extensions.codehilite", "markdown.extensions.extra"]
""")

    def path(self, text: Text) -> Path:
        return self.folder / "posts" / f"article-{text.number}{'.fr' if text.language == 'fr' else ''}.md"

    def head(self, text: Text) -> str:
        facts = {"title": text.title, "slug": f"article-{text.number}", "date": f"{text.date:%Y-%m-%d %H:%M:%S}"}
        facts |= {"tags": ", ".join(text.tags)}
        return "<!--\n" + "".join(f".. {key}: {value}\n" for key, value in facts.items()) + "-->\n\n"

    def fresh(self) -> None:
        super().fresh()
        for path in [self.folder / "cache", *self.folder.glob(".doit*")]:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def build(self) -> None:
        self.run(self.programs / "nikola", "build", "-q", "-n", str(self.jobs if self.jobs > 1 else 0))


def _processes(jobs: int) -> str:
    return "one process" if jobs == 1 else f"{jobs} processes"


def systems_in(folder: Path, texts: list[Text], programs: Path) -> list[System]:
    cores = os.cpu_count() or 1
    made: list[Callable[[Path], System]] = [
        lambda place: Ours(place, texts, 1),
        lambda place: Pelican(place, texts, programs),
        lambda place: Pelican(place, texts, programs, is_compressed=True),
        lambda place: Nikola(place, texts, programs, 1),
        lambda place: Nikola(place, texts, programs, 1, is_compressed=True),
    ]
    if cores > 1:
        made += [lambda place: Ours(place, texts, cores), lambda place: Nikola(place, texts, programs, cores)]
    systems = []
    for number, make in enumerate(made):
        place = folder / str(number)
        place.mkdir()
        systems.append(make(place))
    return systems
