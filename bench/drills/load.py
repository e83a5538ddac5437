"""Ten minutes of readers, searches and an author who saves, while a worker is killed again and again."""

import contextlib
import http.cookiejar
import os
import random
import re
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

from articles.tests.form_parser import FormParser
from bench.drills import Drill
from bench.drills.visitors import BROKEN, Visitor, quantile, together
from bench.environments import INHERITED
from bench.serving import site
from bench.serving.programs import Server, workers
from blog.tests.checkout import fresh_checkout

SECONDS, SHORT_SECONDS = 600, 30
KILL_EVERY, SHORT_KILL_EVERY = 20, 8
READERS, PAUSE = 8, 0.01
# One search: what one address may ask for, an hour long.
PAUSE_OF_SEARCH = 6.0
PAUSE_OF_AUTHOR = 0.5
# Seconds after a kill in which its connections are told of it, however busy the machine is.
AFTERMATH = 3.0
PASSWORD = "of the drill alone"  # noqa: S105

# Each shows the number that the author raised last.
LIVE = ["/en/articles/drill/", "/en/articles/drill.md", "/en/", "/en/feed.xml", "/en/feed.json"]
NUMBER = re.compile(rb"Number (\d+)\.")
ARTICLE = """---
title: {title}
slug: drill
summary: Number 0.
published_at: 2026-01-01 00:00
---

Number 0.

More words, which stay.
"""
FIND = "from articles.models import Article; print(Article.objects.get(key='drill').pk)"


class Author:
    """One who logs in and saves one article again and again, each time with a higher number."""

    def __init__(self, server: Server, article: int) -> None:
        self.server, self.form = server, f"/admin/articles/article/{article}/change/"
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.tried = 0
        self.acknowledged = [0]
        self.broken: list[tuple[float, float, str]] = []
        self.wrong: list[str] = []

    def log_in(self) -> None:
        fields = self.fields("/admin/login/", "login-form")
        self.send("/admin/login/", fields | {"username": "author", "password": PASSWORD})

    def save(self) -> None:
        """Save the next number; a request that breaks is noted, and the next save begins with a new form."""
        start = time.monotonic()
        try:
            fields = self.fields(self.form, "article_form")
            self.tried += 1
            number = self.tried
            words = f"Number {number}."
            body = re.sub(r"Number \d+\.", words, fields["body_en"][0])
            self.send(self.form, fields | {"body_en": [body], "summary_en": [words], "_continue": "1"})
        except urllib.error.HTTPError as error:
            self.wrong.append(f"author: {error.code}")
        except BROKEN as error:
            self.broken.append((start, time.monotonic(), f"author: {error!r}"))
        else:
            self.acknowledged.append(number)

    def fields(self, path: str, form: str) -> dict:
        parser = FormParser(form)
        with self.opener.open(self.server.url(path), timeout=60) as answer:
            parser.feed(answer.read().decode())
        if not parser.fields:
            raise SystemExit(f"{path} has no form {form}: {answer.url}")
        return parser.fields

    def send(self, path: str, fields: dict) -> None:
        """Send a form; raise HTTPError, or SystemExit where it comes back with remarks."""
        body = urllib.parse.urlencode(fields, doseq=True).encode()
        request = urllib.request.Request(self.server.url(path), body, {"Referer": self.server.url(path)})  # noqa: S310
        with self.opener.open(request, timeout=60) as answer:
            page = answer.read()
        if b"errornote" in page:
            raise SystemExit(f"{path} came back: {re.findall(rb'errorlist.*?</ul>', page, re.DOTALL)[:3]}")


class Readers:
    """What readers may see: the saved number or a later one, and every other page as it was."""

    def __init__(self, author: Author, others: dict[str, bytes]) -> None:
        self.author, self.others = author, others
        # When each number was acknowledged.
        self.known: list[tuple[float, int]] = [(0.0, 0)]

    def path(self) -> str:
        return random.choice([*LIVE, *random.sample(list(self.others), len(LIVE))])  # noqa: S311

    def check(self, start: float, path: str, status: int, body: bytes) -> str:
        if status != 200:
            return str(status)
        if path in self.others:
            return "" if body == self.others[path] else "another page than before"
        if path not in LIVE:
            return ""
        numbers = [int(number) for number in NUMBER.findall(body)]
        least = max(number for at, number in list(self.known) if at < start)
        if not numbers:
            return "no number"
        return "" if least <= min(numbers) and max(numbers) <= self.author.tried else f"{numbers} after {least}"


