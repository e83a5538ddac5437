"""What translations cost that are kept in step: a save of an original, and the translation desk among many articles.

Run as `.venv/bin/python bench/translating.py`; it prints Markdown tables and writes them to `bench/TRANSLATING.md`.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ.setdefault("SECRET_KEY", "for the benchmark alone")

FOLDER = tempfile.TemporaryDirectory()
os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER.name}/db.sqlite3"

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from articles import languages  # noqa: E402
from articles.models import Article, Revision  # noqa: E402
from articles.saving import save_language  # noqa: E402
from articles.text import ArticleText  # noqa: E402
from articles.translating import answering, following  # noqa: E402

ARTICLES, BLOCKS, WORDS = 200, 100, 60
REQUESTS, SAVES = 15, 15
SINCE = datetime(2026, 1, 1, tzinfo=UTC)

PREFACE = f"""# The cost of translations that are kept in step

Made by `bench/translating.py`, on SQLite. Texts of {BLOCKS} paragraphs of {WORDS} words. Of a save it shows the
shortest of {SAVES} in milliseconds, with and without a translation in turns; of a page the median of {REQUESTS}
requests, in milliseconds of the processor.
"""


def body(seed: str, changed: int = 0) -> str:
    """Return paragraphs of invented words; the first of them differ that are `changed`."""
    return "\n\n".join(_paragraph(f"{seed} {number} {number < changed}") for number in range(BLOCKS))


def _paragraph(seed: str) -> str:
    letters, source = "abcdefghijklmnoprstuv", random.Random(seed)  # noqa: S311, words are no secret
    words = ["".join(source.choices(letters, k=source.randint(2, 9))) for _ in range(WORDS)]
    return " ".join(words[: WORDS // 2]) + ", " + " ".join(words[WORDS // 2 :]) + "."


def save(article: Article, language: str, words: str) -> None:
    text = ArticleText(f"Article {article.key} {language}", f"{article.key}-{language}", "", words, SINCE)
    save_language(article, language, text, based_on=article.latest_revision(language))


def make(key: str, translated: bool = True) -> Article:
    article = Article.objects.create(key=key, source_language="en")
    save(article, "en", body(key))
    if translated:
        save(article, "fr", body(f"{key} fr"))
    return article


# The translation desk


def fill() -> None:
    """Make articles of which each third lacks a translation, is behind by some passages, is up to date."""
    for number in range(ARTICLES):
        key, lacks, is_behind = f"a{number}", number % 3 == 0, number % 3 == 1
        before, after = body(key), body(key, changed=1 + number % 12 if is_behind else 0)
        words = {"en": after} if lacks else {"en": after, "fr": body(f"{key} fr")}
        article = Article.objects.create(key=key, source_language="en", **columns(key, words))
        seen = revise(article, "en", before)
        if is_behind:
            revise(article, "en", after)
        if not lacks:
            revise(article, "fr", words["fr"], source_revision=seen)
    following.fill_in()


def columns(key: str, words: dict[str, str]) -> dict:
    """Return what an article has in the languages of some bodies."""
    found = {}
    for code, text in words.items():
        values = {"title": f"Article {key}", "slug": f"{key}-{code}", "body": text, "published_at": SINCE}
        found |= {languages.column(field, code): value for field, value in values.items()}
    return found


def revise(article: Article, language: str, words: str, **fields) -> Revision:
    about = {"title": f"Article {article.key}", "slug": f"{article.key}-{language}", "published_at": SINCE}
    return Revision.objects.create(article=article, language=language, body=words, **about, **fields)


def pages() -> dict[str, str]:
    desk = reverse("admin:articles_article_translations")
    return {
        "the translation desk": desk,
        "its last page": f"{desk}?page=3",
        "all that is up to date": f"{desk}?state=current",
        "the list of articles": reverse("admin:articles_article_changelist"),
        "the front page of the admin": reverse("admin:index"),
    }


def page_costs(client: Client, path: str) -> tuple[float, int]:
    """Return the milliseconds of the processor that a page takes, and its queries."""
    # The first request fills the caches.
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    count = len(queries)
    if response.status_code != 200:
        raise SystemExit(f"{path} answers {response.status_code}")
    return statistics.median(milliseconds(time.process_time, client.get, path) for _ in range(REQUESTS)), count


def milliseconds(clock: Callable[[], float], action: Callable, *arguments) -> float:
    start = clock()
    action(*arguments)
    return (clock() - start) * 1000


# A save of an original


# What makes the text of each save from that of the article; the translation answers the latter.
EDITS = {
    "one comma changed": lambda number: body("edited").replace(" ", ", ", number + 1),
    "a tenth of the passages rewritten": lambda number: body("edited", changed=BLOCKS // 10 + number % 2),
    "everything rewritten": lambda number: body(f"edited {number}"),
}


def save_costs(name: str) -> dict[bool, float]:
    """Return the milliseconds of a save of an edited original, without a translation and with one, in turns.

    A process of its own renders the text, so it is the time on the clock: the shortest, whatever else the machine does.
    """
    place = list(EDITS).index(name)
    articles = {translated: make(f"edited-{place}{int(translated)}", translated) for translated in (False, True)}
    taken: dict[bool, list[float]] = {False: [], True: []}
    for article in articles.values():
        save(article, "en", body("edited"))
    answering.answer_all(articles[True], "fr")
    for number in range(SAVES):
        words = EDITS[name](number)
        for translated in sorted(articles, reverse=number % 2):
            taken[translated].append(milliseconds(time.perf_counter, save, articles[translated], "en", words))
    return {translated: min(times) for translated, times in taken.items()}


def main() -> None:
    call_command("migrate", verbosity=0)
    user = get_user_model().objects.create_superuser("editor")
    lines = [f"## A save of an original of {BLOCKS} paragraphs\n"]
    lines += ["| what changed | without a translation | translated | ratio |", "|---|---:|---:|---:|"]
    for name in EDITS:
        alone, followed = save_costs(name).values()
        lines.append(f"| {name} | {alone:.0f} | {followed:.0f} | {followed / alone:.2f} |")
    fill()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    lines += [
        f"\n## The pages of the admin, {ARTICLES} articles\n",
        "| page | milliseconds | queries |",
        "|---|---:|---:|",
    ]
    for name, path in pages().items():
        taken, queries = page_costs(client, path)
        lines.append(f"| {name} | {taken:.0f} | {queries} |")
    table = "\n".join(lines)
    print(table)
    (HERE / "TRANSLATING.md").write_text(f"{PREFACE}\n{table}\n")


if __name__ == "__main__":
    main()
