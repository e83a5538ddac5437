"""What a search costs among many articles: a word that stands in all of them against a rare one.

Run as `.venv/bin/python bench/searching.py`; it prints a Markdown table and writes it to `bench/SEARCHING.md`, below
the name of the database. That is SQLite in a temporary file, or the PostgreSQL server that DATABASE_URL names, where
it makes a database of its own and removes it.
"""

import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("SECRET_KEY", "for the benchmark alone")
# All of it comes from one address.
os.environ["THROTTLING"] = "0"

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles.models import Article, Rendering  # noqa: E402
from articles.search.index import index, search  # noqa: E402
from articles.search.query import Query  # noqa: E402

SIZES = (1_000, 10_000)
WORDS = 300
BATCH = 1000
RUNS = 15

PREFACE = """# The cost of a search

Milliseconds, the median of {runs} runs, among English articles of {words} words. Made by `bench/searching.py`.
"""

SEARCHES = {
    "a word in one article of 5,000": "rare",
    "a word in every article": "everywhere",
    "two words in every article": "everywhere always",
    "a phrase in every article": '"everywhere always"',
    "a word in every article and a rare one": "everywhere rare",
    "a beginning of three letters": "eve",
    "a word in none": "nowhere",
}


def bodies(first: int, last: int) -> Iterator[str]:
    """Yield the prose of articles, of invented words that are as frequent as Zipf's law has it."""
    random.seed(1)
    letters = "abcdefghijklmnoprstuv"
    words = ["".join(random.choices(letters, k=random.randint(2, 9))) for _ in range(20_000)]  # noqa: S311
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    for number in range(first, last):
        prose = random.choices(words, cum_weights=weights, k=WORDS)  # noqa: S311
        prose[number % WORDS : number % WORDS] = ["everywhere", "always"]
        yield " ".join([*prose, "rare"] if number % 5000 == 0 else prose)


@transaction.atomic
def add_articles(numbers: range, texts: list[str]) -> None:
    articles = Article.objects.bulk_create(
        Article(
            key=f"article-{number}",
            slug_en=f"article-{number}",
            title_en=f"Article {text[:40]}",
            body_en=text,
            published_at_en=timezone.now(),
        )
        for number, text in zip(numbers, texts, strict=True)
    )
    renderings = Rendering.objects.bulk_create(
        Rendering(article=article, language="en", version=0, reading_minutes=2, contents=[], text=article.body_en)
        for article in articles
    )
    for article, rendering in zip(articles, renderings, strict=True):
        index(article, rendering)


def fill(first: int, last: int) -> None:
    """Write articles until there are `last` of them."""
    texts = list(bodies(first, last))
    for start in range(first, last, BATCH):
        numbers = range(start, min(start + BATCH, last))
        add_articles(numbers, texts[start - first : numbers.stop - first])
    with connection.cursor() as cursor:
        # Both plan by what they know of the tables; a server of PostgreSQL looks by itself now and then.
        cursor.execute("ANALYZE")


def milliseconds(task: Callable[[], object]) -> float:
    task()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def measured(client: Client, text: str) -> str:
    alone = milliseconds(lambda: search(Query(text, "en")))
    page = milliseconds(lambda: client.get("/en/search/", {"q": text}))
    return f"{alone:.1f} / {page:.1f}"


def table() -> str:
    """Return a row for each kind of search and a column for each size: the search alone and the whole page."""
    client = Client(SERVER_NAME="localhost")
    rows = ["| search / whole page |", "|---|", *(f"| {name} |" for name in SEARCHES)]
    for first, last in zip((0, *SIZES), SIZES, strict=False):
        fill(first, last)
        cells = [f"{last:,} articles", "--:", *(measured(client, text) for text in SEARCHES.values())]
        rows = [row + (f"{cell}|" if cell == "--:" else f" {cell} |") for row, cell in zip(rows, cells, strict=True)]
    return "\n".join(rows)


def write(name: str, section: str) -> None:
    """Put a section into the file of figures, in the place of the one of the same name."""
    file = HERE / "SEARCHING.md"
    there = re.findall(r"^## (.+)\n\n([^#]+)", file.read_text(), re.MULTILINE) if file.exists() else []
    sections = sorted((dict(there) | {name: section}).items())
    text = "".join(f"\n## {heading}\n\n{body.strip()}\n" for heading, body in sections)
    file.write_text(PREFACE.format(runs=RUNS, words=WORDS) + text)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        name = f"{folder}/bench.sqlite3" if connection.vendor == "sqlite" else "bench_searching"
        connection.settings_dict["TEST"]["NAME"] = name
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            figures = table()
        finally:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    print(f"{connection.display_name}\n\n{figures}")
    write(connection.display_name, figures)


if __name__ == "__main__":
    main()