def run(is_short: bool) -> Drill:
    seconds, every = (SHORT_SECONDS, SHORT_KILL_EVERY) if is_short else (SECONDS, KILL_EVERY)
    with fresh_checkout() as checkout:
        author = Author(server := site.served(checkout), _set_up(checkout))
        kills: list[float] = []
        with server.running() as process:
            others = {path: _body(server, path) for path in _other_pages()}
            author.log_in()
            readers, ended = Readers(author, others), threading.Event()
            visitors = [Visitor(server.port, readers.path, ended, readers.check, PAUSE) for _ in range(READERS)]
            search = Visitor(server.port, lambda: "/en/search/?q=number", ended, readers.check, PAUSE_OF_SEARCH)
            for visitor in [*visitors, search]:
                visitor.start()
            saving = threading.Thread(target=_save_until, args=(ended, author, readers), daemon=True)
            saving.start()
            _kill_until(time.monotonic() + seconds, every, kills, lambda: workers(process))
            ended.set()
            for thread in [*visitors, search, saving]:
                thread.join()
            changed = [path for path, body in others.items() if _body(server, path) != body]
        lost = _lost(checkout, author.acknowledged)
    notes = together([*visitors, search])
    broken = notes.broken + author.broken
    unexplained = [what for start, end, what in broken if not _is_explained(start, end, kills)]
    wrong = notes.wrong + author.wrong + [f"{path} changed" for path in changed]
    sentences = [
        f"{seconds} seconds of {READERS} readers, a search every {PAUSE_OF_SEARCH:.0f} seconds and an author who "
        f"saves; {len(kills)} workers killed by `kill -9`.",
        f"{notes.statuses.total():,} answers to readers: half within {quantile(notes.seconds, 0.5):.0f} ms, 99 of 100 "
        f"within {quantile(notes.seconds, 0.99):.0f} ms.",
        f"{len(author.acknowledged) - 1} saves acknowledged, {len(lost)} of them lost.",
        f"{len(wrong)} wrong pages: another status than 200, an older text than the last acknowledged one, another "
        "page than a new server makes.",
        f"{len(broken)} requests broken off on connections to killed workers, {len(unexplained)} others; "
        f"{notes.repeated} pages asked for once more since their connection was closed between two.",
        *(wrong + unexplained)[:20],
    ]
    return Drill("load", sentences, bool(kills and not lost and not wrong and not unexplained))


def _is_explained(start: float, end: float, kills: list[float]) -> bool:
    """Return whether a request was under way when a worker was killed, or began before its connections were gone."""
    return any(start <= kill + AFTERMATH and kill <= end for kill in kills)


def _set_up(checkout: Path) -> int:
    """Make the site with the article of the drill and its author; return the article's number."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "password").write_text(PASSWORD)
        site.set_up(checkout, 200, 3, AUTHOR_PASSWORD_FILE=str(folder / "password"))
        (folder / "content" / "drill").mkdir(parents=True)
        for code, title in (("en", "Drill"), ("fr", "Exercice")):
            (folder / "content" / "drill" / f"index.{code}.md").write_text(ARTICLE.format(title=title))
        _manage(checkout, "import_articles", str(folder / "content"))
    return int(_manage(checkout, "shell", "--no-imports", "--command", FIND).split()[-1])


def _manage(checkout: Path, *words: str) -> str:
    command = [".venv/bin/python", "manage.py", *words]
    return subprocess.run(command, cwd=checkout, env=INHERITED, check=True, capture_output=True, text=True).stdout  # noqa: S603


def _other_pages() -> list[str]:
    """Return pages of each kind that do not show the article of the drill."""
    articles = [f"/{code}/articles/article-{number}/" for code in ("en", "fr") for number in range(50, 90)]
    return [*articles, "/en/tags/tag-0/", "/fr/structure/", "/en/style/", "/en/series/series-0/", "/en/archive/2024/"]


def _body(server: Server, path: str) -> bytes:
    visitor = Visitor(server.port, lambda: path, threading.Event())
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as visitor.connection:
        return visitor.ask(path)[1]


def _save_until(ended: threading.Event, author: Author, readers: Readers) -> None:
    while not ended.wait(PAUSE_OF_AUTHOR):
        author.save()
        readers.known.append((time.monotonic(), author.acknowledged[-1]))


def _kill_until(end: float, every: float, kills: list[float], running: Callable[[], list[int]]) -> None:
    while (now := time.monotonic()) < end:
        time.sleep(min(every, end - now))
        if time.monotonic() < end:
            kills.append(time.monotonic())
            os.kill(random.choice(running()), signal.SIGKILL)  # noqa: S311


def _lost(checkout: Path, acknowledged: list[int]) -> list[int]:
    """Return the acknowledged numbers that no version in the article's history has."""
    with contextlib.closing(sqlite3.connect(checkout / "var" / "db.sqlite3")) as database:
        bodies = [body for (body,) in database.execute("SELECT body FROM articles_revision WHERE language = 'en'")]
    found = {int(number) for body in bodies for number in re.findall(r"Number (\d+)\.", body)}
    return sorted(set(acknowledged) - found)
