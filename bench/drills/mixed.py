"""Readers, searches and an author who saves, while a worker is killed now and then: no wrong page, no lost save.

A request may break on a connection of a killed worker, and on no other.
"""

import itertools
import random
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path

from bench.drills import Drill
from bench.drills.editions import Editions, Reference
from bench.drills.killing import Killed
from bench.drills.visitors import Visitor, quantile, together
from bench.drills.writer import PASSWORD, USER, Writer
from bench.environments import INHERITED
from bench.serving import site
from bench.serving.programs import Server, workers
from blog.tests.checkout import fresh_checkout

SECONDS, SHORT_SECONDS = 600, 24
# Between two workers that are killed.
PAUSE, SHORT_PAUSE = 20, 4
READERS = 8
# Shipped with the site: the articles that are written in bulk have no history.
SLUG = "python-flask-vs-django"
ARTICLE = f"/en/articles/{SLUG}/"
SEARCHES = [f"/en/search/?q=edition+{word}" for word in ("django", "flask", "python", "article", "nothing")]
PATHS = [
    *(ARTICLE, f"/fr/articles/{SLUG}/", f"/en/articles/{SLUG}.md", "/en/articles/article-7.md", "/en/nothing/"),
    *("/en/", "/fr/", "/en/?page=2", "/en/archive/", "/en/archive/2024/", "/en/archive/2024/05/", "/en/structure/"),
    *("/en/feed.xml", "/fr/feed.xml", "/en/feed.json", "/feed.xml", "/sitemap.xml", "/robots.txt", "/healthz"),
    *("/en/tags/tag-0/", "/en/authors/author-0/", "/en/series/series-0/", "/en/?unknown=1", *site.ARTICLES),
]


def run(is_short: bool) -> Drill:
    seconds, pause = (SHORT_SECONDS, SHORT_PAUSE) if is_short else (SECONDS, PAUSE)
    with fresh_checkout() as checkout:
        site.set_up(checkout, 200, 3)
        make_user(checkout)
        # All visitors have one address.
        server = site.served(checkout, THROTTLING="0")
        with server.running() as process:
            return under_load(server, process, checkout, seconds, pause)


def make_user(checkout: Path) -> None:
    subprocess.run(  # noqa: S603
        [".venv/bin/python", "manage.py", "createsuperuser", "--no-input", "--username", USER, "--email", ""],
        cwd=checkout,
        env=INHERITED | {"DJANGO_SUPERUSER_PASSWORD": PASSWORD},
        check=True,
        stdout=subprocess.DEVNULL,
    )


def under_load(server: Server, process: subprocess.Popen, checkout: Path, seconds: int, pause: int) -> Drill:
    ended, editions, killed = threading.Event(), Editions(), Killed()
    (number,) = asked(checkout, "SELECT id FROM articles_article WHERE slug_en = ?", SLUG)
    writer = Writer(server.port, number, editions, ended)
    # From here on, each page that shows the title shows a number.
    writer.log_in()
    writer.save()
    reference = Reference(server.port, [*PATHS, *SEARCHES], editions)
    often = itertools.cycle([ARTICLE, "/en/"])
    searches = itertools.cycle(SEARCHES)
    readers = [
        *(Visitor(server.port, any_path, ended, reference.fault, 0.01, number % 2 == 0) for number in range(READERS)),
        # Where the author's words are to show at once.
        Visitor(server.port, lambda: next(often), ended, reference.fault, 0.01),
        Visitor(server.port, lambda: next(searches), ended, reference.fault, 0.05),
    ]
    for thread in (*readers, writer):
        thread.start()
    for _ in range(seconds // pause):
        time.sleep(pause)
        killed.kill(random.choice(workers(process)))  # noqa: S311
    time.sleep(pause / 2)
    ended.set()
    for thread in (*readers, writer):
        thread.join()
    titles = asked(checkout, "SELECT title FROM articles_revision WHERE article_id = ? AND language = 'en'", number)
    lost = editions.acknowledged - editions.of(" ".join(titles))
    return told(seconds, readers, writer, killed, lost)


def any_path() -> str:
    return random.choice(PATHS)  # noqa: S311


def asked(checkout: Path, query: str, value: object) -> list:
    """Return the first column of what the database has."""
    with closing(sqlite3.connect(checkout / "var" / "db.sqlite3")) as database:
        return [row[0] for row in database.execute(query, [value])]


def told(seconds: int, readers: list[Visitor], writer: Writer, killed: Killed, lost: set[int]) -> Drill:
    notes, editions = together(readers), writer.editions
    broken = [*notes.broken, *writer.broken]
    elsewhere = [f"Port {port}: {what}" for port, what in broken if port not in killed.ports]
    wrong = notes.wrong + writer.wrong
    sentences = [
        f"{seconds} seconds with {len(readers) - 1} readers of {len(PATHS)} pages of all kinds, a visitor who searches "
        f"and an author who saves in the admin; {killed.number} times a worker killed (`kill -9`).",
        f"{notes.statuses.total():,} pages, {len(wrong)} of them wrong; half within "
        f"{quantile(notes.seconds, 0.5):.0f} ms, 99 of 100 within {quantile(notes.seconds, 0.99):.0f} ms.",
        f"{len(editions.acknowledged):,} saves acknowledged, half within "
        f"{quantile(writer.seconds, 0.5):.0f} ms; {len(lost)} of them lost.",
        f"{len(broken)} requests without a whole answer: {len(broken) - len(elsewhere)} on connections of a worker as "
        f"it was killed, {len(elsewhere)} on others.",
        *wrong[:10],
        *elsewhere[:10],
    ]
    return Drill("mixed", sentences, bool(editions.acknowledged) and not wrong and not elsewhere and not lost)
